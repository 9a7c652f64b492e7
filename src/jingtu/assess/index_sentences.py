"""The Chinese sentences of indices and rates, written on read from codes and numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from jingtu import law
from jingtu.assess.sentences import analyte_name
from jingtu.plain.numbers import display, worked

if TYPE_CHECKING:
    from jingtu.assess.finding import Finding

MEASURE_NAMES: Final = {
    "index.accumulation": "累积指数",
    "index.igeo": "地累积指数",
    "index.ecological_risk": "单项潜在生态风险指数",
    "index.nemerow": "内梅罗指数（以累积指数计算）",
    "index.potential_risk": "综合潜在生态风险指数",
}
BASE_NAMES: Final = {
    "shanxi": "山西土壤背景值（中国环境监测总站 1990，A 层算术平均值）",
    "china": "全国土壤背景值（中国环境监测总站 1990，A 层算术平均值）",
    "own": "自行给出的背景值",
}
RATE_NAMES: Final = {
    "rate.farmland.trial_2019": "受污染耕地安全利用率（2019 年试行核算方法）",
    "rate.farmland.class_based": "受污染耕地安全利用率（按类别核算）",
    "rate.parcel.redeveloped": "污染地块安全利用率",
}
_INDEX: Final = (
    "样品 {subject} {elements}的{name}为 {value}，按 {citation} 分级为“{grade}”（基准：{base}；分级方案：{scheme}）；"
    "指数只作描述，不用于划分类别。"
)
_RATE: Final = "{subject}的{name}为 {value}%（{numerator} ÷ {denominator}；{terms}）（{citation}，{sure}）。"
_NO_OBJECT: Final = "{subject}的{name}：无对象（分母为 0，不是 100%；{terms}）（{citation}，{sure}）。"


def index_sentence(finding: Finding) -> str:
    """One index with its base, scheme, elements and class."""
    codes = finding.part("elements").split()
    row = law.at(finding.law_on).table("index_classes").row(finding.table_row) if finding.law_on else None
    joined = "、".join(codes)
    return _INDEX.format(
        subject=finding.subject,
        elements=analyte_name(codes[0]) if finding.measure in _SINGLE else f"{len(codes)} 项（{joined}）",
        name=MEASURE_NAMES[finding.measure],
        value="—" if finding.value is None else worked(finding.value),
        citation=law.cite(finding.clause),
        grade=row.text("class_zh") if row else finding.outcome,
        base=BASE_NAMES[finding.part("base")],
        scheme=finding.part("scheme"),
    )


_SINGLE: Final = ("index.accumulation", "index.igeo", "index.ecological_risk")


def rate_sentence(finding: Finding) -> str:
    """A rate with numerator, denominator and the meaning of each term."""
    name = finding.measure.removeprefix("rate.")
    rows = law.at(finding.law_on).table("rate_terms").where(rate=name) if finding.law_on else ()
    terms = "，".join(f"{row.text('term_zh')} {finding.part('area.' + row.text('term'))}" for row in rows)
    text = _RATE if finding.value is not None else _NO_OBJECT
    return text.format(
        subject=finding.subject,
        name=RATE_NAMES[finding.measure],
        value="" if finding.value is None else display(finding.value),
        numerator=finding.part("numerator"),
        denominator=finding.part("denominator"),
        terms=terms,
        citation=law.cite(finding.clause),
        sure=law.codes("certainty").label(rows[0].certainty.value) if rows else "",
    )


RENDERERS: Final[dict[str, Callable[[Finding], str]]] = {
    **dict.fromkeys(MEASURE_NAMES, index_sentence),
    **dict.fromkeys(RATE_NAMES, rate_sentence),
}
