"""GB 36600: every rule a case, every value at its edge, sums, backgrounds, land uses, replay."""

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
from jingtu.assess.construction import findings, findings_of, one_sample, parcel_finding, replay
from jingtu.assess.construction_assessment import OUTCOMES, Assessment, Samples, assess
from jingtu.assess.construction_limits import construction_limits, look_up
from jingtu.assess.finding import Finding
from jingtu.assess.land_use import land_use
from jingtu.plain.reported import Reported, parse_reported
from jingtu.plain.units import convert

DAY = date(2021, 9, 15)
LIMITS = construction_limits(DAY)
TINY = Decimal("1E-20")
CASES = Path(__file__).parent / "cases"


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pairs(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.split(";") if part)


def judge(results: dict[str, Reported], use: str = "R", soil_type: str = "", **more: object) -> Assessment:
    return assess(one_sample("S1", use, results, soil_type), DAY, **more)  # type: ignore[arg-type]


def item_findings(assessment: Assessment) -> dict[str, Finding]:
    return {found.part("analyte"): found for found in findings_of(assessment, 0) if found.part("analyte")}


@pytest.mark.parametrize("case", rows("construction.csv"), ids=lambda case: case["case"])
def test_rule(case: dict[str, str]) -> None:
    results = {code: parse_reported(text) for code, text in pairs(case["results"]).items()}
    local = {code: Decimal(text) for code, text in pairs(case["background"]).items()}
    assessment = judge(results, case["land_use"], case["soil_type"], stage=case["stage"], local_background=local)
    found = item_findings(assessment)[case["analyte"]]
    assert law.clause(case["clause"])
    assert (found.outcome, found.reason, found.rule_clause, found.table_row) == tuple(
        case[name] for name in ("outcome", "reason", "must_follow", "table_row")
    )
    assert not found.rule_clause or law.cite(found.rule_clause) in found.sentence()
    assert replay(found) == found


@pytest.mark.parametrize("case", rows("land_uses.csv"), ids=lambda case: case["text"] or "blank")
def test_planned_use(case: dict[str, str]) -> None:
    use = land_use(case["text"], DAY)
    found = (use.land_class, use.reason, use.survey_before_change)
    assert found == (case["land_class"], case["reason"], case["survey_before_change"])


def test_a_use_nobody_knows_is_refused_with_a_sentence() -> None:
    for text in ("XX", "R2D2", "A33a", "沙漠", "99"):
        with pytest.raises(ValueError, match="规划用途"):
            land_use(text, DAY)


def test_a_use_whose_parts_belong_elsewhere_says_which() -> None:
    assert land_use("A", DAY).but == ("A33", "A5", "A6")
    sentence = findings_of(judge({"Cd": parse_reported("1")}, "A"), 0)[0].sentence()
    assert "A33、A5、A6" in sentence and "第五十九条" in sentence


@pytest.mark.parametrize("unit", ["mg/kg", "ug/kg", "g/kg", "%"])
def test_no_value_exceeds_itself_whatever_the_unit_and_a_trifle_more_does(unit: str) -> None:
    for code in LIMITS.analytes:
        for use, land_class in (("R", "class1"), ("M", "class2")):
            cell = LIMITS.cell(code, land_class)
            screening = LIMITS.screening_row(cell).required_number("value_mg_kg")
            control = LIMITS.control_row(cell).required_number("value_mg_kg")
            levels = [
                int(judge({code: Reported(value, None, "")}, use).items[0].level[0])
                for value in (convert(convert(screening, "mg/kg", unit), unit, "mg/kg"), screening + TINY,
                              convert(convert(control, "mg/kg", unit), unit, "mg/kg"), control + TINY)
            ]  # fmt: skip
            assert levels == ([1, 2, 2, 3] if control > screening else [1, 3, 1, 3]), (code, use)


def test_the_look_up_of_arrays_agrees_with_one_by_one_on_any_number_of_threads() -> None:
    random = np.random.default_rng(36600)
    analyte = random.integers(0, len(LIMITS.analytes), 4000, dtype=np.intp)
    land = random.integers(0, 2, 4000, dtype=np.intp)
    value = random.lognormal(2, 3, 4000)
    found = look_up(LIMITS, analyte, land, value, threads=2)
    cell = analyte * 2 + land
    expected = 1 + (value > LIMITS.screening[cell]).astype(int) + (value > LIMITS.control[cell]).astype(int)
    assert (found.level == expected).all()
    assert (found.row == np.where(expected == 3, cell + len(LIMITS.screening), cell)).all()


def test_one_congener_alone_is_judged_by_its_own_value_and_leaves_the_total_out() -> None:
    alone = judge({"pcb_126": parse_reported("0.00001")})
    assert [item.code for item in alone.items] == ["pcb_126"]
    both = judge({"pcb_126": parse_reported("0.00001"), "pcb_77": parse_reported("0.2")})
    assert item_findings(both)["pcb_total"].outcome == "exceeds_screening"


def test_a_sample_with_something_unjudged_is_not_called_clean() -> None:
    assessment = judge({"Cd": parse_reported("1"), "benzene": parse_reported("<5")})
    verdict = findings_of(assessment, 0)[-1]
    assert (verdict.outcome, verdict.reason) == ("not_judged", "items.open")
    assert "苯" in verdict.sentence()
    assert parcel_finding(assessment).outcome == "not_judged"


def test_what_is_missing_of_the_45_basic_items_is_said() -> None:
    found = findings_of(judge({"Cd": parse_reported("1")}), 0)[-1]
    assert len(found.part("missing").split()) == 44
    assert "缺 44 项" in found.sentence()
    whole = {code: parse_reported("<0.00001") for code in LIMITS.basic}
    assert "依据不全" not in findings_of(judge(whole), 0)[-1].sentence()


def test_the_parcel_is_as_bad_as_its_worst_sample() -> None:
    samples = Samples(
        ["a", "b", "c"], ["R", "M", "R"], ["", "", ""],
        {"Pb": [parse_reported("401"), parse_reported("401"), parse_reported("801")]},
    )  # fmt: skip
    assessment = assess(samples, DAY)
    found = parcel_finding(assessment)
    assert assessment.sample_level.tolist() == [2, 1, 3]
    assert (found.outcome, found.part("above"), found.part("over")) == ("exceeds_control", "Pb", "Pb")
    assert len(list(findings(assessment))) == 3 * 3 + 1


content = st.one_of(
    st.decimals(min_value=Decimal("0.00001"), max_value=Decimal(10000), places=5).map(lambda v: Reported(v, None, "")),
    st.decimals(min_value=Decimal("0.00001"), max_value=Decimal(100), places=5).map(lambda v: Reported(None, v, "ND")),
    st.just(Reported(None, None, "ND")),
    st.just(Reported(None, None, "NM")),
)
codes = st.sampled_from([*LIMITS.analytes, "alpha_chlordane", "gamma_chlordane", "op_ddt", "pp_ddt", "pcb_77", "Zn"])
uses = st.sampled_from(["R", "M", "", "A", "G1", "0801"])


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(codes, content, min_size=1, max_size=8), uses, st.sampled_from(["", "褐土", "栗钙土"]))
def test_every_finding_is_reached_again_and_ends_as_a_sentence(
    results: dict[str, Reported], use: str, soil_type: str
) -> None:
    for found in findings_of(judge(results, use, soil_type), 0):
        assert replay(found) == found
        assert found.sentence().endswith("。")


@settings(max_examples=80, deadline=None)
@given(codes, st.decimals(min_value=0, max_value=5000, places=4), st.decimals(min_value=0, max_value=5000, places=4),
       uses, st.sampled_from(["", "褐土", "栗钙土"]))  # fmt: skip
def test_more_of_it_never_makes_it_better(code: str, one: Decimal, other: Decimal, use: str, soil_type: str) -> None:
    low, high = sorted((one, other))
    ladder = ["not_judged", "within_screening", "within_background", "exceeds_screening", "exceeds_control"]
    ranks = [
        ladder.index(found.outcome)
        for value in (low, high)
        for found in item_findings(judge({code: Reported(value, None, "")}, use, soil_type)).values()
    ]
    assert ranks == sorted(ranks)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(codes, content, min_size=2, max_size=8), codes, content)
def test_another_item_never_lowers_the_level_and_order_does_not_count(
    results: dict[str, Reported], code: str, item: Reported
) -> None:
    if code in results:
        return
    few = judge(results)
    many, turned = judge({**results, code: item}), judge({code: item, **dict(reversed(results.items()))})
    assert many.sample_level.tolist() == turned.sample_level.tolist()
    above = OUTCOMES.index("exceeds_screening")
    if few.sample_level[0] >= above:
        assert many.sample_level[0] >= few.sample_level[0]
    elif many.sample_level[0] == 1:
        assert few.sample_level[0] in (0, 1)
