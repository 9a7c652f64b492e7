"""Effect of safe use, cautions against measures, and counting: every rule a case, replay, and what must hold."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingtu import law
from jingtu.assess import crops, effect_season, measures, pairing
from jingtu.assess.crops import CropSample
from jingtu.assess.effect_season import Harvest, indices_of, overall, season
from jingtu.assess.rates import rate
from jingtu.assess.safe_use_counting import (
    CLASS_BASED,
    HEAVY,
    MISSING_NAMES,
    MODERATE,
    MODES,
    SLIGHT,
    TRIAL,
    Done,
    Field,
    areas,
    contribution,
)
from jingtu.plain.reported import parse_reported

DAY = date(2021, 11, 15)
CASES = Path(__file__).parent / "cases"


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def numbers(text: str) -> dict[str, list[Decimal]]:
    parts = (part.split("=") for part in text.split(";") if part)
    return {code: [Decimal(each) for each in values.split()] for code, values in parts}


@pytest.mark.parametrize("case", rows("season.csv"), ids=lambda case: case["case"])
def test_a_season(case: dict[str, str]) -> None:
    change = Decimal(case["yield_change"]) if case["yield_change"] else None
    found = season(
        "141024000001 2021 秋收", numbers(case["indices"]), date.fromisoformat(case["on"]), change, case["inputs"]
    )
    whole = found[-1]
    assert (whole.outcome, whole.reason) == (case["outcome"], case["reason"])
    assert case["clause"] in {each.clause for each in found}
    for each in found:
        assert effect_season.replay(each) == each
        assert each.sentence().endswith("。")
        assert law.codes("certainty").label(each.part("certainty")) in each.sentence()


def test_the_order_of_targets_and_samples_does_not_matter() -> None:
    one = numbers("Cd=0.1 1.3 0.2;Pb=0.4 1.5 0.2")
    other = {code: one[code][::-1] for code in reversed(one)}
    first, second = (season("U", held, DAY)[-1] for held in (one, other))
    assert (first.outcome, first.reason, first.value) == (second.outcome, second.reason, second.value)


@pytest.mark.parametrize("case", rows("overall.csv"), ids=lambda case: case["case"])
def test_seasons_one_after_another(case: dict[str, str]) -> None:
    harvests = []
    for text in case["harvests"].split():
        when, said = text.split("=")
        year, order = when.split(".")
        harvests.append(Harvest(int(year), int(order), *said.split("/")))
    found = overall("141024000001", harvests[::-1], date.fromisoformat(case["on"]), case["rule"])
    assert (found.outcome, found.reason, found.clause) == (case["outcome"], case["reason"], case["clause"])
    assert effect_season.replay(found) == found
    assert found.sentence().endswith("。")


def test_indices_come_from_crops_that_could_be_judged() -> None:
    texts = {"Cd": "0.05", "Hg": "0.5", "Pb": "<0.5"}
    results = {code: parse_reported(text) for code, text in texts.items()}
    levels = crops.judge([CropSample("N1", "foxtail_millet", date(2021, 9, 20), results)], DAY)
    assert indices_of(levels, ["Cd", "Hg", "Pb"]) == {"Cd": [Decimal("0.5")], "Hg": [], "Pb": []}
    rice = CropSample("N2", "rice", date(2021, 9, 20), {"As": parse_reported("0.3")})
    assert indices_of(crops.judge([rice], DAY), ["As"]) == {"As": []}


@pytest.mark.parametrize("case", rows("counting.csv"), ids=lambda case: case["case"])
def test_counting_a_field(case: dict[str, str]) -> None:
    done = []
    for text in case["measures"].split():
        code, area, accepted = text.split(":")
        measure, _, variant = code.partition("/")
        done.append(Done(measure, Decimal(area), accepted == "yes", variant))
    field = Field(
        "141024000001Ⅱ", case["land_class"], Decimal(case["area"]), case["degree"], done, case["effect"],
        int(case["periods"]), Decimal(case["passing"]) if case["passing"] else None, Decimal(case["controlled"]),
        case["edible_found"] == "yes",
    )  # fmt: skip
    on = date.fromisoformat(case["on"])
    got = contribution(field, case["mode"], on, case["by"])
    assert law.at(on).table("rate_terms").where(rate=case["mode"])[0].clause == case["clause"]
    assert (got.numerator, got.denominator) == (case["numerator"], case["denominator"])
    assert (got.counted, " ".join(got.missing)) == (Decimal(case["counted"]), case["missing"])
    assert got.sentence().endswith("。")
    held = areas([got], case["mode"], on)
    assert rate("141024", case["mode"], held, on).outcome == ("computed" if case["denominator"] else "no_object")


fields = st.builds(
    Field,
    subject=st.just("U"),
    land_class=st.sampled_from(["", "I", "II", "III"]),
    area=st.decimals(Decimal("0.01"), Decimal(500), places=2),
    degree=st.sampled_from(["", "slight", "moderate", "heavy"]),
    measures=st.lists(
        st.builds(
            Done,
            measure=st.sampled_from(law.codes("measure").codes),
            area=st.decimals(Decimal(0), Decimal(500), places=2),
            accepted=st.booleans(),
            variant=st.sampled_from(["", "tillage", "fallow"]),
        ),
        max_size=4,
    ),
    effect=st.sampled_from(["", "reached", "not_reached", "not_judged"]),
    periods=st.integers(0, 3),
    passing=st.one_of(st.none(), st.decimals(0, 1, places=2)),
    controlled=st.decimals(Decimal(0), Decimal(500), places=2),
    edible_found=st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(fields, max_size=6), st.sampled_from(MODES), st.sampled_from(["whole", "share"]))
def test_no_field_counts_twice_and_what_lacks_is_named(held: list[Field], mode: str, by: str) -> None:
    found = [contribution(field, mode, DAY, by) for field in held]
    for each in found:
        assert 0 <= each.counted <= each.area
        assert bool(each.missing) == (each.lacking > 0)
        assert set(each.missing) <= set(MISSING_NAMES)
    reached = rate("140000", mode, areas(found, mode, DAY), DAY)
    assert reached.value is None or 0 <= reached.value <= 100


def test_contributions_of_two_ways_do_not_mix() -> None:
    one = contribution(Field("U", "II", Decimal(1)), CLASS_BASED, DAY)
    with pytest.raises(ValueError, match="does not count"):
        areas([one], "farmland.trial_2019", DAY)
    with pytest.raises(ValueError, match="unknown way"):
        contribution(Field("U", "II", Decimal(1)), "farmland.other", DAY)


@pytest.mark.parametrize("case", rows("cautions.csv"), ids=lambda case: case["case"])
def test_what_is_held_against_a_measure(case: dict[str, str]) -> None:
    found = measures.cautions(
        case["measure"],
        date.fromisoformat(case["on"]),
        ph=Decimal(case["ph"]) if case["ph"] else None,
        targets=case["targets"].split(),
        land_class=case["land_class"],
        variant=case["variant"],
    )
    assert [each.code for each in found] == case["codes"].split()
    for each in found:
        assert each.clause == case["clause"]
        assert each.sentence.endswith("。") and measures.caution_name(each.code)
        assert law.codes("certainty").label(each.certainty) in each.sentence


@pytest.mark.parametrize("case", rows("pairs.csv"), ids=lambda case: case["case"])
def test_two_halves_of_a_pair(case: dict[str, str]) -> None:
    soil_on, harvested_on, on = (date.fromisoformat(case[name]) for name in ("soil_on", "harvested_on", "on"))
    one = pairing.judge("D1", soil_on, harvested_on, Decimal(case["apart_m"]), on)
    assert (one.outcome, one.reason, one.clause) == (case["outcome"], case["reason"], case["clause"])
    assert pairing.replay(one) == one
    assert one.sentence().endswith("。")


@pytest.mark.parametrize("case", rows("measures.csv"), ids=lambda case: case["case"])
def test_a_measure(case: dict[str, str]) -> None:
    on, code, variant = date.fromisoformat(case["on"]), case["measure"], case["variant"]
    row = measures.measure_row(code, on)
    assert measures.group_of(code, on, variant) == case["group"]
    assert measures.is_preferred(code, on) is (case["preferred"] == "yes")
    assert row.clause == case["clause"] and law.codes("certainty").label(row.certainty.value)
    done, whole = [Done(code, Decimal(100), True, variant)], Decimal(100)
    for degree in (SLIGHT, MODERATE, HEAVY):
        field = Field("U", "II", whole, degree=degree, measures=done, effect="reached", periods=1)
        counted = contribution(field, TRIAL, on).counted
        assert counted == (whole if degree == case["counts_on"] else 0)


def test_a_measure_that_no_case_covers_is_missing() -> None:
    table = law.at(DAY).table("safe_use_measures")
    assert {case["measure"] for case in rows("measures.csv")} == set(table.column("measure"))
    assert set(table.column("measure")) == set(law.codes("measure").codes)


def test_a_caution_that_no_case_covers_is_missing() -> None:
    assert {code for case in rows("cautions.csv") for code in case["codes"].split()} == set(measures._SAID)


def test_measures_on_former_fields_add_up_and_the_own_one_stands_alone() -> None:
    own = Done("A", Decimal(30), True)
    first, second = (Done("A", Decimal(area), True, "", ground) for area, ground in ((20, "1"), (25, "2")))
    again = Done("D", Decimal(15), True, "", "1")

    def covered(*done: Done) -> Decimal:
        field = Field("U", "II", Decimal(100), measures=done, effect="reached", periods=1)
        return contribution(field, TRIAL, DAY).counted

    assert covered(own) == 30 and covered(first, again) == 20
    assert covered(first, second, again) == 45 and covered(own, first, second) == 45
    assert covered(own, first) == 30


def test_every_measure_has_a_group_once_its_variant_is_known() -> None:
    for code in law.codes("measure").codes:
        assert measures.group_of(code, DAY, "fallow") in {"protect", "safe_use", "remediate", "strict"}
