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
