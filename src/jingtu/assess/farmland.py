"""Farmland against GB 15618: findings with their reasons, and their replay from what was stored.

Arrays are judged in :mod:`jingtu.assess.assessment`; here each conclusion gets its value, threshold, row and clause.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

from jingtu import law
from jingtu.assess.assessment import NEMEROW_SCHEME, REASONS, Assessment, Samples, assess, one_sample
from jingtu.assess.finding import Finding, draw
from jingtu.plain.numbers import decimal_of, plain
from jingtu.plain.reported import NOT_MEASURED, Qualifier, Reported, parse_reported

OUTCOMES: Final = ("not_judged", "within_screening", "exceeds_screening", "exceeds_control")
NOT_JUDGED, WITHIN, ABOVE, OVER = OUTCOMES
RULES: Final = {
    WITHIN: "gb15618-2018#c6-1",
    ABOVE: "gb15618-2018#c6-2",
    OVER: "gb15618-2018#c6-3",
}
NO_CONTROL_RULE: Final = "gb15618-2018#c6-1-above"
CLASS_RULE: Final = "gb15618-2018#c6-4"
INDEX_BASE: Final = "gb15618_screening"
HIDDEN: Final = "limit.above_screening"
ELEMENT_SETS: Final = ("five", "eight")

__all__ = ["Assessment", "Samples", "assess", "findings", "findings_of", "findings_of_results", "replay"]


def findings(assessment: Assessment) -> Iterator[Finding]:
    """All findings, sample by sample: each element, the class, the Nemerow index."""
    for sample in range(len(assessment)):
        yield from findings_of(assessment, sample)


def findings_of(assessment: Assessment, sample: int) -> list[Finding]:
    """The findings of one sample: elements measured, the class, and the Nemerow index where something was judged."""
    found = list(_level_findings(assessment, sample))
    found.append(class_finding(assessment, sample))
    if assessment.sample_class[sample]:
        found.append(nemerow_finding(assessment, sample))
    return found


ResultRow = tuple[str, str, str, Decimal | None, str, Decimal | None, str]


def findings_of_results(rows: Iterable[ResultRow], view: law.LawView) -> Iterator[Finding]:
    """Findings of results as a register keeps them: one row per sample and analyte, contents in mg/kg.

    A row is sample, land use code, analyte, value, qualifier, detection limit and reported text; pH comes as a row
    of its own. Levels are drawn for all eight elements, class and index over the five.
    """
    samples = samples_of_results(rows)
    every, class_set = (assess(samples, view.on, name) for name in reversed(ELEMENT_SETS))
    for sample in range(len(samples)):
        yield from _level_findings(every, sample)
        yield class_finding(class_set, sample)
        if class_set.sample_class[sample]:
            yield nemerow_finding(class_set, sample)


def samples_of_results(rows: Iterable[ResultRow]) -> Samples:
    """Results, one a row, as samples, one a row, in order of first appearance."""
    place: dict[str, int] = {}
    land_use: list[str] = []
    ph: list[Decimal | None] = []
    found: dict[str, dict[int, Reported]] = {}
    for subject, use, analyte, value, qualifier, limit, _ in rows:
        at = place.setdefault(subject, len(place))
        if at == len(land_use):
            land_use.append(use)
            ph.append(None)
        if analyte == "pH":
            ph[at] = value
        else:
            found.setdefault(analyte, {})[at] = Reported(value, limit, _qualifier(value, qualifier))
    columns = {code: [cells.get(at, NOT_MEASURED) for at in range(len(place))] for code, cells in found.items()}
    return Samples(list(place), ph, land_use, columns)


def _qualifier(value: Decimal | None, text: str) -> Qualifier:
    if value is not None:
        return ""
    return "NM" if text == "NM" else "ND"


def _level_findings(assessment: Assessment, sample: int) -> Iterator[Finding]:
    for element, code in enumerate(assessment.elements):
        if assessment.samples.column(code)[sample].qualifier != "NM":
            yield level_finding(assessment, sample, element)


def level_finding(assessment: Assessment, sample: int, element: int) -> Finding:
    """Why one element of one sample has its level, or none."""
    code = assessment.elements[element]
    item = assessment.samples.column(code)[sample]
    outcome = OUTCOMES[assessment.level[sample, element]]
    reason = REASONS[assessment.reason[sample, element]]
    cell = int(assessment.cell[sample, element])
    screening, control = assessment.limits.screening_row(cell), assessment.limits.control_row(cell)
    row = _deciding_row(outcome, reason, screening, control)
    return draw(
        subject=assessment.samples.subjects[sample],
        measure="farmland.level",
        outcome=outcome,
        law_on=assessment.limits.on,
        given={"analyte": code, "reported": item.text(), **ground(assessment.samples, sample)},
        drawn={**_limit(item), **assessment.limits.value_texts(cell)} if outcome != NOT_JUDGED else _limit(item),
        value=item.value,
        operator={NOT_JUDGED: "", WITHIN: "<="}.get(outcome, ">"),
        threshold=row.required_number("value_mg_kg") if row else None,
        unit="mg/kg",
        reason=reason,
        clause=row.clause if row else "",
        rule_clause=NO_CONTROL_RULE if outcome == ABOVE and control is None else RULES.get(outcome, ""),
        table_row=row.row_id if row else "",
    )


def _deciding_row(outcome: str, reason: str, screening: law.Row | None, control: law.Row | None) -> law.Row | None:
    """Row of the table whose value decided, or hides a non-detect; none where nothing could be compared."""
    if outcome == OVER:
        return control
    return screening if outcome != NOT_JUDGED or reason == HIDDEN else None


def _limit(item: Reported) -> dict[str, str]:
    return {"detection_limit": plain(item.limit)} if item.limit is not None else {}


def ground(samples: Samples, sample: int) -> dict[str, str]:
    """What every finding about a sample was given: its pH and its land use."""
    ph = samples.ph[sample]
    return {"ph": "" if ph is None else plain(ph), "land_use": samples.land_use[sample]}


def _reported(assessment: Assessment, sample: int) -> dict[str, str]:
    columns = {code: assessment.samples.column(code)[sample] for code in assessment.elements}
    return {f"reported.{code}": item.text() for code, item in columns.items()}


def class_finding(assessment: Assessment, sample: int) -> Finding:
    """Why one sample has its class, or none."""
    level = int(assessment.sample_class[sample])
    worst = [code for code, own in zip(assessment.elements, assessment.level[sample], strict=True) if own == level]
    return draw(
        subject=assessment.samples.subjects[sample],
        measure="farmland.class",
        outcome=f"class.{level}" if level else NOT_JUDGED,
        law_on=assessment.limits.on,
        given={**ground(assessment.samples, sample), **_reported(assessment, sample)},
        drawn={
            "judged": " ".join(assessment.judged(sample)),
            "missing": " ".join(assessment.missing(sample)),
            "worst": " ".join(worst) if level else "",
        },
        reason="" if level else why_no_class(assessment, sample),
        clause=CLASS_RULE,
        rule_clause=CLASS_RULE,
    )


def why_no_class(assessment: Assessment, sample: int) -> str:
    """The one reason all measured elements share, else that nothing could be judged."""
    reasons = {REASONS[number] for number in assessment.reason[sample]}
    measured = reasons - {"value.not_measured"}
    if not measured:
        return "value.not_measured"
    return measured.pop() if len(measured) == 1 else "nothing.judged"


def nemerow_finding(assessment: Assessment, sample: int) -> Finding:
    """Nemerow index of one sample with the scheme that grades it; descriptive, never part of the class."""
    value, outcome, row_id = nemerow_of(assessment, sample)
    row = grade_row(row_id, assessment.limits.on)
    return draw(
        subject=assessment.samples.subjects[sample],
        measure="farmland.nemerow",
        outcome=outcome,
        law_on=assessment.limits.on,
        given={**ground(assessment.samples, sample), **_reported(assessment, sample)},
        drawn={"base": INDEX_BASE, "judged": " ".join(assessment.judged(sample))},
        value=value,
        clause=row.clause,
        rule_clause=row.clause,
        table_row=row.row_id,
    )


def nemerow_of(assessment: Assessment, sample: int) -> tuple[Decimal, str, str]:
    """Nemerow index of a sample, its grade as outcome, and the row of the table that grades it."""
    value = decimal_of(float(assessment.nemerow[sample]))
    row = next(row for interval, row in _grades(assessment.limits.on) if interval.contains(value))
    return value, f"{NEMEROW_SCHEME.lower()}.{row.integer('class_no')}", row.row_id


def grade_row(row_id: str, on: date) -> law.Row:
    """The row of the grades of the Nemerow index with an id."""
    return next(row for _interval, row in _grades(on) if row.row_id == row_id)


@cache
def _grades(on: date) -> tuple[tuple[law.Interval, law.Row], ...]:
    table = law.at(on).table("index_classes")
    return tuple((table.interval(row), row) for row in table.where(index=NEMEROW_SCHEME))


def replay(finding: Finding) -> Finding:
    """Reach a stored conclusion about farmland again, from its inputs and the law of its day."""
    if finding.law_on is None or not finding.measure.startswith("farmland."):
        raise ValueError(f"cannot replay {finding.measure}")
    stored = dict(finding.inputs)
    if "analyte" in stored:
        results = {stored["analyte"]: parse_reported(stored["reported"])}
    else:
        named = (key.partition(".") for key in stored if key.startswith("reported."))
        results = {code: parse_reported(stored[f"reported.{code}"]) for _, _, code in named}
    ph = Decimal(stored["ph"]) if stored["ph"] else None
    samples = one_sample(finding.subject, ph, stored["land_use"], results)
    again = findings_of(assess(samples, finding.law_on, _element_set(results)), 0)
    return next(item for item in again if item.measure == finding.measure)


def _element_set(results: dict[str, Reported]) -> str:
    """The smallest set of elements that holds all of the results."""
    analytes = law.analytes()
    return next(name for name in ELEMENT_SETS if set(results) <= set(analytes.element_set(name)))
