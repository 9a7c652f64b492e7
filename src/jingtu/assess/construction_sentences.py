"""The Chinese sentences of findings about construction land, written on read from codes and numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from jingtu import law
from jingtu.assess.sentences import REASONS, analyte_name, shown
from jingtu.plain.numbers import display

if TYPE_CHECKING:
    from jingtu.assess.finding import Finding

LEVEL_NAMES: Final = {
    "within_screening": "不高于筛选值",
    "within_background": "高于筛选值但不高于背景值",
    "exceeds_screening": "高于筛选值",
    "exceeds_control": "高于管制值",
    "not_judged": "无法判定",
}
CLASS_NAMES: Final = {"class1": "第一类用地", "class2": "第二类用地"}
MUST_FOLLOW: Final = {
    "gb36600-2018#c5-3-2": "风险一般情况下可以忽略",
    "gb36600-2018#t1-note-1": "不纳入污染地块管理",
    "gb36600-2018#c5-3-3": "应开展详细调查",
    "gb36600-2018#c5-3-4": "应开展风险评估，判断是否需要风险管控或者修复",
    "gb36600-2018#c5-3-5": "应采取风险管控或者修复措施，修复目标须低于管制值",
    "gb36600-2018#c5-3-7": "标准没有列入，可按 HJ 25.3 推导筛选值",
}
USE_REASONS: Final = {
    "use.listed": "规划用途“{text}”（{use}）属于{name}",
    "use.within": "规划用途“{text}”归入“{use}”，属于{name}",
    "use.unclear": "规划用途不明确，适用{name}的筛选值和管制值",
    "use.mixed": "规划用途“{text}”含两类用地（{use}），没有写明是哪一种，按用途不明确适用{name}的值",
    "use.given": "按给定的{name}评价",
}
SUM_REASONS: Final = {
    "sum.incomplete": "应为各组分之和，有组分没有测定",
    "sum.limit_unknown": "应为各组分之和，有未检出的组分没有给出检出限",
    "sum.hidden": "应为各组分之和，未检出的组分检出限较高，合计可能高于筛选值也可能不高于",
    "sum.contradicts": "报告的总量小于各组分之和，请核对",
}

_ITEM: Final = (
    "样品 {subject} 的{analyte}为 {value}（{land}），{relation}{what} {threshold} mg/kg（{citation}，行号 {row}）"
)
_BACKGROUND: Final = (
    "样品 {subject} 的{analyte}为 {value}（{land}），{maybe}高于筛选值 {screening} mg/kg，"
    "但不高于土壤环境背景值 {threshold} mg/kg（{source}）"
)
_LOCAL_SOURCE: Final = "当地背景调查值"
_APPENDIX_SOURCE: Final = "GB 36600-2018 附录A，行号 {row}，{sure}"
_NOT_JUDGED: Final = "样品 {subject} 的{analyte}（{value}）无法判定：{reason}{limits}"
_LIMITS: Final = "；筛选值 {screening} mg/kg（{citation}，行号 {row}）"
_SAMPLE: Final = "样品 {subject}（{land}）{name}{worst}{excused}{open}{basis}"
_ITEMS_OPEN: Final = "样品 {subject} 不能判定：已判定的各项均不高于筛选值，但{names}测了而不能判定。"
_PARCEL: Final = (
    "共 {count} 个样品，高于筛选值的 {above} 个，其中高于管制值的 {over} 个，不能判定的 {open} 个{items}{missing}"
)
_RULE: Final = "。{follow}（{rule}）。"


def use_sentence(finding: Finding) -> str:
    """Which class applies, why, and whether a survey is due before the use changes."""
    words = {
        "text": finding.part("land_use"),
        "use": finding.part("use_zh"),
        "name": CLASS_NAMES[finding.outcome],
    }
    text = USE_REASONS[finding.reason].format(**words) + f"（{law.cite(finding.clause)}）"
    if finding.part("except"):
        text += f"；其中 {'、'.join(finding.part('except').split())} 属于另一类，请核对是否在内"
    if finding.part("use_certainty") == law.Certainty.MEMORY_MEDIUM:
        text += "；该代码与两类用地的对应关系系推定，须向主管部门确认"
    if finding.part("survey_before_change") == "yes":
        text += (
            f"。变更为该用途属于变更为住宅、公共管理与公共服务用地，变更前应当调查（{law.cite(finding.rule_clause)}）"
        )
    return text + "。"


def item_sentence(finding: Finding) -> str:
    """One item of one sample: value, limit, row, what must follow."""
    words = {
        "subject": finding.subject,
        "analyte": analyte_name(finding.part("analyte")),
        "value": _value(finding),
        "land": CLASS_NAMES.get(finding.part("land_class"), ""),
        "threshold": shown(finding.threshold),
        "screening": finding.part("screening_mg_kg"),
        "citation": law.cite(finding.clause) if finding.clause else "",
        "row": finding.table_row,
    }
    if finding.outcome == "not_judged":
        reason = SUM_REASONS.get(finding.reason) or REASONS[finding.reason]
        limits = _LIMITS.format(**words) if finding.table_row else ""
        return _NOT_JUDGED.format(reason=reason, limits=limits, **words) + _follow(finding)
    if finding.outcome == "within_background":
        maybe = "可能" if finding.value is None else ""
        return _BACKGROUND.format(source=_source(finding), maybe=maybe, **words) + _follow(finding)
    words["what"] = "管制值" if finding.outcome == "exceeds_control" else "筛选值"
    words["relation"] = "不高于" if finding.operator == "<=" else "高于"
    return _ITEM.format(**words) + _more(finding) + _follow(finding)


def _value(finding: Finding) -> str:
    """A number, or the ends between which the content lies."""
    if finding.value is not None:
        return f"{shown(finding.value)} mg/kg" + ("（各组分之和）" if finding.part("basis") == "sum.complete" else "")
    least, most = finding.part("at_least_mg_kg"), finding.part("at_most_mg_kg")
    if not finding.part("basis"):
        return f"未检出，检出限 {most} mg/kg" if most else "未检出"
    return f"各组分之和 {least} 至 {most} mg/kg" if most else f"各组分之和不少于 {least} mg/kg"


def _source(finding: Finding) -> str:
    if finding.table_row == "local":
        return _LOCAL_SOURCE
    view = law.at(finding.law_on) if finding.law_on else None
    sure = ""
    if view:
        certainty = view.table("gb36600_background").row(finding.table_row).certainty
        sure = law.codes("certainty").label(certainty.value)
    return _APPENDIX_SOURCE.format(row=finding.table_row, sure=sure)


def _more(finding: Finding) -> str:
    """Above the screening value: by how much, and how it stands to the control value."""
    if finding.outcome == "within_screening":
        return ""
    screening = Decimal(finding.part("screening_mg_kg"))
    text = ""
    if finding.value is not None:
        text = f"，超筛选值 {display((finding.value - screening) / screening)} 倍"
    if finding.outcome == "exceeds_screening":
        control = finding.part("control_mg_kg")
        known = finding.reason != "control.open"
        text += f"，不高于管制值 {control} mg/kg" if known else f"，是否高于管制值 {control} mg/kg 不能判定"
    return text


def _follow(finding: Finding) -> str:
    if not finding.rule_clause:
        return "。"
    text = MUST_FOLLOW[finding.rule_clause]
    if finding.outcome == "exceeds_control" and finding.part("stage") == "preliminary":
        text += f"；详细调查确认高于管制值的，{MUST_FOLLOW['gb36600-2018#c5-3-5']}"
    return _RULE.format(follow=text, rule=law.cite(finding.rule_clause))


def sample_sentence(finding: Finding) -> str:
    """The worst of one sample and what it rests on."""
    if finding.outcome == "not_judged":
        if finding.reason == "items.open":
            return _ITEMS_OPEN.format(subject=finding.subject, names=_names(finding.part("open")))
        return f"样品 {finding.subject} 不能判定：{REASONS[finding.reason]}。"
    names = {"within_screening": "各项均不高于筛选值", "exceeds_screening": "有项目高于筛选值"}
    worst, excused = _names(finding.part("worst")), _names(finding.part("excused"))
    judged, missing = finding.part("judged").split(), finding.part("missing").split()
    return _SAMPLE.format(
        subject=finding.subject,
        land=CLASS_NAMES[finding.part("land_class")],
        name=names.get(finding.outcome, "有项目高于管制值"),
        worst=f"：{worst}" if worst else "",
        excused=f"；{excused}高于筛选值但不高于背景值" if excused else "",
        open=_open(finding),
        basis=f"；判定 {len(judged)} 项，依据不全（表1 必测的 45 项缺 {len(missing)} 项）" if missing else "",
    ) + _follow(finding)


def parcel_sentence(finding: Finding) -> str:
    """The parcel as a whole."""
    above, over = _names(finding.part("above")), _names(finding.part("over"))
    missing = finding.part("never_judged").split()
    items = f"；高于筛选值的项目：{above}" if above else ""
    items += f"；高于管制值的项目：{over}" if over else ""
    return _PARCEL.format(
        count=finding.part("sample_count"),
        above=finding.part("above_screening_count"),
        over=finding.part("above_control_count"),
        open=finding.part("not_judged_count"),
        items=items + _open(finding),
        missing=f"；表1 必测项目中有 {len(missing)} 项没有一个样品判定（{law.cite(finding.clause)}）"
        if missing
        else "",
    ) + _follow(finding)


def _open(finding: Finding) -> str:
    names = _names(finding.part("open"))
    return f"；测了但不能判定的项目：{names}" if names else ""


def _names(codes: str) -> str:
    return "、".join(law.analyte(code).name_zh for code in codes.split())


RENDERERS: Final[dict[str, Callable[[Finding], str]]] = {
    "construction.land_use": use_sentence,
    "construction.item": item_sentence,
    "construction.sample": sample_sentence,
    "construction.parcel": parcel_sentence,
}
