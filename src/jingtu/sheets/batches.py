"""A long text file in batches: the heading once, then so many rows at a time, in little memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from jingtu.plain.issues import Issue
from jingtu.sheets.container import open_container
from jingtu.sheets.delimited import stream_delimited
from jingtu.sheets.faults import FileRefused, Place, refuse
from jingtu.sheets.heading import SEARCHED_ROWS, Heading
from jingtu.sheets.reading import Options, Reading
from jingtu.sheets.sheet import read_sheet, type_table
from jingtu.sheets.spec import SheetSpec
from jingtu.sheets.table import Table, fill_table, heading_of, note_heading
from jingtu.sheets.workbook import Cell, RawSheet

BATCH_ROWS: Final = 50_000


def read_batches(
    spec: SheetSpec, data: bytes, filename: str, options: Options | None = None, size: int = BATCH_ROWS
) -> Iterator[Reading]:
    """Read a file as :func:`read_sheet` does, in batches of ``size`` rows; a workbook comes as one batch.

    Row numbers are those of the whole file. Faults and notes of the heading come with the first batch only; a file
    that cannot be read on gives a last batch with that issue.
    """
    chosen = options or Options()
    try:
        container = open_container(data, filename, chosen)
        if container.kind != "csv":
            yield read_sheet(spec, data, filename, chosen)
            return
        rows, notes = stream_delimited(container)
        yield from _batches(spec, rows, filename, [*container.notes, *notes], chosen, size)
    except FileRefused as refused:
        yield Reading(file=filename, issues=[refused.issue])


def _batches(
    spec: SheetSpec, rows: Iterator[list[Cell]], filename: str, notes: list[Issue], options: Options, size: int
) -> Iterator[Reading]:
    start = list(islice(rows, SEARCHED_ROWS + 1))
    sheet = RawSheet("", start)
    heading = heading_of(sheet, spec.match)
    if heading is None:
        raise refuse("sheet.heading.missing", Place(filename), str(SEARCHED_ROWS), spec.expected())
    sheet.rows += islice(rows, max(0, size - len(start)))
    first_row, is_first = 1, True
    while sheet.rows or is_first:
        following = list(islice(rows, size))
        table = Table(filename, "", "csv", heading, [], [], {}, list(notes) if is_first else [])
        if is_first:
            note_heading(table, sheet)
        fill_table(table, sheet, _start(heading) if is_first else 0, first_row, last=not following)
        if is_first or table.rows or table.notes:
            reading = type_table(spec, table, options)
            yield reading if is_first else _of_the_rows(reading)
        first_row, is_first = first_row + len(sheet.rows), False
        sheet = RawSheet("", following)


def _start(heading: Heading) -> int:
    return heading.first + heading.depth


def _of_the_rows(reading: Reading) -> Reading:
    """A later batch without what was already said about the heading with the first."""
    said = ("sheet.column", "sheet.unit", "note.column", "note.unit", "sheet.rows")
    reading.issues = [issue for issue in reading.issues if not issue.code.startswith(said)]
    reading.notes = [note for note in reading.notes if not note.code.startswith(said)]
    return reading
