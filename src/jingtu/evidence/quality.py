"""Quality control and findings of a batch: rows out of the database, judged by ``assess``, rows back.

Which samples are duplicates, blanks or reference materials is known here, on the officers' side, only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from jingtu import law
from jingtu.assess import crops
from jingtu.assess import quality as rules
from jingtu.assess.farmland_columns import findings_of_results
from jingtu.assess.finding_columns import FindingColumns, by_day
from jingtu.evidence.models import Batch, Medium, QualityCheck, Result, Sample, SampleKind
from jingtu.plain.reported import Reported

NOT_BY_CONTENT = {"pH"}

Measured = dict[int, dict[str, Reported]]


def _measured(batch: Batch, samples: Iterable[int]) -> Measured:
    """The first measurement of each analyte in each of these samples, in standard units."""
    found: Measured = {}
    rows = Result.objects.filter(batch=batch, replicate=1, sample_id__in=samples).order_by("sample__code", "analyte")
    columns = rows.values_list("sample_id", "analyte", "value", "detection_limit", "qualifier")
    for sample_id, analyte, value, limit, qualifier in columns.iterator(chunk_size=5000):
        found.setdefault(sample_id, {})[analyte] = Reported(value, limit, qualifier)
    return found


def checks_of(batch: Batch) -> list[QualityCheck]:
    """All checks of quality of a batch by the rules in force on the day of the report, in a fixed order."""
    special = (SampleKind.DUPLICATE, SampleKind.BLANK, SampleKind.REFERENCE)
    there = Result.objects.filter(batch=batch).order_by().values("sample_id").distinct()
    samples = list(Sample.objects.filter(pk__in=there, kind__in=special).select_related("parent").order_by("code"))
    measured = _measured(batch, {s.pk for s in samples} | {s.parent_id for s in samples if s.parent_id})
    pairs = [s for s in samples if s.kind == SampleKind.DUPLICATE and s.parent_id in measured]
    blanks = [s for s in samples if s.kind == SampleKind.BLANK]
    references = [s for s in samples if s.kind == SampleKind.REFERENCE]
    return [
        *_duplicates(batch, pairs, measured),
        *_blanks(batch, blanks, measured),
        *_references(batch, references, measured),
    ]


def _duplicates(batch: Batch, pairs: list[Sample], measured: Measured) -> Iterator[QualityCheck]:
    rows = [
        (sample, analyte, measured[sample.parent_id or 0][analyte], result)
        for sample in pairs
        for analyte, result in measured[sample.pk].items()
        if analyte in measured[sample.parent_id or 0] and analyte not in NOT_BY_CONTENT
    ]
    view = law.at(batch.reported_on)
    verdicts = rules.judge_duplicates([row[2].value for row in rows], [row[3].value for row in rows], view)
    for (sample, analyte, first, second), verdict in zip(rows, verdicts, strict=True):
        apart = "" if verdict.measured is None else f"，相对偏差 {verdict.measured:.1f}%"
        limit = "—" if verdict.limit is None else f"≤ {_number(verdict.limit)}%"
        measured_text = f"{_text(first)} / {_text(second)}{apart}"
        yield _check(batch, sample, analyte, measured_text, limit, verdict, f"{sample.parent}/{sample}")


def _blanks(batch: Batch, blanks: list[Sample], measured: Measured) -> Iterator[QualityCheck]:
    rows = [
        (sample, analyte, result)
        for sample in blanks
        for analyte, result in measured[sample.pk].items()
        if analyte not in NOT_BY_CONTENT
    ]
    values, limits = [row[2].value for row in rows], [row[2].limit for row in rows]
    verdicts = rules.judge_blanks(values, limits, law.at(batch.reported_on))
    for (sample, analyte, result), verdict in zip(rows, verdicts, strict=True):
        yield _check(batch, sample, analyte, _text(result), f"< {_number(result.limit)}", verdict)


def _references(batch: Batch, references: list[Sample], measured: Measured) -> Iterator[QualityCheck]:
    rows = [
        (sample, analyte, result, Decimal(sample.certified[analyte][0]), Decimal(sample.certified[analyte][1]))
        for sample in references
        for analyte, result in measured[sample.pk].items()
        if analyte in sample.certified
    ]
    values, targets, spreads = [row[2].value for row in rows], [row[3] for row in rows], [row[4] for row in rows]
    verdicts = rules.judge_references(values, targets, spreads, law.at(batch.reported_on))
    for (sample, analyte, result, value, spread), verdict in zip(rows, verdicts, strict=True):
        yield _check(batch, sample, analyte, _text(result), f"{_number(value)}±{_number(spread)}", verdict)


def _check(
    batch: Batch, sample: Sample, analyte: str, measured: str, limit: str, verdict: rules.Verdict, samples: str = ""
) -> QualityCheck:
    return QualityCheck(
        batch=batch,
        kind=sample.kind,
        samples=samples or str(sample),
        analyte=analyte,
        measured=measured,
        limit=limit,
        outcome=verdict.outcome,
        reason_code=verdict.reason_code,
        clause=law.cite(verdict.clause),
    )


def _text(result: Reported) -> str:
    if result.qualifier == "ND":
        return f"未检出（检出限 {_number(result.limit)}）"
    return _number(result.value)


def _number(value: Decimal | None) -> str:
    return "—" if value is None else f"{value.normalize():f}"


def findings_of(batch: Batch) -> list[FindingColumns]:
    """The findings of a batch about its routine samples, each part by the law of one day."""
    return [_soil_findings(batch), *by_day(crops.judge(_crop_samples(batch), batch.reported_on))]


def _soil_findings(batch: Batch) -> FindingColumns:
    """Soil against the standard in force on the day of the report."""
    rows = Result.objects.filter(batch=batch, replicate=1, sample__kind=SampleKind.ROUTINE, sample__medium=Medium.SOIL)
    columns = rows.order_by("sample__code", "analyte").values_list(
        "sample__code", "sample__land_use", "analyte", "value", "qualifier", "detection_limit", "reported"
    )
    return findings_of_results(columns.iterator(chunk_size=5000), law.at(batch.reported_on))


def _crop_samples(batch: Batch) -> Iterator[crops.CropSample]:
    """The crops of a batch as they were harvested, each with what was found in it."""
    rows = Result.objects.filter(
        batch=batch, replicate=1, sample__kind=SampleKind.ROUTINE, sample__medium=Medium.CROP
    ).order_by("sample__code", "analyte")
    columns = ("sample__code", "sample__crop", "sample__taken_on", "analyte", "value", "qualifier", "detection_limit")
    kept = rows.values_list(*columns).iterator(chunk_size=5000)
    for (code, crop, harvested_on), own in groupby(kept, key=itemgetter(0, 1, 2)):
        results = {analyte: reported(value, qualifier, limit) for *_sample, analyte, value, qualifier, limit in own}
        yield crops.CropSample(code, crop, harvested_on, results)


def reported(value: Decimal | None, qualifier: str, limit: Decimal | None) -> Reported:
    """A kept result as the rules take it: a number, or not detected below a limit."""
    return Reported(value, limit, "" if value is not None else "NM" if qualifier == "NM" else "ND")
