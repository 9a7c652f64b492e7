"""Does a series of contents rise or fall with time: Mann-Kendall and Sen's slope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from jingtu.science.ucl import complete_sample


@dataclass(frozen=True, slots=True)
class Trend:
    """Mann-Kendall's S, normal score, two-sided p and tau; Sen's slope and its limits per unit of time.

    The limits are NaN when the series is too short for the confidence.
    """

    s: int
    z: float
    p_value: float
    tau: float
    slope: float
    slope_low: float
    slope_high: float

    def direction(self, level: float = 0.05) -> str:
        """``rising``, ``falling`` or ``none`` at the level."""
        if self.p_value >= level:
            return "none"
        return "rising" if self.s > 0 else "falling"


def mann_kendall(values: ArrayLike, times: ArrayLike | None = None, confidence: float = 0.95) -> Trend:
    """Trend of a series whatever its distribution, with Sen's slope.

    *Source*: Mann 1945, Kendall 1975, Sen 1968 (JASA 63, 1379-1389); Gilbert 1987, 16.4 to 16.5; HJ 25.6-2019 asks for
    a trend test. Variance with ties and continuity correction. Values and times of shape (n,), n of at least 4; the
    slope is in the unit of the values per unit of the times (per step when no times are given). Values of the same
    time are not compared with each other.

    >>> found = mann_kendall([10, 22, 21, 30, 22, 30, 40, 40])
    >>> found.s, round(found.p_value, 4), found.slope, found.direction()
    (21, 0.0113, 3.9, 'rising')
    """
    sample = complete_sample(values, 4)
    moments = np.arange(len(sample), dtype=np.float64) if times is None else complete_sample(times, 4)
    if moments.shape != sample.shape:
        raise ValueError(f"each value needs its time: {sample.shape}, {moments.shape}")
    later = moments[None, :] > moments[:, None]
    if not bool(later.any()):
        raise ValueError("all values are of the same time")
    signs = np.sign(sample[None, :] - sample[:, None])
    s = int(signs[later].sum())
    spread = float(np.sqrt(_variance(sample, moments)))
    z = (s - np.sign(s)) / spread if spread > 0 else 0.0
    slopes = ((sample[None, :] - sample[:, None])[later]) / (moments[None, :] - moments[:, None])[later]
    low, high = _slope_limits(np.sort(slopes), spread, confidence)
    tau = stats.kendalltau(moments, sample).statistic if np.ptp(sample) > 0 else 0.0
    p = float(2 * stats.norm.sf(abs(z)))
    return Trend(s, float(z), min(p, 1.0), float(tau), float(np.median(slopes)), low, high)


def _variance(sample: np.ndarray, moments: np.ndarray) -> float:
    """Variance of S under no trend, with ties among values and among times."""
    n = len(sample)
    tied = [np.unique(row, return_counts=True)[1].astype(np.float64) for row in (sample, moments)]
    first = [float((t * (t - 1) * (2 * t + 5)).sum()) for t in tied]
    second = [float((t * (t - 1) * (t - 2)).sum()) for t in tied]
    third = [float((t * (t - 1)).sum()) for t in tied]
    whole = (n * (n - 1) * (2 * n + 5) - sum(first)) / 18
    return whole + second[0] * second[1] / (9 * n * (n - 1) * (n - 2)) + third[0] * third[1] / (2 * n * (n - 1))


def _slope_limits(slopes: np.ndarray, spread: float, confidence: float) -> tuple[float, float]:
    """Two-sided limits of Sen's slope (Gilbert 1987, 16.5), between two slopes where the rank is no whole number.

    NaN when there are too few slopes for the confidence.
    """
    half = float(stats.norm.ppf((1 + confidence) / 2)) * spread
    count = len(slopes)
    ranks = ((count - half) / 2, (count + half) / 2 + 1)
    low, high = np.interp(ranks, np.arange(1, count + 1), slopes, left=np.nan, right=np.nan)
    return float(low), float(high)
