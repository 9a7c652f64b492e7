"""The report of a risk assessment as a workbook with native charts: contribution bars and a tornado."""

from __future__ import annotations

import io
from typing import Any, Final

import xlsxwriter

from jingtu.cli.risk_draws_report import CURVE
from jingtu.cli.risk_figures import strongest
from jingtu.cli.risk_report import Report
from jingtu.cli.risk_sheets import Sheet, shown, width

LONGEST_NAME: Final = 31
_FORBIDDEN: Final = str.maketrans("（）", "()", "[]:*?/\\")
_MOST_BARS: Final = 15
_NARROWEST, _WIDEST = 10, 60
_SMALL: Final = 1e-3
_TITLES: Final = {"cancer": "致癌风险贡献率", "hazard": "危害指数贡献率"}


def workbook(report: Report) -> bytes:
    """All tables, each on its sheet, and two sheets of charts."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        _front(book, report, bold, wrap)
        for sheet in report.sheets:
            _table(book, sheet, bold, wrap)
        _contribution(book, report, bold)
        _tornado(book, report, bold)
        if report.drawn:
            _cumulative(book, report, bold)
        for page in book.worksheets():
            page.set_landscape()
            page.fit_to_pages(1, 0)
    return stream.getvalue()


def _front(book: Any, report: Report, bold: Any, wrap: Any) -> None:
    page = book.add_worksheet("结论")
    page.set_column(0, 0, 110)
    page.write_string(0, 0, report.heading, bold)
    for row, text in enumerate((*report.notes, "", *report.sentences), 1):
        page.write_string(row, 0, text, wrap)


def _table(book: Any, sheet: Sheet, bold: Any, wrap: Any) -> None:
    page = book.add_worksheet(_sheet_name(sheet.title))
    page.freeze_panes(1, 0)
    small = book.add_format({"num_format": "0.00E+00"})  # such as 2.22E-06, which would else be a row of zeros
    for column, heading in enumerate(sheet.headings):
        texts = [heading, *(shown(row[column], sheet.digits) for row in sheet.rows)]
        page.set_column(column, column, max(_NARROWEST, min(_WIDEST, max(map(width, texts)) + 2)))
        page.write_string(0, column, heading, bold)
    for row, cells in enumerate(sheet.rows, 1):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                page.write_string(row, column, cell, wrap)
            elif cell is None:
                page.write_string(row, column, "—", wrap)
            else:
                page.write_number(row, column, cell, small if 0 < abs(cell) < _SMALL else None)


def _contribution(book: Any, report: Report, bold: Any) -> None:
    """Stacked bars: one bar a chemical, one colour a route."""
    page = book.add_worksheet("图 贡献率")
    top = 0
    for effect, parts in report.shares.items():
        chemicals = list(dict.fromkeys(chemical for chemical, _, _ in parts))
        routes = list(dict.fromkeys(route for _, route, _ in parts))
        if not chemicals:
            continue
        held = {(chemical, route): share for chemical, route, share in parts}
        page.write_row(top, 0, [_TITLES[effect], *routes], bold)
        for row, chemical in enumerate(chemicals, top + 1):
            page.write_row(row, 0, [chemical, *(held.get((chemical, route), 0.0) for route in routes)])
        chart = book.add_chart({"type": "bar", "subtype": "percent_stacked"})
        last = top + len(chemicals)
        for column, route in enumerate(routes, 1):
            chart.add_series(
                {
                    "name": route,
                    "categories": [page.name, top + 1, 0, last, 0],
                    "values": [page.name, top + 1, column, last, column],
                }
            )
        chart.set_title({"name": _TITLES[effect]})
        chart.set_y_axis({"reverse": True})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 820, "height": 200 + 40 * len(chemicals)})
        page.insert_chart(last + 2, 0, chart)
        top = last + 16 + 2 * len(chemicals)


def _tornado(book: Any, report: Report, bold: Any) -> None:
    """The strongest parameters, largest on top; one series for each effect."""
    page = book.add_worksheet("图 敏感性")
    ranked = report.tornado[:_MOST_BARS]
    page.write_row(0, 0, ["参数", "致癌风险", "危害指数"], bold)
    for row, one in enumerate(ranked, 1):
        label = one.symbol if one.symbol == one.name_zh else f"{one.symbol} {one.name_zh}"
        page.write_row(row, 0, [label, strongest(one.cancer), strongest(one.hazard)])
    if not ranked:
        return
    chart = book.add_chart({"type": "bar"})
    for column, name in ((1, "致癌风险"), (2, "危害指数")):
        chart.add_series(
            {
                "name": name,
                "categories": [page.name, 1, 0, len(ranked), 0],
                "values": [page.name, 1, column, len(ranked), column],
                "gap": 40,
            }
        )
    chart.set_title({"name": "敏感性比（各污染物中最大的）"})
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 820, "height": 160 + 36 * len(ranked)})
    page.insert_chart(0, 4, chart)


def _cumulative(book: Any, report: Report, bold: Any) -> None:
    """Cumulative curves on a logarithmic axis, one picture for each effect, and the acceptable level in each."""
    page = book.add_worksheet("图 累积曲线")
    curves = report.drawn.curves if report.drawn else ()
    column, down = 20, 0  # the numbers stand to the right of the pictures
    page.write_column(0, column, ["累积概率", *CURVE])
    for effect, title in _TITLES.items():
        own = [curve for curve in curves if curve.effect == effect]
        if not own:
            continue
        chart = book.add_chart({"type": "scatter", "subtype": "straight"})
        for at, curve in enumerate(own, column + 1):
            page.write_column(0, at, [curve.label, *curve.values], bold)
            values = {"categories": [page.name, 1, at, len(CURVE), at], "name": [page.name, 0, at]}
            chart.add_series({**values, "values": [page.name, 1, column, len(CURVE), column]})
        column_of_level = column + len(own) + 1
        page.write_column(0, column_of_level, ["可接受水平", own[0].limit, own[0].limit])
        page.write_column(0, column_of_level + 1, ["", 0, 1])
        level = {"categories": [page.name, 1, column_of_level, 2, column_of_level], "name": "可接受水平"}
        upright = [page.name, 1, column_of_level + 1, 2, column_of_level + 1]
        chart.add_series({**level, "values": upright, "line": {"color": "#b00020", "dash_type": "dash"}})
        chart.set_title({"name": f"{title.removesuffix('贡献率')}：随机模拟的累积概率"})
        chart.set_x_axis({"log_base": 10, "num_format": "0E+00", "crossing": "min", "label_position": "low"})
        chart.set_y_axis({"min": 0, "max": 1, "num_format": "0%", "crossing": "min"})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 820, "height": 420})
        page.insert_chart(down, 0, chart)
        page.print_area(0, 0, down + 23, 12)
        down, column = down + 24, column_of_level + 3
        page.write_column(0, column, ["累积概率", *CURVE])


def _sheet_name(title: str) -> str:
    return title.translate(_FORBIDDEN).replace(" ", "")[:LONGEST_NAME]
