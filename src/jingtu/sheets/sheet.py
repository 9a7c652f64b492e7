"""Reading a sheet by its specification: typed columns out, every cell that cannot be read an issue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from jingtu.plain.numbers import plain, shift
from jingtu.plain.reported import parse_reported_column
from jingtu.plain.units import canonical_unit, exponent_between
from jingtu.sheets.cells import Read, TypedColumn, type_column
from jingtu.sheets.faults import FileRefused, Place, issue
from jingtu.sheets.heading import Label
from jingtu.sheets.reading import Options, Reading
from jingtu.sheets.spec import Column, Kind, SheetSpec
from jingtu.sheets.table import Table, open_table, text_of

_SAFE_DIGITS: Final = 15


def read_sheet(spec: SheetSpec, data: bytes, filename: str, options: Options | None = None) -> Reading:
    """Read a file as the sheet ``spec`` describes; never raises for what a file may hold."""
    chosen = replace(options or Options(), geometry=spec.geometry)
    try:
        table = _open(spec, data, filename, chosen)
    except FileRefused as refused:
        return Reading(file=filename, issues=[refused.issue])
    return type_table(spec, table, chosen)


def type_table(spec: SheetSpec, table: Table, options: Options) -> Reading:
    """Type the rows of a table whose heading is known."""
    reading = Reading(file=table.file, sheet=table.sheet, notes=list(table.notes), rows=table.rows)
    indexes = _columns(spec, table, reading)
    if not table.rows:
        reading.add(issue("sheet.rows.none", table.place()))
    for column in spec.columns:
        if column.name in indexes:
            _read_column(column, indexes[column.name], table, reading)
    _check_angles(spec, indexes, table, reading)
    _check_long_rows(table, reading)
    _limit(reading, options.issues_per_kind)
    return reading


def _open(spec: SheetSpec, data: bytes, filename: str, options: Options) -> Table:
    required = {column.name for column in spec.required()}
    return open_table(data, filename, options, spec.match, lambda keys: required <= keys, spec.expected())


def _columns(spec: SheetSpec, table: Table, reading: Reading) -> dict[str, int]:
    """Index of each column of the specification in the table, with the faults of the heading."""
    indexes: dict[str, int] = {}
    row = table.heading.first + 1
    for index, label in enumerate(table.heading.labels):
        place = Place(table.file, table.sheet, row, label.text)
        if label.key is None:
            if label.text.strip():
                reading.add(issue("note.column.unknown", place, label.text))
        elif label.key in indexes:
            both = f"“{table.heading.labels[indexes[label.key]].text}”“{label.text}”"
            reading.add(issue("sheet.column.duplicate", place, both, spec.column(label.key).label))
        else:
            indexes[label.key] = index
            reading.headings[label.key] = label.text
    for column in spec.required():
        if column.name not in indexes:
            place = Place(table.file, table.sheet, row, column.label)
            reading.add(
                issue(
                    "sheet.column.missing",
                    place,
                    "、".join(column.headings()),
                    column.label,
                )
            )
    return indexes


def _read_column(column: Column, index: int, table: Table, reading: Reading) -> None:
    texts = table.texts(index)
    reading.raw[column.name] = texts
    exponent = _heading_unit(column, table.heading.labels[index], table, reading)
    if column.kind is Kind.REPORTED:
        typed = _type_reported(column, texts, exponent, reading)
    else:
        typed = type_column(column, texts)
        if exponent and column.kind is Kind.NUMBER:
            typed.values = [shift(v, exponent) if isinstance(v, Decimal) else v for v in typed.values]
    if column.kind is Kind.CODE:
        _check_numeric_codes(table, index, typed)
    for (place, at), (code, value) in table.dead.items():
        if at == index:
            texts[place] = value
            typed.faults[place] = Read(fault=code)
    reading.columns[column.name] = typed.values
    _report(typed, texts, index, table, reading)


def _heading_unit(column: Column, label: Label, table: Table, reading: Reading) -> int:
    """Power of ten from the unit in the heading to the unit of the column."""
    unit = column.unit
    place = Place(table.file, table.sheet, table.heading.first + 1, label.text)
    exponent = 0
    if label.unit:
        try:
            unit = canonical_unit(label.unit)
        except ValueError:
            reading.add(issue("sheet.unit.unknown", place, label.unit, column.unit or "mg/kg"))
            return 0
        if column.unit:
            try:
                exponent = exponent_between(unit, column.unit)
            except ValueError:
                reading.add(issue("sheet.unit.incompatible", place, label.unit, column.unit))
                return 0
            if exponent:
                reading.add(issue("note.unit.converted", place, label.unit, column.unit))
    reading.units[column.name] = column.unit or unit
    return exponent


def _type_reported(column: Column, texts: Sequence[str], exponent: int, reading: Reading) -> TypedColumn:
    parsed = parse_reported_column(texts)
    if exponent:
        parsed = parsed.shifted(exponent)
    reading.reported[column.name] = parsed
    typed = TypedColumn(list(parsed.items))
    for place in parsed.faults:
        typed.values[place] = None
        typed.faults[place] = Read(fault="cell.reported.unreadable")
    if column.required and "" in texts:
        blanks = [place for place, text in enumerate(texts) if not text]
        typed.faults.update(dict.fromkeys(blanks, Read(fault="cell.required")))
    if not "".join(texts).isascii():
        wide = [place for place, text in enumerate(texts) if not text.isascii() and _is_wide(text)]
        typed.notes |= {"note.width.full": wide} if wide else {}
    return typed


def _is_wide(text: str) -> bool:
    return any("０" <= sign <= "９" for sign in text)


def _check_numeric_codes(table: Table, index: int, typed: TypedColumn) -> None:
    numeric: list[int] = []
    cells = table.column(index)
    if set(map(type, cells)) <= {str}:
        return
    for place, cell in enumerate(cells):
        if type(cell) is str or not isinstance(cell, (int, float)):
            continue
        if abs(cell) >= 10**_SAFE_DIGITS:
            typed.faults[place] = Read("", fault="cell.code.truncated")
            typed.values[place] = ""
        else:
            numeric.append(place)
    if numeric:
        typed.notes["note.code.numeric"] = numeric


def _report(typed: TypedColumn, texts: Sequence[str], index: int, table: Table, reading: Reading) -> None:
    for place, item in sorted(typed.faults.items()):
        reading.faulty.add(place)
        reading.issues.append(issue(item.fault, table.place(place, index), texts[place], item.expected))
    for code, places in typed.notes.items():
        reading.add(issue(code, table.place(places[0], index), texts[places[0]], str(len(places))))


def _check_angles(spec: SheetSpec, indexes: dict[str, int], table: Table, reading: Reading) -> None:
    """Longitude and latitude in each other's column are named as such, not as two values out of reach."""
    kinds = {spec.column(name).kind: name for name in indexes}
    if Kind.LON not in kinds or Kind.LAT not in kinds:
        return
    labels = {kind: table.heading.labels[indexes[kinds[kind]]].text for kind in (Kind.LON, Kind.LAT)}
    outside = {(found.row, found.column): at for at, found in enumerate(reading.issues) if ".outside" in found.code}
    for row in {row for row, _ in outside}:
        pair = {kind: outside.get((row, labels[kind])) for kind in labels}
        if None in pair.values():
            continue
        for kind, at in pair.items():
            if at is not None and _fits_other(reading.issues[at].value, kind):
                old = reading.issues[at]
                place = Place(old.file, old.sheet, old.row, old.column)
                reading.issues[at] = issue(f"cell.{kind}.swapped", place, old.value)


def _fits_other(text: str, kind: Kind) -> bool:
    other = Column(name="", label="", kind=Kind.LAT if kind is Kind.LON else Kind.LON)
    return not type_column(other, [text]).faults


def _check_long_rows(table: Table, reading: Reading) -> None:
    """Cells beyond the heading: in a text file the columns of that row have slipped."""
    labels = table.heading.labels
    beyond = len(labels)
    while beyond and not labels[beyond - 1].text.strip():
        beyond -= 1
    for index in range(beyond, len(labels)):
        for place, cell in enumerate(table.column(index)):
            text = text_of(cell).strip()
            if text:
                reading.faulty.add(place)
                reading.add(issue("row.too_long", table.place(place), plain_or(text)))


def plain_or(text: str) -> str:
    """A number without exponent, any other text as it is."""
    try:
        return plain(Decimal(text))
    except ArithmeticError:
        return text


def _limit(reading: Reading, most: int) -> None:
    """Keep the first issues of each kind and column; say how many there were."""
    counts: Counter[tuple[str, str]] = Counter((found.code, found.column) for found in reading.issues)
    if not counts or max(counts.values()) <= most:
        return
    seen: Counter[tuple[str, str]] = Counter()
    kept = []
    for found in reading.issues:
        kind = (found.code, found.column)
        seen[kind] += 1
        if seen[kind] <= most:
            kept.append(found)
    for (_, column), count in counts.items():
        if count > most:
            kept.append(
                issue(
                    "sheet.issues.many",
                    Place(reading.file, reading.sheet, None, column),
                    str(count),
                    str(most),
                )
            )
    reading.issues = kept
