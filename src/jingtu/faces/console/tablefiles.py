"""Tables as files to take away: XLSX and CSV of the same rows that the page shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingtu.plain.days import SHANGHAI
from jingtu.plain.text import guard_formula

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {
    "xlsx": XLSX, "gpkg": "application/geopackage+sqlite3", "tif": "image/tiff", "png": "image/png",
    "csv": "text/csv; charset=utf-8",
}  # fmt: skip
DEMONSTRATION = gettext_lazy("演示数据")
IN_MEMORY = 8 * 1024 * 1024


def answer(rows: Iterable[Iterable[Any]], name: str, form: str) -> FileResponse:
    """The rows as a file of the wanted form (``xlsx`` or ``csv``), named for the person who takes it."""
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer closes it
    told = rows if settings.DEMO_TODAY is None else _labelled(rows)
    (_write_xlsx if form == "xlsx" else _write_csv)(told, file)
    file.seek(0)
    kind = XLSX if form == "xlsx" else "text/csv; charset=utf-8"
    return FileResponse(file, as_attachment=True, filename=f"{name}.{form}", content_type=kind)


def _labelled(rows: Iterable[Iterable[Any]]) -> Iterator[list[Any]]:
    """A last column says of each row that it is a demonstration's: a file outlives its page, a row its file."""
    for number, row in enumerate(rows):
        yield [*row, DEMONSTRATION if number else _("数据性质")]


def download(content: bytes, filename: str, kind: str, inline: bool = False) -> HttpResponse:
    """Bytes as a file to take away."""
    response = HttpResponse(content, content_type=kind)
    way = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(filename)}"
    return response


def _write_csv(rows: Iterable[Iterable[Any]], file: Any) -> None:
    """UTF-8 with BOM, so that spreadsheets read Chinese; texts cannot become formulas."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    text.detach()


def _csv_cell(cell: Any) -> Any:
    plain = _plain(cell)
    return guard_formula(plain) if isinstance(plain, str) else plain


def _write_xlsx(rows: Iterable[Iterable[Any]], file: Any) -> None:
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            _write_cell(sheet, number, place, _plain(cell), bold if number == 0 else None, day)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 30, 16)
    book.close()


def _write_cell(sheet: Any, number: int, place: int, cell: Any, form: Any, day: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, date):
        sheet.write_datetime(number, place, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
        sheet.write_number(number, place, cell, form)
    else:
        sheet.write_string(number, place, str(cell), form)


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, Decimal):
        return float(cell)
    if cell is None or isinstance(cell, (int, float, date, str)):
        return cell
    return str(cell)
