"""The Chinese sentences of a risk assessment's findings, and the names of its routes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from jingtu import law
from jingtu.plain.numbers import significant
from jingtu.science.risk import Route

if TYPE_CHECKING:
    from jingtu.assess.finding import Finding

ROUTE_NAMES: Final = {
    Route.ORAL: "经口摄入土壤",
    Route.DERMAL: "皮肤接触土壤",
    Route.DUST: "吸入土壤颗粒物",
    Route.OUTDOOR_SURFACE: "吸入室外空气中来自表层土壤的气态污染物",
    Route.OUTDOOR_SUBSURFACE: "吸入室外空气中来自下层土壤的气态污染物",
    Route.INDOOR_SUBSURFACE: "吸入室内空气中来自下层土壤的气态污染物",
    Route.OUTDOOR_GROUNDWATER: "吸入室外空气中来自地下水的气态污染物",
    Route.INDOOR_GROUNDWATER: "吸入室内空气中来自地下水的气态污染物",
    Route.DRINKING: "饮用地下水",
    Route.BATHING: "皮肤接触地下水",
}
ROUTE_SYMBOLS: Final = {
    Route.ORAL: "OISER",
    Route.DERMAL: "DCSER",
    Route.DUST: "PISER",
    Route.OUTDOOR_SURFACE: "IOVER1",
    Route.OUTDOOR_SUBSURFACE: "IOVER2",
    Route.INDOOR_SUBSURFACE: "IIVER1",
    Route.OUTDOOR_GROUNDWATER: "IOVER3",
    Route.INDOOR_GROUNDWATER: "IIVER2",
    Route.DRINKING: "CGWER",
    Route.BATHING: "DGWER",
}
MEDIUM_NAMES: Final = {"surface_mg_kg": "表层土壤", "subsurface_mg_kg": "下层土壤", "groundwater_mg_l": "地下水"}
MEASURES: Final = {"risk.cancer": "致癌风险", "risk.hazard": "危害指数"}
REASONS: Final = {
    "toxicity.none": "没有可用的毒性参数",
    "content.none": "没有可以计算的含量",
    "model.other": "不按本模型计算",
}
DECIDED: Final = {
    "control.cancer": "由致癌效应决定",
    "control.hazard": "由非致癌效应决定",
    "control.groundwater": "由保护地下水决定",
}
_LEVEL: Final = "点位 {subject} 的{analyte}{measure}为 {value}，{relation}可接受水平 {limit}{missing}。依据 {rule}。"
_RELATIONS: Final = {"acceptable": "不超过", "unacceptable": "超过"}
_MISSING: Final = "（依据不全：没有{media}的含量）"
_NOT: Final = "点位 {subject} 的{analyte}{measure}未评估：{reason}。"
_CONTROL: Final = "{analyte}的土壤风险控制值为 {value} mg/kg，{decided}。依据 {rule}。"
_NO_CONTROL: Final = "{analyte}没有计算土壤风险控制值：{reason}。"


def _level(finding: Finding) -> str:
    analyte = law.analyte(finding.part("analyte")).name_zh
    measure = MEASURES[finding.measure]
    if finding.value is None or finding.threshold is None:
        return _NOT.format(subject=finding.subject, analyte=analyte, measure=measure, reason=REASONS[finding.reason])
    media = "、".join(MEDIUM_NAMES[medium] for medium in finding.part("missing").split())
    return _LEVEL.format(
        subject=finding.subject,
        analyte=analyte,
        measure=measure,
        value=significant(finding.value),
        relation=_RELATIONS[finding.outcome],
        limit=significant(finding.threshold),
        missing=_MISSING.format(media=media) if media else "",
        rule=law.cite(finding.rule_clause),
    )


def _control(finding: Finding) -> str:
    analyte = law.analyte(finding.part("analyte")).name_zh
    if finding.value is None:
        return _NO_CONTROL.format(analyte=analyte, reason=REASONS[finding.reason])
    decided = DECIDED[finding.outcome]
    return _CONTROL.format(
        analyte=analyte, value=significant(finding.value), decided=decided, rule=law.cite(finding.rule_clause)
    )


RENDERERS: Final[dict[str, Callable[[Finding], str]]] = {
    "risk.cancer": _level,
    "risk.hazard": _level,
    "risk.control": _control,
}
