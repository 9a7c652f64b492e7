"""From a planned use to the class of GB 36600, and whether a survey is due before the change of use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from jingtu import law
from jingtu.law import Row
from jingtu.plain.text import match_key

TABLE: Final = "gb36600_land_uses"
CLASSES: Final = ("class1", "class2")
UNCLEAR: Final = "unclear"
LISTED, WITHIN, MIXED, GIVEN = "use.listed", "use.within", "use.mixed", "use.given"
NOT_CLEAR: Final = "use.unclear"
SURVEY_CLAUSE: Final = "soil-law#a59"
UNCLEAR_CLAUSE: Final = "gb36600-2018#c5-3-1"
_UNCLEAR_WORDS: Final = ("", "不明确", "未明确", "用途不明确", "规划用途不明确", "不详", "未定", UNCLEAR)
_CLASS_WORDS: Final = {
    "class1": ("class1", "第一类用地", "第一类", "一类用地"),
    "class2": ("class2", "第二类用地", "第二类", "二类用地"),
}
_NOT_KNOWN: Final = (
    "规划用途“{text}”不认识。可以写 GB 50137 的用地代码（如 R、A33、M）、用地用海分类代码（如 0701、080403）、"
    "用途名称、“第一类用地”或“第二类用地”；规划用途不明确的写“不明确”。"
)


@dataclass(frozen=True, slots=True)
class LandUse:
    """What a planned use means: the class whose values apply, why, and by which row.

    ``reason`` is ``use.listed`` (in the table), ``use.within`` (a part of a listed use), ``use.unclear`` (not known,
    so class 1), ``use.mixed`` (the code holds uses of both classes, so class 1) or ``use.given`` (the class itself was
    stated). ``survey_before_change`` is ``yes`` for homes, public administration and public services, whatever the
    class. ``but`` names parts of the use that belong to the other class.
    """

    text: str
    land_class: str
    reason: str
    survey_before_change: str
    clause: str
    table_row: str = ""
    use_zh: str = ""
    but: tuple[str, ...] = ()
    certainty: str = ""
    note: str = ""


@cache
def land_use(text: str, on: date) -> LandUse:
    """The class of GB 36600 that applies to a planned use, as the law stands on a day.

    *Source*: GB 36600-2018 4.1, 4.2, 5.3.1. Takes a code of GB 50137 or of the classes of land and sea use, their
    Chinese name, or the class itself. An unclear use is class 1. Raises ``ValueError`` with a sentence for a text that
    is none of these.

    >>> day = date(2021, 9, 15)
    >>> [(land_use(t, day).land_class, land_use(t, day).reason) for t in ("M1", "A33", "", "G1")]
    [('class2', 'use.within'), ('class1', 'use.listed'), ('class1', 'use.unclear'), ('class1', 'use.mixed')]
    >>> land_use("0801", day).land_class, land_use("0801", day).survey_before_change
    ('class2', 'yes')
    """
    said = text.strip()
    if match_key(said) in {match_key(word) for word in _UNCLEAR_WORDS}:
        return _unclear(said)
    for name, words in _CLASS_WORDS.items():
        if match_key(said) in {match_key(word) for word in words}:
            return LandUse(said, name, GIVEN, UNCLEAR, UNCLEAR_CLAUSE)
    rows = law.at(on).table(TABLE).rows
    found = _by_name(said, rows) or _by_code(said, rows)
    if found is None:
        raise ValueError(_NOT_KNOWN.format(text=text))
    return found


def _unclear(said: str) -> LandUse:
    return LandUse(said, CLASSES[0], NOT_CLEAR, UNCLEAR, UNCLEAR_CLAUSE)


def _by_name(said: str, rows: Iterable[Row]) -> LandUse | None:
    wanted = match_key(said)
    named = [row for row in rows if wanted in (match_key(row.text("use_zh")), match_key(_full_name(row)))]
    return _from(said, named, LISTED) if named else None


def _full_name(row: Row) -> str:
    return f"{row.text('use_code')} {row.text('use_zh')}"


def _by_code(said: str, rows: Iterable[Row]) -> LandUse | None:
    """By the code itself, else by the longest listed code it begins with, else by the parts it holds."""
    code = said.upper()
    known: dict[str, list[Row]] = {}
    for row in rows:
        known.setdefault(row.text("use_code").upper(), []).append(row)
    if code in known:
        return _from(said, known[code], LISTED)
    if not (code.isascii() and code.isalnum()):
        return None
    above = [code[:end] for end in range(len(code) - 1, 0, -1) if code[:end] in known]
    if above and _extends(above[0], code):
        return _from(said, known[above[0]], WITHIN)
    below = [row for name, held in known.items() if name.startswith(code) for row in held]
    return _from(said, below, WITHIN) if below else None


def _extends(listed: str, code: str) -> bool:
    """Whether a code goes on with digits alone, as finer classes do."""
    return code[len(listed) :].isdigit()


def _from(said: str, rows: list[Row], reason: str) -> LandUse:
    """One conclusion from the rows that fit: all of one class, else class 1."""
    classes = {row.text("land_class") for row in rows}
    duties = {row.text("one_residence_two_public") for row in rows}
    mixed = len(classes) > 1
    row = rows[0]
    but = tuple(row.text("except_codes").split(";")) if row.text("except_codes") and not mixed else ()
    return LandUse(
        text=said,
        land_class=CLASSES[0] if mixed else row.text("land_class"),
        reason=_why(row, mixed, reason),
        survey_before_change=duties.pop() if len(duties) == 1 else UNCLEAR,
        clause=UNCLEAR_CLAUSE if mixed else row.clause,
        table_row="" if len(rows) > 1 else row.row_id,
        use_zh="、".join(r.text("use_zh") for r in rows) if len(rows) > 1 else row.text("use_zh"),
        but=but,
        certainty=row.certainty.value,
        note=row.text("note"),
    )


def _why(row: Row, mixed: bool, reason: str) -> str:
    if mixed:
        return MIXED
    return NOT_CLEAR if row.clause == UNCLEAR_CLAUSE else reason
