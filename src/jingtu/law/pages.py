"""Tables of the law as pages to read: what a rule says, the number it takes, where it stands, how sure we are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from jingtu.law.codes import analytes, codes
from jingtu.law.rows import Row
from jingtu.law.views import LawView, at

FARMLAND: Final = (
    ("farmland_class_rules", "类别划分规则", ("rule", "rule_zh")),
    ("farmland_numbers", "规则所用的数目（均可由省级确认后改）", ("rule_zh", "value", "unit")),
    ("farmland_triggers", "动态调整的触发情形", ("trigger", "trigger_zh", "evidence_zh")),
    ("safe_use_measures", "措施", ("measure", "family", "measure_group", "preferred")),
    ("rate_targets", "安全利用率目标", ("target_of", "scope", "year", "stated", "relation", "value")),
)
HEADINGS: Final = {
    "rule": "规则",
    "rule_zh": "内容",
    "value": "数值",
    "unit": "单位",
    "trigger": "代码",
    "trigger_zh": "情形",
    "evidence_zh": "最少证据",
    "measure": "措施",
    "family": "类型",
    "measure_group": "归类",
    "preferred": "优先采用",
    "target_of": "指标",
    "scope": "范围",
    "year": "年份",
    "stated": "目标或实际",
    "relation": "关系",
}
LABELS: Final = {"measure": "measure", "family": "measure_family", "measure_group": "measure_group"}
WORDS: Final = {
    "True": "是", "False": "", "None": "—", "target": "目标", "actual": "实际", "about": "左右", "above": "以上",
    "assigned": "由国家下达", "farmland": "受污染耕地", "parcel": "污染地块", "CN": "全国", "140000": "山西省",
}  # fmt: skip
STATES: Final = {"no_limit": "无限量", "not_recorded": "未收录"}


def farmland_page(on: date) -> Iterator[str]:
    """Lines of the page on farmland: rules, numbers, triggers, measures, targets, limits by crop."""
    view = at(on)
    yield from (
        f"按 {on.isoformat()} 施行的文件。凭记忆录入的，取得原文后核对；数目改一行表即可，历次评价仍按当日的规则。",
        "",
    )
    for name, title, columns in FARMLAND:
        yield from (f"## {title}", "")
        headings = [*(HEADINGS[column] for column in columns), "依据", "可靠程度", "说明"]
        yield from markdown(headings, [[*_cells(row, columns), *_ground(row)] for row in view.table(name)])
    yield from _limits(view)


def _cells(row: Row, columns: Sequence[str]) -> list[str]:
    found = []
    for column in columns:
        text = str(row[column])
        if column in LABELS:
            label = codes(LABELS[column]).label(text)
            text = f"{text} {label}" if column == "measure" else label
        found.append(text if column in ("value", "unit") and text != "None" else WORDS.get(text, text))
    return found


def _ground(row: Row) -> list[str]:
    return [row.citation, codes("certainty").label(row.certainty.value), row.text("note")]


def _limits(view: LawView) -> Iterator[str]:
    """Each crop with the limit of each of the five elements, in mg/kg, or why there is none."""
    five = analytes().element_set("five")
    table = view.table("gb2762_limits")
    home = table.instrument.document_number if table.instrument else ""
    yield from (f"## 作物与限量（{home}，mg/kg）", "")
    rows = [
        [
            codes("crop").label(crop.text("crop")),
            codes("food_kind").label(crop.text("food_kind")),
            *(_limit(view, crop, code) for code in five),
            codes("certainty").label(crop.certainty.value),
            crop.text("note"),
        ]
        for crop in view.table("crops")
    ]
    yield from markdown(["作物", "食品类别", *five, "归类的可靠程度", "说明"], rows)


def _limit(view: LawView, crop: Row, analyte: str) -> str:
    group = view.table("crop_groups").one(food_kind=crop.text("food_kind"), analyte=analyte)
    if not group.text("crop_group"):
        return STATES[group.text("limit_state")]
    row = view.table("gb2762_limits").one(crop_group=group.text("crop_group"), analyte=analyte)
    return f"{row['value_mg_kg']}{'（无机）' if row.text('form') == 'inorganic' else ''}"


def markdown(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table, with a blank line after it.

    >>> markdown(["a"], [["x|y"]])
    ['| a |', '| --- |', '| x\\\\|y |', '']
    """
    lines = ["| " + " | ".join(headings) + " |", "|" + " --- |" * len(headings)]
    return [*lines, *("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows), ""]
