"""The recommended model of HJ 25.3-2019: exposure, transport, toxicity, risk, control values.

Every quantity is a float or a NumPy array and everything broadcasts: chemicals along one axis, points, draws or
variants along another. Nothing here knows a default value or a threshold; both come from ``law`` through ``assess``.
"""

from jingtu.science.risk.characterisation import (
    Control,
    UnitRisk,
    cancer_risk,
    contribution,
    control_values,
    groundwater_unit_risk,
    hazard_quotient,
    sensitivity_ratio,
    soil_unit_risk,
)
from jingtu.science.risk.distributions import (
    Distribution,
    Empirical,
    Fixed,
    Lognormal,
    Normal,
    Triangular,
    Uniform,
    middle,
)
from jingtu.science.risk.draws import (
    BLOCK,
    WATCHED,
    drawn_shares,
    keep_freed_memory,
    rank_correlations,
    rank_factor,
)
from jingtu.science.risk.exposure import (
    AIR_ROUTES,
    GROUNDWATER_ROUTES,
    SOIL_ROUTES,
    Doses,
    Route,
    groundwater_doses,
    skin_area_cm2,
    soil_doses,
)
from jingtu.science.risk.lead import LeadModel, adult_blood_lead_ug_dl, adult_soil_lead_mg_kg
from jingtu.science.risk.parameters import Building, Chemicals, Ground, Habits, Person, Scene, Target
from jingtu.science.risk.tally import Block, Step, Tally
from jingtu.science.risk.toxicity import RouteToxicity, route_toxicity
from jingtu.science.risk.transport import (
    GroundwaterFactors,
    Partition,
    SoilFactors,
    effective_diffusion_cm2_s,
    groundwater_volatilisation,
    leaching_factor_kg_l,
    partition,
    saturation_mg_kg,
    soil_volatilisation,
)

__all__ = [
    "AIR_ROUTES",
    "BLOCK",
    "GROUNDWATER_ROUTES",
    "SOIL_ROUTES",
    "WATCHED",
    "Block",
    "Building",
    "Chemicals",
    "Control",
    "Distribution",
    "Doses",
    "Empirical",
    "Fixed",
    "Ground",
    "GroundwaterFactors",
    "Habits",
    "LeadModel",
    "Lognormal",
    "Normal",
    "Partition",
    "Person",
    "Route",
    "RouteToxicity",
    "Scene",
    "SoilFactors",
    "Step",
    "Tally",
    "Target",
    "Triangular",
    "Uniform",
    "UnitRisk",
    "adult_blood_lead_ug_dl",
    "adult_soil_lead_mg_kg",
    "cancer_risk",
    "contribution",
    "control_values",
    "drawn_shares",
    "effective_diffusion_cm2_s",
    "groundwater_doses",
    "groundwater_unit_risk",
    "groundwater_volatilisation",
    "hazard_quotient",
    "keep_freed_memory",
    "leaching_factor_kg_l",
    "middle",
    "partition",
    "rank_correlations",
    "rank_factor",
    "route_toxicity",
    "saturation_mg_kg",
    "sensitivity_ratio",
    "skin_area_cm2",
    "soil_doses",
    "soil_unit_risk",
    "soil_volatilisation",
]
