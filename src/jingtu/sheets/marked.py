"""A marked workbook: the file as it was handed in, with the faulty cells coloured and the fault as a comment."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from jingtu.plain.issues import Issue, Severity
from jingtu.sheets.container import VECTORS, open_container
from jingtu.sheets.delimited import read_delimited
from jingtu.sheets.faults import FileRefused
from jingtu.sheets.heading import SEARCHED_ROWS, find_heading
from jingtu.sheets.reading import Options
from jingtu.sheets.spec import SheetSpec
from jingtu.sheets.table import text_of, texts_of
from jingtu.sheets.vector import read_vector
from jingtu.sheets.workbook import RawSheet, read_workbook

ISSUES_SHEET: Final = "问题清单"
SHAPE: Final = "（图形）"
_COLOURS: Final = {Severity.BLOCKING: "#F8B4AB", Severity.WARNING: "#FCE8B2", Severity.NOTE: "#DCEBFA"}
_HEADINGS: Final = ("序号", "轻重", "工作表", "行", "列", "填写的内容", "问题", "怎样改", "依据", "代码")
_WEIGHT: Final = {Severity.BLOCKING: "必须改正", Severity.WARNING: "请核对", Severity.NOTE: "提示"}


def marked_workbook(
    spec: SheetSpec, data: bytes, filename: str, issues: Sequence[Issue], options: Options | None = None
) -> bytes:
    """A new workbook with every cell of the file as text, faults coloured and commented, and a list of all issues.

    Cells are written as text, so nothing in the file can run as a formula. A file that could not be read at all
    comes back as the list of issues alone.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheets = _sheets(data, filename, spec, options or Options())
    styles = {severity: book.add_format({"bg_color": colour, "border": 1}) for severity, colour in _COLOURS.items()}
    for sheet in sheets:
        _copy(book, sheet, [issue for issue in issues if issue.sheet in ("", sheet.name)], spec, styles)
    _list_issues(book, issues)
    book.close()
    return out.getvalue()


def _sheets(data: bytes, filename: str, spec: SheetSpec, options: Options) -> list[RawSheet]:
    try:
        container = open_container(data, filename, replace(options, geometry=spec.geometry))
        if container.kind in VECTORS:
            required = {column.name for column in spec.required()}
            return [_without_shapes(read_vector(container, spec.match, required.issubset, spec.geometry))]
        if container.kind != "csv":
            return read_workbook(container)
        rows, _ = read_delimited(container)
        return [RawSheet("", rows)]
    except FileRefused:
        return []


def _without_shapes(sheet: RawSheet) -> RawSheet:
    """The attributes of a vector file; what a geometry holds is too long for a cell and is named only."""
    for row in sheet.rows[1:]:
        row[-1] = SHAPE if row[-1] else ""
    return sheet


def _copy(
    book: Workbook, sheet: RawSheet, issues: Sequence[Issue], spec: SheetSpec, styles: dict[Severity, Format]
) -> None:
    page = book.add_worksheet(sheet.name if sheet.name and sheet.name != ISSUES_SHEET else "数据")
    columns = _columns(sheet, spec)
    marks: dict[tuple[int, int], list[Issue]] = {}
    for issue in issues:
        if issue.row is not None:
            marks.setdefault((issue.row - sheet.first_row, columns.get(issue.column, 0)), []).append(issue)
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            text = text_of(cell) or sheet.dead.get((row, column), ("", ""))[1]
            if text and (row, column) not in marks:
                page.write_string(row, column, text)
    for (row, column), found in marks.items():
        _mark(page, row, column, sheet, found, styles)


def _mark(
    page: Worksheet, row: int, column: int, sheet: RawSheet, issues: list[Issue], styles: dict[Severity, Format]
) -> None:
    cells: Sequence[object] = sheet.rows[row] if row < len(sheet.rows) else []
    text = text_of(cells[column]) if column < len(cells) else ""  # type: ignore[arg-type]
    worst = min((issue.severity for issue in issues), key=list(Severity).index)
    page.write_string(row, column, text or sheet.dead.get((row, column), ("", ""))[1], styles[worst])
    page.write_comment(row, column, "\n".join(issue.message + issue.cure for issue in issues), {"x_scale": 2})


def _columns(sheet: RawSheet, spec: SheetSpec) -> dict[str, int]:
    """Index of each heading as the issues name it."""
    heading = find_heading([texts_of(row) for row in sheet.rows[: SEARCHED_ROWS + 1]], spec.match, sheet.merged)
    if heading is None:
        return {}
    return {label.text: index for index, label in reversed(list(enumerate(heading.labels)))}


def _list_issues(book: Workbook, issues: Iterable[Issue]) -> None:
    page = book.add_worksheet(ISSUES_SHEET)
    bold = book.add_format({"bold": True, "bottom": 1})
    for index, word in enumerate(_HEADINGS):
        page.set_column(index, index, 40 if word in ("问题", "怎样改") else 12)
        page.write_string(0, index, word, bold)
    for number, issue in enumerate(issues, start=1):
        row = "" if issue.row is None else str(issue.row)
        words = (str(number), _WEIGHT[issue.severity], issue.sheet, row, issue.column, issue.value)
        for index, word in enumerate((*words, issue.message, issue.cure, issue.clause, issue.code)):
            page.write_string(number, index, word)
    page.freeze_panes(1, 0)
