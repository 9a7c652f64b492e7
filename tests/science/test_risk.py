"""HJ 25.3: the arrays against a plain calculation written one chemical at a time, and what must always hold."""

from __future__ import annotations

import doctest
import importlib
import math
import pkgutil
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jingtu.science.risk as package
from jingtu.science.risk import (
    GROUNDWATER_ROUTES,
    SOIL_ROUTES,
    Chemicals,
    Ground,
    Route,
    Scene,
    cancer_risk,
    contribution,
    control_values,
    groundwater_volatilisation,
    leaching_factor_kg_l,
    partition,
    soil_doses,
    soil_unit_risk,
    soil_volatilisation,
)
from jingtu.science.risk.examples import adult, benzene, building, ground, habits, scene, target

MODULES = [f"{package.__name__}.{info.name}" for info in pkgutil.iter_modules(package.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def plain_class1_cancer_control() -> float:
    """RCVS of benzene in class 1 by one long calculation, without any function of the package."""
    theta, water = 1 - 1.5 / 2.65, 1.5 * 0.2 / 1.0
    air = theta - water
    kd = 145.8 * 15 / 1700
    ksw = (water + kd * 1.5 + 0.2269011 * air) / 1.5
    deff = (0.089534 * air**3.33 + 1.03e-5 * water**3.33 / 0.2269011) / theta**2
    crack = (0.089534 * 0.26**3.33 + 1.03e-5 * 0.12**3.33 / 0.2269011) / theta**2
    outdoor, indoor, seconds = 200 * 4000 * 200 / 16e6, 220 * 12 / 86400, 30 * 31536000
    surface = 1.5 / outdoor * math.sqrt(4 * deff * 0.2269011 / (math.pi * seconds * ksw * 1.5)) * 1e3
    surface = min(surface, 50 * 1.5 / (outdoor * seconds) * 1e3)
    below = min(1e3 / ((1 + outdoor * 100 / deff) * ksw / 0.2269011), 100 * 1.5 / (outdoor * seconds) * 1e3)
    resistance = 1 + deff / (indoor * 100) + deff * 35 / (crack * 100 * 0.0005)
    inside = 1e3 / (ksw / 0.2269011 * resistance * indoor * 100 / deff)
    inside = min(inside, 100 * 1.5 / (indoor * seconds) * 1e3)
    total = 0.0
    for years, body, breath, soil in ((6, 19.2, 7.5, 200), (24, 61.8, 14.5, 100)):
        share = years / body / 27740
        total += soil * 350 * 1e-6 * share * 0.055
        breathed = 0.119 * breath * 0.75 * (0.5 * 87.5 + 0.8 * 262.5) * 1e-6
        breathed += breath * (87.5 * (surface + below) + 262.5 * inside)
        total += breathed * share * 0.0078 * 61.8 / 14.5
    return 1e-6 / total


def test_benzene_agrees_with_a_plain_calculation() -> None:
    found = control_values(scene(), benzene(), target(), SOIL_ROUTES, GROUNDWATER_ROUTES[:3])
    assert float(found.soil_cancer) == pytest.approx(plain_class1_cancer_control(), rel=1e-12)
    assert round(float(found.soil_cancer), 3) == 0.976


def test_many_chemicals_and_draws_give_what_each_gives_alone() -> None:
    koc = np.array([50.0, 145.8, 900.0])
    many = replace(benzene(), koc_l_kg=koc[:, np.newaxis])
    draws = replace(ground(), organic_matter_g_kg=np.array([10.0, 15.0, 25.0, 30.0]))
    here = replace(scene(), ground=draws)
    whole = soil_unit_risk(here, many, target()).total_cancer(SOIL_ROUTES)
    assert whole.shape == (3, 4)
    for row, own in enumerate(koc):
        for column, fom in enumerate(np.asarray(draws.organic_matter_g_kg)):
            one = replace(scene(), ground=replace(ground(), organic_matter_g_kg=float(fom)))
            alone = soil_unit_risk(one, replace(benzene(), koc_l_kg=float(own)), target()).total_cancer(SOIL_ROUTES)
            assert whole[row, column] == pytest.approx(float(alone), rel=1e-12)


def test_a_metal_takes_no_way_through_the_air_but_as_dust() -> None:
    metal = Chemicals(oral_slope_kg_d_mg=1.5, unit_risk_m3_mg=4.3, gut_ratio=1.0, kd_l_kg=29.0)
    factors = soil_volatilisation(ground(), building(), metal)
    assert [float(factors.outdoor_surface), float(factors.indoor_subsurface)] == [0.0, 0.0]
    unit = soil_unit_risk(scene(), metal, target())
    assert float(unit.cancer[Route.DUST]) > 0
    assert np.isfinite(leaching_factor_kg_l(ground(), metal))


def test_without_toxicity_nothing_is_assessed_rather_than_harmless() -> None:
    unit = soil_unit_risk(scene(), replace(benzene(), oral_slope_kg_d_mg=np.nan, unit_risk_m3_mg=np.nan), target())
    assert np.isnan(unit.total_cancer(SOIL_ROUTES))
    assert np.isfinite(unit.total_hazard(SOIL_ROUTES))


def test_class_2_counts_the_adult_alone() -> None:
    grown = Scene(adult(), None, habits(), ground(), building())
    doses = soil_doses(grown, benzene(), soil_volatilisation(ground(), building(), benzene()), carcinogenic=True)
    assert float(doses[Route.ORAL]) == pytest.approx(100 * 350 * 24 / 61.8 / 27740 * 1e-6)


def test_a_faint_draught_joins_up_with_none_at_all() -> None:
    still = float(soil_volatilisation(ground(), building(), benzene()).indoor_subsurface)
    faint = replace(building(), pressure_g_cm_s2=1e-7)
    strong = replace(building(), pressure_g_cm_s2=40.0)
    assert float(soil_volatilisation(ground(), faint, benzene()).indoor_subsurface) == pytest.approx(still, rel=1e-4)
    drawn = soil_volatilisation(ground(), replace(strong, permeability_cm2=1e-6), benzene())
    assert np.isfinite(drawn.indoor_subsurface) and float(drawn.indoor_subsurface) > still
    mixed = replace(building(), pressure_g_cm_s2=np.array([0.0, 40.0]))
    both = soil_volatilisation(ground(), mixed, benzene()).indoor_subsurface
    assert both[0] == pytest.approx(still) and both[1] > still


def test_water_that_does_not_fit_the_pores_is_refused() -> None:
    with pytest.raises(ValueError, match="孔隙容不下"):
        partition(replace(ground(), moisture_kg_kg=0.4), benzene())


factor = st.floats(0.2, 5.0)


@settings(max_examples=40)
@given(st.floats(0, 1e4), st.floats(0, 1e4))
def test_risk_grows_with_content_and_in_proportion(one: float, two: float) -> None:
    unit = soil_unit_risk(scene(), benzene(), target()).total_cancer(SOIL_ROUTES)
    low, high = sorted((one, two))
    risks = cancer_risk(unit, [low, high])
    assert risks[0] <= risks[1]
    assert float(cancer_risk(unit, low + high)) == pytest.approx(float(risks.sum()), rel=1e-9)


@settings(max_examples=40)
@given(st.floats(1e-3, 1e3))
def test_units_cancel(scale: float) -> None:
    """Contents in another unit with slopes and reference values in the same give the same risk and hazard."""
    chemical = benzene()
    other = replace(
        chemical,
        oral_slope_kg_d_mg=0.055 / scale,
        unit_risk_m3_mg=0.0078 / scale,
        oral_reference_mg_kg_d=0.004 * scale,
        reference_mg_m3=0.03 * scale,
    )
    first, second = (soil_unit_risk(scene(), one, target()) for one in (chemical, other))
    assert float(second.total_cancer(SOIL_ROUTES)) * scale == pytest.approx(
        float(first.total_cancer(SOIL_ROUTES)), rel=1e-9
    )
    assert float(second.total_hazard(SOIL_ROUTES)) * scale == pytest.approx(
        float(first.total_hazard(SOIL_ROUTES)), rel=1e-9
    )


@settings(max_examples=30)
@given(factor, factor, factor, factor)
def test_at_the_control_value_the_risk_is_just_acceptable(fom: float, air: float, depth: float, body: float) -> None:
    there = replace(ground(), organic_matter_g_kg=15 * fom, wind_cm_s=200 * air, subsurface_depth_cm=100 * depth)
    here = replace(scene(), ground=there, adult=replace(adult(), body_kg=61.8 * body))
    found = control_values(here, benzene(), target(), SOIL_ROUTES, GROUNDWATER_ROUTES[:3])
    unit = soil_unit_risk(here, benzene(), target())
    assert float(unit.total_cancer(SOIL_ROUTES) * found.soil_cancer) == pytest.approx(1e-6)
    assert float(unit.total_hazard(SOIL_ROUTES) * found.soil_hazard) == pytest.approx(1)
    shares = contribution({route: unit.cancer[route] for route in SOIL_ROUTES})
    assert float(sum(np.nan_to_num(share) for share in shares.values())) == pytest.approx(1)


@settings(max_examples=30)
@given(st.sampled_from([field.name for field in fields(Ground)]), st.floats(0.9, 1.1))
def test_air_never_holds_more_than_the_soil_gives(name: str, by: float) -> None:
    """Volatilisation factors keep to the mass in the layer, and groundwater's to the Henry constant."""
    value = getattr(ground(), name) * by
    there = replace(ground(), **{name: value})
    soil = soil_volatilisation(there, building(), benzene())
    water = groundwater_volatilisation(there, building(), benzene())
    lasting = there.lasting_a * 31536000
    indoor = 220 * 12 / 86400
    mass = there.subsurface_thickness_cm * there.bulk_density_kg_dm3 / (indoor * lasting) * 1e3
    assert 0 < float(soil.indoor_subsurface) <= float(mass) * (1 + 1e-12)
    assert 0 < float(water.outdoor) < float(water.indoor) < 0.2269011 * 1e3
