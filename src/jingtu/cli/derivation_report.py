"""What ``jingtu risk derive gb36600`` says: counts, cell by cell, a workbook, and the document with its figures."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Final

import xlsxwriter

from jingtu import law
from jingtu.assess.derivation import ADJUSTED, PLAIN, Cell, Derivation, Verdict
from jingtu.plain.numbers import plain, significant

TOXICITY_NAMES: Final = {
    PLAIN: "公布的毒性参数（美国环保署 2017 年 11 月表，不作调整）",
    ADJUSTED: "经调整的毒性参数（十二种污染物）",
}
VERDICT_NAMES: Final = {
    Verdict.REPRODUCED: "取整后相等",
    Verdict.NEAR: "取整不等，相差不超过 6%",
    Verdict.ONE_DIGIT: "仅一位有效数字相等",
    Verdict.DEVIATION: "不相等",
    Verdict.NOT_MODEL_BASED: "不按模型定值",
}
COLOURS: Final = {
    Verdict.REPRODUCED: "#2f7d4f",
    Verdict.NEAR: "#b58900",
    Verdict.ONE_DIGIT: "#c9a227",
    Verdict.DEVIATION: "#b3362b",
    Verdict.NOT_MODEL_BASED: "#6b6b6b",
}
CLASS_NAMES: Final = {"class1": "第一类", "class2": "第二类"}
LIMIT_NAMES: Final = {"screening": "筛选值", "control": "管制值"}
DECIDED: Final = {"cancer": "致癌", "hazard": "非致癌", "saturation": "饱和浓度", "": ""}
HEADINGS: Final = ("污染物", "用地", "限值", "表中值 mg/kg", "模型值 mg/kg", "决定于", "相差", "结论", "原因")
DOCUMENT: Final = "gb36600-derivation.md"
_EQUAL: Final = (
    "“取整后相等”的含义：带小数的表中值，模型值按所印位数取整后相等；整数末尾的零可以只是占位，"
    "模型值取整后至少保留两位有效数字，取整后相等；只在一位有效数字上相等的，相差不超过 10% 才算。\n"
)
_ROWS: Final = (
    "间二甲苯、对二甲苯在表中合为一项，模型分别计算，都与该项比较，因此 84 种污染物、336 格。"
    "铅（另有模型）和石油烃（按馏分推导）在 336 格之外。"
    "公布的参数只取美国环保署表中所列，凭记忆录入的土水分配系数（Kd）不用。\n"
)
_SCATTER, _BARS = "figures/gb36600-scatter.svg", "figures/gb36600-verdicts.svg"


def as_text(found: Sequence[Derivation]) -> bytes:
    """Counts for each set of toxicity values, then every cell that is not reproduced with its reason."""
    lines: list[str] = []
    for one in found:
        lines += [TOXICITY_NAMES[one.toxicity], *_counts(one), ""]
    last = found[-1]
    lines.append(f"以下按{TOXICITY_NAMES[last.toxicity]}列出不相等的各格：")
    for cell in (*last.cells, *last.outside):
        if cell.verdict is not Verdict.REPRODUCED:
            lines.append("  ".join(part for part in _row(cell) if part))
    lines.append("")
    lines += [sentence(one) for one in found]
    return ("\n".join(lines) + "\n").encode()


def sentence(one: Derivation) -> str:
    """The count in one line."""
    return (
        f"{one.equal} of {len(one.cells)} equal after rounding, "
        f"{one.near} of {len(one.cells)} equal or within 6 %（{one.toxicity}）"
    )


def workbook(found: Sequence[Derivation]) -> bytes:
    """Every cell, one sheet for each set of toxicity values."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for one in found:
            page = book.add_worksheet(one.toxicity)
            page.freeze_panes(1, 1)
            page.set_column(0, 0, 30)
            page.set_column(1, len(HEADINGS) - 1, 16)
            page.write_row(0, 0, HEADINGS, bold)
            for row, cell in enumerate((*one.cells, *one.outside), 1):
                page.write_row(row, 0, _row(cell))
                page.write_number(row, 3, float(cell.printed_mg_kg))
                if cell.computed_mg_kg is not None:
                    page.write_number(row, 4, cell.computed_mg_kg)
    return stream.getvalue()


def documents(found: Sequence[Derivation]) -> dict[str, bytes]:
    """The document and its figures by file name."""
    named = {one.toxicity: one for one in found}
    return {
        DOCUMENT: _document(named[PLAIN], named[ADJUSTED]).encode(),
        _SCATTER: scatter(named[ADJUSTED]).encode(),
        _BARS: bars(found).encode(),
    }


def _document(published: Derivation, adjusted: Derivation) -> str:
    parts = [
        "# 按 HJ 25.3 重新推算 GB 36600\n",
        "本文由 `jingtu risk derive gb36600 --docs docs` 生成，不手工修改；测试核对它与程序的输出一致。\n",
        "推算规则：" + law.clause("gb36600-2018#derivation").text_zh + "\n",
        _EQUAL,
        _ROWS,
        "## 结果\n",
        f"- {sentence(published)}：{TOXICITY_NAMES[PLAIN]}",
        f"- {sentence(adjusted)}：{TOXICITY_NAMES[ADJUSTED]}\n",
        "| 结论 | 公布的毒性参数 | 经调整的毒性参数 |\n| --- | ---: | ---: |",
        *(
            f"| {name} | {published.counted()[verdict]} | {adjusted.counted()[verdict]} |"
            for verdict, name in VERDICT_NAMES.items()
        ),
        f"\n![各结论的格数]({_BARS})\n",
        f"![表中值与模型值，双对数坐标]({_SCATTER})\n",
        "## 十二种污染物的调整\n",
        "调整值由表中数值拟合确定，来源只是旁证，因此这些格的佐证较弱。\n",
        "| 污染物 | 参数 | 采用值 | 单位 | 来源 | 说明 |\n| --- | --- | --- | --- | --- | --- |",
        *_adjustment_rows(adjusted),
        "\n## 逐格对照（经调整的毒性参数）\n",
        "| " + " | ".join(HEADINGS) + " |\n|" + " --- |" * len(HEADINGS),
        *("| " + " | ".join(_row(cell)) + " |" for cell in (*adjusted.cells, *adjusted.outside)),
        "",
    ]
    return "\n".join(parts)


def _adjustment_rows(one: Derivation) -> list[str]:
    rows = []
    for row in law.at(one.on).table("gb36600_adjustments"):
        value = row.number("value")
        told = "去掉" if value is None else plain(value)
        name = law.analyte(row.text("analyte")).name_zh
        cells = (name, row.text("property"), told, row.text("unit"), row.text("source_zh"), row.text("note"))
        rows.append("| " + " | ".join(cells) + " |")
    return rows


def _counts(one: Derivation) -> list[str]:
    counted = one.counted()
    return [f"  {name}：{counted[verdict]}" for verdict, name in VERDICT_NAMES.items()]


def _row(cell: Cell) -> tuple[str, ...]:
    off = cell.off
    return (
        cell.chemical,
        CLASS_NAMES[cell.land_class],
        LIMIT_NAMES[cell.limit],
        f"{cell.printed_mg_kg:f}",
        "" if cell.computed_mg_kg is None else significant(cell.computed_mg_kg, 4),
        DECIDED[cell.decided_by],
        "" if off is None else f"{off:+.1%}",
        VERDICT_NAMES[cell.verdict],
        cell.reason_zh,
    )


def scatter(one: Derivation) -> str:
    """Printed against computed values on logarithmic axes, as SVG; the diagonal is equality."""
    size, edge = 560, 60
    low, high = -6, 6

    def place(value: float) -> float:
        return edge + (math.log10(value) - low) / (high - low) * (size - 2 * edge)

    dots = [
        f'<circle cx="{place(float(c.printed_mg_kg)):.1f}" cy="{size - place(c.computed_mg_kg):.1f}" r="3.2" '
        f'fill="{COLOURS[c.verdict]}" fill-opacity="0.75"><title>{c.chemical} {CLASS_NAMES[c.land_class]}'
        f"{LIMIT_NAMES[c.limit]}</title></circle>"
        for c in one.cells
        if c.computed_mg_kg is not None
    ]
    ticks = [
        f'<text x="{place(10.0**power):.0f}" y="{size - edge + 18}" text-anchor="middle">1e{power}</text>'
        f'<text x="{edge - 8}" y="{size - place(10.0**power) + 4:.0f}" text-anchor="end">1e{power}</text>'
        for power in range(low, high + 1, 2)
    ]
    frame = (
        f'<rect x="{edge}" y="{edge}" width="{size - 2 * edge}" height="{size - 2 * edge}" fill="none" stroke="#999"/>'
        f'<line x1="{edge}" y1="{size - edge}" x2="{size - edge}" y2="{edge}" stroke="#444" stroke-dasharray="4 3"/>'
    )
    words = (
        f'<text x="{size / 2}" y="{size - 14}" text-anchor="middle">表中值 mg/kg</text>'
        f'<text x="18" y="{size / 2}" text-anchor="middle" transform="rotate(-90 18 {size / 2})">模型值 mg/kg</text>'
        f'<text x="{size / 2}" y="28" text-anchor="middle">{sentence(one)}</text>'
    )
    return _svg(size, size, [frame, *ticks, words, *dots])


def bars(found: Sequence[Derivation]) -> str:
    """Number of cells by verdict, one bar for each set of toxicity values, as SVG."""
    width, line, left, scale = 760, 30, 150, 1.7
    parts: list[str] = []
    for number, one in enumerate(found):
        y, x = 30 + number * (line + 16), float(left)
        parts.append(f'<text x="{left - 8}" y="{y + 20}" text-anchor="end">{one.toxicity}</text>')
        for verdict, name in VERDICT_NAMES.items():
            wide = one.counted()[verdict] * scale
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{line}" fill="{COLOURS[verdict]}">'
                f"<title>{name} {one.counted()[verdict]}</title></rect>"
            )
            if wide > 24:
                parts.append(
                    f'<text x="{x + wide / 2:.1f}" y="{y + 20}" text-anchor="middle" fill="#fff">'
                    f"{one.counted()[verdict]}</text>"
                )
            x += wide
    y = 30 + len(found) * (line + 16) + 10
    for number, (verdict, name) in enumerate(VERDICT_NAMES.items()):
        x = 20.0 + (number % 3) * 240
        down = y + (number // 3) * 24
        parts.append(f'<rect x="{x}" y="{down}" width="14" height="14" fill="{COLOURS[verdict]}"/>')
        parts.append(f'<text x="{x + 20}" y="{down + 12}">{name}</text>')
    return _svg(width, y + 60, parts)


def _svg(width: int, height: int, parts: Sequence[str]) -> str:
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="Noto Sans CJK SC, sans-serif" font-size="13">\n<rect width="{width}" height="{height}" '
        f'fill="#fff"/>\n{inside}\n</svg>\n'
    )
