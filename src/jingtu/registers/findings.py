"""Conclusions kept with their reasons; the sentence is rendered on read, by the law of their day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jingtu.assess.finding import Finding, code_version
from jingtu.assess.finding_columns import FIELDS, FindingColumns, by_day
from jingtu.registers import copying
from jingtu.registers.models import FindingRecord

KEPT_AS_THEY_ARE = (
    *("measure", "outcome", "value", "operator", "threshold", "unit", "reason", "clause", "rule_clause", "table_row"),
    *("law_on", "code_version", "digest"),
)
OWN_NAMES = {"subject": "subject_label"}
DELETED_AT_ONCE = 10_000


@dataclass(frozen=True)
class Conclusion:
    """A stored finding with its sentence."""

    record: FindingRecord
    sentence: str


def keep(
    register: str, region_code: str, subject_id: int, parts: Iterable[FindingColumns], recorded_at: datetime
) -> int:
    """Keep the findings about one record, each part by the law of one day; drawing them again replaces the earlier."""
    FindingRecord.objects.filter(register=register, subject_id=subject_id).delete()
    fixed = {"subject_id": subject_id, "region_code": region_code}
    return sum(_insert(register, part, fixed, {}, recorded_at) for part in parts)


def keep_each(register: str, drawn: Iterable[tuple[int, str, Sequence[Finding]]], recorded_at: datetime) -> int:
    """Keep the findings about many records at once (key, region, findings), in place of the earlier ones."""
    records = list(drawn)
    for start in range(0, len(records), DELETED_AT_ONCE):
        keys = [key for key, _region, _findings in records[start : start + DELETED_AT_ONCE]]
        FindingRecord.objects.filter(register=register, subject_id__in=keys).delete()
    parts: dict[date | None, list[tuple[int, str, Finding]]] = {}
    for key, region, findings in records:
        for finding in findings:
            parts.setdefault(finding.law_on, []).append((key, region, finding))
    return sum(_insert_each(register, part, recorded_at) for part in parts.values())


def keep_columns(
    register: str, part: FindingColumns, keys: Sequence[int], regions: Sequence[str], recorded_at: datetime
) -> int:
    """Keep the findings about many new records, of which there are none yet; of each its record's key and region."""
    return _insert(register, part, {}, {"subject_id": list(keys), "region_code": list(regions)}, recorded_at)


def _insert_each(register: str, part: Sequence[tuple[int, str, Finding]], recorded_at: datetime) -> int:
    (columns,) = by_day(finding for _key, _region, finding in part)
    own = {
        "subject_id": [key for key, _region, _finding in part],
        "region_code": [region for _key, region, _finding in part],
    }
    return _insert(register, columns, {}, own, recorded_at)


def _insert(
    register: str, part: FindingColumns, fixed: dict[str, Any], own: dict[str, list[Any]], recorded_at: datetime
) -> int:
    if not len(part):
        return 0
    columns = {OWN_NAMES.get(name, name): getattr(part, name) for name in FIELDS} | own
    constants = {
        "register": register,
        "law_on": part.law_on,
        "code_version": code_version(),
        "recorded_at": recorded_at,
        **fixed,
    }
    return copying.insert(FindingRecord._meta.db_table, columns, constants)


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
