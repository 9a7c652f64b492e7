"""Does a sample look normal, lognormal, gamma: tests of fit on complete samples or the detected contents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from jingtu.science.ucl import complete_sample
from jingtu.science.ucl_gamma import gamma_fit, gamma_shape

LARGEST_SHAPIRO: Final = 5000
_SIMULATED_VALUES: Final = 400_000
_SEED: Final = 20210622
# Stephens 1974, in the form of Thode 2002: p of the modified statistic, by the range it lies in
_LARGE_P: Final = (
    (0.302, (1.0,)),
    (0.5, (2.76773, -19.828315, 80.709644, -138.55152, 81.218052)),
    (0.9, (-4.901232, 40.662806, -97.490286, 94.029866, -32.355711)),
    (1.31, (6.198765, -19.558097, 23.186922, -12.234627, 2.423045)),
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """One test of one distribution: statistic and p value."""

    distribution: str
    test: str
    statistic: float
    p_value: float

    def holds(self, level: float = 0.05) -> bool:
        """Whether the distribution is not refused at the level."""
        return self.p_value >= level


def shapiro_wilk(values: ArrayLike, distribution: str = "normal") -> Fit:
    """Shapiro and Wilk's test of normality, for 3 to 5000 values.

    *Source*: Shapiro and Wilk 1965, Royston 1995; EPA ProUCL 5.1 technical guide, 2.3.1.

    >>> fit = shapiro_wilk([148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236])
    >>> round(fit.statistic, 3), fit.holds()
    (0.789, False)
    """
    sample = complete_sample(values, 3)
    if len(sample) > LARGEST_SHAPIRO:
        raise ValueError(f"Shapiro and Wilk's test is for up to {LARGEST_SHAPIRO} values")
    if np.ptp(sample) == 0:
        raise ValueError("all values are the same")
    found = stats.shapiro(sample)
    return Fit(distribution, "shapiro-wilk", float(found.statistic), float(found.pvalue))


def lilliefors(values: ArrayLike, distribution: str = "normal") -> Fit:
    """Lilliefors' test of normality: Kolmogorov's distance with mean and deviation from the sample.

    *Source*: Lilliefors 1967; p by Dallal and Wilkinson 1986 (American Statistician 40, 294-296) up to 0.1, above by
    Stephens 1974; EPA ProUCL 5.1 technical guide, 2.3.1. Four values and more.

    >>> fit = lilliefors([148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236])
    >>> round(fit.statistic, 4), fit.holds()
    (0.2592, False)
    """
    sample = np.sort(complete_sample(values, 4))
    if np.ptp(sample) == 0:
        raise ValueError("all values are the same")
    share = stats.norm.cdf((sample - sample.mean()) / sample.std(ddof=1))
    distance = float(_kolmogorov(share[None, :])[0])
    return Fit(distribution, "lilliefors", distance, _lilliefors_p(distance, len(sample)))


def _lilliefors_p(distance: float, n: int) -> float:
    size = min(n, 100)
    scaled = distance * (n / 100) ** 0.49 if n > 100 else distance
    exponent = -7.01256 * scaled**2 * (size + 2.78019) + 2.99587 * scaled * np.sqrt(size + 2.78019)
    p = float(np.exp(exponent - 0.122119 + 0.974598 / np.sqrt(size) + 1.67997 / size))
    if p <= 0.1:
        return p
    root = np.sqrt(n)
    modified = (root - 0.01 + 0.85 / root) * distance
    for edge, coefficients in _LARGE_P:
        if modified <= edge:
            return float(np.polynomial.Polynomial(coefficients)(modified))
    return 0.0


def _kolmogorov(share: Floats) -> Floats:
    """Largest distance between the empirical distribution and sorted shares, row by row."""
    n = share.shape[1]
    upper = np.arange(1, n + 1) / n - share
    lower = share - np.arange(n) / n
    return np.asarray(np.maximum(upper.max(axis=1), lower.max(axis=1)))


def _anderson(share: Floats) -> Floats:
    """Anderson and Darling's distance of sorted shares, row by row."""
    n = share.shape[1]
    safe = np.clip(share, 1e-300, 1 - 1e-16)
    weights = 2 * np.arange(1, n + 1) - 1
    return np.asarray(-n - (weights * (np.log(safe) + np.log1p(-safe[:, ::-1]))).sum(axis=1) / n)


def gamma_tests(values: ArrayLike) -> tuple[Fit, Fit]:
    """Anderson-Darling and Kolmogorov-Smirnov tests of a gamma distribution whose shape and scale are fitted.

    *Source*: EPA ProUCL 5.1 technical guide, 2.3.3. p by simulation from the fitted shape, fitted anew in every draw;
    the same sample always gives the same p.

    >>> [fit.holds() for fit in gamma_tests([10, 13, 20, 36, 41, 59, 67, 110, 110, 136, 140, 160, 200, 230])]
    [True, True]
    """
    sample = np.sort(complete_sample(values, 5))
    fit = gamma_fit(sample)
    share = special.gammainc(fit.shape, sample / fit.scale)[None, :]
    null_anderson, null_kolmogorov = _gamma_null(round(fit.shape, 3), len(sample))
    found = []
    for name, measure, null in (
        ("anderson-darling", _anderson, null_anderson),
        ("kolmogorov-smirnov", _kolmogorov, null_kolmogorov),
    ):
        statistic = float(measure(share)[0])
        p = (np.count_nonzero(null >= statistic) + 1) / (len(null) + 1)
        found.append(Fit("gamma", name, statistic, float(p)))
    return found[0], found[1]


@lru_cache(maxsize=64)
def _gamma_null(shape: float, n: int) -> tuple[Floats, Floats]:
    draws = max(199, min(1999, _SIMULATED_VALUES // n))
    rows = np.sort(np.random.default_rng(_SEED).gamma(max(shape, 0.001), size=(draws, n)), axis=1)
    rows = np.maximum(rows, 1e-300)
    mean = rows.mean(axis=1)
    fitted = gamma_shape(np.maximum(np.log(mean) - np.log(rows).mean(axis=1), 1e-12))
    share = special.gammainc(fitted[:, None], rows * (fitted / mean)[:, None])
    return _anderson(share), _kolmogorov(share)


def fits(values: ArrayLike) -> list[Fit]:
    """All tests that can be made on a sample: normal, and when it is above zero lognormal and gamma.

    Beyond 5000 values every test refuses the least departure; only Lilliefors' is made there.

    *Source*: as each test.

    >>> [(fit.distribution, fit.test) for fit in fits([1.0, 2.0, 4.0, 7.0, 9.0, 11.0])][:2]
    [('normal', 'shapiro-wilk'), ('normal', 'lilliefors')]
    """
    sample = complete_sample(values, 5)
    found: list[Fit] = []
    if np.ptp(sample) == 0:
        return found
    forms = [("normal", sample)]
    if bool((sample > 0).all()):
        forms.append(("lognormal", np.log(sample)))
    for name, row in forms:
        if len(row) <= LARGEST_SHAPIRO:
            found.append(shapiro_wilk(row, name))
        found.append(lilliefors(row, name))
    if len(forms) > 1 and len(sample) <= LARGEST_SHAPIRO:
        found += gamma_tests(sample)
    return found
