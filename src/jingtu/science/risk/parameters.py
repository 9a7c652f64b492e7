"""What the model is told: the people, the ground, the building, the chemicals. Names carry the units.

A field is a float, or an array that broadcasts with the others (chemicals × points, draws, variants). NaN says that
a chemical has no such value; the model then leaves out what needs it. The symbol of HJ 25.3 stands beside each field.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Quantity = float | Floats


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """A child or an adult as HJ 25.3 table G.1 describes one."""

    exposure_a: Quantity  # ED
    frequency_d_a: Quantity  # EF
    indoor_d_a: Quantity  # EFI
    outdoor_d_a: Quantity  # EFO
    body_kg: Quantity  # BW
    height_cm: Quantity  # H
    air_m3_d: Quantity  # DAIR
    water_l_d: Quantity  # GWCR
    soil_mg_d: Quantity  # OSIR
    skin_ratio: Quantity  # SER
    adherence_mg_cm2: Quantity  # SSAR
    bathing_h: Quantity = np.nan  # t


@dataclass(frozen=True, slots=True, eq=False)
class Habits:
    """What holds for whoever is exposed: dust, absorption, averaging times."""

    contact_per_d: Quantity  # Ev
    indoor_dust_ratio: Quantity  # fspi
    outdoor_dust_ratio: Quantity  # fspo
    dust_mg_m3: Quantity  # PM10
    retained_ratio: Quantity  # PIAF
    oral_absorption_ratio: Quantity  # ABSo
    carcinogenic_d: Quantity  # ATca
    noncarcinogenic_d: Quantity  # ATnc


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Soil, source, groundwater and the open air above them."""

    surface_thickness_cm: Quantity  # d
    subsurface_depth_cm: Quantity  # Ls
    subsurface_thickness_cm: Quantity  # dsub
    source_area_cm2: Quantity  # A
    source_width_cm: Quantity  # W
    water_depth_cm: Quantity  # Lgw
    capillary_thickness_cm: Quantity  # hcap
    vadose_thickness_cm: Quantity  # hv
    organic_matter_g_kg: Quantity  # fom
    bulk_density_kg_dm3: Quantity  # rho_b
    moisture_kg_kg: Quantity  # Pws
    particle_density_kg_dm3: Quantity  # rho_s
    water_density_kg_dm3: Quantity  # rho_w
    capillary_air_ratio: Quantity  # theta_acap
    capillary_water_ratio: Quantity  # theta_wcap
    darcy_cm_a: Quantity  # Ugw
    mixing_zone_cm: Quantity  # delta_gw
    infiltration_cm_a: Quantity  # I
    wind_cm_s: Quantity  # Uair
    mixing_height_cm: Quantity  # delta_air
    lasting_a: Quantity  # tau


@dataclass(frozen=True, slots=True, eq=False)
class Building:
    """The building above the source and the cracks in its floor."""

    crack_air_ratio: Quantity  # theta_acrack
    crack_water_ratio: Quantity  # theta_wcrack
    floor_thickness_cm: Quantity  # Lcrack
    volume_area_cm: Quantity  # LB
    exchange_per_d: Quantity  # ER
    crack_ratio: Quantity  # eta
    pressure_g_cm_s2: Quantity  # dP
    permeability_cm2: Quantity  # Kv
    floor_depth_cm: Quantity  # Zcrack
    perimeter_cm: Quantity  # Xcrack
    floor_area_cm2: Quantity  # Ab
    viscosity_g_cm_s: Quantity  # mu_air


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """Acceptable levels and the share of the reference dose that soil and groundwater may take."""

    risk: Quantity  # ACR
    quotient: Quantity  # AHQ
    soil_allocation_ratio: Quantity  # SAF
    water_allocation_ratio: Quantity  # WAF


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """People, ground and building together; without a child it is land of the second class."""

    adult: Person
    child: Person | None
    habits: Habits
    ground: Ground
    building: Building

    def exposed(self, *, carcinogenic: bool) -> tuple[Person, ...]:
        """Whose doses are added: both for cancer in class 1, the child alone for other effects, else the adult.

        *Source*: HJ 25.3-2019 annex A.
        """
        if self.child is None:
            return (self.adult,)
        return (self.child, self.adult) if carcinogenic else (self.child,)


@dataclass(frozen=True, slots=True, eq=False)
class Chemicals:
    """Toxicity and physical chemistry of one or more chemicals; NaN where there is no value."""

    oral_slope_kg_d_mg: Quantity = np.nan  # SFo
    unit_risk_m3_mg: Quantity = np.nan  # IUR
    oral_reference_mg_kg_d: Quantity = np.nan  # RfDo
    reference_mg_m3: Quantity = np.nan  # RfC
    gut_ratio: Quantity = np.nan  # ABSgi
    skin_ratio: Quantity = np.nan  # ABSd
    henry: Quantity = np.nan  # H', dimensionless
    air_diffusion_cm2_s: Quantity = np.nan  # Da
    water_diffusion_cm2_s: Quantity = np.nan  # Dw
    koc_l_kg: Quantity = np.nan  # Koc
    kd_l_kg: Quantity = np.nan  # Kd
    solubility_mg_l: Quantity = np.nan  # S
    permeability_cm_h: Quantity = np.nan  # Kp

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names of the properties, in order."""
        return tuple(field.name for field in fields(cls))
