"""The Chinese sentences about the effect of safe use, written on read from codes and numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from jingtu import law
from jingtu.assess.certainty import label
from jingtu.assess.sentences import analyte_name, shown
from jingtu.plain.numbers import display, worked

if TYPE_CHECKING:
    from jingtu.assess.finding import Finding

OUTCOME_NAMES: Final = {
    "reached": "达到效果",
    "not_reached": "未达到效果",
    "not_judged": "无法判定",
    "not_yet": "季数未满",
}
REASONS: Final = {
    "season.too_few": "可判定的农产品样品不足 {least} 个",
    "season.no_index": "没有可以计算单项指数的农产品样品（无限量或无法判定的不算）",
    "season.no_target": "没有目标污染物",
    "season.mean_above": "单项指数平均值高于 1",
    "season.share_above": "单项指数大于 1 的样品占比超过 {most_pct}%",
    "season.yield_unknown": "没有产量对照",
    "season.yield_fell": "减产超过 {threshold}%",
    "season.inputs_polluting": "投入品检测超标，带来二次污染",
    "overall.no_season": "没有当季评价",
    "overall.too_few": "连续达到效果的季（年）数不足",
    "overall.last_failed": "最近一季未达到效果",
    "overall.last_open": "最近一季无法判定",
    "overall.yield_unknown": "其中有的季没有产量对照",
}
_ANALYTE: Final = "{subject} 的{analyte}：农产品样品 {samples} 个，单项指数平均 {mean}{above}：{name}{reason}"
_ABOVE: Final = "，大于 1 的 {above} 个（{share}%）"
_SEASON: Final = "{subject} 当季{name}{reason}{mean}{yields}"
_YIELD: Final = "{subject} 产量变化 {change}：{name}{reason}"
_INPUTS: Final = "{subject} 施用的投入品：{name}{reason}"
_OVERALL: Final = "{subject} 连续 {run} 季（年）达到效果，需 {need} 季（年）：{name}{reason}"


def _ground(finding: Finding) -> str:
    return f"（{law.cite(finding.clause)}，{label(finding.part('certainty'))}）。"


def _reason(finding: Finding) -> str:
    words = {
        "least": finding.part("least"),
        "most_pct": finding.part("most_pct"),
        "threshold": shown(finding.threshold),
    }
    return f"，{REASONS[finding.reason].format(**words)}" if finding.reason else ""


def _worked(value: Decimal | None) -> str:
    return "—" if value is None else worked(value)


def _analyte(finding: Finding) -> str:
    return _ANALYTE.format(
        subject=finding.subject,
        analyte=analyte_name(finding.part("analyte")),
        samples=finding.part("samples"),
        mean=_worked(finding.value),
        above=_ABOVE.format(above=finding.part("above"), share=_percent(finding.part("exceeding_pct"))),
        name=OUTCOME_NAMES[finding.outcome],
        reason=_reason(finding),
    ) + _ground(finding)


def _percent(text: str) -> str:
    return display(Decimal(text)) if text else "—"


def _season(finding: Finding) -> str:
    share = finding.part("exceeding_pct")
    mean = f"；单项指数平均最高 {_worked(finding.value)}，超标样品占比最高 {_percent(share)}%" if share else ""
    return _SEASON.format(
        subject=finding.subject,
        name=OUTCOME_NAMES[finding.outcome],
        reason=_season_reason(finding),
        mean=mean,
        yields="；没有产量对照" if finding.part("yield") == "not_judged" else "",
    ) + _ground(finding)


def _season_reason(finding: Finding) -> str:
    if finding.reason == "season.yield_fell":
        return "，减产超过允许幅度"
    who = finding.part("decided_by")
    return (
        f"，{analyte_name(who)}" + _reason(finding).removeprefix("，") if who and finding.reason else _reason(finding)
    )


def _yield(finding: Finding) -> str:
    change = "未知" if finding.value is None else f"{shown(finding.value)}%"
    name = OUTCOME_NAMES[finding.outcome]
    return _YIELD.format(subject=finding.subject, change=change, name=name, reason=_reason(finding)) + _ground(finding)


def _inputs(finding: Finding) -> str:
    name = "检测合格" if finding.outcome == "reached" else OUTCOME_NAMES[finding.outcome]
    return _INPUTS.format(subject=finding.subject, name=name, reason=_reason(finding)) + _ground(finding)


def _overall(finding: Finding) -> str:
    return _OVERALL.format(
        subject=finding.subject,
        run=shown(finding.value),
        need=shown(finding.threshold),
        name=OUTCOME_NAMES[finding.outcome],
        reason=_reason(finding),
    ) + _ground(finding)


RENDERERS: Final[dict[str, Callable[[Finding], str]]] = {
    "season.analyte": _analyte,
    "season.effect": _season,
    "season.yield": _yield,
    "season.inputs": _inputs,
    "season.overall": _overall,
}
