"""Pollution indices of soil: single, Nemerow, exceedance; and the half-limit convention for non-detects."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

_HALF: Final = 0.5
_NATURAL_VARIATION: Final = 1.5

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


def index_share(single: ArrayLike) -> Floats:
    """Share of each single index in their sum over the last axis, as a fraction.

    *Source*: HJ/T 166-2004, 12.1 (污染物分担率). Shape (…, pollutants); NaN is left out and stays NaN.

    >>> index_share([1.0, 3.0]).tolist()
    [0.25, 0.75]
    """
    values = np.asarray(single, dtype=np.float64)
    total = np.nansum(values, axis=-1, keepdims=True)
    return np.asarray(np.divide(values, total, out=np.full_like(values, np.nan), where=total > 0), dtype=np.float64)


def accumulation_index(content: ArrayLike, background: ArrayLike) -> Floats:
    """Accumulation index: content over the background content, both in the same unit.

    *Source*: HJ/T 166-2004, 12.1 (土壤污染累积指数). Shapes broadcast; NaN stays NaN.

    >>> accumulation_index([0.256], 0.128).tolist()
    [2.0]
    """
    return single_index(content, background)


def geoaccumulation_index(content: ArrayLike, background: ArrayLike) -> Floats:
    """Geoaccumulation index, log₂(C / 1.5 B); the factor 1.5 allows for natural variation of the background.

    *Source*: Müller 1969, GeoJournal 2, 108-118. Shapes broadcast, same unit; NaN stays NaN, zero gives minus infinity.

    >>> geoaccumulation_index([3.0, 1.5, 6.0], 1.0).tolist()
    [1.0, 0.0, 2.0]
    """
    ratio = single_index(content, background) / _NATURAL_VARIATION
    with np.errstate(divide="ignore"):
        return np.asarray(np.log2(ratio), dtype=np.float64)


def ecological_risk(content: ArrayLike, background: ArrayLike, response_factor: ArrayLike) -> Floats:
    """Potential ecological risk of single pollutants, Er = Tr × C / B.

    *Source*: Hakanson 1980, Water Research 14, 975-1001. Shapes broadcast; NaN stays NaN.

    >>> ecological_risk([0.256, 31.6], [0.128, 15.8], [30, 5]).tolist()
    [60.0, 10.0]
    """
    return np.asarray(single_index(content, background) * np.asarray(response_factor, dtype=np.float64))


def potential_risk(single_risks: ArrayLike) -> Floats:
    """Potential ecological risk index RI: the sum of Er over the last axis.

    *Source*: Hakanson 1980. NaN pollutants are left out, all NaN gives NaN; say beside it over which elements it runs,
    since the classes were set for eight pollutants.

    >>> potential_risk([[60.0, 10.0], [float("nan"), 10.0]]).tolist()
    [70.0, 10.0]
    """
    values = np.asarray(single_risks, dtype=np.float64)
    known = ~np.isnan(values)
    return np.asarray(np.where(known.any(axis=-1), np.where(known, values, 0.0).sum(axis=-1), np.nan))
