"""A table out of any file: which worksheet, which heading, which rows are data."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from operator import itemgetter
from typing import Final

from jingtu.plain.issues import Issue
from jingtu.plain.numbers import cell_number
from jingtu.sheets.container import VECTORS, Container, open_container
from jingtu.sheets.delimited import read_delimited
from jingtu.sheets.faults import Place, issue, refuse
from jingtu.sheets.heading import (
    SEARCHED_ROWS,
    Heading,
    Label,
    Matcher,
    find_heading,
    same_heading,
)
from jingtu.sheets.reading import Options
from jingtu.sheets.workbook import Cell, RawSheet, read_workbook

OWN_SHEETS: Final = ("填写说明", "代码表", "问题清单")
_FOOTER: Final = re.compile(
    r"\s*(填表人|填报人|制表|审核|复核|校核|批准|检测人|注[:：]|备注[:：]|说明[:：]|合计|总计|小计|平均值)"
)
_FOOTER_ROWS: Final = 8


@dataclass(slots=True)
class Table:
    """Rows of data under a heading, still as stored; ``rows`` are the row numbers of the file."""

    file: str
    sheet: str
    kind: str
    heading: Heading
    cells: list[list[Cell]]
    rows: list[int]
    dead: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    notes: list[Issue] = field(default_factory=list)

    def place(self, at: int | None = None, column: int | None = None) -> Place:
        """Place of a row (0-based among the data) and column in words."""
        label = self.heading.labels[column].text if column is not None else ""
        return Place(self.file, self.sheet, self.rows[at] if at is not None else None, label)

    def column(self, index: int) -> list[Cell]:
        """One column as stored."""
        return list(map(itemgetter(index), self.cells))

    def texts(self, index: int) -> list[str]:
        """One column as text."""
        return texts_of(self.column(index))


def text_of(cell: Cell | None) -> str:
    """What a cell says; numbers with 15 significant digits, days as 2021-09-03."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool) or cell is None:
        return "" if cell is None else str(cell).upper()
    if isinstance(cell, (int, float)):
        return cell_number(float(cell)) if isinstance(cell, float) else str(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


def texts_of(cells: Sequence[Cell]) -> list[str]:
    """A whole column as text; a column of text is taken as it is."""
    if set(map(type, cells)) <= {str}:
        return list(cells)  # type: ignore[arg-type]
    return [cell if type(cell) is str else text_of(cell) for cell in cells]


def open_table(
    data: bytes,
    filename: str,
    options: Options,
    match: Matcher,
    complete: Callable[[set[str]], bool],
    expected: str,
) -> Table:
    """Find the one table of a file whose heading ``match`` understands.

    ``complete`` tells whether a set of fields is all that is needed; ``expected`` is said when no heading is found.
    Raises :class:`FileRefused`.
    """
    container = open_container(data, filename, options)
    if container.kind in VECTORS:
        return _vector_table(container, match, complete, options.geometry)
    notes = list(container.notes)
    if container.kind == "csv":
        rows, more = read_delimited(container)
        notes += more
        sheets = [RawSheet("", rows)]
    else:
        sheets = read_workbook(container)
    sheet, heading = _choose(sheets, filename, options, match, complete, expected, notes)
    table = Table(filename, sheet.name, container.kind, heading, [], [], {}, notes)
    note_heading(table, sheet)
    fill_table(table, sheet, heading.first + heading.depth)
    return table


def _vector_table(container: Container, match: Matcher, complete: Callable[[set[str]], bool], geometry: str) -> Table:
    from jingtu.sheets.vector import heading_of_fields, read_vector  # only vector files need its libraries

    sheet = read_vector(container, match, complete, geometry)
    heading = heading_of_fields(texts_of(sheet.rows[0]), match)
    rows = list(range(sheet.first_row + 1, sheet.first_row + len(sheet.rows)))
    return Table(container.name, sheet.name, container.kind, heading, sheet.rows[1:], rows, {}, container.notes)


def _choose(
    sheets: list[RawSheet],
    filename: str,
    options: Options,
    match: Matcher,
    complete: Callable[[set[str]], bool],
    expected: str,
    notes: list[Issue],
) -> tuple[RawSheet, Heading]:
    filled = [sheet for sheet in sheets if any(text_of(cell).strip() for row in sheet.rows for cell in row)]
    if options.sheet:
        filled = [sheet for sheet in sheets if sheet.name == options.sheet]
        if not filled:
            names = "、".join(sheet.name or "一张没有名称的表（CSV）" for sheet in sheets)
            raise refuse("file.sheet.missing", Place(filename), names, options.sheet)
    if not filled:
        raise refuse("file.sheet.none", Place(filename))
    found = [(sheet, heading) for sheet in filled if (heading := heading_of(sheet, match))]
    if not found:
        raise refuse(
            "sheet.heading.missing",
            Place(filename, filled[0].name),
            str(SEARCHED_ROWS),
            expected,
        )
    whole = [(sheet, heading) for sheet, heading in found if complete(heading.keys())]
    if len(whole) > 1:
        raise refuse(
            "file.sheet.ambiguous",
            Place(filename),
            "、".join(sheet.name for sheet, _ in whole),
        )
    chosen = max(whole or found, key=lambda pair: pair[1].score)
    others = [s.name for s in filled if s is not chosen[0] and s.name not in OWN_SHEETS]
    if others:
        notes.append(issue("note.sheet.other", Place(filename), "、".join(others)))
    return chosen


def heading_of(sheet: RawSheet, match: Matcher) -> Heading | None:
    """The heading of a worksheet, looking at its first rows only."""
    rows = [texts_of(row) for row in sheet.rows[: SEARCHED_ROWS + 1]]
    return find_heading(rows, match, sheet.merged)


def note_heading(table: Table, sheet: RawSheet) -> None:
    """Say what is unusual about the heading and what stood above it."""
    heading, place = table.heading, Place(table.file, table.sheet)
    titles = sum(any(text_of(cell).strip() for cell in row) for row in sheet.rows[: heading.first])
    if titles:
        table.notes.append(issue("note.title.row", place, str(titles)))
    if heading.depth > 1:
        table.notes.append(issue("note.heading.two_rows", place))
    if heading.merged:
        table.notes.append(issue("note.heading.merged", place))


def fill_table(table: Table, sheet: RawSheet, start: int, first_row: int = 1, last: bool = True) -> None:
    """Take the rows from ``start`` on, all of one width; skip blanks, repeated headings and lines below the table.

    ``first_row`` is the row number of the file at which ``sheet`` begins, ``last`` whether it reaches its end.
    """
    dead = {row for row, _ in sheet.dead}
    kept = [at for at in range(start, len(sheet.rows)) if at in dead or _is_filled(sheet.rows[at])]
    blanks = (kept[-1] - start + 1 - len(kept)) if kept else 0
    if blanks:
        table.notes.append(issue("note.row.blank", Place(table.file, table.sheet), str(blanks)))
    if last:
        kept = _without_footer(table, sheet, kept, first_row)
    kept = _without_headings(table, sheet, kept, first_row)
    _fill(table, sheet, kept, first_row)


def _is_filled(row: Sequence[Cell]) -> bool:
    if row and type(row[0]) is str and row[0] and not row[0].isspace():
        return True  # as most rows are: no need to look at the other cells
    return any(cell != "" and (type(cell) is not str or cell.strip()) for cell in row)


def _without_footer(table: Table, sheet: RawSheet, kept: list[int], first_row: int) -> list[int]:
    tail = set(kept[-_FOOTER_ROWS:])
    out: list[int] = []
    for at in kept:
        first = next((text_of(cell) for cell in sheet.rows[at] if text_of(cell).strip()), "") if at in tail else ""
        if first and _FOOTER.match(first):
            table.notes.append(
                issue(
                    "note.row.footer",
                    Place(table.file, table.sheet, at + first_row),
                    first.strip(),
                )
            )
        else:
            out.append(at)
    return out


def _without_headings(table: Table, sheet: RawSheet, kept: list[int], first_row: int) -> list[int]:
    first = next((label.text for label in table.heading.labels if label.text.strip()), "")
    out: list[int] = []
    for at in kept:
        row = sheet.rows[at]
        if row and first in row[:2] and same_heading(texts_of(row), table.heading):
            table.notes.append(issue("note.row.heading_again", Place(table.file, table.sheet, at + first_row)))
        else:
            out.append(at)
    return out


def _fill(table: Table, sheet: RawSheet, kept: Sequence[int], first_row: int) -> None:
    labels = list(table.heading.labels)
    rows = [sheet.rows[at] for at in kept]
    width = max([len(labels), *{len(row) for row in rows}]) if rows else len(labels)
    if width > len(labels):
        labels += [Label("")] * (width - len(labels))
        table.heading = Heading(
            table.heading.first,
            table.heading.depth,
            tuple(labels),
            table.heading.merged,
        )
    table.cells = [row if len(row) == width else [*row, *[""] * (width - len(row))] for row in rows]
    table.rows = [at + first_row for at in kept]
    at_of = {at: place for place, at in enumerate(kept)} if sheet.dead else {}
    table.dead = {(at_of[row], column): what for (row, column), what in sheet.dead.items() if row in at_of}
