"""The Chinese words of quality control: kinds, reasons, and the sentence of one check."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from jingtu import law
from jingtu.assess.quality import Verdict
from jingtu.assess.sentences import REASONS
from jingtu.plain.numbers import display, plain

KINDS: Final = {
    "duplicates": "平行样",
    "blanks": "空白",
    "spikes": "加标回收",
    "references": "标准物质",
    "replicates": "重复测定",
    "holding": "保存时间",
    "limits": "检出限",
}
OUTCOMES: Final = {"pass": "合格", "fail": "不合格", "undecided": "不能判定"}
CONTROL_REASONS: Final = {
    **REASONS,
    "spike.within": "回收率在允许范围之内",
    "spike.below": "回收率低于允许范围",
    "spike.above": "回收率高于允许范围",
    "spike.nothing_added": "没有给出加标量，无法计算回收率",
    "spike.not_detected": "加标后仍未检出",
    "precision.not_listed": "精密度和准确度表没有列出该项目，无法判定",
    "rsd.within": "相对标准偏差在允许范围之内",
    "rsd.above": "相对标准偏差超过允许范围",
    "rsd.too_few": "检出的测定值不足两个，无法计算相对标准偏差",
    "error.within": "相对误差在允许范围之内",
    "error.above": "相对误差超过允许范围",
    "holding.within": "在保存时间之内分析",
    "holding.above": "超过保存时间才分析",
    "holding.before_sampling": "分析日期早于采样日期",
    "holding.day_missing": "没有采样日期或分析日期，无法判定",
    "holding.not_listed": "保存时间表没有列出该项目，无法判定",
    "limit.below": "检出限不高于限值",
    "limit.above": "检出限高于限值，未检出不能说明未超过",
    "limit.no_threshold": "没有可比的限值",
}
_UNITS: Final = {
    "duplicates": "%",
    "spikes": "%",
    "replicates": "%",
    "holding": " 天",
    "blanks": " mg/kg",
    "references": " mg/kg",
    "limits": " mg/kg",
}
_MEASURES: Final = {
    "duplicates": "相对偏差",
    "spikes": "回收率",
    "replicates": "相对标准偏差",
    "holding": "保存",
    "blanks": "空白值",
    "references": "测定值",
    "limits": "检出限",
}
_SENTENCE: Final = "{subject} 的{analyte}{kind}{outcome}：{reason}{numbers}。依据 {clause}{row}。"
_NUMBERS: Final = "（测定值 {raw}；{measure} {measured}，限 {limit}）"
_RAW_ONLY: Final = "（测定值 {raw}）"


def check_sentence(kind: str, subject: str, analyte: str, raw: Sequence[str], verdict: Verdict) -> str:
    """One check as a sentence with the values, the limit and the clause."""
    return _SENTENCE.format(
        subject=subject,
        analyte=law.analyte(analyte).name_zh,
        kind=KINDS[kind],
        outcome=OUTCOMES[verdict.outcome],
        reason=CONTROL_REASONS[verdict.reason_code],
        numbers=_numbers(kind, raw, verdict),
        clause=law.cite(verdict.clause),
        row=f"（行号 {verdict.table_row}）" if verdict.table_row else "",
    )


def _numbers(kind: str, raw: Sequence[str], verdict: Verdict) -> str:
    shown = "、".join(text or "—" for text in raw)
    if verdict.measured is None or verdict.limit is None:
        return _RAW_ONLY.format(raw=shown) if shown else ""
    percent = verdict.reason_code.startswith("error.")
    unit = "%" if percent else _UNITS[kind]
    measure = "相对误差" if percent else _MEASURES[kind]
    rounded = display(verdict.measured) if unit == "%" else plain(verdict.measured)
    return _NUMBERS.format(
        raw=shown or "—", measure=measure, measured=rounded + unit, limit=_plain(verdict.limit) + unit
    )


def _plain(value: Decimal) -> str:
    return plain(value)
