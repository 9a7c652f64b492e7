"""Workbooks: cells through calamine, and the cells calamine leaves blank although they hold something."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from xml.etree import ElementTree

from python_calamine import (
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from jingtu.sheets import biff
from jingtu.sheets.container import Container
from jingtu.sheets.extent import claimed_cells, narrow
from jingtu.sheets.faults import FileRefused, Place, refuse

Cell = str | float | int | bool | date | datetime | time | timedelta
Area = tuple[tuple[int, int], tuple[int, int]]

_CELL: Final = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_PLACE: Final = re.compile(rb'\br="([A-Z]+)([0-9]+)"')
_VALUE: Final = re.compile(rb"<v[^>/]*>([^<]*)</v>|<is>")
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(slots=True)
class RawSheet:
    """One worksheet: rows of cells as stored, merged areas, and cells that hold no usable value.

    ``first_row`` is the number under which the file counts the first of the rows.
    """

    name: str
    rows: list[list[Cell]]
    merged: list[Area] = field(default_factory=list)
    dead: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    first_row: int = 1


def read_workbook(container: Container) -> list[RawSheet]:
    """The visible worksheets of an XLSX or XLS file, in their order."""
    try:
        return _read(container)
    except (FileRefused, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # whatever the readers stumble over; a panic of theirs is no Exception
        raise refuse("file.format.damaged", Place(file=container.name)) from error


def _read(container: Container) -> list[RawSheet]:
    if container.kind == "xls":
        biff.check_chains(container.data)
    dead = _dead_cells(container)
    book = CalamineWorkbook.from_filelike(io.BytesIO(container.data))
    names = [
        meta.name
        for meta in book.sheets_metadata
        if meta.visible is SheetVisibleEnum.Visible and meta.typ is SheetTypeEnum.WorkSheet
    ]
    return [_sheet(book, name, dead.get(name, {}), Place(container.name, name)) for name in names]


def _sheet(book: CalamineWorkbook, name: str, dead: dict[tuple[int, int], tuple[str, str]], place: Place) -> RawSheet:
    sheet = book.get_sheet_by_name(name)
    rows: list[list[Cell]] = [narrow(row, place) for row in sheet.to_python(skip_empty_area=False)]
    _keep_dead_cells_in_reach(rows, dead)
    return RawSheet(name, rows, list(sheet.merged_cell_ranges or []), dead)


def _keep_dead_cells_in_reach(rows: list[list[Cell]], dead: dict[tuple[int, int], tuple[str, str]]) -> None:
    if not dead:
        return
    width = max([len(rows[0]) if rows else 0, *(column + 1 for _, column in dead)])
    for row in rows:
        row.extend([""] * (width - len(row)))
    while len(rows) <= max(row for row, _ in dead):
        rows.append([""] * width)


def _dead_cells(
    container: Container,
) -> dict[str, dict[tuple[int, int], tuple[str, str]]]:
    if container.kind == "xls":
        return biff.error_cells(container.data)
    with zipfile.ZipFile(io.BytesIO(container.data)) as archive:
        paths = dict(_sheet_paths(archive))
        parts = {path: archive.read(path) for path in _parts(archive)}
    for xml in parts.values():
        if claimed := claimed_cells(xml):
            raise refuse("file.zip_bomb", Place(file=container.name), f"{claimed} 格")
    return {name: dict(_scan(parts[path])) for name, path in paths.items() if path in parts}


def _parts(archive: zipfile.ZipFile) -> list[str]:
    """Every part that may be a worksheet, under whatever name a reader would still find it."""
    return [
        name for name in archive.namelist() if name.lower().endswith(".xml") and "sharedstrings" not in name.lower()
    ]


def _sheet_paths(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    relations = _parse(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for sheet in _parse(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_REL), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in archive.NameToInfo:
            yield sheet.get("name", ""), path


def _parse(xml: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in xml:
        raise ElementTree.ParseError("a workbook part must not declare a document type")
    return ElementTree.fromstring(xml)  # noqa: S314  no document type, so no entities to expand


def _scan(xml: bytes) -> Iterator[tuple[tuple[int, int], tuple[str, str]]]:
    """Cells with an error value, and formulas saved without their result."""
    if b"<f" not in xml and b't="e"' not in xml:
        return
    for found in _CELL.finditer(xml):
        attributes, inner = found[1], found[2] or b""
        is_error = b't="e"' in attributes
        if not is_error and b"<f" not in inner:
            continue
        value = _VALUE.search(inner)
        place = _PLACE.search(attributes)
        if place is None:
            continue
        spot = int(place[2]) - 1, _column_index(place[1])
        if is_error:
            yield (
                spot,
                (
                    "cell.formula.error",
                    (value[1] or b"").decode() if value else "#ERROR",
                ),
            )
        elif value is None or not (value[1] or b't="str"' in attributes):
            yield spot, ("cell.formula.uncached", "")


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1
