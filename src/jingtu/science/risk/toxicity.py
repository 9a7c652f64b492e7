"""Toxicity of each way in, extrapolated from what is published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jingtu.science.risk.parameters import Chemicals, Floats, Person


@dataclass(frozen=True, slots=True, eq=False)
class RouteToxicity:
    """Slope factors in kg·d/mg and reference doses in mg/(kg·d) by mouth, skin and breath; NaN where there is none."""

    oral_slope: Floats
    skin_slope: Floats
    breath_slope: Floats
    oral_reference: Floats
    skin_reference: Floats
    breath_reference: Floats


def route_toxicity(chemicals: Chemicals, adult: Person) -> RouteToxicity:
    """Slope factors and reference doses per route, from oral values, unit risk and reference concentration.

    *Source*: HJ 25.3-2019 annex B (SFi, RfDi, SFd, RfDd); body weight and breathing are the adult's.

    >>> from jingtu.science.risk.examples import adult, benzene
    >>> found = route_toxicity(benzene(), adult())
    >>> round(float(found.breath_slope), 6), round(float(found.breath_reference), 6)
    (0.033244, 0.007039)
    """
    per_kg = np.asarray(adult.air_m3_d, dtype=np.float64) / adult.body_kg
    gut = np.asarray(chemicals.gut_ratio, dtype=np.float64)
    oral_slope = np.asarray(chemicals.oral_slope_kg_d_mg, dtype=np.float64)
    oral_reference = np.asarray(chemicals.oral_reference_mg_kg_d, dtype=np.float64)
    return RouteToxicity(
        oral_slope=oral_slope,
        skin_slope=oral_slope / gut,
        breath_slope=np.asarray(chemicals.unit_risk_m3_mg / per_kg, dtype=np.float64),
        oral_reference=oral_reference,
        skin_reference=oral_reference * gut,
        breath_reference=np.asarray(chemicals.reference_mg_m3 * per_kg, dtype=np.float64),
    )
