"""The Chinese sentences of findings about numbers of points, written on read from codes and numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from jingtu import law
from jingtu.assess.sentences import shown

if TYPE_CHECKING:
    from jingtu.assess.finding import Finding

NAMES: Final = {
    "sampling.preliminary": "初步调查土壤采样点位",
    "sampling.detailed_suspected": "详细调查涉嫌污染区域土壤采样点位",
    "sampling.detailed_other": "详细调查其他区域土壤采样点位",
    "sampling.detailed_groundwater": "地下水采样点位",
    "sampling.units": "系统布点工作单元",
    "sampling.background": "地块外对照点",
    "sampling.bore": "每个土壤钻孔的样品",
    "sampling.pit_bottom": "基坑坑底采样点",
    "sampling.pit_wall": "基坑侧壁采样点",
    "sampling.pit_layers": "基坑侧壁垂向分层",
    "sampling.pile": "异位修复后土壤样品（每个样品代表的土方量上限）",
    "sampling.pile_cv": "异位修复后土壤样品（按差变系数）",
    "sampling.pile_heap": "异位修复后土壤采样单元（按堆体体积）",
    "sampling.wells_upstream": "地下水上游采样点",
    "sampling.wells_inside": "地下水修复范围内采样点",
    "sampling.wells_downstream": "地下水下游采样点",
    "sampling.wells_rounds": "地下水采样批次",
}
_HOW: Final = {
    "sampling.preliminary": "地块面积 {area_m2} 平方米",
    "sampling.detailed_suspected": "{part_m2} 平方米，每 {per_point_m2} 平方米不少于 1 个",
    "sampling.detailed_other": "{part_m2} 平方米，每 {per_point_m2} 平方米不少于 1 个",
    "sampling.detailed_groundwater": "{part_m2} 平方米，每 {per_point_m2} 平方米不少于 1 个，至少 {least} 个",
    "sampling.units": "{part_m2} 平方米，单元不超过 {per_point_m2} 平方米，至少 {least} 个",
    "sampling.background": "{directions} 个垂直轴向，每个方向 {points} 个",
    "sampling.bore": "表层 0 至 {surface_m} 米 1 个，其下至 {reach_m} 米间隔不超过 {step_m} 米，采到 {depth_m} 米；"
    "土层 {layers} 个，每层至少 1 个",
    "sampling.pit_bottom": "坑底 {area_m2} 平方米",
    "sampling.pit_wall": "坑底 {area_m2} 平方米，每层侧壁点数乘 {layers} 层",
    "sampling.pit_layers": "坑深 {depth_m} 米",
    "sampling.pile": "{volume_m3} 立方米，每个样品不超过 {unit_m3} 立方米",
    "sampling.pile_cv": "差变系数 {cv}，{volume_m3} 立方米，采样单元 {unit_m3} 立方米",
    "sampling.pile_heap": "堆体 {volume_m3} 立方米",
    "sampling.wells_inside": "{part_m2} 平方米，网格不大于 {grid_m} 米 × {grid_m} 米，至少 {least} 个",
}
_GRIDS: Final = {
    "sampling.pit_bottom": "，网格不超过 {spacing_m} 米 × {spacing_m} 米",
    "sampling.pit_wall": "，侧壁间隔不超过 {spacing_m} 米，侧壁长 {wall_m} 米",
}
GAPS: Final = {
    "sampling.pit_bottom": "标准没有规定：表中一档到“小于”{area_m2} 平方米为止，下一档从“大于”{area_m2} 平方米起，"
    "恰好等于的不在任何一档；请取较严的一档并在报告中说明",
    "sampling.pile_cv": "标准没有规定差变系数 {cv} 的采样单元大小（表2 只到 0.05 至 1.00）；"
    "请按每个样品的土方量上限布设",
    "wall_unknown": "坑底面积大于表中各档，侧壁点数由侧壁总长除以间隔得出，请给出侧壁总长",
    "below_reach": "{reach_m} 米以下的间隔标准没有规定，采到未受污染的深度为止",
}
_LEAST: Final = "{name}不少于 {least} {unit}{how}"
_PLANNED: Final = {
    "enough": "，计划 {planned} {unit}，满足",
    "short": "，计划 {planned} {unit}，不足，还差 {lacking} {unit}",
}
_UNITS: Final = {"sampling.units": "个单元", "sampling.pit_layers": "层", "sampling.wells_rounds": "批"}


def sampling_sentence(finding: Finding) -> str:
    """What the rule asks for, how it was counted, and whether the plan meets it."""
    words = {key.removeprefix("how."): text for key, text in finding.inputs if key.startswith("how.")}
    name = NAMES[finding.measure]
    sure = law.codes("certainty").label(finding.part("certainty"))
    ending = f"（{law.cite(finding.clause)}，行号 {finding.table_row}，{sure}）。"
    if finding.outcome == "gap":
        key = finding.reason if finding.reason in GAPS else finding.measure.replace("pit_wall", "pit_bottom")
        return f"{name}：{GAPS[key].format(**words)}" + ending
    text = _LEAST.format(name=name, least=shown(finding.threshold), unit=_unit(finding), how=_how(finding, words))
    if finding.outcome in _PLANNED and finding.value is not None and finding.threshold is not None:
        text += _PLANNED[finding.outcome].format(
            planned=shown(finding.value), unit=_unit(finding), lacking=shown(finding.threshold - finding.value)
        )
    if finding.reason:
        text += "；" + GAPS[finding.reason].format(**words)
    return text + ending


def _unit(finding: Finding) -> str:
    return _UNITS.get(finding.measure, "个")


def _how(finding: Finding, words: dict[str, str]) -> str:
    if finding.measure not in _HOW:
        return ""
    text = _HOW[finding.measure].format(**words)
    if "spacing_m" in words and finding.measure in _GRIDS:
        text += _GRIDS[finding.measure].format(**words)
    return f"（{text}）"


RENDERERS: Final[dict[str, Callable[[Finding], str]]] = dict.fromkeys(NAMES, sampling_sentence)
