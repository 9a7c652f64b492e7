"""Quality control and findings of a batch: rows out of the database, judged by ``assess``, rows back.

Which samples are duplicates, blanks or reference materials is known here, on the officers' side, only.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jingtu import law
from jingtu.assess import conclusions, farmland
from jingtu.assess import quality as rules
from jingtu.assess.farmland import Samples
from jingtu.assess.finding import Finding
from jingtu.evidence.models import Batch, Outcome, QualityCheck, Result, Sample, SampleKind
from jingtu.plain.reported import NOT_MEASURED, Reported

OUTCOMES = {"qualified": Outcome.PASS, "unqualified": Outcome.FAIL, "not_judged": Outcome.UNDECIDED}
NOT_BY_CONTENT = {"pH"}
ELEMENTS = "eight"

Measured = dict[int, dict[str, Reported]]


def _measured(batch: Batch, kinds: tuple[SampleKind, ...]) -> Measured:
    """The first measurement of each analyte in each sample of these kinds, in standard units."""
    found: Measured = {}
    rows = Result.objects.filter(batch=batch, replicate=1, sample__kind__in=kinds).order_by("sample__code", "analyte")
    columns = rows.values_list("sample_id", "analyte", "value", "detection_limit", "qualifier")
    for sample_id, analyte, value, limit, qualifier in columns.iterator(chunk_size=5000):
        found.setdefault(sample_id, {})[analyte] = Reported(value, limit, qualifier)
    return found


def checks_of(batch: Batch) -> list[QualityCheck]:
    """All checks of quality of a batch by the rules in force on the day of the report, in a fixed order."""
    special = (SampleKind.DUPLICATE, SampleKind.BLANK, SampleKind.REFERENCE)
    samples = list(Sample.objects.filter(results__batch=batch, kind__in=special).distinct().order_by("code"))
    measured = _measured(batch, (SampleKind.ROUTINE, *special))
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
    judged = rules.duplicates([row[2] for row in rows], [row[3] for row in rows], batch.reported_on)
    for place, (sample, analyte, first, second) in enumerate(rows):
        spread = f"{_text(first)} / {_text(second)}，相对偏差 {judged.value[place]:.1f}%"
        limit = f"{judged.limit[place]:g}%"
        yield _check(batch, sample, analyte, spread, limit, judged, place, f"{sample.parent}/{sample}")


def _blanks(batch: Batch, blanks: list[Sample], measured: Measured) -> Iterator[QualityCheck]:
    rows = [
        (sample, analyte, result)
        for sample in blanks
        for analyte, result in measured[sample.pk].items()
        if analyte not in NOT_BY_CONTENT
    ]
    limits = [result.limit for _sample, _analyte, result in rows]
    judged = rules.blanks([row[2] for row in rows], limits, batch.reported_on)
    for place, (sample, analyte, result) in enumerate(rows):
        limit = f"< {_number(result.limit)}"
        yield _check(batch, sample, analyte, _text(result), limit, judged, place)


def _references(batch: Batch, references: list[Sample], measured: Measured) -> Iterator[QualityCheck]:
    rows = [
        (sample, analyte, result, *(Decimal(text) for text in sample.certified[analyte]))
        for sample in references
        for analyte, result in measured[sample.pk].items()
        if analyte in sample.certified
    ]
    judged = rules.reference_material(
        [row[2] for row in rows], [row[3] for row in rows], [row[4] for row in rows], batch.reported_on
    )
    for place, (sample, analyte, result, value, spread) in enumerate(rows):
        yield _check(batch, sample, analyte, _text(result), f"{_number(value)}±{_number(spread)}", judged, place)


def _check(
    batch: Batch,
    sample: Sample,
    analyte: str,
    measured: str,
    limit: str,
    judged: rules.Judged,
    place: int,
    samples: str = "",
) -> QualityCheck:
    return QualityCheck(
        batch=batch,
        kind=sample.kind,
        samples=samples or str(sample),
        analyte=analyte,
        measured=measured,
        limit=limit,
        outcome=OUTCOMES[judged.outcome[place]],
        reason_code=judged.reason[place],
        clause=law.cite(judged.clause[place]),
    )


def _text(result: Reported) -> str:
    if result.qualifier == "ND":
        return f"未检出（检出限 {_number(result.limit)}）"
    return _number(result.value)


def _number(value: Decimal | None) -> str:
    return "—" if value is None else f"{value.normalize():f}"


def findings_of(batch: Batch) -> Iterator[tuple[int, Finding]]:
    """The findings of a batch against the standard in force on the day of the report, for its routine samples."""
    measured = _measured(batch, (SampleKind.ROUTINE,))
    samples = {s.pk: s for s in Sample.objects.filter(pk__in=measured)}
    order = sorted(measured, key=lambda pk: samples[pk].code)
    analytes = law.analytes().element_set(ELEMENTS)
    columns = Samples(
        subjects=[samples[pk].code for pk in order],
        ph=[measured[pk].get("pH", NOT_MEASURED).value for pk in order],
        land_use=[samples[pk].land_use for pk in order],
        results={code: [measured[pk].get(code, NOT_MEASURED) for pk in order] for code in analytes},
    )
    assessment = farmland.assess(columns, batch.reported_on, ELEMENTS)
    return ((batch.pk, finding) for finding in conclusions.findings(assessment))
