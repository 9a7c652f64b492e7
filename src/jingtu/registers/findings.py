"""Conclusions kept with their reasons; the sentence is rendered on read, by the law of their day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jingtu.assess.finding import Finding
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
    rows = [
        FindingRecord(
            register=register,
            subject_id=pk,
            subject_label=finding.subject,
            region_code=region_code,
            inputs=dict(finding.inputs),
            recorded_at=recorded_at,
            **{name: getattr(finding, name) for name in FIELDS},
        )
        for pk, finding in findings
    ]
    FindingRecord.objects.filter(register=register, subject_id__in={row.subject_id for row in rows}).delete()
    FindingRecord.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


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
