"""Filled-in workbooks as an office or a laboratory would hand them in, marked as a demonstration in the first row."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import xlsxwriter

from jingtu.sheets.spec import SheetSpec

NOTICE = "演示数据，非真实监测结果"
HEADING_ROWS = 2  # the notice and the heading stand above the first row of data
Row = Mapping[str, str | date]


def filled(spec: SheetSpec, rows: Sequence[Row]) -> bytes:
    """A workbook with the sheet's headings and these rows; days become real date cells, all else stays text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties(
        {"title": f"{spec.title}（演示）", "comments": NOTICE, "created": datetime(2021, 1, 1, tzinfo=UTC)}
    )
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    bold, red = book.add_format({"bold": True, "border": 1}), book.add_format({"bold": True, "font_color": "#B00020"})
    sheet = book.add_worksheet(spec.title[:31])
    sheet.write_string(0, 0, NOTICE, red)
    for index, column in enumerate(spec.columns):
        sheet.set_column(index, index, max(12, 2 * len(column.heading())))
        sheet.write_string(1, index, column.heading(), bold)
        for place, row in enumerate(rows, HEADING_ROWS):
            value = row.get(column.name, "")
            if isinstance(value, date):
                sheet.write_datetime(place, index, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
            elif value:
                sheet.write_string(place, index, value, text)
    sheet.freeze_panes(HEADING_ROWS, 0)
    book.close()
    return out.getvalue()
