"""A report in the forms a command offers: table on the screen, JSON, CSV, workbook."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from jingtu.plain.text import guard_formula

_NARROWEST: Final = 10
_WIDEST: Final = 80


@dataclass(frozen=True, slots=True)
class Page:
    """One table of a report, all cells as text."""

    name: str
    titles: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Forms:
    """What a report shows: ``data`` as JSON, ``pages`` as tables and sheets, ``closing`` as its last lines.

    The first page is shown on the screen; ``detail`` names the page that CSV holds.
    """

    data: dict[str, Any]
    pages: Sequence[Page]
    detail: str
    closing: Sequence[str]
    shown: Sequence[str] = ()


def render(forms: Forms, form: str) -> bytes:
    """The report in one of the offered forms."""
    match form:
        case "json":
            return (json.dumps(forms.data, ensure_ascii=False, indent=1) + "\n").encode()
        case "csv":
            return _csv(next(page for page in forms.pages if page.name == forms.detail))
        case "xlsx":
            return _xlsx(forms)
        case _:
            return _screen(forms)


def issue_page(issues: Sequence[dict[str, Any]]) -> Page:
    """Issues and notes of a file as a page."""
    rows = [[issue["place"], issue["message"], issue["cure"], issue["code"]] for issue in issues]
    return Page("问题", ["位置", "问题", "怎样改", "代码"], rows)


def issue_line(issue: dict[str, Any]) -> str:
    """One issue or note as a line on the screen."""
    weight = {"blocking": "问题", "warning": "请核对", "note": "提示"}[issue["severity"]]
    return f"[{weight}] {issue['place']}：{issue['message']}{issue['cure']}"


def _screen(forms: Forms) -> bytes:
    wanted = forms.shown or [forms.pages[0].name]
    lines: list[str] = []
    for page in forms.pages:
        if page.name in wanted and page.rows:
            lines += [*_table(page), ""]
    return "\n".join([*lines, *forms.closing, ""]).encode()


def _table(page: Page) -> list[str]:
    rows = [list(page.titles), *(list(row) for row in page.rows)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(page.titles))]
    lines = ["  ".join(_pad(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return lines


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _csv(page: Page) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(page.titles)
    writer.writerows([[guard_formula(cell) for cell in row] for row in page.rows])
    return out.getvalue().encode("utf-8-sig")


def _xlsx(forms: Forms) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    bold = book.add_format({"bold": True, "bottom": 1})
    for page in (*forms.pages, Page("说明", ["说明"], [[line] for line in forms.closing if line])):
        sheet = book.add_worksheet(page.name)
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(page.titles):
            sheet.set_column(column, column, min(_WIDEST, max(_NARROWEST, _width(title) + 2)))
            sheet.write_string(0, column, title, bold)
        for at, row in enumerate(page.rows, start=1):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell)
    book.close()
    return out.getvalue()
