"""Indices of accumulation against a background that is named: single, Nemerow, Igeo, ecological risk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jingtu import law
from jingtu.assess.finding import Finding, draw
from jingtu.law import LawView, Row
from jingtu.plain.numbers import decimal_of, plain
from jingtu.plain.reported import NOT_MEASURED, Reported, parse_reported
from jingtu.science.indices import (
    accumulation_index,
    ecological_risk,
    geoaccumulation_index,
    half_limit,
    index_share,
    nemerow_index,
    potential_risk,
)

Floats = NDArray[np.float64]

AREAS: Final = ("shanxi", "china")
OWN: Final = "own"
BACKGROUND: Final = "soil_background"
RESPONSE: Final = "toxic_response"
CLASSES: Final = "index_classes"
ACCUMULATION, NEMEROW, IGEO, RISK, RISK_SUM = (
    "Pi_accumulation", "PN_hjt166", "Igeo_muller", "Er_hakanson", "RI_hakanson"
)  # fmt: skip
SCHEMES: Final = {
    "index.accumulation": ACCUMULATION,
    "index.igeo": IGEO,
    "index.ecological_risk": RISK,
    "index.nemerow": NEMEROW,
    "index.potential_risk": RISK_SUM,
}
SINGLE: Final = ("index.accumulation", "index.igeo", "index.ecological_risk")


@dataclass(frozen=True, eq=False)
class Indices:
    """Indices of samples: ``single`` by measure with shape (samples, elements), ``whole`` with shape (samples,)."""

    on: date
    base: str
    background: Mapping[str, Decimal]
    subjects: Sequence[str]
    elements: tuple[str, ...]
    results: Mapping[str, Sequence[Reported]]
    single: Mapping[str, Floats]
    whole: Mapping[str, Floats]
    share: Floats


def backgrounds(base: str, view: LawView) -> dict[str, Decimal]:
    """Background contents by element, in mg/kg, of ``shanxi`` or ``china``.

    >>> backgrounds("shanxi", law.at(date(2021, 9, 15)))["Cd"]
    Decimal('0.128')
    """
    rows = view.table(BACKGROUND).where(area=base)
    return {row.text("analyte"): row.required_number("value_mg_kg") for row in rows}


def compute(
    subjects: Sequence[str],
    results: Mapping[str, Sequence[Reported]],
    on: date,
    base: str = AREAS[0],
    own: Mapping[str, Decimal] | None = None,
) -> Indices:
    """All indices of samples against one background.

    *Source*: HJ/T 166-2004 12, Müller 1969, Hakanson 1980. Contents in mg/kg; ``own`` gives background contents of a
    survey of one's own and makes the base ``own``. Non-detects count half their limit (HJ/T 166-2004); without limit
    they are left out. Elements without a background, or for ecological risk without a response factor, are left out.

    >>> got = compute(["a"], {"Cd": [Reported(Decimal("0.256"), None, "")]}, date(2021, 9, 15))
    >>> got.single["index.igeo"].round(3).tolist(), got.whole["index.potential_risk"].tolist()
    ([[0.415]], [60.0])
    """
    view = law.at(on)
    ground = dict(own) if own else backgrounds(base, view)
    elements = tuple(code for code in ground if any(item.qualifier != "NM" for item in results.get(code, ())))
    content = np.array([[_content(item) for item in _column(results, code, len(subjects))] for code in elements])
    content = content.reshape(len(elements), len(subjects)).T
    below = np.array([float(ground[code]) for code in elements])
    factors = {row.text("analyte"): float(row.required_number("response_factor")) for row in view.table(RESPONSE)}
    response = np.array([factors.get(code, np.nan) for code in elements])
    risk = ecological_risk(content, below, response)
    single = {
        "index.accumulation": accumulation_index(content, below),
        "index.igeo": geoaccumulation_index(content, below),
        "index.ecological_risk": risk,
    }
    piled = single["index.accumulation"]
    whole = {"index.nemerow": nemerow_index(piled), "index.potential_risk": potential_risk(risk)}
    name = OWN if own else base
    return Indices(on, name, ground, subjects, elements, results, single, whole, index_share(piled))


def _column(results: Mapping[str, Sequence[Reported]], code: str, count: int) -> Sequence[Reported]:
    return results.get(code) or [NOT_MEASURED] * count


def _content(item: Reported) -> float:
    if item.value is not None:
        return float(item.value)
    return float(half_limit(float(item.limit))) if item.limit is not None else float("nan")


def findings(indices: Indices) -> Iterator[Finding]:
    """Each index of each sample with scheme, base and class."""
    for sample in range(len(indices.subjects)):
        yield from findings_of(indices, sample)


def findings_of(indices: Indices, sample: int) -> list[Finding]:
    """The indices of one sample: element by element, then those over all elements."""
    found = []
    for at, code in enumerate(indices.elements):
        for measure in SINGLE:
            value = float(indices.single[measure][sample, at])
            if np.isfinite(value):
                found.append(_finding(indices, sample, measure, value, [code]))
    for measure, values in indices.whole.items():
        value = float(values[sample])
        if np.isfinite(value):
            found.append(_finding(indices, sample, measure, value, _counted(indices, sample, measure)))
    return found


def _counted(indices: Indices, sample: int, measure: str) -> list[str]:
    """The elements an index over all elements runs over."""
    source = "index.ecological_risk" if measure == "index.potential_risk" else "index.accumulation"
    row = indices.single[source][sample]
    return [code for code, value in zip(indices.elements, row, strict=True) if np.isfinite(value)]


def _finding(indices: Indices, sample: int, measure: str, value: float, elements: Sequence[str]) -> Finding:
    number = decimal_of(value)
    row = grade(number, SCHEMES[measure], law.at(indices.on))
    return draw(
        subject=indices.subjects[sample],
        measure=measure,
        outcome=f"{SCHEMES[measure].lower()}.{row.integer('class_no')}",
        law_on=indices.on,
        given={
            "base": indices.base,
            "elements": " ".join(elements),
            **{f"reported.{code}": indices.results[code][sample].text() for code in elements},
            **{f"background.{code}": plain(indices.background[code]) for code in elements},
        },
        drawn={"scheme": SCHEMES[measure]},
        value=number,
        clause=row.clause,
        rule_clause=row.clause,
        table_row=row.row_id,
    )


def grade(value: Decimal, scheme: str, view: LawView) -> Row:
    """The class of a scheme an index falls into.

    >>> grade(Decimal(40), RISK, law.at(date(2021, 9, 15)))["class_zh"]
    '中等'
    """
    table = view.table(CLASSES)
    return next(row for row in table.where(index=scheme) if table.interval(row).contains(value))


def replay(finding: Finding) -> Finding:
    """Reach a stored index again, from the contents and backgrounds kept with it."""
    if finding.law_on is None or not finding.measure.startswith("index."):
        raise ValueError(f"cannot replay {finding.measure}")
    codes = finding.part("elements").split()
    results = {code: [parse_reported(finding.part(f"reported.{code}"))] for code in codes}
    own = {code: Decimal(finding.part(f"background.{code}")) for code in codes}
    again = compute([finding.subject], results, finding.law_on, own=own)
    named = Indices(again.on, finding.part("base"), again.background, again.subjects, again.elements, again.results,
                    again.single, again.whole, again.share)  # fmt: skip
    return next(item for item in findings_of(named, 0) if item.measure == finding.measure)
