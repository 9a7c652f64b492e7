"""The Chinese sentences about the class of a farmland unit, written on read from codes and counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from jingtu import law
from jingtu.assess.certainty import label
from jingtu.assess.sentences import CLASS_NAMES, analyte_name

if TYPE_CHECKING:
    from jingtu.assess.finding import Finding

SIGNS: Final = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ"}
OUTCOME_NAMES: Final = {**CLASS_NAMES, "not_judged": "无法判定", "review": "须人工研判"}
REASONS: Final = {
    "unit.no_points": "单元内没有可以判定的土壤点位",
    "unit.elements_missing": "五项不全，类别可能更差",
    "unit.element_missing": "没有可以判定的点位",
    "unit.contiguous_minority": "少数点位连片，须另划单元",
    "unit.isolated_third": "有孤立的Ⅲ级点位，须划出适当范围",
    "unit.no_dominant": "没有一个级别占优，暂取最差级别；能按空间分割的须分割",
    "crop.inquiry": "农产品超标，须从水、气、投入品查找原因，不自动降类",
    "crop.exceeds": "有农产品超标，类别不变",
    "crop.none": "没有可以判定的农产品点位，类别不变",
    "crop.too_few": "农产品点位不足，类别不变；可补充采样",
    "crop.driver_not_judged": "决定土壤类别的项目在农产品中没有足够的达标点位（无限量或无法判定的不算），类别不变",
    "crop.raised": "农产品点位足够且均不超标，提高一级",
}
_RULE: Final = "（规则 {rule}，{citation}，{sure}{note}）。"
_ELEMENT: Final = (
    "单元 {subject} 的{analyte}：Ⅰ级 {first} 点、Ⅱ级 {second} 点、Ⅲ级 {third} 点{unknown}{patch}，{found}{apart}"
)
_SOIL: Final = "单元 {subject} 按土壤判为 {name}，由{worst}决定{reason}"
_SOIL_NONE: Final = "单元 {subject} 按土壤无法判定：{reason}"
_CROPS: Final = (
    "单元 {subject} 土壤类别 {soil}，可判定的农产品 {points} 点、超标 {exceeding} 点（改变类别至少 {least} 点，"
    "看{drivers}）：{name}{reason}"
)
_CLASS: Final = "单元 {subject} 建议类别 {name}{reason}{review}"
_REVIEW: Final = "单元 {subject} 规则不能给出类别，须人工研判：{reason}{soil}"


def _ground(finding: Finding) -> str:
    rule = finding.part("rules") or finding.part("rule")
    citation = "；".join(dict.fromkeys(law.cite(ref) for ref in (finding.clause, finding.rule_clause)))
    note = _note(finding) if finding.part("rule") else ""
    sure = label(finding.part("certainty"))
    return _RULE.format(rule="、".join(rule.split()), citation=citation, sure=sure, note=f"；{note}" if note else "")


def _note(finding: Finding) -> str:
    """What the row of the rule says about itself."""
    rows = law.at(finding.law_on).table("farmland_class_rules") if finding.law_on else None
    return rows.row(finding.table_row).text("note") if rows else ""


def _element(finding: Finding) -> str:
    code = finding.part("analyte")
    unknown, first, second, third = finding.part(f"levels.{code}").split()
    patch, names = finding.part(f"patch.{code}"), finding.part("minority")
    name = OUTCOME_NAMES[finding.outcome]
    said = _ELEMENT.format(
        subject=finding.subject,
        analyte=analyte_name(code),
        first=first,
        second=second,
        third=third,
        unknown=f"、无法判定 {unknown} 点" if unknown != "0" else "",
        patch=f"，相邻的少数点位最多 {patch} 点" if patch != "0" else "",
        found=f"{REASONS[finding.reason]}（{name}）" if finding.reason else f"取 {name}",
        apart=f"；少数点位：{'、'.join(names.split())}" if names else "",
    )
    return said + _ground(finding)


def _soil(finding: Finding) -> str:
    reason = REASONS[finding.reason] if finding.reason else ""
    if finding.outcome == "not_judged":
        return _SOIL_NONE.format(subject=finding.subject, reason=reason) + _ground(finding)
    said = _SOIL.format(
        subject=finding.subject,
        name=OUTCOME_NAMES[finding.outcome],
        worst=_names(finding.part("worst")),
        reason=f"；{reason}" if reason else "",
    )
    missing = finding.part("missing")
    return said + (f"；缺{_names(missing)}" if missing else "") + _places(finding) + _ground(finding)


def _crops(finding: Finding) -> str:
    said = _CROPS.format(
        subject=finding.subject,
        soil=SIGNS[finding.part("soil_class")],
        points=finding.part("crop_points"),
        exceeding=finding.part("crop_exceeding"),
        least=finding.part("least"),
        drivers=_names(finding.part("drivers")),
        name=OUTCOME_NAMES[finding.outcome],
        reason=f"，{REASONS[finding.reason]}" if finding.reason else "",
    )
    return said + _places(finding) + _ground(finding)


def _places(finding: Finding) -> str:
    """How a place counts that was sampled in several seasons, with its ground; blank where none was."""
    if not finding.part("repeated") or finding.law_on is None:
        return ""
    row = law.at(finding.law_on).table("farmland_numbers").one(rule="class.same_place")
    how = law.codes("same_place").label(finding.part("same_place"))
    basis = f"{law.cite(row.clause)}，{label(row.certainty.value)}；{row.text('note')}"
    return f"；{finding.part('repeated')} 个点位与较晚一季的点位同在一处，{how}（{basis}）"


def _class(finding: Finding) -> str:
    reason = REASONS[finding.reason] if finding.reason else ""
    soil = finding.part("soil_class")
    if finding.outcome == "review":
        known = f"；现有点位中最差的是 {SIGNS[soil]}级" if soil else ""
        return _REVIEW.format(subject=finding.subject, reason=reason, soil=known) + _ground(finding)
    said = _CLASS.format(
        subject=finding.subject,
        name=OUTCOME_NAMES[finding.outcome],
        reason=f"；{reason}" if reason else "",
        review="，须人工研判" if finding.part("review") == "yes" else "",
    )
    return said + _ground(finding)


def _names(codes: str) -> str:
    return "、".join(law.analyte(code).name_zh for code in codes.split())


RENDERERS: Final[dict[str, Callable[[Finding], str]]] = {
    "farmland.unit_element": _element,
    "farmland.unit_soil": _soil,
    "farmland.unit_crops": _crops,
    "farmland.unit_class": _class,
}
