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

LEVEL: Final = 0.001
FEWEST_DIGITS: Final = 50
FEWEST_PAIRS: Final = 10
FINE_DIGITS: Final = 3
FEWEST_ANALYTES: Final = 4
HALF: Final = 0.5
_NONZERO: Final = 9


@dataclass(frozen=True, slots=True)
class DigitPreference:
    """How the last written digits are spread: counts of 1 to 9, chi-square, p value."""

    counts: tuple[int, ...]
    statistic: float
    p_value: float


@dataclass(frozen=True, slots=True)
class VarianceRatio:
    """Spread between samples against the spread of repeated analyses, as variances of logarithms."""

    between: float
    repeated: float
    p_value: float


def last_digits(values: Sequence[Decimal], digits: int = FINE_DIGITS) -> list[int]:
    """The last digit, not zero, of each value that has at least ``digits`` significant ones.

    With fewer the first digits still show, and those are never spread evenly. Zeros are left out: workbooks drop
    them at the end of a number.

    *Source*: Mosimann, Wiseman and Edelman 1995 (Accountability in Research 4, 31-55).

    >>> last_digits([Decimal("12.37"), Decimal("0.4"), Decimal("1.50"), Decimal("215")])
    [7, 5]
    """
    written = (value.as_tuple().digits for value in values)
    return [number[-1] for number in written if len(number) >= digits and number[-1]]


def digit_preference(digits: Sequence[int]) -> DigitPreference:
    """Whether last digits are spread evenly over 1 to 9; ``ValueError`` below 50 digits.

    *Source*: Mosimann, Wiseman and Edelman 1995; chi-square with eight degrees of freedom.

    >>> digit_preference([2, 5] * 30).p_value < 0.001
    True
    """
    if len(digits) < FEWEST_DIGITS:
        raise ValueError(f"at least {FEWEST_DIGITS} digits are needed")
    counts = np.bincount(np.asarray(digits, dtype=np.intp), minlength=_NONZERO + 1)[1:]
    found = stats.chisquare(counts)
    return DigitPreference(tuple(int(count) for count in counts), float(found.statistic), float(found.pvalue))


def copied_vectors(results: ArrayLike, fewest: int = FEWEST_ANALYTES) -> list[tuple[int, ...]]:
    """Groups of samples whose results are the same in every analyte measured.

    At least ``fewest`` of the results must differ from what is reported again and again for their analyte.

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
    """The value that is repeated most in each column; NaN where none is repeated often."""
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


def repeated_lowest(values: ArrayLike, share: float = 0.1, fewest: int = 5) -> tuple[float, int]:
    """The lowest value and how often it stands, when it stands so often that it may be a detection limit, or half one.

    *Source*: our own screening. NaN left out; ``(nan, 0)`` when the lowest value is not repeated that often.

    >>> repeated_lowest([0.01] * 6 + [0.02, 0.03, 0.05])
    (0.01, 6)
    """
    sample = np.asarray(values, dtype=np.float64)
    sample = sample[np.isfinite(sample)]
    if not len(sample):
        return float("nan"), 0
    lowest = float(sample.min())
    count = int((sample == lowest).sum())
    often = count >= max(fewest, share * len(sample)) and count < len(sample)
    return (lowest, count) if often else (float("nan"), 0)
