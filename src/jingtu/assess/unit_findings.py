"""Findings about the class of a farmland unit, and their replay: each element, the soil, the crops, the proposal.

One unit is evaluated here from its points; whole provinces go through :mod:`jingtu.assess.unit_class` and get their
findings unit by unit when somebody asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np

from jingtu import law
from jingtu.assess import unit_class
from jingtu.assess import unit_rules as rules
from jingtu.assess.certainty import STRONGEST_FIRST, weakest
from jingtu.assess.crop_limits import CODE
from jingtu.assess.finding import Finding, draw
from jingtu.assess.unit_class import CropPoints, Evidence, SoilPoints, UnitClasses
from jingtu.assess.unit_rules import LEVELS, REASONS, rule_row
from jingtu.law import Row
from jingtu.science.neighbourhood import metres

ELEMENT, SOIL, CROPS, CLASS = (
    "farmland.unit_element", "farmland.unit_soil", "farmland.unit_crops", "farmland.unit_class"
)  # fmt: skip
MEASURES: Final = (ELEMENT, SOIL, CROPS, CLASS)
NOT_JUDGED, REVIEW = "not_judged", "review"
REPEATED: Final = "repeated"
ROMAN: Final = ("", "I", "II", "III")


@dataclass(frozen=True, slots=True)
class Point:
    """A soil point: name, level by element (1 to 3, absent when not judged), longitude and latitude where known."""

    name: str
    level: Mapping[str, int]
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Crop:
    """A crop point: name, outcome by element as of :mod:`jingtu.assess.crops`, highest single index."""

    name: str
    outcome: Mapping[str, str]
    index: Decimal | None = None


@dataclass(frozen=True)
class Evaluation:
    """The evaluation of one unit: classes as Ⅰ to Ⅲ without sign (``I``), blank where there is none."""

    soil_class: str
    proposed_class: str
    needs_review: bool
    reason: str
    rules: tuple[str, ...]
    certainty: str
    soil_points: int
    crop_points: int
    crop_exceeding: int
    findings: tuple[Finding, ...]


def evaluate(
    subject: str, points: Sequence[Point], crops: Sequence[Crop], on: date, *, by_index: bool = False
) -> Evaluation:
    """One unit from its points and crops, with all findings.

    *Source*: rules P, U and C of ``farmland_class_rules``; see :func:`jingtu.assess.unit_class.classify`.

    >>> clean = {code: 1 for code in ("Cd", "Hg", "As", "Pb", "Cr")}
    >>> got = evaluate("141024000001", [Point("S1", clean)], [], date(2021, 9, 15))
    >>> got.proposed_class, got.rules
    ('I', ('U1', 'U7', 'C1'))
    """
    soil, eaten = soil_points([0] * len(points), points), crop_points([0] * len(crops), crops)
    classes = unit_class.classify(1, soil, eaten, on, by_index=by_index)
    found = findings_of(classes, 0, subject, minority(classes, soil, [point.name for point in points]))
    return summary(classes, 0, found)


def summary(classes: UnitClasses, unit: int, findings: Sequence[Finding] = ()) -> Evaluation:
    """What a register keeps of one unit."""
    return Evaluation(
        soil_class=ROMAN[classes.soil_class[unit]],
        proposed_class=ROMAN[classes.proposed[unit]],
        needs_review=bool(classes.review[unit]),
        reason=REASONS[classes.reason[unit]],
        rules=rules_of(classes, unit),
        certainty=STRONGEST_FIRST[classes.certainty[unit]].value,
        soil_points=int(classes.evidence.soil_points[unit]),
        crop_points=int(classes.evidence.crop_points[unit]),
        crop_exceeding=int(classes.evidence.crop_exceeding[unit]),
        findings=tuple(findings),
    )


def rules_of(classes: UnitClasses, unit: int) -> tuple[str, ...]:
    """Codes of the rules that made the class of a unit."""
    own = sorted({rules.ELEMENT_RULES[number] for number in classes.element_rule[unit]})
    worst = [rules.WORST_ELEMENT] if classes.soil_class[unit] else []
    crop = rules.CROP_RULES[classes.crop_rule[unit]]
    return (*own, *worst, *([crop] if crop else []))


def soil_points(units: Sequence[int], points: Sequence[Point]) -> SoilPoints:
    """Points as arrays; places become metres."""
    elements = law.analytes().element_set("five")
    level = np.array([[point.level.get(code, 0) for code in elements] for point in points], dtype=np.int8)
    lon, lat = (np.array([np.nan if point.place is None else point.place[axis] for point in points]) for axis in (0, 1))
    x, y = metres(lon, lat)
    return SoilPoints(np.array(units, dtype=np.intp), level.reshape(len(points), len(elements)), x, y)


def crop_points(units: Sequence[int], crops: Sequence[Crop]) -> CropPoints:
    """Crops as arrays."""
    elements = law.analytes().element_set("five")
    outcome = [[CODE[crop.outcome.get(code, NOT_JUDGED)] for code in elements] for crop in crops]
    index = np.array([np.nan if crop.index is None else float(crop.index) for crop in crops])
    held = np.array(outcome, dtype=np.int8).reshape(len(crops), len(elements))
    return CropPoints(np.array(units, dtype=np.intp), held, index)


def minority(classes: UnitClasses, soil: SoilPoints, names: Sequence[str]) -> dict[str, str]:
    """Names of the points of unit 0 that depart from the most frequent level, by element, where levels differ."""
    found = {}
    for element, code in enumerate(classes.elements):
        count = classes.evidence.count[0, element, 1:]
        most = int(count.argmax()) + 1
        level = soil.level[:, element]
        apart = [name for name, own in zip(names, level, strict=True) if own not in (0, most)]
        if apart:
            found[code] = " ".join(apart)
    return found


def findings_of(
    classes: UnitClasses, unit: int, subject: str, minority_points: Mapping[str, str] | None = None
) -> list[Finding]:
    """The findings of one unit: its elements, its soil, its crops, its class."""
    named = minority_points or {}
    found = [
        _element(classes, unit, subject, element, named.get(code, "")) for element, code in enumerate(classes.elements)
    ]
    found.append(_soil(classes, unit, subject))
    if classes.crop_rule[unit]:
        found.append(_crops(classes, unit, subject))
    return [*found, _class(classes, unit, subject)]


def _element(classes: UnitClasses, unit: int, subject: str, element: int, names: str) -> Finding:
    level = int(classes.element_class[unit, element])
    row = rule_row(rules.ELEMENT_RULES[classes.element_rule[unit, element]], classes.rules.on)
    grounds: list[Row] = [row]
    if _asked(classes, unit)[element]:
        grounds.append(classes.rules.number_row("class.neighbour_m"))
    return draw(
        subject=subject,
        measure=ELEMENT,
        outcome=_class_code(level),
        law_on=classes.rules.on,
        given=_element_given(classes, unit, element),
        drawn={"rule": row.text("rule"), "certainty": weakest(grounds), "minority": names},
        reason=_ELEMENT_REASONS.get(int(classes.element_rule[unit, element]), ""),
        clause=row.clause,
        rule_clause=grounds[-1].clause,
        table_row=row.row_id,
    )


_ELEMENT_REASONS: Final = {
    rules.SPLIT_OFF: "unit.contiguous_minority",
    rules.ISOLATED: "unit.isolated_third",
    rules.NO_DOMINANT: "unit.no_dominant",
    rules.NO_POINT: "unit.element_missing",
}


def _soil(classes: UnitClasses, unit: int, subject: str) -> Finding:
    level = int(classes.soil_class[unit])
    row = rule_row(rules.WORST_ELEMENT if level else "U6", classes.rules.on)
    own = classes.element_class[unit]
    return draw(
        subject=subject,
        measure=SOIL,
        outcome=_class_code(level),
        law_on=classes.rules.on,
        given=_whole_given(classes, unit),
        drawn={
            **_places_drawn(classes, unit),
            "rule": row.text("rule"),
            "certainty": STRONGEST_FIRST[_soil_rank(classes, unit)].value,
            "worst": _codes(classes, [at for at, each in enumerate(own) if each == level]) if level else "",
            "missing": _codes(classes, [at for at, each in enumerate(own) if not each]),
        },
        reason=REASONS[classes.soil_reason[unit]],
        clause=row.clause,
        rule_clause=row.clause,
        table_row=row.row_id,
    )


def _asked(classes: UnitClasses, unit: int) -> unit_class.Flags:
    """For each element of a unit whether its class depends on which points are neighbours."""
    evidence = classes.evidence
    return unit_class.neighbourhood_asked(evidence.count[unit], evidence.patch[unit], classes.rules)


def _soil_rank(classes: UnitClasses, unit: int) -> int:
    held = classes.rules
    asked = _asked(classes, unit).any()
    own = [held.element_rank[number] for number in classes.element_rule[unit]]
    repeated = held.place_rank if classes.evidence.repeated[unit] else 0
    return int(max(*own, held.worst_rank, held.neighbour_rank if asked else 0, repeated))


def _crops(classes: UnitClasses, unit: int, subject: str) -> Finding:
    row = rule_row(rules.CROP_RULES[classes.crop_rule[unit]], classes.rules.on)
    least = classes.rules.number_row("class.min_crop_points")
    return draw(
        subject=subject,
        measure=CROPS,
        outcome=_class_code(int(classes.proposed[unit])),
        law_on=classes.rules.on,
        given=_given(classes, unit),
        drawn={
            **_places_drawn(classes, unit),
            "rule": row.text("rule"),
            "certainty": weakest([row, least, *_place_rows(classes, unit)]),
            "soil_class": ROMAN[classes.soil_class[unit]],
            "drivers": _codes(classes, _drivers(classes, unit)),
            "least": str(classes.rules.min_crop_points),
        },
        reason=REASONS[classes.crop_reason[unit]],
        clause=row.clause,
        rule_clause=least.clause,
        table_row=row.row_id,
    )


def _drivers(classes: UnitClasses, unit: int) -> list[int]:
    return [at for at, own in enumerate(classes.element_class[unit]) if own == classes.soil_class[unit]]


def _class(classes: UnitClasses, unit: int, subject: str) -> Finding:
    level = int(classes.proposed[unit])
    codes = rules_of(classes, unit)
    row = rule_row(codes[-1], classes.rules.on)
    certainty = STRONGEST_FIRST[classes.certainty[unit]].value
    return draw(
        subject=subject,
        measure=CLASS,
        outcome=_class_code(level) if level else REVIEW,
        law_on=classes.rules.on,
        given=_given(classes, unit),
        drawn={
            "rules": " ".join(codes),
            "certainty": certainty,
            "soil_class": ROMAN[classes.soil_class[unit]],
            "review": "yes" if classes.review[unit] else "no",
        },
        reason=REASONS[classes.reason[unit]],
        clause=row.clause,
        rule_clause=row.clause,
        table_row=row.row_id,
    )


def _class_code(level: int) -> str:
    return f"class.{level}" if level else NOT_JUDGED


def _codes(classes: UnitClasses, elements: Sequence[int]) -> str:
    return " ".join(classes.elements[at] for at in elements)


def given_of(classes: UnitClasses, unit: int, finding: Finding) -> dict[str, str]:
    """What a finding about a unit was drawn from."""
    if finding.measure == ELEMENT:
        return _element_given(classes, unit, classes.elements.index(finding.part("analyte")))
    return _whole_given(classes, unit) if finding.measure == SOIL else _given(classes, unit)


def _element_given(classes: UnitClasses, unit: int, element: int) -> dict[str, str]:
    return {"analyte": classes.elements[element], **_soil_given(classes, unit, [element])}


def _soil_given(classes: UnitClasses, unit: int, elements: Sequence[int] | None = None) -> dict[str, str]:
    """Points at each level and the largest patch, by element, as a finding keeps them."""
    wanted = range(len(classes.elements)) if elements is None else elements
    evidence = classes.evidence
    given = {"soil_points": str(evidence.soil_points[unit])}
    for at in wanted:
        code = classes.elements[at]
        given[f"levels.{code}"] = " ".join(str(number) for number in evidence.count[unit, at])
        given[f"patch.{code}"] = str(evidence.patch[unit, at])
    return given


def _whole_given(classes: UnitClasses, unit: int) -> dict[str, str]:
    """The points of all elements, and how many repeat the place of another season where any does."""
    repeated = int(classes.evidence.repeated[unit])
    return _soil_given(classes, unit) | ({REPEATED: str(repeated)} if repeated else {})


def _place_rows(classes: UnitClasses, unit: int) -> list[Row]:
    """The settings by which a place counts that was sampled in several seasons, where one was."""
    names = rules.PLACE_NUMBERS if classes.evidence.repeated[unit] else ()
    return [classes.rules.number_row(name) for name in names]


def _places_drawn(classes: UnitClasses, unit: int) -> dict[str, str]:
    return {"same_place": classes.rules.same_place} if classes.evidence.repeated[unit] else {}


def _given(classes: UnitClasses, unit: int) -> dict[str, str]:
    evidence = classes.evidence
    clean = zip(classes.elements, evidence.crop_clean[unit], strict=True)
    return {
        **_whole_given(classes, unit),
        **{f"clean.{code}": str(number) for code, number in clean},
        "crop_points": str(evidence.crop_points[unit]),
        "crop_exceeding": str(evidence.crop_exceeding[unit]),
        "crop_heavy": "yes" if evidence.crop_heavy[unit] else "no",
        "by_index": "yes" if classes.rules.by_index else "no",
    }


def replay(finding: Finding) -> Finding:
    """Reach a stored conclusion about a unit again from its counts and the law of its day."""
    if finding.law_on is None or finding.measure not in MEASURES:
        raise ValueError(f"cannot replay {finding.measure}")
    stored = dict(finding.inputs)
    held = rules.class_rules(finding.law_on, stored.get("by_index") == "yes")
    classes = unit_class.decide(_evidence(stored), held)
    code = finding.part("analyte")
    again = findings_of(classes, 0, finding.subject, {code: finding.part("minority")})
    return next(one for one in again if (one.measure, one.part("analyte")) == (finding.measure, code))


def _evidence(stored: Mapping[str, str]) -> Evidence:
    elements = law.analytes().element_set("five")
    blank = " ".join(["0"] * len(LEVELS))
    count = [[int(each) for each in stored.get(f"levels.{code}", blank).split()] for code in elements]
    return Evidence(
        soil_points=_one(stored, "soil_points"),
        count=np.array([count], dtype=np.int32),
        patch=np.array([[int(stored.get(f"patch.{code}", 0)) for code in elements]], dtype=np.int32),
        crop_points=_one(stored, "crop_points"),
        crop_exceeding=_one(stored, "crop_exceeding"),
        crop_clean=np.array([[int(stored.get(f"clean.{code}", 0)) for code in elements]], dtype=np.int32),
        crop_heavy=np.array([stored.get("crop_heavy") == "yes"]),
        repeated=_one(stored, REPEATED),
    )


def _one(stored: Mapping[str, str], name: str) -> unit_class.Counts:
    return np.array([int(stored.get(name, 0))], dtype=np.int32)
