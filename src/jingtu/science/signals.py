"""Patterns in results that a person should look at. A signal proves nothing; each has innocent causes.

Last digits that are not spread evenly, result vectors that repeat, values that vary less than the method can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

FEWEST_DIGITS: Final = 50
_DIGITS: Final = 10


@dataclass(frozen=True, slots=True)
class DigitPreference:
    """How the last written digits are spread: counts of 0 to 9, chi-square, p value."""

    counts: tuple[int, ...]
    statistic: float
    p_value: float


@dataclass(frozen=True, slots=True)
class VarianceRatio:
    """Spread between samples against the spread of repeated analyses, as variances of logarithms."""

    between: float
    repeated: float
    p_value: float


def last_digits(values: Sequence[Decimal], digits: int = 3) -> list[int]:
    """The last written digit of each value that has at least ``digits`` significant ones.

    With fewer the first digits still show, and those are never spread evenly.

    *Source*: Mosimann, Wiseman and Edelman 1995 (Accountability in Research 4, 31-55).

    >>> last_digits([Decimal("12.37"), Decimal("0.4"), Decimal("1.50")])
    [7, 0]
    """
    found = []
    for value in values:
        written = value.as_tuple().digits
        if len(written) >= digits:
            found.append(written[-1])
    return found


def digit_preference(digits: Sequence[int]) -> DigitPreference:
    """Whether last digits are spread evenly over 0 to 9; ``ValueError`` below 50 digits.

    *Source*: Mosimann, Wiseman and Edelman 1995; chi-square with nine degrees of freedom.

    >>> digit_preference([0, 5] * 30).p_value < 0.001
    True
    """
    if len(digits) < FEWEST_DIGITS:
        raise ValueError(f"at least {FEWEST_DIGITS} digits are needed")
    counts = np.bincount(np.asarray(digits, dtype=np.intp), minlength=_DIGITS)
    found = stats.chisquare(counts)
    return DigitPreference(tuple(int(count) for count in counts), float(found.statistic), float(found.pvalue))


def copied_vectors(results: ArrayLike, fewest: int = 4) -> list[tuple[int, ...]]:
    """Groups of samples whose results are the same in every analyte measured, at least ``fewest`` of them different
    from each analyte's most frequent value.

    *Source*: our own screening. ``results`` of shape (samples, analytes), NaN where nothing was measured or detected;
    the groups hold places of samples, each ascending, in the order of their first.

    >>> copied_vectors([[1, 2, 3, 4], [5, 6, 7, 8], [1, 2, 3, 4]])
    [(0, 2)]
    """
    table = np.asarray(results, dtype=np.float64)
    telling = np.isfinite(table) & (table != _most_frequent(table))
    groups: dict[bytes, list[int]] = {}
    for place in np.flatnonzero(telling.sum(axis=1) >= fewest):
        row = np.where(np.isnan(table[place]), -1.0, table[place])
        groups.setdefault(row.tobytes(), []).append(int(place))
    return [tuple(places) for places in groups.values() if len(places) > 1]


def _most_frequent(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """The value that is repeated most in each column; NaN where none is repeated more than once in a while."""
    found = np.full(table.shape[1], np.nan)
    for column in range(table.shape[1]):
        seen, counts = np.unique(table[np.isfinite(table[:, column]), column], return_counts=True)
        if len(seen) and counts.max() > max(2, len(table) // 20):
            found[column] = seen[counts.argmax()]
    return found


def variance_ratio(samples: ArrayLike, first: ArrayLike, second: ArrayLike) -> VarianceRatio:
    """Whether different samples vary less than repeated analyses of one sample do.

    *Source*: F test on logarithms, one-sided: a small p says the samples are too much alike for the method. ``samples``
    of shape (n,), duplicates of shape (m,) each, all above zero and in one unit.

    >>> variance_ratio([1.0, 1.001, 1.002, 1.0], [1.0, 2.0, 3.0, 1.5], [1.2, 1.7, 3.3, 1.3]).p_value < 0.001
    True
    """
    log = np.log(np.asarray(samples, dtype=np.float64))
    apart = np.log(np.asarray(first, dtype=np.float64)) - np.log(np.asarray(second, dtype=np.float64))
    between = float(log.var(ddof=1))
    repeated = float((apart**2).mean() / 2)
    if repeated == 0:
        return VarianceRatio(between, repeated, 1.0)
    return VarianceRatio(between, repeated, float(stats.f.cdf(between / repeated, len(log) - 1, len(apart))))


def identical_pairs(first: ArrayLike, second: ArrayLike) -> tuple[int, int]:
    """How many duplicate pairs agree to the last digit, and how many pairs there are.

    *Source*: our own screening; NaN pairs are left out.

    >>> identical_pairs([1.0, 2.0, float("nan")], [1.0, 2.1, 3.0])
    (1, 2)
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    both = np.isfinite(a) & np.isfinite(b)
    return int((a[both] == b[both]).sum()), int(both.sum())
