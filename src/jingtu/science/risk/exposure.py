"""How much soil or water a person takes in per kilogram and day, by each route.

*Source*: HJ 25.3-2019 annex A. Doses of soil are kg/(kg·d), of groundwater L/(kg·d): multiplied by a content in
mg/kg or mg/L they give mg/(kg·d).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

import numpy as np

from jingtu.science.risk.parameters import Chemicals, Floats, Habits, Person, Quantity, Scene
from jingtu.science.risk.transport import GroundwaterFactors, SoilFactors

KG_PER_MG: Final = 1e-6
LITRES_PER_CM3: Final = 1e-3
SKIN_FACTOR: Final = 239.0  # SAE = 239 · H^0.417 · BW^0.517 · SER, cm²
SKIN_HEIGHT_POWER: Final = 0.417
SKIN_WEIGHT_POWER: Final = 0.517


class Route(StrEnum):
    """A way a contaminant reaches a person; the value is the dotted code."""

    ORAL = "soil.oral"  # OISER
    DERMAL = "soil.dermal"  # DCSER
    DUST = "soil.dust"  # PISER
    OUTDOOR_SURFACE = "soil.outdoor_surface"  # IOVER1
    OUTDOOR_SUBSURFACE = "soil.outdoor_subsurface"  # IOVER2
    INDOOR_SUBSURFACE = "soil.indoor_subsurface"  # IIVER1
    OUTDOOR_GROUNDWATER = "groundwater.outdoor"  # IOVER3
    INDOOR_GROUNDWATER = "groundwater.indoor"  # IIVER2
    DRINKING = "groundwater.drinking"  # CGWER
    BATHING = "groundwater.bathing"  # DGWER


SOIL_ROUTES: Final = (
    Route.ORAL,
    Route.DERMAL,
    Route.DUST,
    Route.OUTDOOR_SURFACE,
    Route.OUTDOOR_SUBSURFACE,
    Route.INDOOR_SUBSURFACE,
)
GROUNDWATER_ROUTES: Final = (Route.OUTDOOR_GROUNDWATER, Route.INDOOR_GROUNDWATER, Route.DRINKING, Route.BATHING)
AIR_ROUTES: Final = frozenset(
    {
        Route.DUST,
        Route.OUTDOOR_SURFACE,
        Route.OUTDOOR_SUBSURFACE,
        Route.INDOOR_SUBSURFACE,
        Route.OUTDOOR_GROUNDWATER,
        Route.INDOOR_GROUNDWATER,
    }
)

Doses = Mapping[Route, Floats]


def skin_area_cm2(person: Person) -> Floats:
    """Exposed skin, SAE, cm² (HJ 25.3-2019 annex A).

    >>> from jingtu.science.risk.examples import adult
    >>> round(float(skin_area_cm2(adult())), 1)
    5374.0
    """
    height = np.asarray(person.height_cm, dtype=np.float64) ** SKIN_HEIGHT_POWER
    weight = np.asarray(person.body_kg, dtype=np.float64) ** SKIN_WEIGHT_POWER
    return np.asarray(SKIN_FACTOR * height * weight * person.skin_ratio, dtype=np.float64)


def soil_doses(scene: Scene, chemicals: Chemicals, factors: SoilFactors, *, carcinogenic: bool) -> Doses:
    """Daily dose of soil by the six routes, kg/(kg·d).

    *Source*: HJ 25.3-2019 annex A (OISER, DCSER, PISER, IOVER1, IOVER2, IIVER1). ``carcinogenic`` chooses who is
    added up and over what time. A chemical without ABSd is not taken up by the skin.

    >>> from jingtu.science.risk.examples import benzene, scene
    >>> from jingtu.science.risk import soil_volatilisation
    >>> here = scene()
    >>> found = soil_doses(here, benzene(), soil_volatilisation(here.ground, here.building, benzene()),
    ...                    carcinogenic=True)
    >>> f"{found[Route.ORAL]:.4e}"
    '1.2786e-06'
    """
    habits = scene.habits
    skin = np.nan_to_num(np.asarray(chemicals.skin_ratio, dtype=np.float64), nan=0.0)
    outdoor, indoor = _breathed(scene, carcinogenic=carcinogenic)
    return {
        Route.ORAL: _averaged(scene, lambda p: _swallowed(p, habits), carcinogenic=carcinogenic),
        Route.DERMAL: _averaged(scene, lambda p: _on_skin(p, habits), carcinogenic=carcinogenic) * skin,
        Route.DUST: _averaged(scene, lambda p: _dust(p, habits), carcinogenic=carcinogenic),
        Route.OUTDOOR_SURFACE: outdoor * factors.outdoor_surface,
        Route.OUTDOOR_SUBSURFACE: outdoor * factors.outdoor_subsurface,
        Route.INDOOR_SUBSURFACE: indoor * factors.indoor_subsurface,
    }


def groundwater_doses(scene: Scene, chemicals: Chemicals, factors: GroundwaterFactors, *, carcinogenic: bool) -> Doses:
    """Daily dose of groundwater by its routes, L/(kg·d).

    *Source*: HJ 25.3-2019 annex A (IOVER3, IIVER2, CGWER; DGWER where used).

    >>> from jingtu.science.risk.examples import benzene, scene
    >>> from jingtu.science.risk import groundwater_volatilisation
    >>> here = scene()
    >>> found = groundwater_doses(here, benzene(), groundwater_volatilisation(here.ground, here.building, benzene()),
    ...                           carcinogenic=False)
    >>> round(float(found[Route.DRINKING]), 5)
    0.03496
    """
    wetting = np.asarray(chemicals.permeability_cm_h, dtype=np.float64) * LITRES_PER_CM3 * scene.habits.contact_per_d
    outdoor, indoor = _breathed(scene, carcinogenic=carcinogenic)
    drunk = _averaged(scene, lambda p: _per_year(p.water_l_d, p.frequency_d_a), carcinogenic=carcinogenic)
    bathed = _averaged(scene, _bathed, carcinogenic=carcinogenic)
    return {
        Route.OUTDOOR_GROUNDWATER: outdoor * factors.outdoor,
        Route.INDOOR_GROUNDWATER: indoor * factors.indoor,
        Route.DRINKING: drunk,
        Route.BATHING: bathed * wetting,
    }


def _per_year(rate: Quantity, days: Quantity) -> Floats:
    return np.asarray(np.asarray(rate, dtype=np.float64) * days, dtype=np.float64)


def _swallowed(person: Person, habits: Habits) -> Floats:
    return _per_year(person.soil_mg_d, person.frequency_d_a) * habits.oral_absorption_ratio * KG_PER_MG


def _on_skin(person: Person, habits: Habits) -> Floats:
    worn = skin_area_cm2(person) * _per_year(person.adherence_mg_cm2, person.frequency_d_a)
    return worn * habits.contact_per_d * KG_PER_MG


def _bathed(person: Person) -> Floats:
    return skin_area_cm2(person) * _per_year(person.bathing_h, person.frequency_d_a)


def _breathed(scene: Scene, *, carcinogenic: bool) -> tuple[Floats, Floats]:
    """Air breathed outdoors and indoors, m³/(kg·d); what it carries is multiplied in afterwards."""
    return (
        _averaged(scene, lambda p: _per_year(p.air_m3_d, p.outdoor_d_a), carcinogenic=carcinogenic),
        _averaged(scene, lambda p: _per_year(p.air_m3_d, p.indoor_d_a), carcinogenic=carcinogenic),
    )


def _dust(person: Person, habits: Habits) -> Floats:
    days = habits.outdoor_dust_ratio * np.asarray(person.outdoor_d_a) + habits.indoor_dust_ratio * person.indoor_d_a
    breathed = np.asarray(habits.dust_mg_m3, dtype=np.float64) * person.air_m3_d * habits.retained_ratio
    return np.asarray(breathed * days * KG_PER_MG, dtype=np.float64)


def _averaged(scene: Scene, rate: Callable[[Person], Floats], *, carcinogenic: bool) -> Floats:
    """Yearly rates of those exposed, over body weight and averaging time."""
    total: Floats = np.zeros(())
    for person in scene.exposed(carcinogenic=carcinogenic):
        total = total + rate(person) * person.exposure_a / person.body_kg
    over = scene.habits.carcinogenic_d if carcinogenic else scene.habits.noncarcinogenic_d
    return np.asarray(total / over, dtype=np.float64)
