"""How much ground the cells of a worksheet claim, before a reader fills all of it.

A reader lays out every cell between the first and the last filled one. A single cell in the last corner of a sheet
of forty bytes would ask for seventeen thousand million cells, and the process would die of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from jingtu.sheets.faults import Place, refuse

MOST_COLUMNS: Final = 2_000
LEAST_CELLS: Final = 2_000_000
MOST_PER_FILLED: Final = 30

_FAR: Final = re.compile(rb"""\br\s*=\s*["'](?:[A-Za-z]{2,}\d|[A-Za-z]?\d{6,})""")
_VERY_FAR: Final = re.compile(rb"""\br\s*=\s*["'](?:[A-Za-z]{2,}\d|[A-Za-z]?\d{7,})""")
_ROW: Final = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["'](\d+)""")
_CELL: Final = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]+)(\d+)["']""")
_FILLED: Final = re.compile(rb"<(?:\w+:)?(?:v|is|f)\b")
_ENOUGH_ROWS: Final = 5_000


def narrow(row: list[Any], place: Place) -> list[Any]:
    """A row without the blanks after its last cell when it is very long; refused when it is long without them."""
    if len(row) <= MOST_COLUMNS:
        return row
    width = next((at for at in range(len(row), 0, -1) if row[at - 1] not in ("", None)), 0)
    if width > MOST_COLUMNS:
        raise refuse("file.columns.many", place, str(width), str(MOST_COLUMNS))
    return row[:width]


def claimed_cells(xml: bytes) -> int:
    """How many cells a reader would lay out for a worksheet that claims too many for what it holds; else 0.

    >>> claimed_cells(b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>')
    0
    >>> claimed_cells(b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    17179869184
    >>> claimed_cells(b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="3"/></row>')
    0
    """
    suspicious = _VERY_FAR if xml.count(b"<row") > _ENOUGH_ROWS else _FAR
    if not suspicious.search(xml):
        return 0
    places = list(_filled(xml))
    if not places:
        return 0
    rows, columns = [row for row, _column in places], [column for _row, column in places]
    area = (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)
    return area if area > max(LEAST_CELLS, MOST_PER_FILLED * len(places)) else 0


def _filled(xml: bytes) -> Iterator[tuple[int, int]]:
    """Row and column of the cells that hold something; one that does not say its place may stand in any row."""
    unplaced = False
    for found in _CELL.finditer(xml):
        if not _FILLED.search(found[2] or b""):
            continue
        place = _PLACE.search(found[1])
        if place is None:
            unplaced = True
        else:
            yield int(place[2]), _column(place[1].upper())
    if unplaced:
        yield from ((int(row), 1) for row in _ROW.findall(xml))


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters[:8]:
        index = index * 26 + letter - 64
    return index
