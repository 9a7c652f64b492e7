"""Long tables of contents: one row per sample and analyte, gathered into one place per sample."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from jingtu import law
from jingtu.plain.reported import NOT_MEASURED, Reported
from jingtu.sheets.concentrations import (
    PH,
    WRITTEN,
    Contents,
    analyte_of,
    as_written,
    checked_ph,
    land_use_of,
    parsed,
    row_in_standard_unit,
    subjects_of,
)
from jingtu.sheets.faults import Place, issue
from jingtu.sheets.table import Table

_LISTED: Final = {law.CONSTRUCTION: "GB 36600 表1、表2 所列项目及其组分的中文名、英文名或 CAS 号"}


def read_long(table: Table, columns: dict[str, int], wanted: Sequence[str], unit: str, contents: Contents) -> None:
    """Fill ``contents`` from a long table; samples keep the order of their first row."""
    contents.form = "long"
    names = subjects_of(table, {key: index for key, index in columns.items() if key != "serial"})
    if "id" not in columns:
        place = Place(table.file, table.sheet, table.heading.first + 1, "样品编号")
        contents.add(issue("sheet.column.missing", place, "样品编号、样品编码、点位编号", "样品编号"))
    place_of = {name: place for place, name in enumerate(dict.fromkeys(names))}
    contents.subjects = list(place_of)
    first_row: dict[int, int] = {}
    for name, row in zip(names, table.rows, strict=True):
        first_row.setdefault(place_of[name], row)
    contents.rows = [first_row[place] for place in range(len(place_of))]
    contents.land_use = _land_use(table, columns, names, place_of, contents)
    for key in WRITTEN:
        setattr(contents, key, _first_written(names, place_of, as_written(table, columns, key)))
    codes = _analytes(table, columns["analyte"], contents)
    items = _items(table, columns, codes, unit, contents)
    places = [place_of[name] for name in names]
    contents.ph = _ph(table, columns, codes, places, items, contents)
    for code in wanted:
        if code in codes:
            contents.results[code] = _gather(table, columns["value"], code, codes, places, items, contents)


def _first_written(names: Sequence[str], place_of: dict[str, int], texts: Sequence[str]) -> list[str]:
    """A word for each sample: the first that is not blank."""
    found = [""] * len(place_of)
    for name, text in zip(names, texts, strict=True):
        found[place_of[name]] = found[place_of[name]] or text
    return found


def _land_use(
    table: Table, columns: dict[str, int], names: Sequence[str], place_of: dict[str, int], contents: Contents
) -> list[str]:
    """Land use of each sample: the first stated; two that differ are an issue and leave it open."""
    found = [""] * len(place_of)
    disputed: set[int] = set()
    for row, (name, code) in enumerate(zip(names, land_use_of(table, columns, contents), strict=True)):
        place = place_of[name]
        if code and found[place] and code != found[place] and place not in disputed:
            disputed.add(place)
            contents.add(issue("cell.land_use.twice", table.place(row, columns["land_use"]), name))
        found[place] = found[place] or code
    return ["" if place in disputed else code for place, code in enumerate(found)]


def _analytes(table: Table, index: int, contents: Contents) -> list[str]:
    texts = table.texts(index)
    known = {text: analyte_of(text, contents.listing) for text in dict.fromkeys(texts)}
    listed = _LISTED.get(contents.listing) or "、".join(
        f"{entry.name_zh} {entry.symbol}" for entry in law.analytes(contents.listing)
    )
    for place, text in enumerate(texts):
        if known[text] is None:
            contents.add(issue("cell.analyte.unknown", table.place(place, index), text, listed))
    return [known[text] or "" for text in texts]


def _items(
    table: Table, columns: dict[str, int], codes: Sequence[str], unit: str, contents: Contents
) -> list[Reported]:
    """Results row by row, in mg/kg where they have a unit, non-detects with the limit of their own column."""
    index = columns["value"]
    column = parsed(table, index, contents)
    stated = table.heading.labels[index].unit or unit
    units = table.texts(columns["unit"]) if "unit" in columns else [""] * len(codes)
    limits = parsed(table, columns["limit"], contents).items if "limit" in columns else [NOT_MEASURED] * len(codes)
    at = columns.get("unit", index)
    out: list[Reported] = []
    for place, (item, code, own, limit) in enumerate(zip(column.items, codes, units, limits, strict=True)):
        full = Reported(None, limit.value, "ND") if item.qualifier == "ND" and item.limit is None else item
        if code in ("", PH):
            out.append(full)
        else:
            out.append(row_in_standard_unit(full, own or stated, table, place, at, code, contents))
    return out


def _ph(
    table: Table,
    columns: dict[str, int],
    codes: Sequence[str],
    places: Sequence[int],
    items: Sequence[Reported],
    contents: Contents,
) -> list[Decimal | None]:
    """pH of each sample, from rows of its own or from a column beside the results."""
    rows = [(row, columns["value"], item) for row, item in enumerate(items) if codes[row] == PH]
    if f"element:{PH}" in columns:
        index = columns[f"element:{PH}"]
        rows += [(row, index, item) for row, item in enumerate(parsed(table, index, contents).items)]
    found: dict[int, Decimal] = {}
    for row, value in checked_ph(table, rows, contents).items():
        known = found.setdefault(places[row], value)
        if known != value:
            contents.add(issue("cell.result.twice", table.place(row, columns["value"]), PH))
    return [found.get(place) for place in range(len(contents.subjects))]


def _gather(
    table: Table,
    index: int,
    code: str,
    codes: Sequence[str],
    places: Sequence[int],
    items: Sequence[Reported],
    contents: Contents,
) -> list[Reported]:
    """The results of one analyte, a place per sample; two that differ are an issue and neither counts."""
    found: dict[int, Reported] = {}
    disputed: set[int] = set()
    for row, item in enumerate(items):
        if codes[row] != code or item.qualifier == "NM":
            continue
        known = found.setdefault(places[row], item)
        if known != item:
            disputed.add(places[row])
            contents.add(issue("cell.result.twice", table.place(row, index), law.analyte(code).name_zh))
    kept = {place: item for place, item in found.items() if place not in disputed}
    return [kept.get(place, NOT_MEASURED) for place in range(len(contents.subjects))]
