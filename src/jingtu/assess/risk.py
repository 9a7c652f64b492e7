"""Human health risk of a parcel by HJ 25.3: risk and hazard per route and point, control values, contributions.

*Source*: HJ 25.3-2019 annexes A to G. Arrays are chemicals × points; NaN says not assessed, which is never no risk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jingtu.assess.risk_parameters import MODEL, ChemicalSet, Deviation, Setting, chemical_set, lead_model, setting
from jingtu.science.risk import (
    GROUNDWATER_ROUTES,
    SOIL_ROUTES,
    Control,
    Route,
    UnitRisk,
    adult_blood_lead_ug_dl,
    adult_soil_lead_mg_kg,
    cancer_risk,
    contribution,
    control_values,
    groundwater_unit_risk,
    hazard_quotient,
    soil_unit_risk,
)

Floats = NDArray[np.float64]

SURFACE, SUBSURFACE, GROUNDWATER = "surface_mg_kg", "subsurface_mg_kg", "groundwater_mg_l"
MEDIA: Final = (SURFACE, SUBSURFACE, GROUNDWATER)
MEDIUM_OF: Final = {
    **dict.fromkeys((Route.ORAL, Route.DERMAL, Route.DUST, Route.OUTDOOR_SURFACE), SURFACE),
    **dict.fromkeys((Route.OUTDOOR_SUBSURFACE, Route.INDOOR_SUBSURFACE), SUBSURFACE),
    **dict.fromkeys(GROUNDWATER_ROUTES, GROUNDWATER),
}
OFF_BY_DEFAULT: Final = frozenset({Route.BATHING})
CANCER, HAZARD, PROTECTION = "cancer", "hazard", "groundwater"
DECIDERS: Final = (CANCER, HAZARD, PROTECTION)
LEAD: Final = "Pb"
_SHAPE: Final = "{medium} 的数组应当是 {rows} 行（污染物）{columns} 列（点位）。"
_NEGATIVE: Final = "{medium} 中有小于零的含量，含量不能小于零。"
_CLOSED: Final = "所有途径都关闭了，没有可以计算的；请至少保留一条途径。"


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """What is asked: land, chemicals × points of contents, and whatever departs from the defaults.

    ``contents`` holds arrays by medium (soil at the surface and below in mg/kg, groundwater in mg/L), NaN where not
    measured or not detected. ``groundwater_limits_mg_l`` are the limits to protect, by chemical.
    """

    on: date
    land_class: str
    analytes: Sequence[str]
    points: Sequence[str]
    contents: Mapping[str, Floats]
    changes: Mapping[str, float] = field(default_factory=dict)
    chemical_changes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    groundwater_limits_mg_l: Mapping[str, float] = field(default_factory=dict)
    closed: frozenset[Route] = OFF_BY_DEFAULT

    def content(self, medium: str) -> Floats:
        """Contents in a medium, chemicals × points; all NaN where the medium was not sampled."""
        shape = (len(self.analytes), len(self.points))
        given = self.contents.get(medium)
        found = np.full(shape, np.nan) if given is None else np.asarray(given, dtype=np.float64)
        if found.shape != shape:
            raise ValueError(_SHAPE.format(medium=medium, rows=shape[0], columns=shape[1]))
        if bool((found < 0).any()):
            raise ValueError(_NEGATIVE.format(medium=medium))
        return found


@dataclass(frozen=True, eq=False)
class RiskAssessment:
    """Everything computed for a case. Arrays by route are chemicals × points; control values one per chemical."""

    case: Case
    setting: Setting
    chemicals: ChemicalSet
    soil_unit: UnitRisk
    water_unit: UnitRisk
    cancer: Mapping[Route, Floats]
    hazard: Mapping[Route, Floats]
    control: Control

    @property
    def routes(self) -> tuple[Route, ...]:
        """The open routes in the order of the standard."""
        return tuple(self.cancer)

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """Every value that is not the law's."""
        return self.setting.deviations + self.chemicals.deviations

    @property
    def modelled(self) -> NDArray[np.bool_]:
        """Which chemicals the model covers; lead and petroleum hydrocarbons have models of their own."""
        return np.array([model == MODEL for model in self.chemicals.models], dtype=np.bool_)

    @cached_property
    def total_cancer(self) -> Floats:
        """CRn of each chemical at each point over what was measured."""
        return self._total(self.cancer, self.missing(CANCER))

    @cached_property
    def total_hazard(self) -> Floats:
        """HIn of each chemical at each point over what was measured."""
        return self._total(self.hazard, self.missing(HAZARD))

    @cached_property
    def unsampled(self) -> tuple[str, ...]:
        """Media in which nothing was measured at all; their routes are not in any sum."""
        return tuple(medium for medium in MEDIA if bool(np.isnan(self.case.content(medium)).all()))

    def missing(self, effect: str) -> dict[str, NDArray[np.bool_]]:
        """Per sampled medium, where a content is lacking although the chemical could reach people from there."""
        found = {medium: np.zeros((len(self.case.analytes), len(self.case.points)), dtype=np.bool_) for medium in MEDIA}
        for route in self.routes:
            unit = self.water_unit if route in GROUNDWATER_ROUTES else self.soil_unit
            per_content = unit.cancer[route] if effect == CANCER else unit.hazard[route]
            medium = MEDIUM_OF[route]
            if medium in self.unsampled:
                continue
            found[medium] |= (per_content > 0)[:, np.newaxis] & np.isnan(self.case.content(medium))
        return found

    @staticmethod
    def _total(parts: Mapping[Route, Floats], missing: Mapping[str, NDArray[np.bool_]]) -> Floats:
        total = added(parts.values())
        lacking = np.logical_or.reduce(list(missing.values()))
        return np.where((total == 0) & lacking, np.nan, total)

    @cached_property
    def worst(self) -> NDArray[np.intp]:
        """Per chemical the point with the highest risk, by cancer or hazard relative to what is acceptable."""
        target = self.setting.target(self.chemicals.groups)
        over = np.fmax(
            self.total_cancer / np.asarray(target.risk)[:, np.newaxis],
            self.total_hazard / np.asarray(target.quotient)[:, np.newaxis],
        )
        return np.asarray(np.where(np.isnan(over), -np.inf, over).argmax(axis=1))

    def shares(self, effect: str) -> dict[Route, Floats]:
        """Contribution of each route at the worst point of each chemical, 0 to 1 (HJ 25.3-2019 annex D)."""
        parts = self.cancer if effect == CANCER else self.hazard
        at = (np.arange(len(self.case.analytes)), self.worst)
        return contribution({route: part[at] for route, part in parts.items()})

    @cached_property
    def protecting(self) -> Floats:
        """CVSpgw, mg/kg; NaN for chemicals whose groundwater limit was not given."""
        limits = np.array([self.case.groundwater_limits_mg_l.get(analyte, np.nan) for analyte in self.case.analytes])
        return self.control.protecting_groundwater(limits)

    def soil_control(self) -> tuple[Floats, tuple[str, ...]]:
        """Soil control value, mg/kg, and which of the three values is smallest (HJ 25.3-2019 annex E)."""
        return smallest((self.control.soil_cancer, self.control.soil_hazard, self.protecting))

    def water_control(self) -> tuple[Floats, tuple[str, ...]]:
        """Groundwater control value, mg/L, and which value is smaller (HJ 25.3-2019 annex E)."""
        return smallest((self.control.water_cancer, self.control.water_hazard))


def assess_risk(case: Case) -> RiskAssessment:
    """Compute a case. Raises ``ValueError`` or ``LawError`` with a sentence when it cannot be computed.

    *Source*: HJ 25.3-2019 annexes A to F.

    >>> from datetime import date
    >>> case = Case(date(2021, 9, 15), "class1", ["benzene"], ["S1"],
    ...             {"surface_mg_kg": np.array([[1.0]]), "subsurface_mg_kg": np.array([[1.0]])})
    >>> found = assess_risk(case)
    >>> f"{found.total_cancer[0, 0]:.3e}", round(float(found.control.soil_cancer[0]), 3)
    ('1.025e-06', 0.976)
    """
    here = setting(case.on, case.land_class, case.changes, case.reasons)
    chemicals = chemical_set(case.on, case.analytes, case.chemical_changes, _by_chemical(case))
    open_soil = tuple(route for route in SOIL_ROUTES if route not in case.closed)
    open_water = tuple(route for route in GROUNDWATER_ROUTES if route not in case.closed)
    if not open_soil + open_water:
        raise ValueError(_CLOSED)
    scene, target = here.scene(), here.target(chemicals.groups)
    soil = soil_unit_risk(scene, chemicals.chemicals, target)
    water = groundwater_unit_risk(scene, chemicals.chemicals, target)
    units = {route: soil if route in open_soil else water for route in open_soil + open_water}
    contents = {medium: case.content(medium) for medium in MEDIA}
    return RiskAssessment(
        case,
        here,
        chemicals,
        soil,
        water,
        {r: cancer_risk(_column(unit.cancer[r]), contents[MEDIUM_OF[r]]) for r, unit in units.items()},
        {r: hazard_quotient(_column(unit.hazard[r]), contents[MEDIUM_OF[r]]) for r, unit in units.items()},
        control_values(scene, chemicals.chemicals, target, open_soil, open_water),
    )


@dataclass(frozen=True, slots=True, eq=False)
class LeadResult:
    """Lead, by its own models: adults computed, children as entered or not assessed."""

    adult_limit_mg_kg: float
    blood_ug_dl: Floats
    child_limit_mg_kg: float | None
    child_source: str


def assess_lead(assessment: RiskAssessment, child_limit_mg_kg: float | None = None, source: str = "") -> LeadResult:
    """Adult blood lead at each point and the soil value of the adult model; the children's value comes from outside.

    *Source*: US EPA adult lead model.
    """
    model = lead_model(assessment.case.on)
    content = assessment.case.content(SURFACE)[list(assessment.case.analytes).index(LEAD)]
    return LeadResult(adult_soil_lead_mg_kg(model), adult_blood_lead_ug_dl(model, content), child_limit_mg_kg, source)


def added(parts: Iterable[Floats]) -> Floats:
    """Sum of arrays in which NaN is left out; NaN where all are."""
    stack = np.stack(list(parts))
    return np.where(np.isnan(stack).all(axis=0), np.nan, np.nansum(stack, axis=0))


def smallest(parts: Sequence[Floats]) -> tuple[Floats, tuple[str, ...]]:
    """The smallest of several values per chemical and the name of the one that decided; blank where there is none."""
    stack = np.stack([np.where(np.isnan(part), np.inf, part) for part in parts])
    value = stack.min(axis=0)
    known = np.isfinite(value)
    names = tuple(DECIDERS[at] if ok else "" for at, ok in zip(stack.argmin(axis=0), known, strict=True))
    return np.where(known, value, np.nan), names


def _column(values: Floats) -> Floats:
    return values[:, np.newaxis]


def _by_chemical(case: Case) -> dict[tuple[str, str], str]:
    """Reasons given for changes of a chemical's values, stored under “chemical/name”."""
    named = (key.partition("/") for key in case.reasons if "/" in key)
    return {(chemical, name): case.reasons[f"{chemical}/{name}"] for chemical, _, name in named}
