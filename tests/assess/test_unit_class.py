"""Classes of units: every rule a case, replay, and what must hold of any evidence."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from jingtu import law
from jingtu.assess import farmland, unit_class
from jingtu.assess.crop_limits import CODE, crop_limits, look_up
from jingtu.assess.unit_class import CropPoints, SoilPoints, UnitClasses, classify
from jingtu.assess.unit_findings import Crop, Evaluation, Point, evaluate, findings_of, replay, summary
from jingtu.assess.unit_rules import CROP_RULES, ELEMENT_RULES
from jingtu.plain.reported import parse_reported
from jingtu.science.neighbourhood import metres

DAY = date(2021, 11, 15)
FIVE = law.analytes().element_set("five")
CASES = Path(__file__).parent / "cases"


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("case", rows("unit_points.csv"), ids=lambda case: case["case"])
def test_a_point(case: dict[str, str]) -> None:
    results = {code: [parse_reported(text)] for code, text in (part.split("=") for part in case["results"].split(";"))}
    samples = farmland.Samples(["Y1"], [Decimal(case["ph"])], [case["land_use"]], results)
    on = date.fromisoformat(case["on"])
    assert farmland.assess(samples, on, case["elements"]).sample_class.tolist() == [int(case["class"])]
    assert law.at(on).table("farmland_class_rules").one(rule=case["rule"]).clause == case["clause"]


def crop_outcome(word: str) -> int:
    return CODE[{"within": "within_limit", "exceeds": "exceeds_limit", "heavy": "exceeds_limit"}.get(word, word)]


def classed(case: dict[str, str]) -> UnitClasses:
    cd = [int(each) for each in case["cd"].split()]
    hg = [int(each) for each in case["hg"].split()] or [1] * len(cd)
    level = np.array([[first, second, 1, 1, 1] for first, second in zip(cd, hg, strict=True)], np.int8)
    x = np.array([float(each) for each in case["places"].split()] or [0.0] * len(cd))
    words = case["crops"].split()
    outcome = np.array([[crop_outcome(word), 1, 1, 1, 1] for word in words], np.int8).reshape(-1, 5)
    index = np.array([{"heavy": 2.1, "exceeds": 2.0}.get(word, 0.5) for word in words])
    soil = SoilPoints(np.zeros(len(cd), np.intp), level.reshape(-1, 5), x, np.zeros(len(cd)))
    crops = CropPoints(np.zeros(len(words), np.intp), outcome, index)
    return classify(1, soil, crops, date.fromisoformat(case["on"]), by_index=case["by_index"] == "yes")


@pytest.mark.parametrize("case", rows("unit_class.csv"), ids=lambda case: case["case"])
def test_a_unit(case: dict[str, str]) -> None:
    classes = classed(case)
    found = findings_of(classes, 0, "141024000001")
    one = summary(classes, 0, found)
    assert (one.soil_class, one.proposed_class, one.reason) == (case["soil"], case["proposed"], case["reason"])
    assert (one.needs_review, one.certainty) == (case["review"] == "yes", case["certainty"])
    assert case["rule"] in one.rules
    assert case["clause"] in {ref for each in found for ref in (each.clause, each.rule_clause)}
    for each in found:
        assert replay(each) == each
        assert (
            each.sentence().endswith("。") and law.codes("certainty").label(each.part("certainty")) in each.sentence()
        )


def test_a_rule_that_no_case_covers_is_missing() -> None:
    covered = {case["rule"] for name in ("unit_points.csv", "unit_class.csv") for case in rows(name)}
    on_table = set(law.at(DAY).table("farmland_class_rules").column("rule"))
    assert covered == on_table - {"D1"}  # the check in the field is a person's


def test_one_unit_from_points_and_crops_names_who_departs() -> None:
    clean = dict.fromkeys(FIVE, 1)
    points = [Point(f"S{n}", clean, (111.6 + n / 100, 36.2)) for n in range(9)]
    got = evaluate("141024000001", [*points, Point("S9", {**clean, "Cd": 3}, (111.7, 36.2))], [], DAY)
    assert (got.soil_class, got.proposed_class, got.reason) == ("III", "", "unit.isolated_third")
    cadmium = next(each for each in got.findings if each.part("analyte") == "Cd")
    assert "少数点位：S9" in cadmium.sentence() and "U4" in cadmium.sentence()
    assert "须人工研判" in got.findings[-1].sentence()


def test_a_crop_without_limit_in_what_sets_the_class_clears_nothing() -> None:
    point = Point("S1", {**dict.fromkeys(FIVE, 1), "Hg": 2})
    limits = crop_limits(DAY)
    millet = look_up(limits, limits.crop_numbers(["foxtail_millet"]), np.full((1, 5), 0.001))[0]
    words = {code: name for code, number in zip(FIVE, millet, strict=True) for name in CODE if CODE[name] == number}
    assert words["Hg"] == "no_limit" and words["Cd"] == "within_limit"
    got = evaluate("141024000001", [point], [Crop(f"N{n}", words) for n in range(5)], DAY)
    assert (got.proposed_class, got.reason, got.crop_points) == ("II", "crop.driver_not_judged", 5)


def test_given_neighbours_stand_for_the_distance() -> None:
    level = np.array([[1, 1, 1, 1, 1]] * 10 + [[2, 1, 1, 1, 1]] * 2, np.int8)
    soil = SoilPoints(np.zeros(12, np.intp), level, np.zeros(12), np.zeros(12))
    none = CropPoints(np.zeros(0, np.intp), np.zeros((0, 5), np.int8))
    for pairs, rule in (([[0, 11]], "U2"), ([[10, 11]], "U3")):
        got = classify(1, soil, none, DAY, pairs=np.array(pairs, np.intp))
        assert ELEMENT_RULES[got.element_rule[0, 0]] == rule


def test_metres_are_metres_over_all_of_shanxi() -> None:
    for lon, lat in ((110.3, 35.0), (112.5, 37.8), (114.5, 40.5)):
        x, y = metres(np.array([lon, lon + 0.01]), np.array([lat, lat + 0.01]))
        true = Geod(ellps="GRS80").inv(lon, lat, lon + 0.01, lat + 0.01)[2]
        assert float(np.hypot(x[1] - x[0], y[1] - y[0])) == pytest.approx(true, rel=0.002)


levels = st.lists(st.lists(st.integers(0, 3), min_size=5, max_size=5), max_size=14)
crops = st.lists(st.lists(st.sampled_from(sorted(CODE)), min_size=5, max_size=5), max_size=6)


def unit(points: list[list[int]], eaten: list[list[str]], spread: int = 800) -> Evaluation:
    named = [
        Point(
            f"S{n}",
            {code: level for code, level in zip(FIVE, own, strict=True) if level},
            (111.6, 36 + n * spread / 1e5),
        )
        for n, own in enumerate(points)
    ]
    return evaluate("Y", named, [Crop(f"N{n}", dict(zip(FIVE, own, strict=True))) for n, own in enumerate(eaten)], DAY)


@settings(max_examples=150, deadline=None)
@given(levels, crops, st.integers(0, 13), st.integers(0, 4))
def test_more_of_an_analyte_never_makes_a_better_class(
    points: list[list[int]], eaten: list[list[str]], at: int, element: int
) -> None:
    worse = [list(own) for own in points]
    if at >= len(worse) or not 0 < worse[at][element] < 3:
        return
    worse[at][element] += 1
    before, after = unit(points, eaten), unit(worse, eaten)
    assert len(after.soil_class) >= len(before.soil_class)
    if before.proposed_class and after.proposed_class:
        assert len(after.proposed_class) >= len(before.proposed_class)


@settings(max_examples=100, deadline=None)
@given(levels, crops, st.randoms(use_true_random=False))
def test_the_order_of_points_does_not_matter(points: list[list[int]], eaten: list[list[str]], random: object) -> None:
    named = list(range(len(points)))
    random.shuffle(named)  # type: ignore[attr-defined]
    level = np.array(points, np.int8).reshape(-1, 5)
    x = np.arange(len(points)) * 900.0
    outcome = np.array([[CODE[each] for each in own] for own in eaten], np.int8).reshape(-1, 5)
    straight, mixed = (
        classify(
            1,
            SoilPoints(np.zeros(len(points), np.intp), level[order], x[order], np.zeros(len(points))),
            CropPoints(np.zeros(len(eaten), np.intp), outcome[:: 1 if order is full else -1]),
            DAY,
        )
        for full in [np.arange(len(points))]
        for order in (full, np.array(named, np.intp))
    )
    assert findings_of(straight, 0, "Y") == findings_of(mixed, 0, "Y")


@settings(max_examples=80, deadline=None)
@given(levels, crops)
def test_a_crop_that_exceeds_never_helps_and_one_that_is_clean_never_harms(
    points: list[list[int]], eaten: list[list[str]]
) -> None:
    before = unit(points, eaten)
    exceeding = unit(points, [*eaten, ["exceeds_limit", *["within_limit"] * 4]])
    clean = unit(points, [*eaten, ["within_limit"] * 5])
    assert len(clean.proposed_class) <= len(before.proposed_class) <= len(exceeding.proposed_class)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(levels, crops), min_size=1, max_size=5))
def test_units_classed_together_are_classed_as_alone(all_units: list[tuple[list[list[int]], list[list[str]]]]) -> None:
    points = [(number, own) for number, (soil, _crops) in enumerate(all_units) for own in soil]
    eaten = [(number, own) for number, (_soil, crop) in enumerate(all_units) for own in crop]
    soil = SoilPoints(
        np.array([number for number, _ in points], np.intp),
        np.array([own for _, own in points], np.int8).reshape(-1, 5),
        np.zeros(len(points)),
        np.zeros(len(points)),
    )
    outcome = np.array([[CODE[each] for each in own] for _, own in eaten], np.int8).reshape(-1, 5)
    together = classify(
        len(all_units), soil, CropPoints(np.array([number for number, _ in eaten], np.intp), outcome), DAY
    )
    for number, (own, crop) in enumerate(all_units):
        alone = unit(own, crop, spread=0)
        assert replace(summary(together, number), findings=()) == replace(alone, findings=())


def test_codes_of_rules_are_those_of_the_table() -> None:
    on_table = set(law.at(DAY).table("farmland_class_rules").column("rule"))
    assert {code for code in (*ELEMENT_RULES, *CROP_RULES) if code} <= on_table
    assert unit_class.FIRST == 1
