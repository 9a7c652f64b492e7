"""Quality control and findings of a batch: rows out of the database, judged by ``assess``, rows back.

Which samples are duplicates, blanks or reference materials is known here, on the officers' side, only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jingtu import law
from jingtu.assess import farmland
from jingtu.assess import quality as rules
from jingtu.assess.finding import Finding
from jingtu.evidence.models import Batch, QualityCheck, Result, Sample, SampleKind


@dataclass(frozen=True)
class Measured:
    """The first measurement of an analyte in a sample."""

    value: Decimal | None
    limit: Decimal | None


def _measured(batch: Batch) -> dict[int, dict[str, Measured]]:
    found: dict[int, dict[str, Measured]] = {}
    rows = Result.objects.filter(batch=batch, replicate=1).values_list("sample_id", "analyte", "value", "detection_limit")
    for sample_id, analyte, value, limit in rows.iterator(chunk_size=5000):
        found.setdefault(sample_id, {})[analyte] = Measured(value, limit)
    return found


def checks_of(batch: Batch) -> list[QualityCheck]:
    """All checks of quality of a batch by the rules in force on the day of the report, in a fixed order."""
    measured = _measured(batch)
    samples = Sample.objects.filter(pk__in=measured).select_related("parent").order_by("code")
    view = law.at(batch.reported_on)
    judge = {
        SampleKind.DUPLICATE: _duplicate,
        SampleKind.BLANK: _blank,
        SampleKind.REFERENCE: _reference,
    }
    special = [sample for sample in samples if sample.kind in judge]
    return [
        check
        for sample in special
        for check in judge[SampleKind(sample.kind)](batch, sample, measured, view)
    ]


def _duplicate(
    batch: Batch, sample: Sample, measured: dict[int, dict[str, Measured]], view: law.LawView
) -> Iterator[QualityCheck]:
    parent = measured.get(sample.parent_id or 0, {})
    shared = sorted(measured[sample.pk].keys() & parent.keys() - {"pH"})
    first, second = [parent[a].value for a in shared], [measured[sample.pk][a].value for a in shared]
    verdicts = rules.judge_duplicates(first, second, view)
    for analyte, verdict in zip(shared, verdicts, strict=True):
        yield _check(batch, SampleKind.DUPLICATE, f"{sample.parent}/{sample}", analyte, verdict)


def _blank(
    batch: Batch, sample: Sample, measured: dict[int, dict[str, Measured]], view: law.LawView
) -> Iterator[QualityCheck]:
    analytes = sorted(measured[sample.pk].keys() - {"pH"})
    values = [measured[sample.pk][analyte].value for analyte in analytes]
    limits = [measured[sample.pk][analyte].limit for analyte in analytes]
    for analyte, verdict in zip(analytes, rules.judge_blanks(values, limits, view), strict=True):
        yield _check(batch, SampleKind.BLANK, str(sample), analyte, verdict)


def _reference(
    batch: Batch, sample: Sample, measured: dict[int, dict[str, Measured]], view: law.LawView
) -> Iterator[QualityCheck]:
    certified = {analyte: [Decimal(text) for text in pair] for analyte, pair in sample.certified.items()}
    analytes = sorted(measured[sample.pk].keys() & certified.keys())
    values = [measured[sample.pk][analyte].value for analyte in analytes]
    targets = [certified[analyte][0] for analyte in analytes]
    spreads = [certified[analyte][1] for analyte in analytes]
    for analyte, verdict in zip(analytes, rules.judge_references(values, targets, spreads, view), strict=True):
        yield _check(batch, SampleKind.REFERENCE, str(sample), analyte, verdict)


def _check(batch: Batch, kind: SampleKind, samples: str, analyte: str, verdict: rules.Verdict) -> QualityCheck:
    return QualityCheck(
        batch=batch,
        kind=kind,
        samples=samples,
        analyte=analyte,
        measured=verdict.measured,
        limit=verdict.limit,
        outcome=verdict.outcome,
        reason_code=verdict.reason_code,
        clause=verdict.clause,
    )


def findings_of(batch: Batch) -> Sequence[tuple[int, Finding]]:
    """The findings of a batch against GB 15618 as in force on the day of the report, for its routine samples."""
    rows = list(
        Result.objects.filter(batch=batch, replicate=1, sample__kind=SampleKind.ROUTINE)
        .order_by("sample__code", "analyte")
        .values_list("sample__code", "sample__land_use", "analyte", "value", "qualifier", "detection_limit", "reported")
    )
    drawn = farmland.findings_of_results(rows, law.at(batch.reported_on))
    return [(batch.pk, finding) for finding in drawn]
