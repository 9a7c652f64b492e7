"""The Chinese sentences of findings, written on read from codes and numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Final

from jingtu import law
from jingtu.plain.numbers import display, plain

if TYPE_CHECKING:
    from jingtu.assess.finding import Finding

# measures whose sentences have a module of their own, read when first needed
_FIELDS: Final = {
    "construction": "jingtu.assess.construction_sentences",
    "crop": "jingtu.assess.crop_sentences",
    "effect": "jingtu.assess.effect_sentences",
    "farmland.unit": "jingtu.assess.unit_sentences",
    "index": "jingtu.assess.index_sentences",
    "pair": "jingtu.assess.pairing",
    "rate": "jingtu.assess.index_sentences",
    "sampling": "jingtu.assess.sampling_sentences",
    "season": "jingtu.assess.season_sentences",
    "risk": "jingtu.assess.risk_sentences",
}
LEVEL_NAMES: Final = {
    "within_screening": "不高于筛选值",
    "exceeds_screening": "高于筛选值",
    "exceeds_control": "高于管制值",
    "not_judged": "无法判定",
}
CLASS_NAMES: Final = {
    "class.1": "Ⅰ 优先保护类",
    "class.2": "Ⅱ 安全利用类",
    "class.3": "Ⅲ 严格管控类",
}
REASONS: Final = {
    "value.not_measured": "没有测定",
    "ph.missing": "没有 pH 值，无法确定用哪一档限值",
    "land_use.missing": "没有土地利用，无法确定用哪一栏限值",
    "limit.above_screening": "未检出，但检出限高于筛选值，不能说明是否超过",
    "limit.unknown": "未检出，但没有给出检出限，不能说明是否超过",
    "threshold.none": "标准没有规定限值",
    "nothing.judged": "没有一项可以判定",
    "rd.within": "在允许相对偏差之内",
    "rd.above": "超过允许相对偏差",
    "rd.one_not_detected": "一个检出、一个未检出，无法计算相对偏差",
    "rd.both_not_detected": "两个均未检出，视为一致",
    "blank.below": "低于检出限",
    "blank.detected": "空白检出，可能受到污染",
    "blank.limit_unknown": "没有给出检出限，无法判定",
    "reference.inside": "在保证值范围之内",
    "reference.outside": "不在保证值范围之内",
    "reference.not_certified": "没有该项目的保证值，无法判定",
    "reference.not_detected": "保证值之内应能检出，却未检出",
}

_LEVEL: Final = "样品 {subject} 的{analyte}为 {value} mg/kg（pH {ph}，{use}），{relation}{limit} {threshold} mg/kg"
_ROW: Final = "（{citation}，行号 {row}）"
_MULTIPLE: Final = "，超筛选值 {multiple} 倍"
_NEXT: Final = "，不高于管制值 {control} mg/kg"
_NO_CONTROL: Final = "，该项目没有管制值"
_RULE: Final = "。依据 {rule}。"
_UNDETECTED: Final = (
    "样品 {subject} 的{analyte}未检出，检出限 {limit} mg/kg（pH {ph}，{use}）不高于筛选值 {threshold} mg/kg"
)
_NOT_JUDGED: Final = "样品 {subject} 的{analyte}无法判定：{reason}{hidden}。"
_HIDDEN: Final = "：检出限 {limit} mg/kg，筛选值 {threshold} mg/kg"
_CLASS: Final = "样品 {subject} 按{judged}判为 {name}{basis}{worst}。依据 {rule}。"
_WORST: Final = "，由{worst}决定"
_CLASS_NONE: Final = "样品 {subject} 不能判定类别：{reason}。"
_INCOMPLETE: Final = "，依据不全（仅 {judged}，缺 {missing}）"
_NEMEROW: Final = (
    "样品 {subject} 的内梅罗污染指数为 {value}（基准：GB 15618 筛选值；项目：{judged}），"
    "按 {citation} 分级为“{grade}”；指数只作描述，不用于划分类别。"
)


def render(finding: Finding) -> str:
    """The sentence of a finding.

    Raises ``KeyError`` for a measure that has no sentence: a conclusion nobody can read is a fault of ours.
    """
    module = _module(finding.measure)
    own = import_module(module).RENDERERS if module else _RENDERERS
    return str(own[finding.measure](finding))


def outcome_name(measure: str, outcome: str) -> str:
    """What an outcome is called where there is no room for a sentence; blank when its field has no name for it.

    >>> outcome_name("crop.level", "no_limit"), outcome_name("farmland.class", "class.2")
    ('无限量', 'Ⅱ 安全利用类')
    """
    module = _module(measure)
    named = getattr(import_module(module), "OUTCOME_NAMES", {}) if module else {**LEVEL_NAMES, **CLASS_NAMES}
    return str(named.get(outcome, ""))


def _module(measure: str) -> str:
    """The module that says a measure; blank for those said here."""
    known = (name for name in (measure.partition("_")[0], measure.partition(".")[0]) if name in _FIELDS)
    return _FIELDS.get(next(known, ""), "")


def analyte_name(code: str) -> str:
    """Chinese name and symbol of an analyte."""
    analyte = law.analyte(code)
    return analyte.name_zh if analyte.name_zh in (code, analyte.symbol) else f"{analyte.name_zh}（{analyte.symbol}）"


def shown(value: Decimal | None) -> str:
    """A number as it is read: no exponent, no trailing zeros."""
    return "—" if value is None else plain(value)


def basis(judged: str, missing: str) -> str:
    """What a class rests on: nothing to add when all elements were judged.

    >>> basis("Cd", "Hg As Pb Cr"), basis("Cd Hg As Pb Cr", "")
    ('依据不全(仅 Cd)', '')
    """
    return f"依据不全(仅 {'、'.join(judged.split())})" if missing else ""


def _level(finding: Finding) -> str:
    words = {
        "subject": finding.subject,
        "analyte": analyte_name(finding.part("analyte")),
        "value": shown(finding.value),
        "ph": finding.part("ph"),
        "use": _use_name(finding.part("land_use")),
        "limit": finding.part("detection_limit"),
        "threshold": shown(finding.threshold),
    }
    if finding.outcome == "not_judged":
        return _not_judged(finding, words)
    row = _row(finding)
    rule = _RULE.format(rule=law.cite(finding.rule_clause))
    if finding.value is None:
        return _UNDETECTED.format(**words) + row + rule
    limit = "管制值" if finding.outcome == "exceeds_control" else "筛选值"
    relation = "不高于" if finding.operator == "<=" else "高于"
    return _LEVEL.format(**{**words, "limit": limit}, relation=relation) + row + _more(finding) + rule


def _row(finding: Finding) -> str:
    return _ROW.format(citation=law.cite(finding.clause), row=finding.table_row)


def _not_judged(finding: Finding, words: dict[str, str]) -> str:
    hidden = _HIDDEN.format(**words) + _row(finding) if finding.table_row else ""
    return _NOT_JUDGED.format(reason=REASONS[finding.reason], hidden=hidden, **words)


def _more(finding: Finding) -> str:
    """For a result above the screening value: by how much, and how it stands to the control value."""
    if finding.outcome == "within_screening":
        return ""
    screening = Decimal(finding.part("screening_mg_kg"))
    value = finding.value if finding.value is not None else screening
    text = _MULTIPLE.format(multiple=display((value - screening) / screening))
    if finding.outcome == "exceeds_control":
        return text
    control = finding.part("control_mg_kg")
    return text + (_NEXT.format(control=control) if control else _NO_CONTROL)


def _use_name(code: str) -> str:
    return law.codes("land_use").label(code) if code else "土地利用未知"


def _class(finding: Finding) -> str:
    judged, missing = finding.part("judged"), finding.part("missing")
    if finding.outcome == "not_judged":
        return _CLASS_NONE.format(subject=finding.subject, reason=REASONS[finding.reason])
    return _CLASS.format(
        subject=finding.subject,
        judged=_names(judged),
        name=CLASS_NAMES[finding.outcome],
        basis=_INCOMPLETE.format(judged=_symbols(judged), missing=_symbols(missing)) if missing else "",
        worst="" if finding.outcome == "class.1" else _WORST.format(worst=_names(finding.part("worst"))),
        rule=law.cite(finding.rule_clause),
    )


def _names(codes: str) -> str:
    return "、".join(law.analytes().get(code).name_zh for code in codes.split())


def _symbols(codes: str) -> str:
    return "、".join(codes.split())


def _nemerow(finding: Finding) -> str:
    row = law.at(finding.law_on).table("index_classes").row(finding.table_row) if finding.law_on else None
    return _NEMEROW.format(
        subject=finding.subject,
        value="—" if finding.value is None else display(finding.value),
        judged=_symbols(finding.part("judged")),
        citation=law.cite(finding.clause),
        grade=row.text("class_zh") if row else finding.outcome,
    )


_RENDERERS: Final[dict[str, Callable[[Finding], str]]] = {
    "farmland.level": _level,
    "farmland.class": _class,
    "farmland.nemerow": _nemerow,
}
