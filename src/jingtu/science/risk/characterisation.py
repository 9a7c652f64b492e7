"""From doses to risk: per route, contribution, control values, sensitivity.

*Source*: HJ 25.3-2019 annexes C, D and E.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from jingtu.science.risk.exposure import AIR_ROUTES, Doses, Route, groundwater_doses, soil_doses
from jingtu.science.risk.parameters import Chemicals, Floats, Quantity, Scene, Target
from jingtu.science.risk.toxicity import RouteToxicity, route_toxicity
from jingtu.science.risk.transport import (
    groundwater_volatilisation,
    leaching_factor_kg_l,
    saturation_mg_kg,
    soil_volatilisation,
)

_SKIN: Final = frozenset({Route.DERMAL, Route.BATHING})


@dataclass(frozen=True, slots=True, eq=False)
class UnitRisk:
    """Cancer risk and hazard quotient of one mg/kg (soil) or one mg/L (groundwater), per route.

    NaN where the chemical has no toxicity value for the route: not assessed, which is not the same as no risk.
    """

    cancer: Mapping[Route, Floats]
    hazard: Mapping[Route, Floats]

    def total_cancer(self, routes: tuple[Route, ...]) -> Floats:
        """Sum over routes; routes without toxicity value are left out, NaN when none has one."""
        return _sum([self.cancer[route] for route in routes])

    def total_hazard(self, routes: tuple[Route, ...]) -> Floats:
        """Sum over routes; routes without toxicity value are left out, NaN when none has one."""
        return _sum([self.hazard[route] for route in routes])


def soil_unit_risk(scene: Scene, chemicals: Chemicals, target: Target) -> UnitRisk:
    """Risk and hazard of one mg/kg in soil by the six routes.

    *Source*: HJ 25.3-2019 annex C (CR and HQ of each route, with SAF).

    >>> from jingtu.science.risk.examples import benzene, scene, target
    >>> from jingtu.science.risk import SOIL_ROUTES
    >>> unit = soil_unit_risk(scene(), benzene(), target())
    >>> f"{unit.total_cancer(SOIL_ROUTES):.4e}"
    '1.0247e-06'
    """
    factors = soil_volatilisation(scene.ground, scene.building, chemicals)
    toxicity = route_toxicity(chemicals, scene.adult)
    return UnitRisk(
        cancer=_cancer(soil_doses(scene, chemicals, factors, carcinogenic=True), toxicity),
        hazard=_hazard(
            soil_doses(scene, chemicals, factors, carcinogenic=False), toxicity, target.soil_allocation_ratio
        ),
    )


def groundwater_unit_risk(scene: Scene, chemicals: Chemicals, target: Target) -> UnitRisk:
    """Risk and hazard of one mg/L in groundwater by its routes.

    *Source*: HJ 25.3-2019 annex C (with WAF).

    >>> from jingtu.science.risk.examples import benzene, scene, target
    >>> unit = groundwater_unit_risk(scene(), benzene(), target())
    >>> f"{unit.cancer[Route.DRINKING]:.3e}"
    '4.213e-04'
    """
    factors = groundwater_volatilisation(scene.ground, scene.building, chemicals)
    toxicity = route_toxicity(chemicals, scene.adult)
    return UnitRisk(
        cancer=_cancer(groundwater_doses(scene, chemicals, factors, carcinogenic=True), toxicity),
        hazard=_hazard(
            groundwater_doses(scene, chemicals, factors, carcinogenic=False), toxicity, target.water_allocation_ratio
        ),
    )


def cancer_risk(unit: ArrayLike, content: ArrayLike) -> Floats:
    """Cancer risk CR of a content; shapes broadcast (HJ 25.3-2019 annex C).

    >>> cancer_risk(2e-6, [0.0, 3.0]).tolist()
    [0.0, 6e-06]
    """
    return np.asarray(np.asarray(unit, dtype=np.float64) * np.asarray(content, dtype=np.float64))


def hazard_quotient(unit: ArrayLike, content: ArrayLike) -> Floats:
    """Hazard quotient HQ of a content; shapes broadcast (HJ 25.3-2019 annex C).

    >>> hazard_quotient(0.25, [2.0]).tolist()
    [0.5]
    """
    return cancer_risk(unit, content)


def contribution(parts: Mapping[Route, Floats]) -> dict[Route, Floats]:
    """Share of each route in the sum, 0 to 1; NaN where the sum is zero or unknown.

    *Source*: HJ 25.3-2019 annex D (PCR, PHQ).

    >>> found = contribution({Route.ORAL: np.array(3e-6), Route.DERMAL: np.array(1e-6)})
    >>> {route.value: round(float(share), 2) for route, share in found.items()}
    {'soil.oral': 0.75, 'soil.dermal': 0.25}
    """
    total = _sum(list(parts.values()))
    whole = np.where(total > 0, total, np.nan)
    return {route: np.asarray(part / whole, dtype=np.float64) for route, part in parts.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """Contents at which an acceptable level is just reached; NaN where there is no toxicity value.

    Soil in mg/kg: ``soil_cancer`` RCVS, ``soil_hazard`` HCVS, ``soil_saturation`` Csat. Groundwater in mg/L:
    ``water_cancer`` RCVG, ``water_hazard`` HCVG. ``leaching_kg_l`` LFsgw gives the soil value that protects
    groundwater: limit of the groundwater over leaching factor.
    """

    soil_cancer: Floats
    soil_hazard: Floats
    soil_saturation: Floats
    water_cancer: Floats
    water_hazard: Floats
    leaching_kg_l: Floats

    def protecting_groundwater(self, limit_mg_l: ArrayLike) -> Floats:
        """CVSpgw, mg/kg: soil content from which the groundwater just keeps its limit."""
        return np.asarray(np.asarray(limit_mg_l, dtype=np.float64) / self.leaching_kg_l, dtype=np.float64)


def control_values(
    scene: Scene,
    chemicals: Chemicals,
    target: Target,
    soil_routes: tuple[Route, ...],
    groundwater_routes: tuple[Route, ...],
) -> Control:
    """Risk control values of soil and groundwater over the routes that are open.

    *Source*: HJ 25.3-2019 annex E (RCVS, HCVS, RCVG, HCVG, CVSpgw).

    >>> from jingtu.science.risk.examples import benzene, scene, target
    >>> from jingtu.science.risk import GROUNDWATER_ROUTES, SOIL_ROUTES
    >>> found = control_values(scene(), benzene(), target(), SOIL_ROUTES, GROUNDWATER_ROUTES[:3])
    >>> round(float(found.soil_cancer), 3), round(float(found.soil_hazard), 2)
    (0.976, 18.67)
    """
    soil = soil_unit_risk(scene, chemicals, target)
    water = groundwater_unit_risk(scene, chemicals, target)
    return Control(
        soil_cancer=_level(target.risk, soil.total_cancer(soil_routes)),
        soil_hazard=_level(target.quotient, soil.total_hazard(soil_routes)),
        soil_saturation=saturation_mg_kg(scene.ground, chemicals),
        water_cancer=_level(target.risk, water.total_cancer(groundwater_routes)),
        water_hazard=_level(target.quotient, water.total_hazard(groundwater_routes)),
        leaching_kg_l=leaching_factor_kg_l(scene.ground, chemicals),
    )


def sensitivity_ratio(before: ArrayLike, after: ArrayLike, step: float) -> Floats:
    """Sensitivity ratio SR: relative change of the result over that of the parameter; no unit.

    *Source*: HJ 25.3-2019 annex D. ``step`` is the relative change of the parameter, not zero.

    >>> sensitivity_ratio([2.0], [2.2], 0.1).round(6).tolist()
    [1.0]
    """
    if step == 0:
        raise ValueError("the step of a sensitivity analysis must not be zero")
    first = np.asarray(before, dtype=np.float64)
    return np.asarray((np.asarray(after, dtype=np.float64) - first) / first / step, dtype=np.float64)


def _cancer(doses: Doses, toxicity: RouteToxicity) -> dict[Route, Floats]:
    return {route: dose * _slope(route, toxicity) for route, dose in doses.items()}


def _hazard(doses: Doses, toxicity: RouteToxicity, allocation: Quantity) -> dict[Route, Floats]:
    return {route: dose * (1 / (_reference(route, toxicity) * allocation)) for route, dose in doses.items()}


def _slope(route: Route, toxicity: RouteToxicity) -> Floats:
    if route in AIR_ROUTES:
        return toxicity.breath_slope
    return toxicity.skin_slope if route in _SKIN else toxicity.oral_slope


def _reference(route: Route, toxicity: RouteToxicity) -> Floats:
    if route in AIR_ROUTES:
        return toxicity.breath_reference
    return toxicity.skin_reference if route in _SKIN else toxicity.oral_reference


def _sum(parts: list[Floats]) -> Floats:
    if not parts:
        return np.full((), np.nan)
    whole = np.stack(np.broadcast_arrays(*parts))
    return np.where(np.isnan(whole).all(axis=0), np.nan, np.nansum(whole, axis=0))


def _level(acceptable: Quantity, unit: Floats) -> Floats:
    return np.asarray(acceptable / np.where(unit > 0, unit, np.nan), dtype=np.float64)
