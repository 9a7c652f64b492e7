"""Lead in adults: blood lead from soil lead, and back. Lead has no slope factor and no reference dose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from jingtu.science.risk.parameters import Floats


@dataclass(frozen=True, slots=True)
class LeadModel:
    """Parameters of the adult lead model."""

    target_ug_dl: float  # fetal blood lead, 95th percentile
    baseline_ug_dl: float  # PbB0
    geometric_deviation: float  # GSD
    fetal_ratio: float  # R
    percentile_factor: float  # 1.645
    slope_ug_dl_d_ug: float  # BKSF
    soil_g_d: float  # IRs
    absorption_ratio: float  # AFs
    frequency_d_a: float  # EFs
    averaging_d: float  # AT

    @property
    def uptake(self) -> float:
        """Blood lead per soil lead, µg/dL for each mg/kg."""
        taken = self.soil_g_d * self.absorption_ratio * self.frequency_d_a / self.averaging_d
        return self.slope_ug_dl_d_ug * taken


def adult_blood_lead_ug_dl(model: LeadModel, soil_mg_kg: ArrayLike) -> Floats:
    """Central estimate of an adult's blood lead, µg/dL.

    *Source*: US EPA adult lead model, equation 1. One mg/kg is one µg/g.

    >>> from jingtu.science.risk.examples import lead_model
    >>> adult_blood_lead_ug_dl(lead_model(), [0.0, 800.0]).round(3).tolist()
    [1.7, 2.852]
    """
    return np.asarray(model.baseline_ug_dl + np.asarray(soil_mg_kg, dtype=np.float64) * model.uptake)


def fetal_blood_lead_ug_dl(model: LeadModel, soil_mg_kg: ArrayLike) -> Floats:
    """95th percentile of the blood lead of the fetus, µg/dL (US EPA adult lead model, equation 2).

    >>> from jingtu.science.risk.examples import lead_model
    >>> fetal_blood_lead_ug_dl(lead_model(), [800.0]).round(2).tolist()
    [10.1]
    """
    spread = model.geometric_deviation**model.percentile_factor
    return np.asarray(adult_blood_lead_ug_dl(model, soil_mg_kg) * model.fetal_ratio * spread)


def adult_soil_lead_mg_kg(model: LeadModel) -> float:
    """Soil lead at which the fetus just keeps the target, mg/kg.

    *Source*: US EPA adult lead model, equation 4 (PRG).

    >>> from jingtu.science.risk.examples import lead_model
    >>> round(adult_soil_lead_mg_kg(lead_model()))
    780
    """
    spread = float(model.geometric_deviation**model.percentile_factor)
    return (model.target_ug_dl / (model.fetal_ratio * spread) - model.baseline_ug_dl) / model.uptake
