"""Wide tables of contents: one row per sample, one column per element."""

from __future__ import annotations

from jingtu.plain.reported import NOT_MEASURED, Reported, ReportedColumn
from jingtu.plain.units import canonical_unit, exponent_between
from jingtu.sheets.concentrations import (
    PH,
    STANDARD_UNIT,
    WRITTEN,
    Contents,
    as_written,
    checked_ph,
    land_use_of,
    parsed,
    possible,
    row_in_standard_unit,
    subjects_of,
)
from jingtu.sheets.faults import Place, issue
from jingtu.sheets.heading import Label
from jingtu.sheets.table import Table


def read_wide(table: Table, columns: dict[str, int], unit: str, contents: Contents) -> None:
    """Fill ``contents`` from a wide table, one place per row."""
    contents.subjects = subjects_of(table, columns)
    contents.rows = list(table.rows)
    contents.land_use = land_use_of(table, columns, contents)
    for key in WRITTEN:
        setattr(contents, key, as_written(table, columns, key))
    contents.ph = [None] * len(table.rows)
    for key, index in columns.items():
        code = key.removeprefix("element:")
        if code == key:
            continue
        column = parsed(table, index, contents)
        if code == PH:
            items = ((place, index, item) for place, item in enumerate(column.items))
            found = checked_ph(table, items, contents)
            contents.ph = [found.get(place) for place in range(len(table.rows))]
        else:
            contents.results[code] = in_standard_unit(column, code, index, table, columns, unit, contents)


def in_standard_unit(
    column: ReportedColumn,
    code: str,
    index: int,
    table: Table,
    columns: dict[str, int],
    unit: str,
    contents: Contents,
) -> list[Reported]:
    """A column of results in mg/kg, by the unit of its heading, of its rows, or the one given."""
    label = table.heading.labels[index]
    if not label.unit and "unit" in columns:
        units = table.texts(columns["unit"])
        return [
            row_in_standard_unit(item, text or unit, table, place, columns["unit"], code, contents)
            for place, (item, text) in enumerate(zip(column.items, units, strict=True))
        ]
    stated = label.unit or unit
    exponent = _heading_exponent(label, stated, code, table, contents)
    if exponent is None:
        return [NOT_MEASURED] * len(column)
    shifted = column.shifted(exponent).items if exponent else column.items
    return [
        possible(item, written, table, place, index, contents)
        for place, (item, written) in enumerate(zip(shifted, column.items, strict=True))
    ]


def _heading_exponent(label: Label, stated: str, code: str, table: Table, contents: Contents) -> int | None:
    """Power of ten to mg/kg; ``None`` with an issue when the unit is absent, unknown or of another kind."""
    place = Place(table.file, table.sheet, table.heading.first + 1, label.text)
    if not stated:
        contents.add(issue("cell.unit.missing", place, label.text or code))
        return None
    try:
        canonical = canonical_unit(stated)
    except ValueError:
        contents.add(issue("sheet.unit.unknown", place, stated, "mg/kg、µg/kg、ng/g"))
        return None
    try:
        exponent = exponent_between(canonical, STANDARD_UNIT)
    except ValueError:
        contents.add(issue("sheet.unit.incompatible", place, stated, STANDARD_UNIT))
        return None
    if exponent:
        contents.add(issue("note.unit.converted", place, stated, STANDARD_UNIT))
    return exponent
