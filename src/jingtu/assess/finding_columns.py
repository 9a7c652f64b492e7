"""Findings column by column, for batches of which there may be a hundred thousand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from jingtu.assess.finding import Finding, code_version

FIELDS: Final = (
    "subject", "measure", "outcome", "value", "operator", "threshold", "unit", "reason", "clause", "rule_clause",
    "table_row", "inputs", "digest",
)  # fmt: skip


@dataclass(frozen=True)
class FindingColumns:
    """Findings column by column, all of one day's law; ``inputs`` are JSON objects as text."""

    law_on: date
    subject: list[str] = field(default_factory=list)
    measure: list[str] = field(default_factory=list)
    outcome: list[str] = field(default_factory=list)
    value: list[Decimal | None] = field(default_factory=list)
    operator: list[str] = field(default_factory=list)
    threshold: list[Decimal | None] = field(default_factory=list)
    unit: list[str] = field(default_factory=list)
    reason: list[str] = field(default_factory=list)
    clause: list[str] = field(default_factory=list)
    rule_clause: list[str] = field(default_factory=list)
    table_row: list[str] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)
    digest: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.subject)

    def add(self, like: Sequence[Finding], subjects: list[str], inputs: list[str], digests: list[str]) -> None:
        """Add findings that equal ``like`` but for subject, inputs, digest and value."""
        self.subject.extend(subjects)
        self.inputs.extend(inputs)
        self.digest.extend(digests)
        for name in ("measure", "outcome", "operator", "threshold", "unit", "reason", "clause", "rule_clause"):
            getattr(self, name).extend([getattr(each, name) for each in like])
        self.table_row.extend([each.table_row for each in like])

    def append(self, finding: Finding) -> None:
        """Add one finding; its law must be that of the day of these columns."""
        if finding.law_on != self.law_on:
            raise ValueError(f"a finding by the law of {finding.law_on} among those of {self.law_on}")
        for name in FIELDS:
            value = getattr(finding, name)
            getattr(self, name).append(json.dumps(dict(value), ensure_ascii=False) if name == "inputs" else value)

    def rows(self) -> Iterator[Finding]:
        """The findings one by one."""
        for cells in zip(*(getattr(self, name) for name in FIELDS), strict=True):
            parts = dict(zip(FIELDS, cells, strict=True))
            parts["inputs"] = tuple(sorted(json.loads(parts["inputs"]).items()))
            yield Finding(law_on=self.law_on, code_version=code_version(), **parts)


def by_day(findings: Iterable[Finding]) -> list[FindingColumns]:
    """Findings drawn one by one as columns, those by the law of one day together."""
    found: dict[date, FindingColumns] = {}
    for finding in findings:
        if finding.law_on is None:
            raise ValueError(f"a finding of {finding.subject} without the day of its law")
        found.setdefault(finding.law_on, FindingColumns(finding.law_on)).append(finding)
    return list(found.values())


def columns_of(findings: Sequence[Finding]) -> FindingColumns:
    """Findings drawn one by one as columns, so that they can be kept; all must be of one day's law.

    Raises ``ValueError`` when they are none or of several days.
    """
    days = {each.law_on for each in findings}
    if len(days) != 1 or None in days:
        raise ValueError("findings of one day's law are kept together")
    found = FindingColumns(next(day for day in days if day is not None))
    for name in FIELDS:
        if name != "inputs":
            getattr(found, name).extend(getattr(each, name) for each in findings)
    found.inputs.extend(json.dumps(dict(each.inputs), ensure_ascii=False) for each in findings)
    return found
