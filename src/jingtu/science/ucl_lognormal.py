"""Mean and upper confidence limits of lognormal data: unbiased mean, Land's exact limit, Chebyshev on both.

Contents must be above zero, in any one unit; limits are in that unit. Land's factor H is computed, not taken from
his tables, so that any sample size, spread and confidence can be asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

from jingtu.science.ucl import chebyshev_factor, complete_sample

_WINDOW: Final = 14.0  # widths of the peak on either side that are integrated
_NODES: Final = 1201


@dataclass(frozen=True, slots=True)
class LognormalMean:
    """Minimum-variance unbiased estimate of the mean of a lognormal sample and its standard error."""

    mean: float
    standard_error: float


def logs(values: ArrayLike, fewest: int = 3) -> NDArray[np.float64]:
    """Natural logarithms; ``ValueError`` when a content is not above zero.

    >>> logs([1.0, np.e, np.e**2]).round(6).tolist()
    [0.0, 1.0, 2.0]
    """
    sample = complete_sample(values, fewest)
    if bool((sample <= 0).any()):
        raise ValueError("a lognormal content must be above zero")
    return np.log(sample)


def unbiased_mean(values: ArrayLike) -> LognormalMean:
    """Mean of lognormal data without bias and with the smallest variance.

    *Source*: Finney 1941; Gilbert 1987, 13.1; EPA ProUCL 5.1 technical guide, 2.4.1.2. The series of the text is the
    confluent hypergeometric limit function 0F1((n-1)/2; (n-1)²t/2n).

    >>> round(unbiased_mean([10, 13, 20, 36, 41, 59, 67, 110, 110, 136, 140, 160, 200, 230, 1300]).mean, 3)
    159.855
    """
    log = logs(values)
    n, variance = len(log), float(log.var(ddof=1))
    mean = np.exp(log.mean()) * _series(n, variance / 2)
    square = np.exp(2 * log.mean()) * _series(n, variance * (n - 2) / (n - 1))
    return LognormalMean(float(mean), float(np.sqrt(max(mean**2 - square, 0.0))))


def _series(n: int, t: float) -> float:
    return float(special.hyp0f1((n - 1) / 2, (n - 1) ** 2 * t / (2 * n)))


def lognormal_chebyshev_ucl(values: ArrayLike, confidence: float = 0.95) -> float:
    """Chebyshev's limit on the unbiased mean of lognormal data.

    *Source*: EPA ProUCL 5.1 technical guide, 2.4.7 (95 % Chebyshev (MVUE) UCL).

    >>> round(lognormal_chebyshev_ucl([10, 13, 20, 36, 41, 59, 67, 110, 110, 136, 140, 160, 200, 230, 1300]), 0)
    411.0
    """
    found = unbiased_mean(values)
    return found.mean + chebyshev_factor(confidence) * found.standard_error


def land_ucl(values: ArrayLike, confidence: float = 0.95) -> float:
    """Land's exact limit (H-UCL) of the mean of lognormal data.

    *Source*: Land 1971 (Ann. Math. Stat. 42, 1187-1205), 1975; EPA ProUCL 5.1 technical guide, 2.4.1.3. Far too high
    for small, widely spread samples; EPA warns against it there.

    >>> round(land_ucl([10, 13, 20, 36, 41, 59, 67, 110, 110, 136, 140, 160, 200, 230, 1300]), 1)
    496.6
    """
    log = logs(values)
    return land_ucl_from_logs(float(log.mean()), float(log.std(ddof=1)), len(log), confidence)


def land_ucl_from_logs(log_mean: float, log_sd: float, n: int, confidence: float = 0.95) -> float:
    """Land's limit from mean and standard deviation of the natural logarithms of ``n`` contents.

    *Source*: as :func:`land_ucl`: exp(mean + s²/2 + H s / √(n-1)).

    >>> round(land_ucl_from_logs(0.0, 0.0, 10), 6)
    1.0
    """
    if log_sd == 0:
        return float(np.exp(log_mean))
    factor = land_factor(log_sd, n, confidence)
    return float(np.exp(log_mean + log_sd**2 / 2 + factor * log_sd / np.sqrt(n - 1)))


def land_factor(log_sd: float, n: int, confidence: float = 0.95) -> float:
    """Land's factor H for a standard deviation of logarithms and a sample of ``n``.

    *Source*: Land 1971. Given the sum of squares about θ, the cosine between the deviations and the unit vector has
    density (1 - r²)^((n-3)/2) · exp(-r √(n w)/2) when θ = μ + σ²/2; the limit is the θ at which the cosine seen is
    as low as its lower 1 - confidence point. The example is printed in Gilbert 1987, table A12.

    >>> round(land_factor(1.0, 10), 3), round(land_factor(1.0, 15), 3)
    (3.103, 2.744)
    """
    if n < 3 or log_sd <= 0:
        raise ValueError("Land's factor needs three values and a spread above zero")

    def surplus(factor: float) -> float:
        return _lower_tail(_distance(factor, log_sd, n), log_sd, n) - (1 - confidence)

    low, high = -1.0, 1.0
    while surplus(high) > 0:
        high *= 2
    while surplus(low) < 0:
        low *= 2
    return float(optimize.brentq(surplus, low, high, xtol=1e-10))


def _distance(factor: float, log_sd: float, n: int) -> float:
    """θ minus the mean of the logarithms."""
    return float(log_sd**2 / 2 + factor * log_sd / np.sqrt(n - 1))


def _lower_tail(distance: float, log_sd: float, n: int) -> float:
    """Probability that the cosine is at or below the one seen, when θ lies ``distance`` above the mean."""
    square = (n - 1) * log_sd**2 + n * distance**2
    tilt = np.sqrt(n * square) / 2
    seen = np.arcsin(np.clip(-np.sqrt(n) * distance / np.sqrt(square), -1.0, 1.0))
    sine = ((n - 2) - np.hypot(n - 2, 2 * tilt)) / (2 * tilt)
    peak = np.arcsin(sine)
    width = 1 / np.sqrt((n - 2) / (1 - sine**2) - tilt * sine)
    low, high = max(-np.pi / 2, peak - _WINDOW * width), min(np.pi / 2, peak + _WINDOW * width)
    top = _log_density(np.asarray(peak), n, tilt)
    below = _integral(low, min(max(seen, low), high), n, tilt, top)
    above = _integral(min(max(seen, low), high), high, n, tilt, top)
    return float(below / (below + above))


def _log_density(angle: NDArray[np.float64], n: int, tilt: float) -> NDArray[np.float64]:
    cosine = np.maximum(np.cos(angle), np.finfo(np.float64).tiny)
    return np.asarray((n - 2) * np.log(cosine) - tilt * np.sin(angle))


def _integral(low: float, high: float, n: int, tilt: float, top: NDArray[np.float64]) -> float:
    """Integral of the density over an interval of the angle, by Simpson's rule, scaled by its peak."""
    if high <= low:
        return 0.0
    angle = np.linspace(low, high, _NODES)
    density = np.exp(_log_density(angle, n, tilt) - top)
    step = (high - low) / (_NODES - 1)
    return float(step / 3 * (density[0] + density[-1] + 4 * density[1:-1:2].sum() + 2 * density[2:-1:2].sum()))
