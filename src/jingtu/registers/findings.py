"""Conclusions kept with their reasons; the sentence is rendered on read, by the law of their day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jingtu.assess.finding import Finding, code_version
from jingtu.assess.finding_columns import FIELDS, FindingColumns
from jingtu.registers import copying
from jingtu.registers.models import FindingRecord

KEPT_AS_THEY_ARE = (
    *("measure", "outcome", "value", "operator", "threshold", "unit", "reason", "clause", "rule_clause", "table_row"),
    *("law_on", "code_version", "digest"),
)
OWN_NAMES = {"subject": "subject_label"}


@dataclass(frozen=True)
class Conclusion:
    """A stored finding with its sentence."""

    record: FindingRecord
    sentence: str


def keep(register: str, region_code: str, subject_id: int, findings: FindingColumns, recorded_at: datetime) -> int:
    """Keep the findings about one record; drawing them again replaces the earlier ones."""
    FindingRecord.objects.filter(register=register, subject_id=subject_id).delete()
    if not len(findings):
        return 0
    columns = {OWN_NAMES.get(name, name): getattr(findings, name) for name in FIELDS}
    fixed = {
        "register": register,
        "subject_id": subject_id,
        "region_code": region_code,
        "law_on": findings.law_on,
        "code_version": code_version(),
        "recorded_at": recorded_at,
    }
    return copying.insert(FindingRecord._meta.db_table, columns, fixed)


def findings_of(register: str, subject_id: int) -> list[Conclusion]:
    """The conclusions about a record."""
    rows = FindingRecord.objects.filter(register=register, subject_id=subject_id).order_by(
        "subject_label", "measure", "id"
    )
    return [Conclusion(row, as_finding(row).sentence()) for row in rows[:500]]


def as_finding(row: FindingRecord) -> Finding:
    """The pure finding of a stored row."""
    inputs = tuple(sorted(row.inputs.items()))
    return Finding(subject=row.subject_label, inputs=inputs, **{name: getattr(row, name) for name in KEPT_AS_THEY_ARE})
