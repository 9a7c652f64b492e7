"""The Chinese sentences of findings about the effect of remediation, written on read from codes and numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from jingtu import law
from jingtu.assess.sentences import analyte_name, shown
from jingtu.plain.numbers import worked

if TYPE_CHECKING:
    from jingtu.assess.finding import Finding

OUTCOME_NAMES: Final = {
    "reached": "达到修复效果",
    "not_reached": "未达到修复效果",
    "not_judged": "不能判定",
    "not_applicable": "不适用",
    "needed": "须长期环境监测和制度控制",
}
METHOD_NAMES: Final = {
    "effect.one_by_one": "逐个对比",
    "effect.statistics": "统计分析",
    "effect.t_test": "t 检验",
    "effect.verdict": "结论",
    "effect.aftercare": "后期环境监管",
}
REASONS: Final = {
    "limit.above_target": "未检出样品的检出限高于评估标准值或没有给出检出限，不能说明是否达到",
    "limit.unknown": "有未检出样品没有给出检出限，不能统计",
}
_HEAD: Final = "{range}的{analyte}（评估标准值 {target} mg/kg）"


def _head(finding: Finding) -> str:
    return _HEAD.format(
        range=finding.subject,
        analyte=analyte_name(finding.part("analyte")),
        target=finding.part("target_mg_kg"),
    )


def _ending(finding: Finding) -> str:
    return f"（{law.cite(finding.clause)}）。"


def _how(finding: Finding, name: str) -> str:
    return finding.part(f"how.{name}")


def _names(finding: Finding, name: str) -> list[str]:
    return [text for text in _how(finding, name).split("\n") if text]


def one_by_one(finding: Finding) -> str:
    """Each sample against the target."""
    above, hidden = _names(finding, "above"), _names(finding, "hidden")
    text = f"{_head(finding)}逐个对比 {_how(finding, 'n')} 个样品，"
    text += f"最大值 {shown(finding.value)} mg/kg：" if finding.value is not None else "全部未检出："
    text += f"高于评估标准值的 {len(above)} 个{'：' + '、'.join(above) if above else ''}"
    if hidden:
        text += f"；{'、'.join(hidden)}未检出，但检出限高于评估标准值或没有给出，不能说明是否达到"
    return f"{text}，{OUTCOME_NAMES[finding.outcome]}" + _ending(finding)


def statistics(finding: Finding) -> str:
    """The limit of the mean and the largest value, with the arithmetic."""
    if finding.outcome == "not_applicable":
        return (
            f"{_head(finding)}只有 {_how(finding, 'n')} 个样品，少于 {_how(finding, 'least')} 个，不能用统计分析方法"
            + _ending(finding)
        )
    if finding.outcome == "not_judged":
        return f"{_head(finding)}{REASONS[finding.reason]}" + _ending(finding)
    ucl, target = Decimal(_how(finding, "ucl")), Decimal(finding.part("target_mg_kg"))
    highest, allowed = Decimal(_how(finding, "highest")), Decimal(_how(finding, "allowed"))
    undetected = _how(finding, "undetected")
    note = f"（其中未检出 {undetected} 个，按检出限计）" if undetected != "0" else ""
    return (
        f"{_head(finding)}统计分析 {_how(finding, 'n')} 个样品{note}：均值 {_rounded('mean', finding)} mg/kg，"
        f"均值的 {_how(finding, 'level')}% 置信上限（t 分布）{_rounded('ucl', finding)} mg/kg，"
        f"{'不高于' if ucl <= target else '高于'}评估标准值；最大值 {shown(highest)} mg/kg，"
        f"{'不高于' if highest <= allowed else '高于'}评估标准值的 {_how(finding, 'times')} 倍 {shown(allowed)} mg/kg，"
        f"{OUTCOME_NAMES[finding.outcome]}" + _ending(finding)
    )


def _rounded(name: str, finding: Finding) -> str:
    return worked(Decimal(_how(finding, name)))


def t_test(finding: Finding) -> str:
    """What the duplicates show of the error, and which samples go beyond it."""
    if finding.outcome == "not_applicable":
        return (
            f"{_head(finding)}只有 {_how(finding, 'groups')} 组平行样，少于 {_how(finding, 'least')} 组，"
            "不能结合 t 检验" + _ending(finding)
        )
    significant, tolerated = _names(finding, "significant"), _names(finding, "tolerated")
    text = f"{_head(finding)}由 {_how(finding, 'groups')} 组平行样得相对标准偏差 {_rounded('error', finding)}，"
    text += f"单侧 {_how(finding, 'level')}% 检验：显著高于评估标准值的 {len(significant)} 个"
    text += f"：{'、'.join(significant)}" if significant else ""
    text += f"；高于但差异不显著的：{'、'.join(tolerated)}" if tolerated else ""
    text += f"；{REASONS[finding.reason]}" if finding.reason else ""
    return f"{text}，{OUTCOME_NAMES[finding.outcome]}（检验办法凭记忆录入，附录未能核对）" + _ending(finding)


def verdict(finding: Finding) -> str:
    """The verdict and the method it rests on."""
    by = "、".join(METHOD_NAMES[name] for name in _how(finding, "by").split())
    text = f"{_head(finding)}{OUTCOME_NAMES[finding.outcome]}，依据：{by}"
    if finding.outcome == "reached" and finding.reason == "effect.t_test":
        text += "；只有 t 检验得出达到，须由评审确认"
    return text + _ending(finding)


def aftercare(finding: Finding) -> str:
    """What is left to do although the target is reached."""
    return (
        f"{_head(finding)}最大值 {shown(finding.value)} mg/kg，高于 GB 36600 第一类用地筛选值 "
        f"{shown(finding.threshold)} mg/kg（行号 {_how(finding, 'screening_row')}），{OUTCOME_NAMES[finding.outcome]}"
        + _ending(finding)
    )


RENDERERS: Final[dict[str, Callable[[Finding], str]]] = {
    "effect.one_by_one": one_by_one,
    "effect.statistics": statistics,
    "effect.t_test": t_test,
    "effect.verdict": verdict,
    "effect.aftercare": aftercare,
}
