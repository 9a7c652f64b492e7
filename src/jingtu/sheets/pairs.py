"""Duplicates side by side: a column for the first and one for the second result of each analyte.

Headings are read as ``A1_Cd`` and ``A2_Cd``, ``Cd_1`` and ``Cd_2``, ``镉1`` and ``镉2``, or
``镉(平行1)`` and ``镉(平行2)``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from jingtu import law
from jingtu.plain.reported import Reported
from jingtu.plain.text import fold, match_key
from jingtu.sheets.concentrations import PH, Contents, analyte_of, parsed, subjects_of
from jingtu.sheets.faults import Place, refuse
from jingtu.sheets.heading import SEARCHED_ROWS
from jingtu.sheets.reading import Options
from jingtu.sheets.table import Table, open_table
from jingtu.sheets.wide_form import in_standard_unit

_BEFORE: Final = re.compile(r"[A-Za-z]+([12])[_ .]+(.+)")
_AFTER: Final = re.compile(r"(.+?)[_ .(]*(?:平行样?|第)?([12])次?\)?")
_IDS: Final = {
    match_key(name) for name in ("样品编号", "样品编码", "样品", "点位编号", "编号", "sample_id", "sample", "id")
}
_EXPECTED: Final = "成对的两列，如“镉1”“镉2”，或“A1_Cd”“A2_Cd”"


@dataclass(slots=True)
class Pairs:
    """Pairs of a file: names, rows and issues in ``contents``, ``first`` and ``second`` in mg/kg by analyte."""

    contents: Contents
    first: dict[str, list[Reported]] = field(default_factory=dict)
    second: dict[str, list[Reported]] = field(default_factory=dict)


def pair_key(heading: str, wanted: Sequence[str], listing: str = law.FARMLAND) -> str | None:
    """What one heading stands for: ``1:Cd``, ``2:Cd``, ``id``, or nothing.

    >>> [pair_key(text, ["Cd"]) for text in ("A1_Cd", "镉2", "镉(平行1)", "A2_.Loc", "Cd", "样品编号")]
    ['1:Cd', '2:Cd', '1:Cd', None, None, 'id']
    """
    text = fold(heading)
    if match_key(text) in _IDS:
        return "id"
    for pattern, turn, name in ((_BEFORE, 1, 2), (_AFTER, 2, 1)):
        found = pattern.fullmatch(text)
        code = analyte_of(found[name], listing) if found else None
        if found and code and code != PH and code in wanted:
            return f"{found[turn]}:{code}"
    return None


def read_pairs(
    data: bytes,
    filename: str,
    wanted: Sequence[str],
    unit: str = "",
    options: Options | None = None,
    listing: str = law.FARMLAND,
) -> Pairs:
    """Read duplicates that stand side by side; raises :class:`FileRefused` when the file holds none."""
    table = open_table(
        data, filename, options or Options(), lambda heading: pair_key(heading, wanted, listing), _has_pair, _EXPECTED
    )
    if not _has_pair(table.heading.keys()):
        raise refuse("sheet.heading.missing", Place(filename, table.sheet), str(SEARCHED_ROWS), _EXPECTED)
    contents = Contents(filename, listing, table.sheet, form="pairs", notes=list(table.notes))
    columns = {label.key: index for index, label in reversed(list(enumerate(table.heading.labels))) if label.key}
    contents.subjects = subjects_of(table, columns)
    contents.rows = list(table.rows)
    pairs = Pairs(contents)
    for code in wanted:
        if {f"1:{code}", f"2:{code}"} <= columns.keys():
            pairs.first[code] = _column(table, columns[f"1:{code}"], code, unit, contents)
            pairs.second[code] = _column(table, columns[f"2:{code}"], code, unit, contents)
    return pairs


def _has_pair(keys: set[str]) -> bool:
    return any(f"2{key[1:]}" in keys for key in keys if key.startswith("1:"))


def _column(table: Table, index: int, code: str, unit: str, contents: Contents) -> list[Reported]:
    return in_standard_unit(parsed(table, index, contents), code, index, table, {}, unit, contents)
