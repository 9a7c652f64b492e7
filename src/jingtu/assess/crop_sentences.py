"""The Chinese sentences of crops against GB 2762, written on read from codes and numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from jingtu import law
from jingtu.assess.certainty import label
from jingtu.assess.sentences import analyte_name, shown
from jingtu.plain.numbers import worked

if TYPE_CHECKING:
    from jingtu.assess.finding import Finding

OUTCOME_NAMES: Final = {
    "within_limit": "未超标",
    "exceeds_limit": "超标",
    "no_limit": "无限量",
    "not_judged": "无法判定",
}
REASONS: Final = {
    "crop.no_limit": "标准没有规定限量",
    "crop.limit_not_recorded": "标准可能另有限量，本系统未收录",
    "crop.total_within": "总砷不超过无机砷限量，可不再分析形态",
    "crop.inorganic_needed": "总砷超过无机砷限量，须测定无机砷",
    "crop.total_needed": "限量按总砷计，只测了无机砷",
    "crop.some_not_judged": "部分项目无法判定",
    "crop.unknown": "没有作物，无法确定用哪一行限量",
    "harvest.missing": "没有收获日期，无法确定用哪一版限量标准",
    "edition.not_recorded": "收获之日施行的限量标准未收录",
    "limit.unknown": "未检出，但没有给出检出限",
    "limit.above_limit": "未检出，但检出限高于限量",
    "value.not_measured": "没有测定",
}
_LEVEL: Final = "农产品 {subject}（{crop}，{day} 收获）的{analyte}{found}，{relation}限量 {threshold} mg/kg，{outcome}"
_GROUND: Final = "（{citation}，行号 {row}，{sure}）。"
_NO_LIMIT: Final = "农产品 {subject}（{crop}，{day} 收获）的{analyte}{found}：标准没有规定限量，不能当作合格"
_NOT_JUDGED: Final = "农产品 {subject}（{crop}）的{analyte}{found}，无法判定：{reason}。"
_SAMPLE: Final = "农产品 {subject}（{crop}，{day} 收获）{outcome}{parts}{index}（{sure}）。"
_SAMPLE_NONE: Final = "农产品 {subject}（{crop}）无法判定：{reason}{parts}。"


def crop_name(code: str) -> str:
    """Chinese name of a crop; the code itself where it is not on the list.

    >>> crop_name("foxtail_millet"), crop_name("")
    ('谷子', '作物不明')
    """
    crops = law.codes("crop")
    return crops.label(code) if code in crops else code or "作物不明"


def _level(finding: Finding) -> str:
    words = {
        "subject": finding.subject,
        "crop": crop_name(finding.part("crop")),
        "day": finding.part("harvested_on"),
        "analyte": analyte_name(finding.part("used")),
        "found": _found(finding),
    }
    if finding.outcome == "not_judged":
        return _NOT_JUDGED.format(**words, reason=REASONS[finding.reason])
    ground = _GROUND.format(
        citation=law.cite(finding.clause), row=finding.table_row, sure=label(finding.part("certainty"))
    )
    if finding.outcome == "no_limit":
        return _NO_LIMIT.format(**words) + ground
    relation = "高于" if finding.outcome == "exceeds_limit" else "不高于"
    outcome = OUTCOME_NAMES[finding.outcome]
    threshold = shown(finding.threshold)
    said = _LEVEL.format(**words, relation=relation, threshold=threshold, outcome=outcome)
    return said + (f"；{REASONS[finding.reason]}" if finding.reason else "") + ground


def _found(finding: Finding) -> str:
    if finding.value is not None:
        return f"为 {shown(finding.value)} mg/kg"
    limit = finding.part("detection_limit")
    return f"未检出（检出限 {limit} mg/kg）" if limit else "未检出"


def _sample(finding: Finding) -> str:
    parts = "".join(
        f"；{OUTCOME_NAMES[name]}：{_names(finding.part(name))}" for name in OUTCOME_NAMES if finding.part(name)
    )
    crop = crop_name(finding.part("crop"))
    if finding.outcome == "not_judged":
        reason = REASONS[finding.reason]
        return _SAMPLE_NONE.format(subject=finding.subject, crop=crop, reason=reason, parts=parts)
    return _SAMPLE.format(
        subject=finding.subject,
        crop=crop,
        day=finding.part("harvested_on"),
        outcome=OUTCOME_NAMES[finding.outcome],
        parts=parts,
        index=f"；最大单项指数 {worked(Decimal(finding.value))}" if finding.value is not None else "",
        sure=label(finding.part("certainty")),
    )


def _names(codes: str) -> str:
    return "、".join(law.analyte(code).name_zh for code in codes.split())


RENDERERS: Final[dict[str, Callable[[Finding], str]]] = {"crop.level": _level, "crop.sample": _sample}
