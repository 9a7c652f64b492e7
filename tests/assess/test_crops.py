"""Crops against the edition of the day of harvest: every rule a case, replay, and no limit is never a pass."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingtu import law
from jingtu.assess import crops
from jingtu.assess.crop_limits import crop_limits, look_up
from jingtu.assess.crops import CropSample
from jingtu.assess.finding import Finding
from jingtu.assess.finding_columns import columns_of
from jingtu.plain.reported import Reported, parse_reported
from jingtu.plain.units import convert

DAY = date(2021, 11, 15)
CASES = Path(__file__).parent / "cases" / "crops.csv"


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sample(case: dict[str, str]) -> CropSample:
    results = dict(part.split("=") for part in case["results"].split(";"))
    harvested = date.fromisoformat(case["harvested_on"]) if case["harvested_on"] else None
    return CropSample("N1", case["crop"], harvested, {code: parse_reported(text) for code, text in results.items()})


def findings(one: CropSample) -> dict[str, Finding]:
    return {each.part("analyte") or each.measure: each for each in crops.judge([one], DAY)}


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["case"])
def test_a_result_against_its_limit(case: dict[str, str]) -> None:
    drawn = crops.judge([sample(case)], date.fromisoformat(case["on"]))
    one = next(each for each in drawn if each.part("analyte") == case["analyte"])
    assert (one.outcome, one.reason, one.table_row) == (case["outcome"], case["reason"], case["table_row"])
    assert one.clause == case["clause"]
    assert one.threshold == (Decimal(case["threshold"]) if case["threshold"] else None)
    assert law.codes("crop").label(case["crop"]) in one.sentence() and one.sentence().endswith("。")
    if one.table_row:
        assert one.part("certainty")
    assert crops.replay(one) == one


def test_a_sentence_says_limit_row_edition_and_how_sure() -> None:
    one = findings(sample({"crop": "wheat", "harvested_on": "2021-06-12", "results": "Cd=0.15"}))["Cd"]
    for part in ("小麦", "2021-06-12", "0.15", "高于限量 0.1 mg/kg", "GB 2762-2017", "行号 gb2762_2017", "把握大"):
        assert part in one.sentence()
    assert one.part("index") == "1.5"


def whole(results: str, crop: str = "foxtail_millet") -> Finding:
    return findings(sample({"crop": crop, "harvested_on": "2021-09-20", "results": results}))["crop.sample"]


def test_a_sample_is_above_when_any_analyte_is_and_within_only_when_all_are() -> None:
    assert whole("Cd=0.05;Pb=0.3").outcome == "exceeds_limit"
    within = whole("Cd=0.05;Hg=0.5")
    assert (within.outcome, within.part("within_limit"), within.part("no_limit")) == ("within_limit", "Cd", "Hg")
    assert "无限量：汞" in within.sentence()
    assert whole("Hg=0.5").outcome == "no_limit"
    assert whole("Cd=0.05;Pb=<0.5").outcome == "not_judged"
    assert findings(CropSample("N2", "wheat", DAY, {}))["crop.sample"].reason == "value.not_measured"


def test_a_non_detect_counts_half_its_detection_limit_in_the_index() -> None:
    assert whole("Cd=<0.02").value == Decimal("0.1")


def test_the_day_of_judging_does_not_move_the_edition() -> None:
    one = sample({"crop": "cabbage", "harvested_on": "2021-09-20", "results": "Pb=0.25"})
    early, late = (crops.judge([one], day)[0] for day in (DAY, date(2024, 1, 1)))
    assert early == late


def test_findings_drawn_one_by_one_can_be_kept_as_columns() -> None:
    drawn = crops.judge([sample({"crop": "wheat", "harvested_on": "2021-06-12", "results": "Cd=0.15;Pb=<0.1"})], DAY)
    assert list(columns_of(drawn).rows()) == drawn
    with pytest.raises(ValueError, match="one day"):
        columns_of([])


reported = st.one_of(
    st.decimals(Decimal("0.0001"), Decimal(9), places=4).map(lambda v: Reported(v, None, "")),
    st.decimals(Decimal("0.0001"), Decimal(1), places=4).map(lambda v: Reported(None, v, "ND")),
    st.just(Reported(None, None, "ND")),
)
analytes = st.sampled_from([*law.analytes().element_set("five"), "As_inorganic"])
days = st.sampled_from([None, date(2016, 9, 1), date(2021, 9, 20), date(2024, 9, 20)])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(law.codes("crop").codes), days, st.dictionaries(analytes, reported))
def test_every_finding_is_reached_again_and_can_be_read(
    crop: str, harvested: date | None, results: dict[str, Reported]
) -> None:
    for one in crops.judge([CropSample("N1", crop, harvested, results)], DAY):
        assert crops.replay(one) == one
        assert one.sentence().endswith("。")
        assert one.outcome in crops.OUTCOMES
        assert (one.outcome == "within_limit") <= (one.measure == "crop.sample" or one.threshold is not None)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(law.codes("crop").codes),
    st.sampled_from(law.analytes().element_set("five")),
    st.decimals(Decimal("0.001"), Decimal(5), places=3),
    st.decimals(Decimal("0.001"), Decimal(5), places=3),
)
def test_more_in_a_crop_never_passes_where_less_exceeds(crop: str, analyte: str, one: Decimal, more: Decimal) -> None:
    low, high = sorted((one, more))
    outcomes = [
        crops.judge([CropSample("N1", crop, DAY, {analyte: Reported(each, None, "")})], DAY)[0].outcome
        for each in (low, high)
    ]
    assert outcomes != ["exceeds_limit", "within_limit"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(law.codes("crop").codes), min_size=1, max_size=6),
    st.lists(st.lists(st.decimals(Decimal("0.0001"), Decimal(3), places=4), min_size=5, max_size=5), min_size=6),
    st.sampled_from([date(2021, 9, 20), date(2024, 9, 20)]),
)
def test_arrays_say_what_single_results_say(names: list[str], contents: list[list[Decimal]], harvested: date) -> None:
    limits = crop_limits(harvested)
    rows = contents[: len(names)]
    got = look_up(limits, limits.crop_numbers(names), np.array([[float(each) for each in row] for row in rows]))
    for name, row, outcomes in zip(names, rows, got.tolist(), strict=True):
        results = {code: Reported(each, None, "") for code, each in zip(limits.analytes, row, strict=True)}
        drawn = crops.judge([CropSample("N1", name, harvested, results)], DAY)[:-1]
        assert [crops.OUTCOMES[number] for number in outcomes] == [one.outcome for one in drawn]


LIMITS = sorted({row.required_number("value_mg_kg") for row in law.at(DAY).table("gb2762_limits")})


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(law.codes("crop").codes),
    st.sampled_from(law.analytes().element_set("five")),
    st.sampled_from(LIMITS) | st.decimals(Decimal("0.001"), Decimal(5), places=3),
    st.sampled_from(["ug/kg", "ng/g", "g/kg"]),
)
def test_the_unit_of_a_crop_does_not_matter(crop: str, analyte: str, value: Decimal, unit: str) -> None:
    written = Decimal(str(convert(value, "mg/kg", unit)))
    there = convert(written, unit, "mg/kg")
    first, second = (
        findings(CropSample("N1", crop, date(2021, 9, 20), {analyte: Reported(each, None, "")}))
        for each in (value, there)
    )
    assert {key: (each.outcome, each.reason) for key, each in first.items()} == {
        key: (each.outcome, each.reason) for key, each in second.items()
    }
