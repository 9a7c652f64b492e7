"""Fit and upper confidence limits of gamma-distributed data.

Contents must be above zero, in any one unit; the scale and the limits are in that unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from jingtu.science.ucl import complete_sample

_STEPS: Final = 6
# Grice and Bain 1980: level that keeps the true one, by level and sample size; a large sample keeps the level itself
_SIZES: Final = (5, 10, 20, 40)
_ADJUSTED_LEVELS: Final = {
    0.005: (0.0000, 0.0003, 0.0017, 0.0030),
    0.01: (0.0000, 0.0015, 0.0046, 0.0070),
    0.025: (0.0010, 0.0086, 0.0159, 0.0203),
    0.05: (0.0086, 0.0267, 0.0380, 0.0440),
    0.075: (0.0234, 0.0486, 0.0619, 0.0685),
    0.10: (0.0432, 0.0724, 0.0866, 0.0934),
    0.25: (0.2038, 0.2294, 0.2403, 0.2453),
}
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class GammaFit:
    """Maximum-likelihood fit: shape (no unit), scale (unit of the data), shape corrected for bias, sample size."""

    shape: float
    scale: float
    shape_corrected: float
    n: int

    @property
    def mean(self) -> float:
        """Mean of the fitted distribution, which is the mean of the sample."""
        return self.shape * self.scale


def gamma_shape(log_mean_less_mean_log: ArrayLike) -> NDArray[np.float64]:
    """Shape that maximises the likelihood, from ln(mean) - mean(ln); works on whole arrays.

    *Source*: Minka 2002 for the start, Newton's steps after; Johnson, Kotz and Balakrishnan 1994, 17.7.

    >>> shape = float(gamma_shape(0.2))
    >>> bool(abs(np.log(shape) - special.digamma(shape) - 0.2) < 1e-12)
    True
    """
    gap = np.asarray(log_mean_less_mean_log, dtype=np.float64)
    shape = (3 - gap + np.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
    for _ in range(_STEPS):
        slope = 1 / shape - special.polygamma(1, shape)
        shape = shape - (np.log(shape) - special.digamma(shape) - gap) / slope
    return np.asarray(shape)


def gamma_fit(values: ArrayLike) -> GammaFit:
    """Fit a gamma distribution by maximum likelihood.

    *Source*: EPA ProUCL 5.1 technical guide, 2.3.3; the bias correction is (n-3)k/n + 2/3n.

    >>> fit = gamma_fit([10, 13, 20, 36, 41, 59, 67, 110, 110, 136, 140, 160, 200, 230, 1300])
    >>> round(fit.shape, 3), round(fit.shape_corrected, 3), round(fit.mean, 2)
    (0.758, 0.651, 175.47)
    """
    sample = complete_sample(values, 4)
    if bool((sample <= 0).any()):
        raise ValueError("a gamma content must be above zero")
    gap = float(np.log(sample.mean()) - np.log(sample).mean())
    if gap <= 0:
        raise ValueError("all values are the same: no gamma distribution can be fitted")
    shape = float(gamma_shape(gap))
    return GammaFit(shape, float(sample.mean()) / shape, corrected_shape(shape, len(sample)), len(sample))


def corrected_shape(shape: float, n: int) -> float:
    """Shape with the bias of a small sample taken out.

    *Source*: EPA ProUCL 5.1 technical guide, 2.3.3 (equation 2-17).

    >>> round(corrected_shape(1.0, 10), 4)
    0.7667
    """
    return (n - 3) * shape / n + 2 / (3 * n)


def gamma_ucl(values: ArrayLike, confidence: float = 0.95) -> float:
    """Approximate gamma limit.

    *Source*: EPA ProUCL 5.1 technical guide, 2.4.8: 2nk·mean over the lower chi-square point with 2nk degrees.

    >>> round(gamma_ucl([10, 13, 20, 36, 41, 59, 67, 110, 110, 136, 140, 160, 200, 230, 1300]), 1)
    326.3
    """
    fit = gamma_fit(values)
    return gamma_ucl_from_shape(fit.mean, fit.shape_corrected, fit.n, 1 - confidence)


def adjusted_gamma_ucl(values: ArrayLike, confidence: float = 0.95) -> float:
    """Adjusted gamma limit, for samples below 50.

    *Source*: Grice and Bain 1980; EPA ProUCL 5.1 technical guide, 2.4.9, for 75 to 99.5 % confidence.

    >>> round(adjusted_gamma_ucl([10, 13, 20, 36, 41, 59, 67, 110, 110, 136, 140, 160, 200, 230, 1300]), 1)
    353.3
    """
    fit = gamma_fit(values)
    return gamma_ucl_from_shape(fit.mean, fit.shape_corrected, fit.n, adjusted_level(1 - confidence, fit.n))


def adjusted_level(level: float, n: int) -> float:
    """Level that keeps the true one for a sample of ``n``, to the digits of the table it is interpolated in.

    *Source*: Grice and Bain 1980; EPA ProUCL 5.1 technical guide, table 2-2. Between printed sizes by the size itself,
    beyond the largest by its inverse, as ProUCL does (0.0324 for 15 values at 95 %); between printed levels straight.

    >>> adjusted_level(0.05, 10), adjusted_level(0.05, 15), adjusted_level(0.05, 50), adjusted_level(0.05, 1_000_000)
    (0.0267, 0.0324, 0.0452, 0.05)
    """
    levels = sorted(_ADJUSTED_LEVELS)
    if not levels[0] - 1e-9 <= level <= levels[-1] + 1e-9:
        raise ValueError("adjusted levels are printed for 75 to 99.5 % confidence only")
    if n < _SIZES[0]:
        raise ValueError("adjusted levels begin at five values")
    kept = [_level_at_size(printed, n) for printed in levels]
    return round(float(np.interp(level, levels, kept)), _DIGITS)


def _level_at_size(level: float, n: int) -> float:
    """The adjusted level of a printed level for a size between the printed ones."""
    printed, largest = _ADJUSTED_LEVELS[level], _SIZES[-1]
    if n <= largest:
        return float(np.interp(n, _SIZES, printed))
    return level - (level - printed[-1]) * largest / n


def gamma_ucl_from_shape(mean: float, shape: float, n: int, level: float) -> float:
    """Gamma limit from mean and shape of ``n`` contents at a level (0.05 for 95 %).

    *Source*: EPA ProUCL 5.1 technical guide, 2.4.8.

    >>> round(gamma_ucl_from_shape(1.0, 1e6, 1000, 0.05), 3)
    1.0
    """
    degrees = 2 * n * shape
    return float(degrees * mean / stats.chi2.ppf(level, degrees))
