"""Pollution indices of soil: single, Nemerow, exceedance; and the half-limit convention for non-detects."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

_HALF: Final = 0.5

Floats = NDArray[np.float64]


def single_index(content: ArrayLike, base: ArrayLike) -> Floats:
    """Single pollution index: content over base, both in the same unit; no unit of its own.

    *Source*: HJ/T 166-2004, 12.1. Shapes broadcast; NaN stays NaN; a base that is not above zero raises ``ValueError``.

    >>> single_index([0.6, 0.15], 0.3).tolist()
    [2.0, 0.5]
    """
    bottom = np.asarray(base, dtype=np.float64)
    if bool((bottom <= 0).any()):
        raise ValueError("the base of an index must be above zero")
    return np.asarray(np.asarray(content, dtype=np.float64) / bottom, dtype=np.float64)


def exceedance_multiple(content: ArrayLike, limit: ArrayLike) -> Floats:
    """By how many times the limit is exceeded, ``(C - S) / S``; NaN where it is not exceeded.

    *Source*: HJ/T 166-2004, 12.1 (超标倍数). Shapes broadcast.

    >>> exceedance_multiple([0.5, 0.3], 0.25).round(6).tolist(), exceedance_multiple([0.25], 0.25).tolist()
    ([1.0, 0.2], [nan])
    """
    index = single_index(content, limit)
    return np.where(index > 1, index - 1, np.nan)


def nemerow_index(single: ArrayLike) -> Floats:
    """Nemerow index over the last axis: root of the mean of squared mean and squared maximum.

    *Source*: HJ/T 166-2004, 12.2. Input shape (…, pollutants) of single indices, output (…); NaN pollutants are left
    out, all NaN gives NaN.

    >>> nemerow_index([[1.0, 3.0], [2.0, float("nan")]]).round(4).tolist()
    [2.5495, 2.0]
    """
    values = np.asarray(single, dtype=np.float64)
    known = ~np.isnan(values)
    count = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    highest = np.where(known, values, -np.inf).max(axis=-1, initial=-np.inf)
    safe = np.maximum(count, 1)
    top = np.where(count > 0, highest, 0.0)
    index = np.sqrt(((total / safe) ** 2 + top**2) * _HALF)
    return np.asarray(np.where(count > 0, index, np.nan), dtype=np.float64)


def half_limit(limit: ArrayLike) -> Floats:
    """Value that stands for a non-detect in statistics: half its detection limit, in the same unit.

    *Source*: HJ/T 166-2004, data handling.

    >>> half_limit([0.02]).tolist()
    [0.01]
    """
    return np.asarray(limit, dtype=np.float64) * _HALF
