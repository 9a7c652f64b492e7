"""Findings say value, threshold, row and clause, can be replayed, and tell when their basis is thin."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingtu import law
from jingtu.assess import farmland
from jingtu.assess.farmland import Samples, assess, findings_of
from jingtu.plain.reported import Reported, parse_reported

DAY = date(2021, 9, 15)


def findings(ph: str | None, use: str, elements: str = "five", **results: str) -> dict[str, farmland.Finding]:
    columns = {code.replace("_", ""): [parse_reported(text)] for code, text in results.items()}
    samples = Samples(["Y1"], [Decimal(ph) if ph else None], [use], columns)
    return {found.part("analyte") or found.measure: found for found in findings_of(assess(samples, DAY, elements), 0)}


def test_a_level_sentence_names_value_threshold_row_and_clause() -> None:
    sentence = findings("5.14", "dryland", Cd="0.45")["Cd"].sentence()
    for part in (
        "0.45 mg/kg",
        "pH 5.14",
        "旱地",
        "0.3 mg/kg",
        "表1",
        "gb15618_2018.t1.cd.other.ph1",
        "6.2",
        "0.50 倍",
        "1.5",
    ):
        assert part in sentence


def test_above_the_control_value_the_row_of_table_three_decides() -> None:
    found = findings("7.8", "paddy", Cd="4.01")["Cd"]
    assert (found.outcome, found.threshold, found.table_row) == (
        "exceeds_control",
        Decimal("4.0"),
        "gb15618_2018.t3.cd.all.ph4",
    )
    assert "6.3" in found.sentence()


def test_an_element_without_control_value_says_so() -> None:
    found = findings("7.8", "paddy", "eight", Zn="301")["Zn"]
    assert "没有管制值" in found.sentence()
    assert found.rule_clause == "gb15618-2018#c6-1-above"


def test_fewer_than_five_elements_make_a_thin_basis() -> None:
    found = findings("7.8", "other", Cd="0.7")["farmland.class"]
    assert found.outcome == "class.2"
    assert "依据不全（仅 Cd，缺 Hg、As、Pb、Cr）" in found.sentence()


def test_five_elements_make_a_class_that_can_be_adopted() -> None:
    found = findings("7.8", "other", Cd="0.5", Hg="0.1", As_="26", Pb="30", Cr="60")["farmland.class"]
    assert found.outcome == "class.2"
    assert "依据不全" not in found.sentence()
    assert "由砷决定" in found.sentence()


def test_nemerow_names_scheme_base_and_elements_and_stays_out_of_the_class() -> None:
    found = findings("7.8", "other", Cd="0.6", Hg="0.34")["farmland.nemerow"]
    assert found.value is not None
    assert float(found.value) == pytest.approx((((1 + 0.1) / 2) ** 2 / 2 + 1 / 2) ** 0.5)
    assert found.outcome == "pn_hjt166.2"
    for part in ("GB 15618 筛选值", "Cd、Hg", "HJ/T 166-2004", "不用于划分类别"):
        assert part in found.sentence()


def test_what_cannot_be_judged_says_why() -> None:
    found = findings("7.8", "other", Cd="<0.7", Hg="未检出")
    assert "检出限 0.7 mg/kg，筛选值 0.6 mg/kg" in found["Cd"].sentence()
    assert "没有给出检出限" in found["Hg"].sentence()
    assert found["farmland.class"].outcome == "not_judged"
    assert "farmland.nemerow" not in found


reported = st.one_of(
    st.decimals(min_value=Decimal("0.001"), max_value=Decimal(3000), places=3).map(lambda v: Reported(v, None, "")),
    st.decimals(min_value=Decimal("0.001"), max_value=Decimal(3), places=3).map(lambda v: Reported(None, v, "ND")),
    st.just(Reported(None, None, "ND")),
    st.just(Reported(None, None, "NM")),
)


@settings(max_examples=120, deadline=None)
@given(
    st.dictionaries(st.sampled_from(law.analytes().element_set("eight")), reported, min_size=1),
    st.one_of(st.none(), st.decimals(min_value=Decimal(3), max_value=Decimal(10), places=2)),
    st.sampled_from(["", *law.codes("land_use").codes]),
    st.sampled_from(["five", "eight"]),
)
def test_every_finding_is_reached_again_from_its_stored_inputs(
    results: dict[str, Reported], ph: Decimal | None, use: str, elements: str
) -> None:
    samples = Samples(["Y1"], [ph], [use], {code: [item] for code, item in results.items()})
    for found in findings_of(assess(samples, DAY, elements), 0):
        assert farmland.replay(found) == found
        assert found.sentence().endswith("。")


def test_the_digest_follows_the_inputs_and_not_the_code() -> None:
    first, second = findings("7.8", "other", Cd="0.5")["Cd"], findings("7.8", "other", Cd="0.51")["Cd"]
    assert first.digest != second.digest
    again = farmland.replay(replace(first, code_version="0.0.1"))
    assert again.digest == first.digest


def test_a_stored_conclusion_that_no_longer_follows_is_seen() -> None:
    found = findings("7.8", "other", Cd="0.5")["Cd"]
    assert farmland.replay(replace(found, outcome="exceeds_control")).outcome == "within_screening"


def test_results_of_a_register_become_levels_of_eight_and_a_class_over_five() -> None:
    rows = [
        ("S1", "dryland", "pH", Decimal("7.8"), "", None, "7.8"),
        ("S1", "dryland", "Cd", Decimal("0.2"), "", None, "0.2"),
        ("S1", "dryland", "Cu", Decimal(101), "", None, "101"),
        ("S2", "dryland", "Cd", None, "ND", Decimal("0.01"), "<0.01"),
    ]
    found = list(farmland.findings_of_results(rows, law.at(DAY)))
    assert [(item.subject, item.measure, item.outcome) for item in found] == [
        ("S1", "farmland.level", "within_screening"),
        ("S1", "farmland.level", "exceeds_screening"),
        ("S1", "farmland.class", "class.1"),
        ("S1", "farmland.nemerow", "pn_hjt166.1"),
        ("S2", "farmland.level", "not_judged"),
        ("S2", "farmland.class", "not_judged"),
    ]


def test_findings_turn_into_plain_data() -> None:
    found = findings("7.8", "other", Cd="0.7")["Cd"].as_dict()
    assert found["value"] == "0.7"
    assert found["law_on"] == "2021-09-15"
    assert found["sentence"]
