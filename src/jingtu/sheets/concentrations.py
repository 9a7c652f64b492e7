"""Soil contents as samples: what wide and long tables share in reading names, land use, pH and units."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from jingtu import law
from jingtu.plain.issues import Issue, Severity
from jingtu.plain.reported import NOT_MEASURED, Reported, ReportedColumn, parse_reported_column
from jingtu.plain.text import fold
from jingtu.plain.units import exponent_between
from jingtu.sheets.codes import find_code
from jingtu.sheets.faults import issue
from jingtu.sheets.table import Table

STANDARD_UNIT: Final = "mg/kg"
WHOLE: Final = 1_000_000
PH: Final = "pH"
_PH_REACH: Final = (Decimal(0), Decimal(14))
_SOIL: Final = re.compile(r"(soil|土壤中?|表层土壤?|耕层)[ _]?", re.IGNORECASE)
# a file of pairs has soil beside crop: one must never be read as the other
_CROP: Final = re.compile(
    r"(crop|grain|rice|农产品中?|作物中?|籽粒中?|籽实中?|可食部分|稻米中?|糙米中?)[ _]?", re.IGNORECASE
)
_SUFFIX: Final = re.compile(
    r"[ _]?(含量|浓度|检测值|测定值|检测结果|测定结果|结果|content|concentration|conc)", re.IGNORECASE
)


@dataclass(slots=True)
class Contents:
    """Samples of a file, one place each: names, rows of the file, pH, land use, soil type, and contents in mg/kg.

    ``part`` names the pit or range a sample belongs to, ``duplicate_of`` the sample it repeats; ``crop`` and
    ``harvested_on`` of a crop are kept as written.

    ``listing`` names the list of analytes the file speaks of. On ``farmland`` land use is a code; on ``construction``
    land it is kept as written, since its schemes are many.
    """

    file: str
    listing: str = law.FARMLAND
    sheet: str = ""
    form: str = "wide"
    subjects: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    ph: list[Decimal | None] = field(default_factory=list)
    land_use: list[str] = field(default_factory=list)
    soil_type: list[str] = field(default_factory=list)
    part: list[str] = field(default_factory=list)
    duplicate_of: list[str] = field(default_factory=list)
    crop: list[str] = field(default_factory=list)
    harvested_on: list[str] = field(default_factory=list)
    results: dict[str, list[Reported]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    notes: list[Issue] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.subjects)

    def add(self, found: Issue) -> None:
        """File an issue where it belongs."""
        (self.notes if found.severity is Severity.NOTE else self.issues).append(found)


def analyte_of(text: str, listing: str = law.FARMLAND) -> str | None:
    """The analyte a heading or cell names, with the usual words around it: those of soil, or of crops for their list.

    >>> [analyte_of(t) for t in ("总镉", "soil_Cd", "土壤铅含量", "Hg", "rice_Cd", "pH值")]
    ['Cd', 'Cd', 'Pb', 'Hg', None, 'pH']
    >>> [analyte_of(t, law.CROPS) for t in ("总镉", "soil_Cd", "rice_Cd", "籽粒铅含量")]
    ['Cd', None, 'Cd', 'Pb']
    """
    name, prefix = fold(text), _CROP if listing == law.CROPS else _SOIL
    for candidate in (name, _SUFFIX.sub("", prefix.sub("", name, count=1), count=1).strip()):
        found = law.analytes(listing).find(candidate) if candidate else None
        if found:
            return found.code
    return None


def subjects_of(table: Table, columns: dict[str, int]) -> list[str]:
    """Names of the samples: their own number, else the running number, else the row of the file."""
    for key in ("id", "serial"):
        if key in columns:
            texts = [text.strip() for text in table.texts(columns[key])]
            return [text or f"第 {row} 行" for text, row in zip(texts, table.rows, strict=True)]
    return [f"第 {row} 行" for row in table.rows]


def land_use_of(table: Table, columns: dict[str, int], contents: Contents) -> list[str]:
    """Land use codes; a word that is none becomes an issue and a blank."""
    if "land_use" not in columns:
        return [""] * len(table.rows)
    index = columns["land_use"]
    texts = table.texts(index)
    if contents.listing == law.CONSTRUCTION:
        return [text.strip() for text in texts]
    codes = {text: find_code("land_use", text) if text.strip() else "" for text in dict.fromkeys(texts)}
    labels = "、".join(entry.label_zh for entry in law.codes("land_use"))
    for place, text in enumerate(texts):
        if codes[text] is None:
            contents.add(issue("cell.choice.unknown", table.place(place, index), text, labels))
    return [codes[text] or "" for text in texts]


WRITTEN: Final = ("soil_type", "part", "duplicate_of", "crop", "harvested_on")


def as_written(table: Table, columns: dict[str, int], key: str) -> list[str]:
    """A column of words as written, blank where the file does not have it."""
    if key not in columns:
        return [""] * len(table.rows)
    return [text.strip() for text in table.texts(columns[key])]


def parsed(table: Table, index: int, contents: Contents) -> ReportedColumn:
    """A column of results; unreadable and dead cells become issues."""
    texts = table.texts(index)
    column = parse_reported_column(texts)
    dead = {place: what for (place, at), what in table.dead.items() if at == index}
    for place in sorted({*column.faults, *dead}):
        code, value = dead.get(place, ("cell.reported.unreadable", texts[place]))
        contents.add(issue(code, table.place(place, index), value or texts[place]))
    for place, item in enumerate(column.items):
        if item.value == 0:
            contents.add(issue("cell.reported.zero", table.place(place, index), texts[place]))
    return column


def checked_ph(table: Table, items: Iterable[tuple[int, int, Reported]], contents: Contents) -> dict[int, Decimal]:
    """pH by place, from (place, column, result); outside 0 to 14 it is an issue and counts as missing."""
    low, high = _PH_REACH
    found: dict[int, Decimal] = {}
    for place, index, item in items:
        if item.value is None:
            continue
        if low < item.value <= high:
            found[place] = item.value
        else:
            contents.add(issue("cell.ph.outside", table.place(place, index), f"{item.value:f}"))
    return found


def row_in_standard_unit(
    item: Reported, stated: str, table: Table, place: int, index: int, code: str, contents: Contents
) -> Reported:
    """One result in mg/kg by the unit of its own row; not measured, with an issue, when that cannot be done."""
    if item.qualifier == "NM":
        return item
    if not stated.strip():
        contents.add(issue("cell.unit.missing", table.place(place, index), code))
        return NOT_MEASURED
    try:
        exponent = exponent_between(stated, STANDARD_UNIT)
    except ValueError:
        contents.add(issue("cell.unit.unknown", table.place(place, index), stated))
        return NOT_MEASURED
    shifted = ReportedColumn([item]).shifted(exponent).items[0] if exponent else item
    return possible(shifted, item, table, place, index, contents)


def possible(
    shifted: Reported, written: Reported, table: Table, place: int, index: int, contents: Contents
) -> Reported:
    """A result in mg/kg; not measured, with an issue, when it is more than the whole sample."""
    amount = shifted.value if shifted.value is not None else shifted.limit
    if amount is None or amount <= WHOLE:
        return shifted
    contents.add(issue("cell.reported.whole", table.place(place, index), written.text()))
    return NOT_MEASURED
