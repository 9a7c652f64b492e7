"""Blank workbooks: the sheet to fill, how to fill it, and the code lists behind its choices."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from jingtu.sheets.spec import Column, Kind, SheetSpec

GUIDANCE_SHEET: Final = "填写说明"
CODES_SHEET: Final = "代码表"
_ROWS: Final = 5000
_CREATED: Final = datetime(2021, 1, 1, tzinfo=UTC)  # a fixed stamp keeps equal workbooks equal byte for byte
_KINDS: Final = {
    Kind.TEXT: "文字",
    Kind.CODE: "代码（文本格式）",
    Kind.NUMBER: "数字",
    Kind.INTEGER: "整数",
    Kind.REPORTED: "检测结果（文本格式；低于检出限写“<检出限”，没有测的写“/”）",
    Kind.DATE: "日期，如 2021-09-03",
    Kind.DATETIME: "日期和时刻，如 2021-09-03 10:05",
    Kind.CHOICE: "从下拉列表中选",
    Kind.REGION: "六位行政区划代码或规范名称",
    Kind.LON: "经度，度（CGCS2000）",
    Kind.LAT: "纬度，度（CGCS2000）",
    Kind.POLYGON: "面的 WKT，经纬度（CGCS2000）；或提交矢量文件",
    Kind.POINT: "点的 WKT，经纬度（CGCS2000）；或提交矢量文件",
}


def blank_workbook(spec: SheetSpec, rows: Sequence[Mapping[str, str]] = ()) -> bytes:
    """A workbook to hand out for a sheet: headings, text format for codes and results, drop-down lists, guidance.

    ``rows`` holds what is known already, by column name, so that nobody enters it again. The same specification and
    rows always give the same bytes.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": spec.title, "created": _CREATED})
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(spec.title[:31])
    guidance = book.add_worksheet(GUIDANCE_SHEET)
    lists = _write_codes(book, spec)
    _write_headings(book, sheet, spec, text)
    for index, column in enumerate(spec.columns):
        _write_choices(sheet, index, column, lists)
        for place, row in enumerate(rows, start=1):
            sheet.write_string(place, index, row.get(column.name, ""), text)
    _write_guidance(book, guidance, spec)
    book.close()
    return out.getvalue()


def _write_headings(book: Workbook, sheet: Worksheet, spec: SheetSpec, text: Format) -> None:
    styles = {
        needed: book.add_format(
            {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "bg_color": colour, "num_format": "@"}
        )
        for needed, colour in ((True, "#FCE8B2"), (False, "#E8EEF4"))
    }
    for index, column in enumerate(spec.columns):
        sheet.set_column(index, index, max(12, 2 * len(column.heading())), text)
        sheet.write_string(0, index, column.heading(), styles[column.required])
        note = _note(column)
        if note:
            sheet.write_comment(0, index, note, {"x_scale": 2})
    sheet.freeze_panes(1, 0)


def _note(column: Column) -> str:
    needed = "必填。" if column.required else ""
    example = f"例：{column.example}" if column.example else ""
    return "\n".join(part for part in (needed + column.guidance, example) if part)


def _write_codes(book: Workbook, spec: SheetSpec) -> dict[str, str]:
    """Code lists on a sheet of their own; returns for each column the range its drop-down takes."""
    chosen = [column for column in spec.columns if column.kind is Kind.CHOICE and column.codes]
    if not chosen:
        return {}
    sheet = book.add_worksheet(CODES_SHEET)
    ranges: dict[str, str] = {}
    for index, column in enumerate(chosen):
        sheet.set_column(index * 2, index * 2 + 1, 18)
        sheet.write_string(0, index * 2, column.label)
        sheet.write_string(0, index * 2 + 1, "代码")
        for row, (code, label) in enumerate(column.codes, start=1):
            sheet.write_string(row, index * 2, label)
            sheet.write_string(row, index * 2 + 1, code)
        letter = xlsxwriter.utility.xl_col_to_name(index * 2)
        ranges[column.name] = f"='{CODES_SHEET}'!${letter}$2:${letter}${len(column.codes) + 1}"
    return ranges


def _write_choices(sheet: Worksheet, index: int, column: Column, ranges: dict[str, str]) -> None:
    if column.name in ranges:
        options = {
            "validate": "list",
            "source": ranges[column.name],
            "error_title": "不在选项之内",
            "error_message": "请从下拉列表中选择，选项见“代码表”。",
        }
        sheet.data_validation(1, index, _ROWS, index, options)


def _write_guidance(book: Workbook, sheet: Worksheet, spec: SheetSpec) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, f"{spec.title}填写说明", book.add_format({"bold": True, "font_size": 14}))
    for index, (title, width) in enumerate(
        (("列名", 18), ("是否必填", 10), ("怎样填", 44), ("单位", 10), ("填写要求", 60), ("例", 24))
    ):
        sheet.set_column(index, index, width, wrap)
        sheet.write_string(2, index, title, bold)
    for row, column in enumerate(spec.columns, start=3):
        needed = "必填" if column.required else "选填"
        words = (column.label, needed, _KINDS[column.kind], column.unit, column.guidance, column.example)
        for index, word in enumerate(words):
            sheet.write_string(row, index, word)
