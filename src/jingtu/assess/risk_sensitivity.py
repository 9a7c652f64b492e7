"""Which parameters the result hangs on.

*Source*: HJ 25.3-2019 annex D: each parameter is moved by the same share, and the change of the result over the change
of the parameter is its sensitivity ratio, over the routes that contribute more than a stated share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jingtu.assess.risk import CANCER, HAZARD, MEDIUM_OF, RiskAssessment, added
from jingtu.assess.risk_parameters import SYMBOLS, rule
from jingtu.science.risk import (
    GROUNDWATER_ROUTES,
    Chemicals,
    Route,
    Scene,
    Target,
    groundwater_unit_risk,
    sensitivity_ratio,
    soil_unit_risk,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sensitivity:
    """Sensitivity ratio of one parameter, one value per chemical; 1 means proportional, NaN not assessed."""

    code: str
    symbol: str
    name_zh: str
    cancer: Floats
    hazard: Floats

    @property
    def strongest(self) -> float:
        """The largest ratio in size over chemicals and effects; 0 where nothing moves."""
        both = np.abs(np.concatenate([self.cancer, self.hazard]))
        return float(np.nanmax(both)) if np.isfinite(both).any() else 0.0


def sensitivities(assessment: RiskAssessment) -> tuple[Sensitivity, ...]:
    """Sensitivity ratio of every parameter and property, strongest first, at the worst point of each chemical."""
    step = rule(assessment.case.on, "sensitivity.step")
    groups, here, chemicals = assessment.chemicals.groups, assessment.setting, assessment.chemicals
    scene, target, values = here.scene(), here.target(groups), chemicals.chemicals
    before = _totals(assessment, scene, values, target)
    found = []
    for code in here.codes():
        after, way = _moved_totals(assessment, code, step, groups)
        row = here.row(code)
        found.append(_ratio(code, row.text("symbol"), row.text("name_zh"), before, after, way))
    for symbol, name in SYMBOLS.items():
        after = _totals(assessment, scene, chemicals.changed(name, 1 + step), target)
        found.append(_ratio(name, symbol, symbol, before, after, step))
    return tuple(sorted((one for one in found if one.strongest > 0), key=lambda one: -one.strongest))


def _moved_totals(
    assessment: RiskAssessment, code: str, step: float, groups: tuple[str, ...]
) -> tuple[tuple[Floats, Floats], float]:
    """Results with one parameter moved up, or down where it cannot go up."""
    here, values = assessment.setting, assessment.chemicals.chemicals
    for way in (step, -step):
        moved = (code, 1 + way)
        try:
            return _totals(assessment, here.scene(moved), values, here.target(groups, moved)), way
        except ValueError:
            continue
    return _totals(assessment, here.scene(), values, here.target(groups)), step


def _totals(assessment: RiskAssessment, scene: Scene, chemicals: Chemicals, target: Target) -> tuple[Floats, Floats]:
    soil, water = soil_unit_risk(scene, chemicals, target), groundwater_unit_risk(scene, chemicals, target)
    units = {route: water if route in GROUNDWATER_ROUTES else soil for route in assessment.routes}
    return (
        _over_routes(assessment, CANCER, {route: unit.cancer[route] for route, unit in units.items()}),
        _over_routes(assessment, HAZARD, {route: unit.hazard[route] for route, unit in units.items()}),
    )


def _over_routes(assessment: RiskAssessment, effect: str, units: dict[Route, Floats]) -> Floats:
    """Risk at the worst point over the routes whose share is large enough."""
    least = rule(assessment.case.on, "sensitivity.least_share")
    at = (np.arange(len(assessment.case.analytes)), assessment.worst)
    shares = assessment.shares(effect)
    parts = []
    for route, unit in units.items():
        content = assessment.case.content(MEDIUM_OF[route])[at]
        parts.append(np.where(shares[route] >= least, unit * content, np.nan))
    return added(parts)


def _ratio(
    code: str, symbol: str, name: str, before: tuple[Floats, Floats], after: tuple[Floats, Floats], step: float
) -> Sensitivity:
    ratios = []
    for first, second in zip(before, after, strict=True):
        known = np.where(first > 0, first, np.nan)
        ratio = sensitivity_ratio(known, second, step)
        ratios.append(np.where(np.isclose(second, known, atol=0), 0, ratio))
    return Sensitivity(code, symbol, name, *ratios)
