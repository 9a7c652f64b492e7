"""What pairs of duplicates tell of the error of sampling and analysis, and whether an excess goes beyond it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


def pooled_relative_sd(first: ArrayLike, second: ArrayLike) -> float:
    """Relative standard deviation of one result, pooled over pairs of duplicates.

    *Source*: Youden and Steiner 1975; ISO 21748: s = √(Σ(d/m)² / 2k), d difference and m mean of each of k pairs.
    Shapes (pairs,), in one unit; every pair must have a mean above zero, else ``ValueError``.

    >>> round(pooled_relative_sd([10, 20, 30, 40], [11, 19, 33, 38]), 4)
    0.0541
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    mean = (a + b) / 2
    if a.ndim != 1 or a.shape != b.shape or not len(a) or not bool((mean > 0).all()):
        raise ValueError("pairs of results above zero are needed")
    return float(np.sqrt(np.mean(((a - b) / mean) ** 2) / 2))


def excess_probability(values: ArrayLike, target: float, relative_sd: float, pairs: int) -> Floats:
    """Confidence that each value lies above the target rather than being raised by error: one-sided t test.

    *Source*: Student's t with as many degrees of freedom as pairs; the error at the target is ``relative_sd`` times
    the target. Values of shape (n,) in the unit of the target. Without any error an excess is certain.

    >>> excess_probability([44.6, 40.0], 40.0, 0.05, 4).round(3).tolist()
    [0.959, 0.5]
    """
    excess = np.asarray(values, dtype=np.float64) - target
    error = relative_sd * target
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(excess == 0, 0.0, excess / error)
    return np.asarray(stats.t.cdf(t, pairs), dtype=np.float64)
