"""Results as a laboratory writes them: a number, below a limit, or not measured, and never a silent zero."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from jingtu.plain.numbers import PLAIN_NUMBER, parse_decimal, plain, shift
from jingtu.plain.text import fold

Qualifier = Literal["", "ND", "NM"]

_NUM: Final = r"([0-9.,]+(?:e[+-]?[0-9]+)?)"
_BELOW: Final = re.compile(rf"(?:<|＜|〈|小于|低于) ?{_NUM}")
_BELOW_L: Final = re.compile(rf"{_NUM} ?l")
_NOT_DETECTED: Final = re.compile(
    rf"(?:n\.?d\.?|bdl|未检出|低于检出限)(?: ?[(\[:<]+ ?(?:<|检出限|dl)?[=:]? ?{_NUM} ?[)\]]?)?"
)
_LIMIT_UNKNOWN: Final = frozenset(
    {
        "<检出限",
        "<dl",
        "<lod",
        "<mdl",
        "小于检出限",
        "低于方法检出限",
        "未检出(低于检出限)",
    }
)
_MARKS: Final = (
    "",
    "/",
    "//",
    "\\",
    "-",
    "--",
    "---",
    "—",
    "——",
    "–",
    "―",
    "――",
    "─",
    "──",
)
_WORDS: Final = (
    "na",
    "n/a",
    "nan",
    "null",
    "none",
    "未测",
    "未检测",
    "未监测",
    "未测定",
    "不测",
)
_NOT_MEASURED: Final = frozenset((*_MARKS, *_WORDS))


@dataclass(frozen=True, slots=True)
class Reported:
    """One reported result: the number, or the limit it lies below, or the mark that nothing was measured.

    ``qualifier`` is ``""`` for a number, ``"ND"`` for not detected, ``"NM"`` for not measured.
    """

    value: Decimal | None
    limit: Decimal | None
    qualifier: Qualifier

    def text(self) -> str:
        """The result in one fixed spelling, which :func:`parse_reported` reads back.

        >>> [parse_reported(t).text() for t in ("0.30", "0.010L", "未检出", "/")]
        ['0.3', '<0.01', 'ND', '']
        """
        if self.value is not None:
            return plain(self.value)
        if self.qualifier == "NM":
            return ""
        return "ND" if self.limit is None else f"<{plain(self.limit)}"


NOT_MEASURED: Final = Reported(None, None, "NM")


def parse_reported(text: str) -> Reported:
    """Read a reported result; raises ``ValueError`` when it is none of the known spellings.

    >>> parse_reported("0.35"), parse_reported("＜0.01").limit, parse_reported("0.01L").qualifier
    (Reported(value=Decimal('0.35'), limit=None, qualifier=''), Decimal('0.01'), 'ND')
    >>> parse_reported("未检出"), parse_reported("—").qualifier
    (Reported(value=None, limit=None, qualifier='ND'), 'NM')
    """
    if PLAIN_NUMBER.fullmatch(text):
        return Reported(Decimal(text), None, "")
    folded = fold(text).lower()
    if folded in _NOT_MEASURED:
        return NOT_MEASURED
    if folded in _LIMIT_UNKNOWN:
        return Reported(None, None, "ND")
    for pattern in (_BELOW, _BELOW_L, _NOT_DETECTED):
        found = pattern.fullmatch(folded)
        if found:
            return Reported(None, _limit(found[1], text), "ND")
    value = parse_decimal(folded)
    if value < 0:
        raise ValueError(f"a result cannot be negative: {text!r}")
    return Reported(value, None, "")


def _limit(text: str | None, whole: str) -> Decimal | None:
    if text is None:
        return None
    limit = parse_decimal(text)
    if limit <= 0:
        raise ValueError(f"a detection limit must be above zero: {whole!r}")
    return limit


@dataclass
class ReportedColumn:
    """A whole column of reported results; ``faults`` maps the place of each unreadable text to it.

    An unreadable text stands as not measured, so that nothing is ever computed from it.
    """

    items: list[Reported]
    faults: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.items)

    @cached_property
    def value(self) -> list[Decimal | None]:
        """Values, ``None`` where there is none."""
        return [item.value for item in self.items]

    @cached_property
    def limit(self) -> list[Decimal | None]:
        """Detection limits, ``None`` where none was reported."""
        return [item.limit for item in self.items]

    @cached_property
    def qualifier(self) -> list[Qualifier]:
        """Qualifiers: ``""``, ``"ND"`` or ``"NM"``."""
        return [item.qualifier for item in self.items]

    def values_float(self) -> NDArray[np.float64]:
        """Values as floats, NaN where there is none."""
        return np.array([np.nan if v is None else v for v in self.value], dtype=np.float64)

    def limits_float(self) -> NDArray[np.float64]:
        """Detection limits as floats, NaN where there is none."""
        return np.array([np.nan if v is None else v for v in self.limit], dtype=np.float64)

    def shifted(self, exponent: int) -> ReportedColumn:
        """The same results with the decimal point moved, as a change of unit asks."""
        moved = {id(item): _shifted(item, exponent) for item in self.items}
        return ReportedColumn([moved[id(item)] for item in self.items], dict(self.faults))


def _shifted(item: Reported, exponent: int) -> Reported:
    value = None if item.value is None else shift(item.value, exponent)
    limit = None if item.limit is None else shift(item.limit, exponent)
    return Reported(value, limit, item.qualifier)


def parse_reported_column(texts: Sequence[str]) -> ReportedColumn:
    """Read a column at once; each distinct spelling is read only once.

    >>> column = parse_reported_column(["0.3", "<0.01", "x?", "/"])
    >>> column.qualifier, column.faults
    (['', 'ND', 'NM', 'NM'], {2: 'x?'})
    """
    known: dict[str, Reported] = {}
    unreadable: set[str] = set()
    for text in dict.fromkeys(texts):
        try:
            known[text] = parse_reported(text)
        except ValueError:
            known[text] = NOT_MEASURED
            unreadable.add(text)
    faults = {place: text for place, text in enumerate(texts) if text in unreadable} if unreadable else {}
    return ReportedColumn([known[text] for text in texts], faults)
