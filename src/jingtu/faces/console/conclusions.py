"""Conclusions as a page shows them: value, limit, outcome, and a why that ends at a sentence of the law."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from jingtu import law
from jingtu.assess.sentences import analyte_name, outcome_name
from jingtu.plain.numbers import plain
from jingtu.registers.findings import Conclusion
from jingtu.registers.models import FindingRecord

TONES = {
    "within_screening": "within",
    "class.1": "within",
    "exceeds_screening": "exceeds",
    "exceeds_control": "exceeds",
    "class.2": "exceeds",
    "class.3": "exceeds",
    "within_limit": "within",
    "exceeds_limit": "exceeds",
    "no_limit": "unknown",
    "review": "unknown",
    "not_judged": "unknown",
}
NEMEROW = "farmland.nemerow"
QUIET = ("within", "plain")
INDEX_DECIMALS = 3
RELATIONS = {"<=": "≤", ">": ">", "<": "<", ">=": "≥"}


def shown(found: list[Conclusion]) -> dict[str, list[dict[str, Any]]]:
    """The conclusions, those that call for a look apart from the rest."""
    rows = [_row(each) for each in found]
    return {
        "notable": [row for row in rows if row["tone"] not in QUIET],
        "rest": [row for row in rows if row["tone"] in QUIET],
    }


def _row(each: Conclusion) -> dict[str, Any]:
    record = each.record
    return {
        "subject": record.subject_label,
        "measure": _measure(record),
        "value": _value(record),
        "limit": _limit(record),
        "unit": record.unit,
        "outcome": _outcome(record),
        "tone": TONES.get(record.outcome, "plain"),
        "sentence": each.sentence,
        "clauses": _clauses(record),
        "table_row": record.table_row,
        "law_on": record.law_on,
        "digest": record.digest,
        "code_version": record.code_version,
    }


def _value(record: FindingRecord) -> str | None:
    """The value as measured; an index, which is computed, to three decimals."""
    if record.value is None:
        return None
    return plain(record.value if record.unit else round(record.value, INDEX_DECIMALS))


def _measure(record: FindingRecord) -> str:
    if code := record.inputs.get("analyte"):
        return analyte_name(code)
    named = {
        "farmland.class": _("土壤环境质量类别"),
        NEMEROW: _("内梅罗指数"),
        "farmland.unit_soil": _("单元土壤类别"),
        "farmland.unit_crops": _("农产品辅助判定"),
        "farmland.unit_class": _("单元建议类别"),
        "crop.sample": _("农产品总体"),
        "pair.halves": _("点对认定"),
        "season.effect": _("当季效果"),
        "season.yield": _("产量"),
        "season.overall": _("总体效果"),
    }
    return named.get(record.measure, record.measure)


def _limit(record: FindingRecord) -> str:
    if record.threshold is None:
        return ""
    return f"{RELATIONS.get(record.operator, record.operator)} {plain(record.threshold)}"


def _outcome(record: FindingRecord) -> str:
    if record.measure == NEMEROW and record.table_row and record.law_on:
        return law.at(record.law_on).table("index_classes").row(record.table_row).text("class_zh")
    return outcome_name(record.measure, record.outcome) or record.outcome


def _clauses(record: FindingRecord) -> list[dict[str, str]]:
    """The clauses behind a conclusion with their words."""
    found = []
    for ref in dict.fromkeys(ref for ref in (record.clause, record.rule_clause) if ref):
        try:
            clause = law.clause(ref)
        except law.UnknownTable:
            continue
        found.append({"citation": clause.citation, "text": clause.text_zh})
    return found
