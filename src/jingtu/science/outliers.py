"""Outlying values of a complete sample that is otherwise normal: Grubbs, Dixon, Rosner.

Skewed contents are tested on their logarithms, which the caller takes. A value found here is looked at by a person;
nothing is removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special, stats

from jingtu.science.ucl import complete_sample

DIXON_LARGEST: Final = 25
ROSNER_SMALLEST: Final = 25
_ROSNER_FEWEST: Final = 15
_FARTHEST: Final = 7.0  # standard deviations beyond which a normal value is left out of the integral
_NODES: Final = (52, 52, 24)
_SIMULATIONS: Final = 100_000
_SEED: Final = 20210622

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outlier:
    """One suspect value: its place in the sample, the statistic, the critical value, and whether it stands out."""

    place: int
    value: float
    statistic: float
    critical: float
    test: str

    @property
    def stands_out(self) -> bool:
        """Whether the statistic is above its critical value."""
        return self.statistic > self.critical


def grubbs(values: ArrayLike, level: float = 0.05, sides: int = 2) -> Outlier:
    """The value farthest from the mean, either side.

    *Source*: Grubbs 1969 (Technometrics 11, 1-21); GB/T 4883-2008. Values of shape (n,), n of at least 3. ``sides`` 2
    shares the level between both ends; 1 is the critical value of a table for one end named beforehand.

    >>> found = grubbs([199.31, 199.53, 200.19, 200.82, 201.92, 201.95, 202.18, 245.57])
    >>> found.value, round(found.statistic, 4), round(found.critical, 4), found.stands_out
    (245.57, 2.4688, 2.1266, True)
    """
    sample = complete_sample(values, 3)
    sd = float(sample.std(ddof=1))
    apart = np.abs(sample - sample.mean())
    place = int(apart.argmax())
    statistic = float(apart[place] / sd) if sd > 0 else 0.0
    return Outlier(place, float(sample[place]), statistic, grubbs_critical(len(sample), level, sides), "grubbs")


def grubbs_critical(n: int, level: float = 0.05, sides: int = 2) -> float:
    """The value that Grubbs' statistic of ``n`` normal values exceeds with a probability of ``level``.

    *Source*: Grubbs 1969; NIST/SEMATECH e-Handbook 1.3.5.17.1.

    >>> round(grubbs_critical(8, sides=1), 3)
    2.032
    """
    t = float(stats.t.ppf(1 - _share(level, sides) / n, n - 2))
    return float((n - 1) / np.sqrt(n) * np.sqrt(t**2 / (n - 2 + t**2)))


def _share(level: float, sides: int) -> float:
    """Part of the level that falls to one end."""
    if sides not in (1, 2) or not 0 < level < 1:
        raise ValueError(f"a test has one side or two and a level between 0 and 1, not {sides} and {level}")
    return level / sides


def dixon(values: ArrayLike, level: float = 0.05, sides: int = 2) -> Outlier:
    """The value with the widest gap to its neighbours, for 3 to 25 values.

    *Source*: Dixon 1953; GB/T 4883-2008; EPA ProUCL 5.1 technical guide, 7.3.1; ratios r10 (n to 7), r11 (to 10), r21
    (to 13), r22. ``sides`` 2 shares the level between both ends, as the test looks at both; 1 is the critical value
    that EPA prints, for one end named beforehand.

    >>> found = dixon([0.189, 0.167, 0.187, 0.183, 0.186, 0.182, 0.181, 0.184, 0.181, 0.177])
    >>> found.value, round(found.statistic, 3), found.stands_out
    (0.167, 0.5, False)
    """
    sample = complete_sample(values, 3)
    critical = dixon_critical(len(sample), level, sides)
    order = np.argsort(sample, kind="stable")
    low, high = (float(ratio[0]) for ratio in _dixon_ratios(sample[order][None, :]))
    place = int(order[-1] if high >= low else order[0])
    return Outlier(place, float(sample[place]), max(low, high), critical, "dixon")


def _dixon_kind(n: int) -> tuple[int, int]:
    """How many values the gap spans, and how many are left out at the far end."""
    return 1 if n <= 10 else 2, 0 if n <= 7 else 1 if n <= 13 else 2


def _dixon_ratios(rows: Floats) -> tuple[Floats, Floats]:
    """Gap over range at the low and the high end, of rows sorted ascending."""
    n = rows.shape[1]
    gap, trim = _dixon_kind(n)
    low = _ratio(rows[:, gap] - rows[:, 0], rows[:, n - 1 - trim] - rows[:, 0])
    high = _ratio(rows[:, n - 1] - rows[:, n - 1 - gap], rows[:, n - 1] - rows[:, trim])
    return low, high


def _ratio(gap: Floats, reach: Floats) -> Floats:
    return np.asarray(np.divide(gap, reach, out=np.zeros_like(gap), where=reach > 0))


@lru_cache(maxsize=64)
def dixon_critical(n: int, level: float = 0.05, sides: int = 2) -> float:
    """The value that Dixon's ratio of ``n`` normal values exceeds with a probability of ``level``.

    *Source*: Dixon 1951 (Ann. Math. Stat. 22, 68-78), density of the ratio integrated as McBane 2006 (J. Stat. Softw.
    16, 3) does; Rorabacher 1991 prints the same. For two sides it is the larger ratio of both ends, as in GB/T 4883:
    twice the probability of one end, less that of both at once, which is rare and drawn by lot.

    >>> [round(dixon_critical(n, sides=1), 3) for n in (3, 7, 10, 13, 20, 25)]
    [0.941, 0.507, 0.478, 0.521, 0.45, 0.406]
    """
    if not 3 <= n <= DIXON_LARGEST:
        raise ValueError(f"Dixon's test is for 3 to {DIXON_LARGEST} values")
    share = _share(level, sides)
    lesser = _dixon_lesser(n) if sides == 2 else np.zeros(1)

    def surplus(ratio: float) -> float:
        return _dixon_tail(ratio, n) - float((lesser > ratio).mean()) / 2 - share

    return float(optimize.brentq(surplus, 0.0, 1.0, xtol=1e-7))


@cache
def _dixon_lesser(n: int) -> Floats:
    """The smaller ratio of both ends, of samples drawn by lot."""
    rows = np.sort(np.random.default_rng(_SEED).standard_normal((_SIMULATIONS, n)), axis=1)
    return np.minimum(*_dixon_ratios(rows))


def _dixon_tail(ratio: float, n: int) -> float:
    """Probability that the ratio at the high end of ``n`` normal values is above ``ratio``.

    Three order statistics enter: the highest, the one below the gap, and the far end of the range.
    """
    gap, trim = _dixon_kind(n)
    top, reach, part = _nodes()
    above = ratio + (1 - ratio) * part
    far, near = top - reach, top - above * reach
    shares = [special.ndtr(place) for place in (far, near, top)]
    between = n - gap - trim - 2
    density = shares[0] ** trim * (shares[1] - shares[0]) ** between * (shares[2] - shares[1]) ** (gap - 1)
    density = density * reach * np.exp(-(far**2 + near**2 + top**2) / 2)
    ways = special.factorial(n) / (special.factorial(trim) * special.factorial(between) * special.factorial(gap - 1))
    return float(ways * (1 - ratio) * (density * _weights()).sum() / (2 * np.pi) ** 1.5)


@cache
def _nodes() -> tuple[Floats, Floats, Floats]:
    """Highest value, range and share of the range that the gap takes, at the points of the integral."""
    top, reach, part = (np.polynomial.legendre.leggauss(size)[0] for size in _NODES)
    return (
        (_FARTHEST * top)[:, None, None],
        (_FARTHEST * (1 + reach))[None, :, None],
        ((1 + part) / 2)[None, None, :],
    )


@cache
def _weights() -> Floats:
    top, reach, part = (np.polynomial.legendre.leggauss(size)[1] for size in _NODES)
    return np.asarray(_FARTHEST**2 / 2 * top[:, None, None] * reach[None, :, None] * part[None, None, :])


def rosner(values: ArrayLike, most: int = 10, level: float = 0.05) -> list[Outlier]:
    """Up to ``most`` outliers at once, by the generalised extreme Studentised deviate.

    *Source*: Rosner 1983 (Technometrics 25, 165-172); EPA ProUCL 5.1 technical guide, 7.3.2. Its critical values are
    accurate from 25 values on and fair from 15 (NIST); fewer are refused. The list holds every step; all up to the
    last that stands out are outliers: see :func:`rosner_outliers`.

    >>> sample = [*np.linspace(1.0, 2.0, 30), 9.0]
    >>> [round(found.statistic, 2) for found in rosner(sample, most=2)]
    [5.26, 1.65]
    """
    sample = complete_sample(values, _ROSNER_FEWEST)
    places = np.arange(len(sample))
    steps: list[Outlier] = []
    for _ in range(min(most, len(sample) - 2)):
        left = sample[places]
        sd = float(left.std(ddof=1))
        if sd == 0:
            break
        apart = np.abs(left - left.mean())
        at = int(apart.argmax())
        critical = grubbs_critical(len(left), level)
        steps.append(Outlier(int(places[at]), float(left[at]), float(apart[at] / sd), critical, "rosner"))
        places = np.delete(places, at)
    return steps


def rosner_outliers(steps: list[Outlier]) -> list[Outlier]:
    """The outliers among Rosner's steps: all up to the last whose statistic is above its critical value.

    *Source*: Rosner 1983.

    >>> [found.value for found in rosner_outliers(rosner([*np.linspace(1.0, 2.0, 30), 9.0], most=2))]
    [9.0]
    """
    last = max((number for number, step in enumerate(steps, start=1) if step.stands_out), default=0)
    return steps[:last]
