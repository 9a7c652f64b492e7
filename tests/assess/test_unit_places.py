"""A place sampled in several seasons: how it counts by each setting, and what the findings say of it."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingtu import law
from jingtu.assess.crop_limits import CODE
from jingtu.assess.unit_class import CropPoints, SoilPoints, UnitClasses, classify
from jingtu.assess.unit_findings import findings_of, replay, summary
from jingtu.assess.unit_places import Counted, Visits, counted
from jingtu.assess.unit_rules import EACH, NEWEST, WORST, class_rules

DAY = date(2021, 11, 15)
CASES = Path(__file__).parent / "cases" / "same_place.csv"
WORDS = {"within": "within_limit", "exceeds": "exceeds_limit"}


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def placed(visits: list[int], places: list[float], cd: list[int], crops: list[str], setting: str) -> Counted:
    """Points of one unit on a line, each with its crop, as a setting counts them."""
    points, owner = len(visits), np.arange(len(visits))
    level = np.array([[each, *([1 if each else 0] * 4)] for each in cd], np.int8).reshape(-1, 5)
    outcome = np.array([[CODE[WORDS.get(word, word)]] * 5 for word in crops], np.int8).reshape(-1, 5)
    soil = SoilPoints(np.zeros(points, np.intp), level, np.array(places), np.zeros(points))
    eaten = CropPoints(np.zeros(points, np.intp), outcome, np.full(points, 0.5))
    times = Visits(np.zeros(points, np.intp), np.array(visits, np.intp))
    return counted(1, soil, eaten, owner, times, replace(class_rules(DAY), same_place=setting))


def classed(held: Counted) -> UnitClasses:
    return classify(1, held.soil, held.crops, DAY, repeated=held.repeated)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["case"])
def test_how_a_place_counts(case: dict[str, str]) -> None:
    visits, cd = ([int(each) for each in case[name].split()] for name in ("visits", "cd"))
    places = [float(each) for each in case["places"].split()]
    held = placed(visits, places, cd, case["crops"].split(), case["setting"])
    one = summary(classed(held), 0)
    assert (one.soil_points, one.crop_points) == (int(case["soil_points"]), int(case["crop_points"]))
    assert held.repeated.tolist() == [int(case["repeated"])]
    assert (one.soil_class, one.proposed_class, one.reason) == (case["soil"], case["proposed"], case["reason"])
    row = law.at(date.fromisoformat(case["on"])).table("farmland_numbers").one(rule="class.same_place")
    assert row.clause == case["clause"]


def test_every_setting_has_a_case_and_the_cautious_one_holds() -> None:
    assert {case["setting"] for case in cases()} == set(law.codes("same_place").codes) == {NEWEST, WORST, EACH}
    assert class_rules(DAY).same_place == WORST


def test_the_findings_name_the_setting_and_how_sure_it_is() -> None:
    classes = classed(placed([1, 2], [0.0, 0.0], [2, 2], ["within", "within"], WORST))
    found = findings_of(classes, 0, "141024000001")
    told = [each for each in found if each.part("repeated")]
    assert {each.measure for each in told} == {"farmland.unit_soil", "farmland.unit_crops", "farmland.unit_class"}
    for each in told[:2]:
        assert "同在一处" in each.sentence() and "各季中最差的结果" in each.sentence()
        assert "本系统的约定：同一处不同季的点位如何计数" in each.sentence()
        assert each.part("certainty") == "design"
    assert all(replay(each) == each for each in found)
    alone = findings_of(classed(placed([1], [0.0], [2], ["within"], WORST)), 0, "141024000001")
    assert not any(each.part("repeated") or each.part("same_place") for each in alone)


points = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 600), st.integers(0, 3), st.sampled_from(sorted(CODE))),
    max_size=9,
    unique_by=lambda point: point[1],
)


@settings(max_examples=150, deadline=None)
@given(points, st.sampled_from([NEWEST, WORST, EACH]), st.randoms(use_true_random=False))
def test_the_order_of_points_does_not_matter(drawn: list, setting: str, random: object) -> None:
    mixed = list(drawn)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = (
        placed([each[0] for each in own], [float(each[1]) for each in own], [each[2] for each in own],
               [each[3] for each in own], setting)
        for own in (drawn, mixed)
    )  # fmt: skip
    assert findings_of(classed(one), 0, "Y") == findings_of(classed(other), 0, "Y")


@settings(max_examples=150, deadline=None)
@given(points)
def test_places_lose_no_exceeding_crop_and_gain_no_point(drawn: list) -> None:
    columns = [[each[at] for each in drawn] for at in range(4)]
    own = {setting: placed(*columns, setting) for setting in (NEWEST, WORST, EACH)}  # type: ignore[arg-type]
    exceeding = {setting: (held.crops.outcome == CODE["exceeds_limit"]).any() for setting, held in own.items()}
    assert exceeding[WORST] == exceeding[EACH] >= exceeding[NEWEST]
    assert len(own[WORST].soil.unit) == len(own[NEWEST].soil.unit) == len(drawn) - own[WORST].repeated.sum()
    assert len(own[EACH].soil.unit) == len(drawn)
    assert own[WORST].soil.level.max(initial=0) == own[EACH].soil.level.max(initial=0)
