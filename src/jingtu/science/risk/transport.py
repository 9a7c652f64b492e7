"""How a chemical moves: partition, diffusion, volatilisation to air, leaching to groundwater, saturation.

*Source*: HJ 25.3-2019 annex F. Volatilisation factors of soil are in kg/m³, of groundwater in L/m³.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jingtu.science.risk.parameters import Building, Chemicals, Floats, Ground, Quantity

ORGANIC_MATTER_TO_CARBON: Final = 1.7  # HJ 25.3 annex F: foc = fom / (1.7 · 1000)
MILLINGTON_QUIRK: Final = 3.33  # exponent of the air- and water-filled pore space
GRAMS_PER_KG: Final = 1000.0
SECONDS_PER_YEAR: Final = 31_536_000.0
SECONDS_PER_DAY: Final = 86_400.0
TOO_WET: Final = "土壤孔隙容不下这么多水：请核对土壤容重、颗粒密度和含水率。"
CM3_PER_LITRE: Final = 1000.0  # turns kg/dm³ · cm/s ratios into kg/m³


@dataclass(frozen=True, slots=True, eq=False)
class Partition:
    """Pore space and how a chemical is shared between soil, water and air."""

    porosity: Floats
    water_ratio: Floats
    air_ratio: Floats
    kd_l_kg: Floats
    total_l_kg: Floats  # Ksw, soil over water


def partition(ground: Ground, chemicals: Chemicals) -> Partition:
    """Porosity, water and air content, Kd and Ksw.

    *Source*: HJ 25.3-2019 annex F (θ, θws, θas, foc, Kd, Ksw). Kd is Koc · foc, or the tabulated one where there is
    no Koc. Without a Henry constant nothing is in the pore air. Raises ``ValueError`` when the water does not fit.

    >>> from jingtu.science.risk.examples import benzene, ground
    >>> found = partition(ground(), benzene())
    >>> round(float(found.kd_l_kg), 4), round(float(found.total_l_kg), 4)
    (1.2865, 1.5067)
    """
    density = np.asarray(ground.bulk_density_kg_dm3, dtype=np.float64)
    porosity = 1 - density / ground.particle_density_kg_dm3
    water = density * ground.moisture_kg_kg / ground.water_density_kg_dm3
    air = porosity - water
    if bool(np.any(air < 0)):
        raise ValueError(TOO_WET)
    carbon = np.asarray(ground.organic_matter_g_kg, dtype=np.float64) / (ORGANIC_MATTER_TO_CARBON * GRAMS_PER_KG)
    kd = np.where(np.isnan(chemicals.koc_l_kg), chemicals.kd_l_kg, chemicals.koc_l_kg * carbon)
    henry = np.nan_to_num(np.asarray(chemicals.henry, dtype=np.float64), nan=0.0)
    total = kd + (water + henry * air) / density
    return Partition(porosity, water, air, kd, np.asarray(total, dtype=np.float64))


def effective_diffusion_cm2_s(
    air_ratio: Quantity, water_ratio: Quantity, porosity: Quantity, chemicals: Chemicals
) -> Floats:
    """Effective diffusion coefficient of the vapour through a porous layer, cm²/s.

    *Source*: HJ 25.3-2019 annex F (Deff of soil, capillary fringe and cracks; all over θ² of the soil).

    >>> from jingtu.science.risk.examples import benzene
    >>> f"{effective_diffusion_cm2_s(0.134, 0.3, 0.434, benzene()):.4e}"
    '5.9358e-04'
    """
    through_air = chemicals.air_diffusion_cm2_s * np.asarray(air_ratio) ** MILLINGTON_QUIRK
    dissolved = np.asarray(chemicals.water_diffusion_cm2_s, dtype=np.float64) / chemicals.henry
    through_water = dissolved * np.asarray(water_ratio) ** MILLINGTON_QUIRK
    return np.asarray((through_air + through_water) / np.asarray(porosity, dtype=np.float64) ** 2, dtype=np.float64)


def saturation_mg_kg(ground: Ground, chemicals: Chemicals) -> Floats:
    """Content at which soil water, air and grains are full: Csat = S · Ksw, mg/kg; NaN without solubility.

    *Source*: HJ 25.3-2019 annex F.

    >>> from jingtu.science.risk.examples import benzene, ground
    >>> round(float(saturation_mg_kg(ground(), benzene())), 1)
    2697.1
    """
    return np.asarray(chemicals.solubility_mg_l * partition(ground, chemicals).total_l_kg, dtype=np.float64)


def outdoor_dilution_cm_s(ground: Ground) -> Floats:
    """Dilution velocity of outdoor air, DFoa = Uair · W · δair / A, cm/s (HJ 25.3-2019 annex F)."""
    flow = np.asarray(ground.wind_cm_s, dtype=np.float64) * ground.source_width_cm * ground.mixing_height_cm
    return np.asarray(flow / ground.source_area_cm2, dtype=np.float64)


def indoor_dilution_cm_s(building: Building) -> Floats:
    """Dilution velocity of indoor air, DFia = LB · ER / 86400, cm/s (HJ 25.3-2019 annex F)."""
    exchange = np.asarray(building.volume_area_cm, dtype=np.float64) * building.exchange_per_d
    return np.asarray(exchange / SECONDS_PER_DAY, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class SoilFactors:
    """Volatilisation factors of soil, kg/m³: air content per soil content; 0 for what does not evaporate."""

    outdoor_surface: Floats  # VFsuroa
    outdoor_subsurface: Floats  # VFsuboa
    indoor_subsurface: Floats  # VFsubia


@dataclass(frozen=True, slots=True, eq=False)
class GroundwaterFactors:
    """Volatilisation factors of groundwater, L/m³; 0 for what does not evaporate."""

    outdoor: Floats  # VFgwoa
    indoor: Floats  # VFgwia


def evaporates(chemicals: Chemicals) -> NDArray[np.bool_]:
    """Whether the model can follow a vapour: Henry constant, both diffusion coefficients and a Kd are known."""
    bound = np.where(np.isnan(chemicals.koc_l_kg), chemicals.kd_l_kg, chemicals.koc_l_kg)
    known = bound * chemicals.air_diffusion_cm2_s * chemicals.water_diffusion_cm2_s
    return np.asarray(np.isfinite(known) & (np.nan_to_num(np.asarray(chemicals.henry)) > 0))


def soil_volatilisation(ground: Ground, building: Building, chemicals: Chemicals) -> SoilFactors:
    """Volatilisation factors from surface and subsurface soil to outdoor and indoor air.

    *Source*: HJ 25.3-2019 annex F (VFsuroa, VFsuboa, VFsubia); each is held to the mass there is in the layer.
    Chemicals without a Henry constant or diffusion coefficient get 0.

    >>> from jingtu.science.risk.examples import benzene, building, ground
    >>> found = soil_volatilisation(ground(), building(), benzene())
    >>> [f"{x:.3e}" for x in (found.outdoor_surface, found.outdoor_subsurface, found.indoor_subsurface)]
    ['7.927e-06', '1.585e-05', '3.724e-04']
    """
    split = partition(ground, chemicals)
    diffusion = effective_diffusion_cm2_s(split.air_ratio, split.water_ratio, split.porosity, chemicals)
    lasting_s = np.asarray(ground.lasting_a, dtype=np.float64) * SECONDS_PER_YEAR
    outdoor, indoor = outdoor_dilution_cm_s(ground), indoor_dilution_cm_s(building)
    to_vapour = split.total_l_kg / chemicals.henry
    layer = ground.subsurface_thickness_cm * np.asarray(ground.bulk_density_kg_dm3) / lasting_s * CM3_PER_LITRE
    entry = _entry(building, chemicals, split, diffusion, ground.subsurface_depth_cm, indoor)
    rise = 1 + outdoor * ground.subsurface_depth_cm / diffusion
    return SoilFactors(
        _only(chemicals, _from_surface(ground, to_vapour, diffusion, lasting_s)),
        _only(chemicals, np.minimum(CM3_PER_LITRE / (rise * to_vapour), layer / outdoor)),
        _only(chemicals, np.minimum(CM3_PER_LITRE / (to_vapour * entry), layer / indoor)),
    )


def groundwater_volatilisation(ground: Ground, building: Building, chemicals: Chemicals) -> GroundwaterFactors:
    """Volatilisation factors from groundwater to outdoor and indoor air.

    *Source*: HJ 25.3-2019 annex F (VFgwoa, VFgwia; effective diffusion through capillary fringe and soil in series).

    >>> from jingtu.science.risk.examples import benzene, building, ground
    >>> found = groundwater_volatilisation(ground(), building(), benzene())
    >>> [f"{x:.3e}" for x in (found.outdoor, found.indoor)]
    ['2.777e-05', '5.349e-04']
    """
    split = partition(ground, chemicals)
    soil = effective_diffusion_cm2_s(split.air_ratio, split.water_ratio, split.porosity, chemicals)
    fringe = effective_diffusion_cm2_s(
        ground.capillary_air_ratio, ground.capillary_water_ratio, split.porosity, chemicals
    )
    series = ground.water_depth_cm / (ground.capillary_thickness_cm / fringe + ground.vadose_thickness_cm / soil)
    outdoor, indoor = outdoor_dilution_cm_s(ground), indoor_dilution_cm_s(building)
    to_outdoor = CM3_PER_LITRE * chemicals.henry / (1 + outdoor * ground.water_depth_cm / series)
    entry = _entry(building, chemicals, split, series, ground.water_depth_cm, indoor)
    to_indoor = CM3_PER_LITRE * chemicals.henry / entry
    return GroundwaterFactors(_only(chemicals, to_outdoor), _only(chemicals, to_indoor))


def leaching_factor_kg_l(ground: Ground, chemicals: Chemicals) -> Floats:
    """Groundwater content per soil content above it, LFsgw, kg/L, held to the mass there is in the layer.

    *Source*: HJ 25.3-2019 annex F.

    >>> from jingtu.science.risk.examples import benzene, ground
    >>> round(float(leaching_factor_kg_l(ground(), benzene())), 4)
    0.1285
    """
    through = np.asarray(ground.infiltration_cm_a, dtype=np.float64)
    mixing = 1 + ground.darcy_cm_a * np.asarray(ground.mixing_zone_cm) / (through * ground.source_width_cm)
    kept = 1 / (mixing * partition(ground, chemicals).total_l_kg)
    mass = ground.subsurface_thickness_cm * np.asarray(ground.bulk_density_kg_dm3) / (through * ground.lasting_a)
    return np.asarray(np.minimum(kept, mass), dtype=np.float64)


def _from_surface(ground: Ground, to_vapour: Floats, diffusion: Floats, lasting_s: Floats) -> Floats:
    density = np.asarray(ground.bulk_density_kg_dm3, dtype=np.float64)
    outdoor = outdoor_dilution_cm_s(ground)
    flux = np.sqrt(4 / (np.pi * lasting_s * density) * (diffusion / to_vapour))
    mass = ground.surface_thickness_cm * density / (outdoor * lasting_s) * CM3_PER_LITRE
    return np.asarray(np.minimum(density / outdoor * CM3_PER_LITRE * flux, mass))


def _entry(
    building: Building, chemicals: Chemicals, split: Partition, diffusion: Floats, depth_cm: Quantity, indoor: Floats
) -> Floats:
    """Resistance from source to room over that of the soil: by diffusion alone, or with air drawn through cracks."""
    crack = effective_diffusion_cm2_s(building.crack_air_ratio, building.crack_water_ratio, split.porosity, chemicals)
    through = diffusion / (indoor * depth_cm)
    flow = soil_air_flow_cm3_s(building)
    # written out in the order that keeps arrays of chemicals × draws few: what only the building varies comes first
    closed = building.floor_thickness_cm / np.asarray(depth_cm * building.crack_ratio)
    still = 1 + through + diffusion / crack * closed
    if not bool(np.any(flow > 0)):
        return np.asarray(still / through, dtype=np.float64)
    area = np.asarray(building.floor_area_cm2, dtype=np.float64)
    moved = np.where(flow > 0, flow, np.nan)
    peclet = moved * building.floor_thickness_cm / (area * crack * building.crack_ratio)
    # divided by e^ξ throughout, so that a strong draught does not overflow
    drawn = 1 + through * np.exp(-peclet) - diffusion * area / (moved * depth_cm) * np.expm1(-peclet)
    return np.asarray(np.where(flow > 0, drawn, still) / through, dtype=np.float64)


def soil_air_flow_cm3_s(building: Building) -> Floats:
    """Soil air drawn into the building by its underpressure, Qs, cm³/s; 0 without one.

    *Source*: HJ 25.3-2019 annex F (Qs, Rcrack).

    >>> from dataclasses import replace
    >>> from jingtu.science.risk.examples import building
    >>> drawn = replace(building(), pressure_g_cm_s2=10.0)
    >>> float(soil_air_flow_cm3_s(building())), round(float(soil_air_flow_cm3_s(drawn)), 3)
    (0.0, 1.81)
    """
    radius = np.asarray(building.floor_area_cm2, dtype=np.float64) * building.crack_ratio / building.perimeter_cm
    around = np.log(2 * np.asarray(building.floor_depth_cm) / radius)
    pull = 2 * np.pi * np.asarray(building.pressure_g_cm_s2) * building.permeability_cm2 * building.perimeter_cm
    return np.asarray(pull / (building.viscosity_g_cm_s * around), dtype=np.float64)


def _only(chemicals: Chemicals, factor: Floats) -> Floats:
    """The factor, or 0 for chemicals whose vapour the model cannot follow."""
    followed = evaporates(chemicals)
    return factor if bool(followed.all()) else np.where(followed, factor, 0.0)
