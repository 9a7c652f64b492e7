"""Risk of construction land: the law's parameters, the national table derived again, assessments and findings."""

from __future__ import annotations

import csv
import dataclasses
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingtu import law
from jingtu.assess.derivation import ADJUSTED, PLAIN, Derivation, Verdict, adjustments, derive
from jingtu.assess.risk import GROUNDWATER, SUBSURFACE, SURFACE, Case, RiskAssessment, assess_lead, assess_risk
from jingtu.assess.risk_findings import risk_findings
from jingtu.assess.risk_parameters import chemical_set, lead_model, setting
from jingtu.assess.risk_sensitivity import sensitivities
from jingtu.law.rows import read_rows
from jingtu.science.risk import GROUNDWATER_ROUTES, SOIL_ROUTES, Route, examples

DAY = date(2021, 9, 15)


@pytest.fixture(scope="module")
def adjusted() -> Derivation:
    return derive(DAY, ADJUSTED)


@pytest.fixture(scope="module")
def published() -> Derivation:
    return derive(DAY, PLAIN)


def test_the_national_table_comes_out_as_it_is_known_to(adjusted: Derivation, published: Derivation) -> None:
    assert (len(adjusted.cells), adjusted.equal, adjusted.near) == (336, 261, 268)
    assert (len(published.cells), published.near) == (336, 230)
    counted = adjusted.counted()
    assert (counted[Verdict.NEAR], counted[Verdict.ONE_DIGIT]) == (7, 9)
    assert counted[Verdict.DEVIATION] + counted[Verdict.NOT_MODEL_BASED] == 59
    assert len(adjustments(DAY)) == 12
    assert {cell.analyte for cell in adjusted.outside} == {"Pb", "tph_c10_c40"}


def test_the_adjustments_bring_the_same_cells_whichever_way_they_are_counted(
    adjusted: Derivation, published: Derivation
) -> None:
    def cells(found: Derivation, *verdicts: Verdict) -> set[tuple[str, str, str]]:
        return {(cell.analyte, cell.land_class, cell.limit) for cell in found.cells if cell.verdict in verdicts}

    assert (published.equal, published.near) == (223, 230)
    for verdicts in ((Verdict.REPRODUCED,), (Verdict.REPRODUCED, Verdict.NEAR)):
        before, after = cells(published, *verdicts), cells(adjusted, *verdicts)
        brought = Counter(analyte for analyte, _, _ in after - before)
        assert before < after
        assert (sum(brought.values()), brought["Cr6"], brought["Hg"], brought["Ni"]) == (38, 3, 2, 1)
        assert sorted(brought.values()) == [1, 2, 3, *[4] * 8]


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({"BWa": 56.8, "BWc": 15.9}, 121),
        ({"η": 0.01}, 168),
        ({"fom": 10.0}, 170),
        ({"ATca": 26280.0}, 233),
        ({"SAF": 0.2}, 216),
        ({"PM10": 0.15}, 251),
        ({"Ls": 50.0}, 258),
        ({"d": 100.0}, 262),
    ],
)
def test_another_parameter_breaks_as_many_cells_as_were_counted_independently(
    changes: dict[str, float], left: int
) -> None:
    assert derive(DAY, ADJUSTED, changes).near == left


@pytest.mark.parametrize(
    ("analyte", "class1", "class2"),
    [
        ("benzene", "0.976 9.76", "4.02 40.2"),
        ("ethylbenzene", "7.24 72.4", "28.4 284"),
        ("vinyl_chloride", "0.1208 1.21", "0.4335 4.34"),
        ("tetrachloroethylene", "11.27 34.1", "52.98 182.5"),
        ("1_1_1_trichloroethane", "701.2 838.6", "838.6 838.6"),
        ("BaP", "0.5465 5.47", "1.512 15.1"),
        ("naphthalene", "25.45 254.5", "70.13 701"),
        ("aniline", "92.0 210.9", "250 662.6"),
        ("Be", "15.02 98.4", "28.6 286"),
        ("V", "165.0 330", "752.0 1504"),
        ("Sb", "20.0 40", "180.5 361"),
        ("di_n_octyl_phthalate", "389.6 779", "2812 5623"),
    ],
)
def test_model_values_as_worked_out_elsewhere(adjusted: Derivation, analyte: str, class1: str, class2: str) -> None:
    found = [cell.computed_mg_kg for cell in adjusted.cells if cell.analyte == analyte]
    for value, text in zip(found, [*class1.split(), *class2.split()], strict=True):
        assert value is not None
        assert value == pytest.approx(float(text), rel=2e-3)


def test_every_cell_that_deviates_says_why(adjusted: Derivation) -> None:
    for cell in (*adjusted.cells, *adjusted.outside):
        if cell.verdict in (Verdict.DEVIATION, Verdict.NOT_MODEL_BASED):
            assert cell.reason_zh, cell
        assert law.at(DAY).table("gb36600").row(cell.table_row)["value_mg_kg"] == cell.printed_mg_kg


def test_a_reason_is_kept_for_cells_that_deviate_only(adjusted: Derivation) -> None:
    deviating = {(c.analyte, c.land_class, c.limit) for c in adjusted.cells if c.verdict is not Verdict.REPRODUCED}
    deviating |= {(c.analyte, c.land_class, c.limit) for c in adjusted.outside}
    for row in law.at(DAY).table("gb36600_derivation_reasons"):
        wanted = [
            key
            for key in deviating
            if key[0] == row["analyte"] and row["land_class"] in ("", key[1]) and row["limit"] in ("", key[2])
        ]
        assert wanted, row.row_id


def test_before_the_guideline_there_is_no_model() -> None:
    with pytest.raises(law.LawNotInForce, match="2019-12-05"):
        setting(date(2019, 12, 4), "class1")


def test_the_examples_carry_the_law_s_numbers() -> None:
    here, lead = setting(DAY, "class1"), lead_model(DAY)
    scene, target = here.scene(), here.target(["voc"])
    assert dataclasses.astuple(scene) == dataclasses.astuple(examples.scene())
    assert [float(v[0]) for v in dataclasses.astuple(target)] == list(dataclasses.astuple(examples.target()))
    assert lead == examples.lead_model()
    held = {name: float(values[0]) for name, values in chemical_set(DAY, ["benzene"]).values.items()}
    for name, value in dataclasses.asdict(examples.benzene()).items():
        assert held[name] == value or (np.isnan(held[name]) and np.isnan(value)), name


def test_class_2_has_no_children() -> None:
    assert setting(DAY, "class2").scene().child is None
    with pytest.raises(ValueError, match="只计成人"):
        setting(DAY, "class2", {"BWc": 20.0})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"XYZ": 1.0}, "不认识"),
        ({"fom": -1.0}, "不可能"),
        ({"fspi": 1.5}, "不超过 1"),
        ({"fom": float("nan")}, "不可能"),
        ({"hv": 100.0}, "应当相等"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused(changes: dict[str, float], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        setting(DAY, "class1", changes)


def test_deviations_are_listed_and_followed_up() -> None:
    here = setting(DAY, "class1", {"Lgw": 420.0, "fom": 15.0})
    assert [(d.symbol, d.default, d.value) for d in here.deviations] == [("Lgw", 300.0, 420.0), ("hv", 295.0, 415.0)]


def case(**given: object) -> Case:
    contents = {SURFACE: np.array([[0.4, np.nan]]), SUBSURFACE: np.array([[2.6, 0.7]])}
    return Case(DAY, "class1", ["benzene"], ["S1", "S2"], contents, **given)  # type: ignore[arg-type]


def test_totals_are_sums_over_routes_and_what_lacks_is_said() -> None:
    found = assess_risk(case())
    parts = [found.cancer[route] for route in SOIL_ROUTES]
    assert found.total_cancer[0, 0] == pytest.approx(sum(part[0, 0] for part in parts))
    assert found.unsampled == (GROUNDWATER,)
    told = {f.subject: f.part("missing") for f in risk_findings(found) if f.measure == "risk.cancer"}
    assert told == {"S1": "", "S2": SURFACE}
    sentence = next(f.sentence() for f in risk_findings(found) if f.subject == "S2" and f.measure == "risk.cancer")
    assert "依据不全：没有表层土壤的含量" in sentence


def test_exactly_the_acceptable_level_is_acceptable() -> None:
    control = assess_risk(case()).control.soil_cancer[0]
    for factor, outcome in ((1 - 1e-9, "acceptable"), (1 + 1e-6, "unacceptable")):
        content = np.array([[control * factor]])
        level = assess_risk(Case(DAY, "class1", ["benzene"], ["S"], {SURFACE: content, SUBSURFACE: content}))
        assert next(f.outcome for f in risk_findings(level) if f.measure == "risk.cancer") == outcome


def test_a_closed_route_is_in_no_sum_and_no_control_value() -> None:
    indoor = frozenset({Route.INDOOR_SUBSURFACE, Route.BATHING})
    shut, full = assess_risk(case(closed=indoor)), assess_risk(case())
    assert Route.INDOOR_SUBSURFACE not in shut.cancer
    assert shut.control.soil_cancer[0] > full.control.soil_cancer[0]
    assert shut.total_cancer[0, 0] < full.total_cancer[0, 0]
    with pytest.raises(ValueError, match="所有途径都关闭"):
        assess_risk(case(closed=frozenset((*SOIL_ROUTES, *GROUNDWATER_ROUTES))))


def test_groundwater_to_protect_can_decide_the_control_value() -> None:
    found = assess_risk(case(groundwater_limits_mg_l={"benzene": 0.01}))
    value, decided = found.soil_control()
    assert decided == ("groundwater",) and value[0] == pytest.approx(0.01 / found.control.leaching_kg_l[0])
    assert assess_risk(case()).soil_control()[1] == ("cancer",)


def test_lead_has_its_own_models() -> None:
    asked = Case(DAY, "class1", ["Pb"], ["S1"], {SURFACE: np.array([[800.0]])})
    found = assess_risk(asked)
    assert np.isnan(found.total_cancer).all()
    lead = assess_lead(found)
    assert round(lead.adult_limit_mg_kg) == 780 and lead.child_limit_mg_kg is None
    assert lead.blood_ug_dl[0] == pytest.approx(1.7 + 800 * 0.4 * 0.05 * 0.12 * 219 / 365)
    assert [f.outcome for f in risk_findings(found)] == ["not_assessed"]


def test_sensitivity_of_what_is_proportional_is_one() -> None:
    found = {one.code: one for one in sensitivities(assess_risk(case()))}
    assert found["unit_risk_m3_mg"].cancer[0] == pytest.approx(1)
    assert found["unit_risk_m3_mg"].hazard[0] == 0
    assert found["habits.carcinogenic_d"].cancer[0] == pytest.approx((1 / 1.1 - 1) / 0.1)
    assert "target.risk" not in found  # the level itself does not move the risk
    assert next(iter(found.values())).strongest == max(one.strongest for one in found.values())


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 100), st.floats(0, 100), st.permutations(["benzene", "As", "BaP"]))
def test_more_is_never_less_and_order_does_not_matter(one: float, more: float, order: list[str]) -> None:
    def totals(content: float, analytes: list[str]) -> RiskAssessment:
        grid = np.full((len(analytes), 1), content)
        return assess_risk(Case(DAY, "class1", analytes, ["S"], {SURFACE: grid, SUBSURFACE: grid}))

    low, high = totals(one, ["benzene", "As", "BaP"]), totals(one + more, order)
    for analyte in order:
        before = low.total_cancer[["benzene", "As", "BaP"].index(analyte), 0]
        assert high.total_cancer[order.index(analyte), 0] >= before * (1 - 1e-12)


def test_every_chemical_of_the_model_gets_a_control_value_in_both_classes() -> None:
    names = [row.text("analyte") for row in law.at(DAY).table("hj253_chemicals").where(model="hj253")]
    for land_class in ("class1", "class2"):
        found = assess_risk(Case(DAY, land_class, names, ["S"], {SURFACE: np.ones((len(names), 1))}))
        assert bool(np.isfinite(found.soil_control()[0]).all())
        assert bool((found.soil_control()[0] > 0).all())


def test_parameters_equal_the_transcription(shared: Path) -> None:
    held = {(r["symbol"], r["land_class"], r["chemical_group"]): r["value"] for r in read_rows("hj253_parameters")}
    greek = {"rho_b": "ρb", "rho_s": "ρs", "rho_w": "ρw", "delta_air": "δair", "delta_gw": "δgw", "eta": "η"}
    greek |= {"theta_acap": "θacap", "theta_wcap": "θwcap", "theta_acrack": "θacrack", "theta_wcrack": "θwcrack"}
    greek |= {"tau": "τ", "mu_air": "μair"}
    with (shared / "data" / "hj253_default_parameters.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            symbol = greek.get(row["symbol"], row["symbol"])
            for land_class in ("class1", "class2"):
                if row[land_class] and symbol not in ("SAF", "WAF"):
                    assert held.pop((symbol, land_class, "")) == Decimal(row[land_class]), symbol
    assert {key[0] for key in held} == {"SAF", "WAF"}
