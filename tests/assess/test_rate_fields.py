"""The safe-use rate from units: every case of the rules, and what holds of any units."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingtu import law
from jingtu.assess import rate_fields
from jingtu.assess.rate_fields import BY_CLASS, MISSING, MODES, TRIAL, Evidence, areas, count, evidence_of, rates

DAY = date(2021, 9, 15)
with (Path(__file__).parent / "cases" / "rate_fields.csv").open(encoding="utf-8") as stream:
    CASES = list(csv.DictReader(stream))


def unit_of(text: str) -> dict[str, Any]:
    said = dict(part.split("=") for part in text.split())
    return {name: value if name.endswith("class") else int(value) for name, value in said.items()}


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_cases(case: dict[str, str]) -> None:
    found = count(evidence_of(unit_of(case["unit"])), case["mode"])
    assert str(found.term[0]) == case["term"]
    assert int(found.done[0]) == int(case["done"])
    assert str(found.whole_term[0]) == case["whole_term"]
    assert list(found.missing_of(0)) == case["missing"].split()
    assert law.clause(case["clause"]).citation


def test_every_code_of_what_is_missing_has_a_case() -> None:
    assert {code for case in CASES for code in case["missing"].split()} == set(MISSING)


AREA = st.integers(0, 10**9)
UNIT = st.fixed_dictionaries(
    {
        "land_class": st.sampled_from(["", "I", "II", "III"]),
        "soil_class": st.sampled_from(["", "I", "II", "III"]),
        "area": st.integers(1, 10**9),
        **dict.fromkeys(("protect_area", "safe_area", "strict_area"), AREA),
        **{
            name: st.booleans()
            for name in Evidence.__dataclass_fields__
            if name.endswith(("waiting", "meet", "exceed", "found"))
        },
    }
)


@given(st.lists(UNIT, min_size=1, max_size=20), st.sampled_from(MODES), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_no_unit_counts_twice_or_beyond_its_ground_and_order_does_not_matter(
    units: list[dict[str, Any]], mode: str, chance: Any
) -> None:
    found = count(evidence_of(*units), mode)
    assert ((found.done > 0) == (found.term != "")).all()
    assert (found.done <= found.area).all()
    assert ((found.area > 0) == (found.whole_term != "")).all()
    mixed = list(range(len(units)))
    chance.shuffle(mixed)
    again = count(evidence_of(*(units[place] for place in mixed)), mode)
    assert list(again.done) == [found.done[place] for place in mixed]
    for place, own in enumerate(mixed):
        assert again.missing_of(place) == found.missing_of(own)


@given(UNIT, st.sampled_from(MODES))
@settings(deadline=None)
def test_all_is_counted_exactly_when_nothing_is_missing(unit: dict[str, Any], mode: str) -> None:
    found = count(evidence_of(unit), mode)
    assert (not found.missing_of(0)) == (found.done[0] == found.area[0])


@given(UNIT, st.sampled_from(MODES), AREA)
@settings(deadline=None)
def test_more_measures_never_count_less(unit: dict[str, Any], mode: str, more: int) -> None:
    helped = {name: unit[name] + more for name in ("protect_area", "safe_area", "strict_area")}
    assert count(evidence_of(unit | helped), mode).done[0] >= count(evidence_of(unit), mode).done[0]


def test_rates_of_regions_add_up_to_that_of_the_whole() -> None:
    units = [
        {"land_class": "II", "area": 100, "safe_area": 100, "crops_meet": True},
        {"land_class": "II", "area": 300},
        {"land_class": "III", "area": 100, "strict_area": 100},
        {"land_class": "I", "area": 900},
    ]
    counted = count(evidence_of(*units), BY_CLASS)
    by_region = areas(counted, np.array([0, 0, 1, 2]), 3)
    found = rates(["甲", "乙", "丙"], by_region, BY_CLASS, DAY, Decimal("0.0001"))
    assert [each.outcome for each in found] == ["computed", "computed", "no_object"]
    assert [each.value for each in found] == [Decimal(25), Decimal(100), None]
    assert (found[0].part("numerator"), found[0].part("denominator")) == ("0.01", "0.04")
    (whole,) = rates(["全部"], areas(counted, np.zeros(4, np.intp), 1), BY_CLASS, DAY, Decimal("0.0001"))
    assert whole.value == Decimal(40)


def test_an_unknown_way_of_counting_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown way"):
        count(evidence_of({"area": 1}), "parcel.redeveloped")


def test_the_trial_method_says_where_its_degrees_come_from() -> None:
    assert law.clause(rate_fields.DEGREE_RULE).certainty == "design"
    assert rate_fields.degrees(evidence_of({"land_class": "I", "soil_class": "II", "area": 1}), TRIAL)[0] == "slight"
