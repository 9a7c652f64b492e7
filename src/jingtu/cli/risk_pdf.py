"""The report of a risk assessment as PDF: conclusions, tables and pictures, with page numbers and marks of certainty.

The same report gives the same bytes, so that a digest says something.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib import resources
from typing import Any, Final

from jingtu import law
from jingtu.assess.finding import code_version
from jingtu.cli.asking import Stopped
from jingtu.cli.risk_draws_report import CLASSES, CURVES
from jingtu.cli.risk_figures import figures
from jingtu.cli.risk_report import CERTAINTY, Report
from jingtu.cli.risk_sheets import Cell, Sheet, shown, width

TITLE: Final = "建设用地健康风险评估"
MANY: Final = 10  # columns from which a table is set smaller
SHORT: Final = 14  # widths of letters up to which a column is not broken into lines
_NO_PANGO: Final = (
    "写 PDF 需要 Pango 和中文字体，这台机器上没有；请运行 make setup，或安装 libpango-1.0-0、libpangoft2-1.0-0、"
    "libharfbuzz-subset0 和 fonts-noto-cjk。"
)
_DEMONSTRATION: Final = "演示数据，不是真实地块的结果。"
_MARK: Final = "※ 表示该数值没有与原文核对，或由设计人员确定，使用前请核实。"
# After which tables the pictures stand: by the beginning of a table's title.
_PICTURES: Final = {
    "各途径的致癌风险": ("contribution-cancer",),
    "各途径的危害商": ("contribution-hazard",),
    "参数敏感性": ("tornado-cancer", "tornado-hazard"),
    "随机模拟：风险的分布": ("frequency-cancer", "cumulative-cancer", "frequency-hazard", "cumulative-hazard"),
}


def document(report: Report) -> bytes:
    """The report as PDF. Ends with one sentence where the machine lacks what PDF needs."""
    try:
        from weasyprint import CSS, HTML
    except OSError as error:
        raise Stopped(_NO_PANGO) from error
    css = (resources.files("jingtu.cli") / "risk_report.css").read_text(encoding="utf-8")
    page = HTML(string=as_html(report), url_fetcher=_fetch_nothing)
    # tagged, so that headings and tables can be read aloud
    return bytes(page.write_pdf(stylesheets=[CSS(string=css, url_fetcher=_fetch_nothing)], pdf_tags=True))


def as_html(report: Report) -> str:
    """The report as one page of HTML, without anything from outside."""
    drawn = figures(report)
    parts = [_front(report)]
    for sheet in report.sheets:
        if sheet.title in (CURVES, CLASSES):
            continue  # the pictures show them; the numbers are in the workbook
        parts.append(_section(sheet, [drawn[name] for name in _names(sheet.title) if name in drawn]))
    watermark = '<div class="watermark">演示数据</div>' if report.demonstration else ""
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{TITLE}：{escape(report.name)}</title>'
        f"</head><body>{watermark}{''.join(parts)}</body></html>"
    )


def _front(report: Report) -> str:
    foot = f"程序版本 {code_version()} · 运行文件 SHA-256 {report.digest[:16]}…"
    mark = f'<p class="demonstration">{_DEMONSTRATION}</p>' if report.demonstration else ""
    sentences = "".join(
        f'<li class="over">{escape(s)}</li>' if over else f"<li>{escape(s)}</li>"
        for s, over in zip(report.sentences, report.over, strict=True)
    )
    notes = "".join(f"<li>{escape(note)}</li>" for note in (*report.notes, _MARK))
    return (
        f'<h1>{TITLE}</h1>{mark}<p class="parcel">{escape(report.name)}</p><p>{escape(report.heading)}</p>'
        f'<p class="foot">{escape(foot)}</p><h2>结论</h2><ul>{sentences}</ul><h2>说明</h2><ul>{notes}</ul>'
    )


def _section(sheet: Sheet, pictures: list[str]) -> str:
    many = ' class="many"' if len(sheet.headings) >= MANY else ""
    shown_ones = "".join(f"<figure>{picture}</figure>" for picture in pictures)
    table = _table(sheet) if sheet.rows else "<p>没有。</p>"
    return f"<section{many}><h2>{escape(sheet.title)}</h2>{table}</section>{shown_ones}"


def _table(sheet: Sheet) -> str:
    columns = [[row[at] for row in sheet.rows] for at in range(len(sheet.headings))]
    kinds = [_kind(column, sheet.digits) for column in columns]
    head = "".join(f'<th class="{kind}">{escape(text)}</th>' for text, kind in zip(sheet.headings, kinds, strict=True))
    sure = law.codes(CERTAINTY).label(law.Certainty.VERIFIED.value)
    certainty = sheet.headings.index("可靠程度") if "可靠程度" in sheet.headings else -1
    body = []
    for row in sheet.rows:
        cells = [
            f'<td class="{kinds[at]}{" unsure" * (at == certainty and cell != sure)}">'
            f"{escape(shown(cell, sheet.digits))}</td>"
            for at, cell in enumerate(row)
        ]
        body.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def _kind(column: Sequence[Cell], digits: int) -> str:
    """How a column is set: numbers to the right, short texts in one line, long ones broken."""
    if all(cell is None or not isinstance(cell, str) or cell.endswith("%") for cell in column):
        return "number"
    return "short" if max(width(shown(cell, digits)) for cell in column) <= SHORT else "long"


def _names(title: str) -> tuple[str, ...]:
    return next((names for start, names in _PICTURES.items() if title.startswith(start)), ())


def _fetch_nothing(url: str, *_: Any, **__: Any) -> dict[str, Any]:
    raise ValueError(f"a report fetches nothing: {url}")
