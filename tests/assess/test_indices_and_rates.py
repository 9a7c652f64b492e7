"""Indices and rates: numbers by hand, classes at their edges, scheme and base in every sentence."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assess.test_unit_class import rows

from jingtu import law
from jingtu.assess import indices, rates
from jingtu.assess.finding import Finding
from jingtu.plain.reported import parse_reported
from jingtu.science.indices import geoaccumulation_index, index_share

DAY = date(2021, 9, 15)
VIEW = law.at(DAY)


def of(base: str = "shanxi", own: dict[str, Decimal] | None = None, **texts: str) -> dict[tuple[str, str], Finding]:
    results = {code: [parse_reported(text)] for code, text in texts.items()}
    found = indices.findings(indices.compute(["a"], results, DAY, base, own))
    return {(one.measure, one.part("elements")): one for one in found}


def value(found: dict[tuple[str, str], Finding], measure: str, elements: str) -> float:
    return float(found[f"index.{measure}", elements].value or 0)


@pytest.mark.parametrize("case", rows("indices.csv"), ids=lambda case: case["case"])
def test_an_index(case: dict[str, str]) -> None:
    found = of(case["base"], **dict(part.split("=") for part in case["results"].split(";")))
    elements = " ".join(part.split("=")[0] for part in case["results"].split(";"))
    one = next(
        each
        for (name, over), each in found.items()
        if name == case["measure"] and set(over.split()) == set(elements.split())
    )
    assert float(one.value or 0) == pytest.approx(float(case["value"]))
    assert case["clause"] in (one.clause, one.rule_clause)


def test_indices_by_hand() -> None:
    found = of(Cd="0.256", Hg="0.054", Pb="31.6")
    assert value(found, "accumulation", "Cd") == pytest.approx(2)
    assert value(found, "igeo", "Cd") == pytest.approx(math.log2(2 / 1.5))
    assert value(found, "ecological_risk", "Hg") == pytest.approx(80)
    every = "As Cd Cr Cu Hg Ni Pb Zn"
    over = next(elements for measure, elements in found if measure == "index.potential_risk")
    assert set(over.split()) == {"Cd", "Hg", "Pb"} < set(every.split())
    assert value(found, "potential_risk", over) == pytest.approx(60 + 80 + 10)
    assert found["index.potential_risk", over].outcome == "ri_hakanson.2"
    assert value(found, "nemerow", over) == pytest.approx(2)


def test_the_base_changes_the_index_and_is_named() -> None:
    assert value(of("china", Cd="0.194"), "accumulation", "Cd") == pytest.approx(2)
    own = of(own={"Cd": Decimal("0.1")}, Cd="0.3")["index.igeo", "Cd"]
    assert float(own.value or 0) == pytest.approx(1)
    for one, base in (
        (own, "自行给出"),
        (of("china", Cd="1")["index.igeo", "Cd"], "全国"),
        (of(Cd="1")["index.igeo", "Cd"], "山西"),
    ):
        assert base in one.sentence() and "Igeo_muller" in one.sentence()
        assert "不用于划分类别" in one.sentence()


def test_non_detects_count_half_and_without_limit_not_at_all() -> None:
    assert value(of(Cd="<0.256"), "accumulation", "Cd") == pytest.approx(1)
    assert of(Cd="未检出") == {}


@pytest.mark.parametrize("case", rows("index_edges.csv"), ids=lambda case: case["case"])
def test_classes_at_their_edges(case: dict[str, str]) -> None:
    row = indices.grade(Decimal(case["index"]), case["scheme"], law.at(date.fromisoformat(case["on"])))
    assert (str(row.integer("class_no")), row.clause) == (case["class_no"], case["clause"])


def test_a_content_of_one_and_a_half_backgrounds_lies_on_the_edge() -> None:
    assert of(own={"Cd": Decimal("0.1")}, Cd="0.15")["index.igeo", "Cd"].outcome == "igeo_muller.0"
    assert of(own={"Cd": Decimal("0.1")}, Cd="0.6")["index.igeo", "Cd"].outcome == "igeo_muller.2"
    assert geoaccumulation_index([0.0], 1.0).tolist() == [-math.inf]
    assert index_share([0.0, 0.0]).tolist() != [0.5, 0.5]


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["Cd", "Hg", "As", "Pb", "Zn"]), st.decimals("0.001", 900, places=3), min_size=1),
    st.sampled_from(["shanxi", "china"]),
)
def test_indices_are_reached_again(contents: dict[str, Decimal], base: str) -> None:
    found = of(base, **{code: f"{content:f}" for code, content in contents.items()})
    for one in found.values():
        assert indices.replay(one) == one
        assert one.part("base") == base


def areas(**terms: str) -> dict[str, Decimal]:
    return {term: Decimal(text) for term, text in terms.items()}


@pytest.mark.parametrize("case", rows("rates.csv"), ids=lambda case: case["case"])
def test_rates(case: dict[str, str]) -> None:
    held = areas(**dict(part.split("=") for part in case["terms"].split()))
    found = rates.rate("某县", case["rate"], held, date.fromisoformat(case["on"]))
    assert found.value == (Decimal(case["percent"]) if case["percent"] else None)
    assert found.outcome == ("computed" if case["percent"] else "no_object")
    assert ("无对象" in found.sentence()) == (not case["percent"])
    assert case["clause"] in (found.clause, found.rule_clause)
    assert rates.replay(found) == found


@pytest.mark.parametrize(
    "terms", [areas(fit="5", redeveloped="4"), areas(fit="-1", redeveloped="4"), areas(fit="1"), areas(a="1", b="2")]
)
def test_areas_that_cannot_be_are_refused(terms: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError):
        rates.rate("某县", "parcel.redeveloped", terms, DAY)
