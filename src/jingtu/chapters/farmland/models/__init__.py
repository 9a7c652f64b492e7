"""The nouns of the chapter: units, paired evidence and classes, safe use, strict control."""

from jingtu.chapters.farmland.models.classes import Adjustment, AdjustmentItem, Evaluation, Trigger, TriggerUnit
from jingtu.chapters.farmland.models.control import (
    ControlUse,
    Patrol,
    Planting,
    Subsidy,
    Zone,
    ZoneUnit,
)
from jingtu.chapters.farmland.models.interpolations import Interpolation
from jingtu.chapters.farmland.models.pairs import Pair, PairState, Season
from jingtu.chapters.farmland.models.rate import RateTarget
from jingtu.chapters.farmland.models.safe_use import (
    Cropping,
    EffectEvaluation,
    Exceedance,
    Measure,
    SafeUsePlan,
)
from jingtu.chapters.farmland.models.units import (
    Change,
    LandChange,
    LandClass,
    Lineage,
    Origin,
    PollutionDegree,
    Unit,
    UnitVersion,
)

__all__ = [
    "Adjustment",
    "AdjustmentItem",
    "Change",
    "ControlUse",
    "Cropping",
    "EffectEvaluation",
    "Evaluation",
    "Exceedance",
    "Interpolation",
    "LandChange",
    "LandClass",
    "Lineage",
    "Measure",
    "Origin",
    "Pair",
    "PairState",
    "Patrol",
    "Planting",
    "PollutionDegree",
    "RateTarget",
    "SafeUsePlan",
    "Season",
    "Subsidy",
    "Trigger",
    "TriggerUnit",
    "Unit",
    "UnitVersion",
    "Zone",
    "ZoneUnit",
]
