"""How far two results of the same sample lie apart."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

_PERCENT: Final = 100.0


def relative_deviation_pct(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Relative deviation of duplicates, ``|a - b| / (a + b) × 100``, in percent.

    *Source*: HJ/T 166-2004, 13. Shapes broadcast; two zeros deviate by nothing; NaN stays NaN.

    >>> relative_deviation_pct([0.9, 0.0], [1.1, 0.0]).round(6).tolist()
    [10.0, 0.0]
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    total = a + b
    apart = np.abs(a - b) * _PERCENT
    return np.asarray(np.divide(apart, total, out=np.where(np.isnan(total), np.nan, 0.0), where=total > 0))


def pair_mean(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Mean of two duplicates, which is what is reported for the sample.

    *Source*: HJ/T 166-2004, 13. Shapes broadcast.

    >>> pair_mean([1.0], [2.0]).tolist()
    [1.5]
    """
    return np.asarray(np.mean(np.broadcast_arrays(first, second), axis=0), dtype=np.float64)


def relative_percent_difference(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Relative percent difference of duplicates, ``|a - b|`` over their mean, in percent: twice the relative deviation.

    *Source*: EPA QA/G-5, appendix A. Shapes broadcast; two zeros differ by nothing; NaN stays NaN.

    >>> relative_percent_difference([0.9], [1.1]).round(6).tolist()
    [20.0]
    """
    return np.asarray(relative_deviation_pct(first, second) * 2)


def recovery_pct(spiked: ArrayLike, native: ArrayLike, added: ArrayLike) -> NDArray[np.float64]:
    """Share of a spike that was found again, in percent.

    *Source*: HJ/T 166-2004, 13. All in one unit; shapes broadcast; NaN where nothing was added.

    >>> recovery_pct([1.8], [1.0], [1.0]).round(6).tolist()
    [80.0]
    """
    more = np.asarray(spiked, dtype=np.float64) - np.asarray(native, dtype=np.float64)
    bottom = np.asarray(added, dtype=np.float64)
    return np.asarray(np.divide(more * _PERCENT, bottom, out=np.full_like(more, np.nan), where=bottom > 0))


def relative_error_pct(value: ArrayLike, certified: ArrayLike) -> NDArray[np.float64]:
    """Distance from a certified value, in percent of it, with its sign.

    *Source*: HJ/T 166-2004, 13. Shapes broadcast; certified values are above zero.

    >>> relative_error_pct([0.9], [1.0]).round(6).tolist()
    [-10.0]
    """
    target = np.asarray(certified, dtype=np.float64)
    return np.asarray((np.asarray(value, dtype=np.float64) - target) / target * _PERCENT)


def relative_standard_deviation_pct(values: ArrayLike) -> float:
    """Standard deviation of repeated analyses in percent of their mean.

    *Source*: HJ/T 166-2004, 13. Shape (n,), n of at least 2, NaN left out; NaN when the mean is zero.

    >>> round(relative_standard_deviation_pct([9.0, 10.0, 11.0]), 6)
    10.0
    """
    sample = np.asarray(values, dtype=np.float64)
    sample = sample[np.isfinite(sample)]
    mean = float(sample.mean())
    return float(sample.std(ddof=1)) / mean * _PERCENT if mean > 0 else float("nan")
