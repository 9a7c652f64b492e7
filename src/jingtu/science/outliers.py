"""Outlying values of a complete sample that is otherwise normal: Grubbs, Dixon, Rosner.

Skewed contents are tested on their logarithms, which the caller takes. A value found here is looked at by a person;
nothing is removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from jingtu.science.ucl import complete_sample

DIXON_LARGEST: Final = 25
ROSNER_SMALLEST: Final = 25
_SIMULATIONS: Final = 20_000
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


def grubbs(values: ArrayLike, level: float = 0.05) -> Outlier:
    """The value farthest from the mean, either side.

    *Source*: Grubbs 1969 (Technometrics 11, 1-21); GB/T 4883-2008. Values of shape (n,), n of at least 3.

    >>> found = grubbs([199.31, 199.53, 200.19, 200.82, 201.92, 201.95, 202.18, 245.57])
    >>> found.value, round(found.statistic, 4), round(found.critical, 4), found.stands_out
    (245.57, 2.4688, 2.1266, True)
    """
    sample = complete_sample(values, 3)
    n, sd = len(sample), float(sample.std(ddof=1))
    apart = np.abs(sample - sample.mean())
    place = int(apart.argmax())
    statistic = float(apart[place] / sd) if sd > 0 else 0.0
    return Outlier(place, float(sample[place]), statistic, _grubbs_critical(n, level), "grubbs")


def _grubbs_critical(n: int, level: float) -> float:
    t = float(stats.t.ppf(1 - level / (2 * n), n - 2))
    return float((n - 1) / np.sqrt(n) * np.sqrt(t**2 / (n - 2 + t**2)))


def dixon(values: ArrayLike, level: float = 0.05) -> Outlier:
    """The value with the widest gap to its neighbours, for 3 to 25 values.

    *Source*: Dixon 1953; EPA ProUCL 5.1 technical guide, 7.3.1; ratios r10 (n to 7), r11 (to 10), r21 (to 13), r22.
    The critical value is simulated for the larger of both ends, as the test looks at both.

    >>> found = dixon([0.189, 0.167, 0.187, 0.183, 0.186, 0.182, 0.181, 0.184, 0.181, 0.177])
    >>> found.value, round(found.statistic, 3), found.stands_out
    (0.167, 0.5, False)
    """
    sample = complete_sample(values, 3)
    n = len(sample)
    if n > DIXON_LARGEST:
        raise ValueError(f"Dixon's test is for up to {DIXON_LARGEST} values")
    order = np.argsort(sample, kind="stable")
    low, high = _dixon_ratios(sample[order][None, :])
    place = int(order[-1] if high[0] >= low[0] else order[0])
    critical = float(np.quantile(_dixon_null(n), 1 - level))
    return Outlier(place, float(sample[place]), float(max(low[0], high[0])), critical, "dixon")


def _dixon_ratios(rows: Floats) -> tuple[Floats, Floats]:
    """Gap over range at the low and the high end, of rows sorted ascending."""
    n = rows.shape[1]
    gap = 1 if n <= 10 else 2
    trim = 0 if n <= 7 else 1 if n <= 13 else 2
    low = _ratio(rows[:, gap] - rows[:, 0], rows[:, n - 1 - trim] - rows[:, 0])
    high = _ratio(rows[:, n - 1] - rows[:, n - 1 - gap], rows[:, n - 1] - rows[:, trim])
    return low, high


def _ratio(gap: Floats, reach: Floats) -> Floats:
    return np.asarray(np.divide(gap, reach, out=np.zeros_like(gap), where=reach > 0))


@lru_cache(maxsize=32)
def _dixon_null(n: int) -> Floats:
    rows = np.sort(np.random.default_rng(_SEED).standard_normal((_SIMULATIONS, n)), axis=1)
    return np.maximum(*_dixon_ratios(rows))


def rosner(values: ArrayLike, most: int = 10, level: float = 0.05) -> list[Outlier]:
    """Up to ``most`` outliers at once, by the generalised extreme Studentised deviate; 25 values and more.

    *Source*: Rosner 1983 (Technometrics 25, 165-172); EPA ProUCL 5.1 technical guide, 7.3.2. The list holds every
    step; all up to the last that stands out are outliers: see :func:`rosner_outliers`.

    >>> sample = [*np.linspace(1.0, 2.0, 30), 9.0]
    >>> [round(found.statistic, 2) for found in rosner(sample, most=2)]
    [5.26, 1.65]
    """
    sample = complete_sample(values, ROSNER_SMALLEST)
    places = np.arange(len(sample))
    steps: list[Outlier] = []
    for _ in range(min(most, len(sample) - 2)):
        left = sample[places]
        sd = float(left.std(ddof=1))
        if sd == 0:
            break
        apart = np.abs(left - left.mean())
        at = int(apart.argmax())
        critical = _grubbs_critical(len(left), level)
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
