"""Risk over many draws: the same equations, the same result by threads and by one draw, and refusals."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from jingtu.assess.risk import CANCER, GROUNDWATER, HAZARD, SUBSURFACE, SURFACE, Case, RiskAssessment, assess_risk
from jingtu.assess.risk_draws import DrawnModel, Uncertainty, simulate, varied_name
from jingtu.science.risk import BLOCK, Distribution, Empirical, Fixed, Lognormal, Normal, Triangular, Uniform

DAY = date(2021, 9, 15)
FOM, BODY = "ground.organic_matter_g_kg", "adult.body_kg"


@pytest.fixture(scope="module")
def found() -> RiskAssessment:
    contents = {
        SURFACE: np.array([[0.4, np.nan], [0.9, 0.3], [20.0, 30.0], [310.0, 95.0]]),
        SUBSURFACE: np.array([[2.6, 0.7], [0.2, 0.1], [np.nan, np.nan], [np.nan, np.nan]]),
        GROUNDWATER: np.array([[0.06, np.nan], [np.nan, np.nan], [np.nan, np.nan], [np.nan, np.nan]]),
    }
    return assess_risk(Case(DAY, "class1", ["benzene", "BaP", "As", "Pb"], ["S1", "S2"], contents))


def totals(found: RiskAssessment, effect: str) -> np.ndarray:
    whole = found.total_cancer if effect == CANCER else found.total_hazard
    return whole[np.arange(len(found.worst)), found.worst]


@pytest.mark.parametrize("land_class", ["class1", "class2"])
def test_one_draw_at_the_defaults_is_the_assessment(found: RiskAssessment, land_class: str) -> None:
    case = Case(DAY, land_class, found.case.analytes, found.case.points, found.case.contents)
    here = assess_risk(case)
    fixed: dict[str, Distribution] = {
        code: Fixed(value)
        for (code, group), value in here.setting.values.items()
        if not group and value > 0 and code != "ground.vadose_thickness_cm"
    }
    for name, column in here.chemicals.values.items():
        for analyte, value in zip(here.case.analytes, column, strict=True):
            if np.isfinite(value) and value > 0:
                fixed[f"{analyte}/{name}"] = Fixed(float(value))
    fixed["benzene/surface_mg_kg"] = Fixed(0.4)
    assert len(fixed) > 80
    told = simulate(here, Uncertainty(fixed), 1, 0)
    for effect in (CANCER, HAZARD):
        for chemical, value in enumerate(totals(here, effect)):
            tally = told.tallies.get((effect, chemical))
            assert (tally is None) == bool(np.isnan(value)), (effect, chemical)
            if tally is not None:
                assert tally.mean == pytest.approx(value, rel=1e-12)
                assert told.expected(effect, chemical) == value


def test_each_draw_is_an_assessment_with_those_values(found: RiskAssessment) -> None:
    varied = {
        FOM: Lognormal(15, 6, 3, 50),
        BODY: Normal(61.8, 9, 40, 90),
        "ground.water_depth_cm": Uniform(200, 500),
        "BaP/koc_l_kg": Uniform(1e5, 1e6),
        "benzene/subsurface_mg_kg": Empirical((0.7, 2.6)),
    }
    model = DrawnModel(found, Uncertainty(varied), 5)
    drawn = model.draw(0, 8)
    whole = model.totals(drawn)
    for at in range(8):
        contents = {medium: array.copy() for medium, array in found.case.contents.items()}
        contents[SUBSURFACE][0] = drawn["benzene/subsurface_mg_kg"][at]
        once = assess_risk(
            Case(
                DAY,
                "class1",
                found.case.analytes,
                found.case.points,
                contents,
                changes={code: float(drawn[code][at]) for code in (FOM, BODY, "ground.water_depth_cm")},
                chemical_changes={"BaP": {"Koc": float(drawn["BaP/koc_l_kg"][at])}},
            )
        )
        for effect, results in ((CANCER, once.total_cancer), (HAZARD, once.total_hazard)):
            for chemical in range(3):
                expected = results[chemical, found.worst[chemical]]
                assert whole[effect][chemical, at] == pytest.approx(expected, rel=1e-12), (effect, chemical)


def test_seed_and_threads(found: RiskAssessment) -> None:
    varied = Uncertainty({FOM: Uniform(5, 40), BODY: Normal(61.8, 9, 40, 90)})
    count = 2 * BLOCK + 100
    one, two, other = (
        simulate(found, varied, count, seed, workers=workers) for seed, workers in ((1, 1), (1, 3), (2, 1))
    )
    for key, tally in one.tallies.items():
        assert (tally.mean, tally.course) == (two.tallies[key].mean, two.tallies[key].course)
    assert one.tallies[CANCER, 0].mean != other.tallies[CANCER, 0].mean
    assert one.tallies[CANCER, 0].count == count


def test_a_result_proportional_to_what_varies_is_spread_like_it(found: RiskAssessment) -> None:
    spread = Lognormal(3.0, 2.0)
    told = simulate(found, Uncertainty({"As/surface_mg_kg": spread}), 100_000, 3)
    tally = told.tallies[CANCER, 2]
    shares = np.array([0.05, 0.5, 0.95])
    content = found.case.contents[SURFACE][2, found.worst[2]]
    unit = totals(found, CANCER)[2] / content
    assert tally.quantile(shares) == pytest.approx(unit * spread.quantile(shares), rel=0.02)
    assert tally.mean == pytest.approx(unit * 3.0, abs=4 * tally.mean_error)
    assert told.influence[CANCER, 2] == {"As/surface_mg_kg": 1.0}
    assert told.influence[CANCER, 1] == {"As/surface_mg_kg": 0.0}


def test_more_in_the_soil_is_more_risk_draw_by_draw(found: RiskAssessment) -> None:
    varied = {FOM: Uniform(5, 40), "BaP/surface_mg_kg": Uniform(0.1, 0.9)}
    model = DrawnModel(found, Uncertainty(varied), 1)
    drawn = model.draw(0, 200)
    low = model.totals(drawn)[CANCER][1]
    high = model.totals({**drawn, "BaP/surface_mg_kg": drawn["BaP/surface_mg_kg"] * 1.5})[CANCER][1]
    assert bool((high > low).all())


def test_ranks_reach_the_results(found: RiskAssessment) -> None:
    varied = {BODY: Normal(61.8, 9, 40, 90), "adult.air_m3_d": Normal(14.5, 3, 5, 30)}
    free = simulate(found, Uncertainty(varied), BLOCK, 1)
    tied = simulate(found, Uncertainty(varied, {(BODY, "adult.air_m3_d"): 0.9}), BLOCK, 1)
    assert tied.tallies[HAZARD, 0].mean != free.tallies[HAZARD, 0].mean
    drawn = DrawnModel(found, Uncertainty(varied, {(BODY, "adult.air_m3_d"): 0.9}), 1).draw(0, 5000)
    assert np.corrcoef(drawn[BODY], drawn["adult.air_m3_d"])[0, 1] > 0.85


def test_names_as_the_standard_writes_them(found: RiskAssessment) -> None:
    assert varied_name(found, "fom") == FOM
    assert varied_name(found, "Koc", "BaP") == "BaP/koc_l_kg"
    assert varied_name(found, SURFACE, "BaP") == "BaP/surface_mg_kg"
    for name, analyte in (("fomm", ""), ("Kocc", "BaP")):
        with pytest.raises(ValueError, match="不认识"):
            varied_name(found, name, analyte)


@pytest.mark.parametrize(
    ("varied", "ranks", "told"),
    [
        ({}, {}, "没有一个参数有分布"),
        ({FOM: Normal(15, 6)}, {}, "不可能的值"),
        ({"habits.indoor_dust_ratio": Uniform(0.5, 1.2)}, {}, "不超过 1"),
        ({"BaP/surface_mg_kg": Normal(1, 1)}, {}, "含量不能小于零"),
        ({"ground.vadose_thickness_cm": Uniform(1, 2)}, {}, "不能另有分布"),
        ({"ground.water_depth_cm": Uniform(1, 400)}, {}, "地下水埋深小于毛细管层厚度"),
        ({"ground.moisture_kg_kg": Uniform(0.1, 0.4)}, {}, "随机抽样中：土壤孔隙容不下这么多水"),
        ({FOM: Uniform(5, 40)}, {(FOM, BODY): 0.5}, "没有分布"),
        ({FOM: Uniform(5, 40), BODY: Uniform(50, 80)}, {(FOM, BODY): 1.5}, "在 -1 与 1 之间"),
    ],
)
def test_what_cannot_be_drawn(
    found: RiskAssessment, varied: dict[str, Distribution], ranks: dict[tuple[str, str], float], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        simulate(found, Uncertainty(varied, ranks), 1000, 1)


def test_the_point_can_be_chosen(found: RiskAssessment) -> None:
    varied = {FOM: Triangular(5, 15, 40)}
    second = simulate(found, Uncertainty(varied, point="S2"), 100, 1)
    assert second.points == ("S2",) * 4
    assert second.tallies[CANCER, 1].most < simulate(found, Uncertainty(varied), 100, 1).tallies[CANCER, 1].least
    with pytest.raises(ValueError, match="不在运行文件的点位中"):
        simulate(found, Uncertainty(varied, point="S9"), 100, 1)
    with pytest.raises(ValueError, match="大于零的整数"):
        simulate(found, Uncertainty(varied), 0, 1)


def test_many_chemicals_go_in_parts(found: RiskAssessment, monkeypatch: pytest.MonkeyPatch) -> None:
    model = DrawnModel(found, Uncertainty({FOM: Uniform(5, 40), "BaP/surface_mg_kg": Uniform(0.1, 0.9)}), 1)
    drawn = model.draw(0, 1001)
    whole = model.totals(drawn)
    monkeypatch.setattr("jingtu.assess.risk_draws.CELLS", 400)
    for effect, parts in model.totals(drawn).items():
        assert (parts == whole[effect]).all()
