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
    rates: dict[Route, Callable[[Person], Floats]] = {
        Route.ORAL: lambda p: _per_year(p.soil_mg_d, p.frequency_d_a) * habits.oral_absorption_ratio * KG_PER_MG,
        Route.DERMAL: lambda p: (
            skin_area_cm2(p) * _per_year(p.adherence_mg_cm2, p.frequency_d_a) * habits.contact_per_d * skin * KG_PER_MG
        ),
        Route.DUST: lambda p: _dust(p, habits),
        Route.OUTDOOR_SURFACE: lambda p: _per_year(p.air_m3_d, p.outdoor_d_a) * factors.outdoor_surface,
        Route.OUTDOOR_SUBSURFACE: lambda p: _per_year(p.air_m3_d, p.outdoor_d_a) * factors.outdoor_subsurface,
        Route.INDOOR_SUBSURFACE: lambda p: _per_year(p.air_m3_d, p.indoor_d_a) * factors.indoor_subsurface,
    }
    return {route: _averaged(scene, rate, carcinogenic=carcinogenic) for route, rate in rates.items()}


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
    rates: dict[Route, Callable[[Person], Floats]] = {
        Route.OUTDOOR_GROUNDWATER: lambda p: _per_year(p.air_m3_d, p.outdoor_d_a) * factors.outdoor,
        Route.INDOOR_GROUNDWATER: lambda p: _per_year(p.air_m3_d, p.indoor_d_a) * factors.indoor,
        Route.DRINKING: lambda p: _per_year(p.water_l_d, p.frequency_d_a),
        Route.BATHING: lambda p: skin_area_cm2(p) * _per_year(p.bathing_h, p.frequency_d_a) * wetting,
    }
    return {route: _averaged(scene, rate, carcinogenic=carcinogenic) for route, rate in rates.items()}


def _per_year(rate: Quantity, days: Quantity) -> Floats:
    return np.asarray(np.asarray(rate, dtype=np.float64) * days, dtype=np.float64)


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
