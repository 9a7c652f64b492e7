"""One worked case for the examples in the documentation: benzene on residential land (class 1).

The numbers are those of the law's tables, written out so that an example can be read without looking anything up;
a test compares them with the tables.
"""

from __future__ import annotations

from jingtu.science.risk.lead import LeadModel
from jingtu.science.risk.parameters import Building, Chemicals, Ground, Habits, Person, Scene, Target


def adult() -> Person:
    """An adult living there."""
    return Person(24, 350, 262.5, 87.5, 61.8, 161.5, 14.5, 1.0, 100, 0.32, 0.07, 0.5)


def child() -> Person:
    """A child living there."""
    return Person(6, 350, 262.5, 87.5, 19.2, 113.15, 7.5, 0.7, 200, 0.36, 0.2, 0.5)


def ground() -> Ground:
    """Ground with the recommended values."""
    return Ground(
        surface_thickness_cm=50,
        subsurface_depth_cm=100,
        subsurface_thickness_cm=100,
        source_area_cm2=16_000_000,
        source_width_cm=4000,
        water_depth_cm=300,
        capillary_thickness_cm=5,
        vadose_thickness_cm=295,
        organic_matter_g_kg=15,
        bulk_density_kg_dm3=1.5,
        moisture_kg_kg=0.2,
        particle_density_kg_dm3=2.65,
        water_density_kg_dm3=1,
        capillary_air_ratio=0.038,
        capillary_water_ratio=0.342,
        darcy_cm_a=2500,
        mixing_zone_cm=200,
        infiltration_cm_a=30,
        wind_cm_s=200,
        mixing_height_cm=200,
        lasting_a=30,
    )


def building() -> Building:
    """A dwelling with the recommended values."""
    return Building(0.26, 0.12, 35, 220, 12, 0.0005, 0, 1e-8, 35, 3400, 700_000, 1.81e-4)


def habits() -> Habits:
    """Dust, absorption and averaging times of class 1."""
    return Habits(1, 0.8, 0.5, 0.119, 0.75, 1, 27_740, 2190)


def scene() -> Scene:
    """Class 1 as a whole."""
    return Scene(adult(), child(), habits(), ground(), building())


def benzene() -> Chemicals:
    """Benzene."""
    return Chemicals(
        oral_slope_kg_d_mg=0.055,
        unit_risk_m3_mg=0.0078,
        oral_reference_mg_kg_d=0.004,
        reference_mg_m3=0.03,
        gut_ratio=1,
        henry=0.2269011,
        air_diffusion_cm2_s=0.089534,
        water_diffusion_cm2_s=1.03e-5,
        koc_l_kg=145.8,
        solubility_mg_l=1790,
        permeability_cm_h=0.0149,
    )


def target() -> Target:
    """Acceptable levels, with the allocation of a volatile organic compound."""
    return Target(1e-6, 1, 0.33, 0.33)


def lead_model() -> LeadModel:
    """The adult lead model with its published values."""
    return LeadModel(10, 1.7, 2.3, 0.9, 1.645, 0.4, 0.05, 0.12, 219, 365)
