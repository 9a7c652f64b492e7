"""Conclusions kept with their reasons; the sentence is rendered on read, by the law of their day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jingtu.assess.finding import Finding
from jingtu.registers import copying
from jingtu.registers.models import FindingRecord

FIELDS = (
    "measure",
    "outcome",
    "value",
    "operator",
    "threshold",
    "unit",
    "reason",
    "clause",
    "rule_clause",
    "table_row",
    "law_on",
    "code_version",
    "digest",
)


@dataclass(frozen=True)
class Conclusion:
    """A stored finding with its sentence."""

    record: FindingRecord
    sentence: str


def keep(register: str, region_code: str, findings: Iterable[tuple[int, Finding]], recorded_at: datetime) -> int:
    """Keep findings, each with the record it is about; drawing them again replaces the earlier ones."""
    subjects, drawn = _columns_of(findings)
    FindingRecord.objects.filter(register=register, subject_id__in=set(subjects)).delete()
    if not drawn:
        return 0
    columns: dict[str, list[object]] = {name: [getattr(each, name) for each in drawn] for name in FIELDS}
    columns |= {
        "subject_id": list(subjects),
        "subject_label": [each.subject for each in drawn],
        "inputs": [dict(each.inputs) for each in drawn],
    }
    fixed = {"register": register, "region_code": region_code, "recorded_at": recorded_at}
    return copying.insert(FindingRecord._meta.db_table, columns, fixed)


def _columns_of(findings: Iterable[tuple[int, Finding]]) -> tuple[list[int], list[Finding]]:
    pairs = list(findings)
    return [pk for pk, _finding in pairs], [finding for _pk, finding in pairs]


def findings_of(register: str, subject_id: int) -> list[Conclusion]:
    """The conclusions about a record."""
    rows = FindingRecord.objects.filter(register=register, subject_id=subject_id).order_by(
        "subject_label", "measure", "id"
    )
    return [Conclusion(row, as_finding(row).sentence()) for row in rows[:500]]


def as_finding(row: FindingRecord) -> Finding:
    """The pure finding of a stored row."""
    inputs = tuple(sorted(row.inputs.items()))
    return Finding(subject=row.subject_label, inputs=inputs, **{name: getattr(row, name) for name in FIELDS})
