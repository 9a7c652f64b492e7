"""Results as a laboratory writes them: a number, below a limit, or not measured, and never a silent zero."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from jingtu.plain.numbers import PLAIN_NUMBER, parse_decimal
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


@dataclass(slots=True)
class ReportedColumn:
    """A whole column of reported results, part by part; ``faults`` maps the place of each unreadable text to it."""

    value: list[Decimal | None] = field(default_factory=list)
    limit: list[Decimal | None] = field(default_factory=list)
    qualifier: list[str] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.value)

    def values_float(self) -> NDArray[np.float64]:
        """Values as floats, NaN where there is none."""
        return np.array(
            [np.nan if v is None else v for v in self.value], dtype=np.float64
        )

    def limits_float(self) -> NDArray[np.float64]:
        """Detection limits as floats, NaN where there is none."""
        return np.array(
            [np.nan if v is None else v for v in self.limit], dtype=np.float64
        )


def parse_reported_column(texts: Sequence[str]) -> ReportedColumn:
    """Read a column at once; each distinct spelling is read only once.

    >>> column = parse_reported_column(["0.3", "<0.01", "x?", "/"])
    >>> column.qualifier, column.faults
    (['', 'ND', 'NM', 'NM'], {2: 'x?'})
    """
    known: dict[str, Reported | None] = {}
    for text in dict.fromkeys(texts):
        try:
            known[text] = parse_reported(text)
        except ValueError:
            known[text] = None
    read = [known[text] for text in texts]
    safe = [item or NOT_MEASURED for item in read]
    return ReportedColumn(
        value=[item.value for item in safe],
        limit=[item.limit for item in safe],
        qualifier=[item.qualifier for item in safe],
        faults={place: texts[place] for place, item in enumerate(read) if item is None},
    )
