"""Which term of the safe-use rate each farmland unit counts in, and what is missing where it does not count.

Two ways of counting: the trial method by degree of pollution (B, C, D of E), and by class. Everything is done on
arrays, so that a province is counted in one go; every unit counts in one term only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jingtu.assess.finding import Finding
from jingtu.assess.rates import rate, terms

Areas = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.str_]
TRIAL, BY_CLASS = MODES = ("farmland.trial_2019", "farmland.class_based")
SLIGHT, LIGHT, HEAVY, CLEAN = "slight", "light", "heavy", ""
DEGREE_RULE: Final = "practice#rate-degree"
DONE_TERM: Final = {
    TRIAL: {SLIGHT: "B", LIGHT: "C", HEAVY: "D"},
    BY_CLASS: {LIGHT: "safe_done", HEAVY: "strict_done"},
}
WHOLE_TERM: Final = {
    TRIAL: {SLIGHT: "E", LIGHT: "E", HEAVY: "E"},
    BY_CLASS: {LIGHT: "safe", HEAVY: "strict"},
}
MISSING_ZH: Final = {
    "measure.none": "没有安全利用或治理修复措施",
    "measure.waiting": "安全利用措施已登记，待验收",
    "measure.area_short": "安全利用措施没有覆盖全部面积",
    "crops.exceed": "农产品超标",
    "crops.not_shown": "没有证据表明农产品达标（效果评价，或足够的协同监测点对）",
    "control.none": "没有管控措施（未划入管控区，也无经确认的管控利用）",
    "control.waiting": "管控措施已登记，待确认或验收",
    "control.area_short": "管控措施没有覆盖全部面积",
    "control.edible_found": "管控区内发现种植食用农产品，尚未整改到位",
    "protect.none": "没有优先保护类措施",
    "protect.waiting": "优先保护类措施已登记，待验收",
    "protect.area_short": "优先保护类措施没有覆盖全部面积",
}
MISSING: Final = tuple(MISSING_ZH)


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is on record of each unit on a day, one entry a unit; areas are whole numbers of one small unit of area.

    ``*_area`` is the ground on which accepted measures (or confirmed changes of use) of a group lie, ``*_waiting``
    says that some still wait; ``crops_meet`` that the season's evidence shows crops within their limits,
    ``crops_exceed`` that it shows the opposite.
    """

    land_class: Texts
    soil_class: Texts
    area: Areas
    protect_area: Areas
    safe_area: Areas
    strict_area: Areas
    protect_waiting: Flags
    safe_waiting: Flags
    strict_waiting: Flags
    crops_meet: Flags
    crops_exceed: Flags
    edible_found: Flags


@dataclass(frozen=True, eq=False)
class Counted:
    """What each unit counts: its term, the area counted in it, the term of its whole area, what is missing."""

    mode: str
    term: Texts
    done: Areas
    whole_term: Texts
    area: Areas
    missing: Mapping[str, Flags]

    def missing_of(self, place: int) -> tuple[str, ...]:
        """The codes of what one unit lacks."""
        return tuple(code for code in MISSING if self.missing[code][place])


def degrees(evidence: Evidence, mode: str) -> Texts:
    """How polluted each unit is for a way of counting.

    *Source*: by class, II and III; by the trial method slight, light to moderate, heavy. The survey grades of the
    trial method are not on record, so degrees are read from the classes, which is our own convention: class II is light
    to moderate, class III heavy, and class I whose soil alone would be II or III is slight.
    """
    found = np.full(evidence.area.shape, CLEAN, dtype="U8")
    found[evidence.land_class == "II"] = LIGHT
    found[evidence.land_class == "III"] = HEAVY
    if mode == TRIAL:
        found[(evidence.land_class == "I") & np.isin(evidence.soil_class, ("II", "III"))] = SLIGHT
    return found


def count(evidence: Evidence, mode: str) -> Counted:
    """The term of each unit, the area it adds, and what is missing where it adds less than it has.

    *Source*: trial method of counting the safe-use rate (B, C, D of E; a unit with several measures counts once); by
    classes, safe use achieved and control in place. The area counted is that under measures, never more than the
    unit's own. Raises ``ValueError`` for another way of counting.

    >>> one = evidence_of({"land_class": "II", "area": 100, "safe_area": 60, "crops_meet": True})
    >>> found = count(one, BY_CLASS)
    >>> str(found.term[0]), int(found.done[0]), found.missing_of(0)
    ('safe_done', 60, ('measure.area_short',))
    """
    if mode not in MODES:
        raise ValueError(f"unknown way of counting {mode!r}")
    degree = degrees(evidence, mode)
    light, heavy, slight = (degree == each for each in (LIGHT, HEAVY, SLIGHT))
    missing = {
        **_lacking("protect", slight, evidence.protect_area, evidence.protect_waiting, evidence.area),
        **_lacking("measure", light, evidence.safe_area, evidence.safe_waiting, evidence.area),
        **_lacking("control", heavy, evidence.strict_area, evidence.strict_waiting, evidence.area),
        "crops.exceed": light & evidence.crops_exceed,
        "crops.not_shown": light & ~evidence.crops_exceed & ~evidence.crops_meet,
        "control.edible_found": heavy & evidence.edible_found,
    }
    covered = np.where(light, evidence.safe_area, np.where(heavy, evidence.strict_area, evidence.protect_area))
    stopped = missing["crops.exceed"] | missing["crops.not_shown"] | missing["control.edible_found"]
    done = np.where((degree == CLEAN) | stopped, 0, np.minimum(covered, evidence.area))
    term = np.where(done > 0, _named(degree, DONE_TERM[mode]), "")
    return Counted(
        mode, term, done, _named(degree, WHOLE_TERM[mode]), np.where(degree == CLEAN, 0, evidence.area), missing
    )


def _lacking(kind: str, concerned: Flags, covered: Areas, waiting: Flags, area: Areas) -> dict[str, Flags]:
    """Which units of a degree lack their kind of measure wholly, in acceptance, or on part of their ground."""
    none = concerned & (covered == 0)
    return {
        f"{kind}.none": none & ~waiting,
        f"{kind}.waiting": concerned & waiting & (covered < area),
        f"{kind}.area_short": concerned & (covered > 0) & (covered < area),
    }


def _named(degree: Texts, names: Mapping[str, str]) -> Texts:
    found = np.full(degree.shape, "", dtype="U12")
    for each, name in names.items():
        found[degree == each] = name
    return found


def areas(counted: Counted, region: NDArray[np.intp], regions: int) -> list[dict[str, int]]:
    """The areas of every term for each of so many regions; ``region`` is the place of each unit's region.

    >>> counted = count(evidence_of({"land_class": "III", "area": 5, "strict_area": 9}), BY_CLASS)
    >>> areas(counted, np.zeros(1, np.intp), 1)
    [{'safe_done': 0, 'strict_done': 5, 'safe': 0, 'strict': 5}]
    """
    names = [*dict.fromkeys((*DONE_TERM[counted.mode].values(), *WHOLE_TERM[counted.mode].values()))]
    found = {}
    for name in names:
        own = np.where(counted.term == name, counted.done, 0) + np.where(counted.whole_term == name, counted.area, 0)
        total = np.zeros(regions, np.int64)
        np.add.at(total, region, own)
        found[name] = total
    return [{name: int(found[name][place]) for name in names} for place in range(regions)]


def rates(
    subjects: Sequence[str], areas_of: Sequence[Mapping[str, int]], mode: str, on: date, per_unit: Decimal
) -> list[Finding]:
    """The rate of each subject from the areas of its terms; ``per_unit`` is the small unit of area in mu."""
    wanted = {row.text("term") for row in terms(mode, on)}
    return [
        rate(subject, mode, {name: per_unit * value for name, value in own.items() if name in wanted}, on)
        for subject, own in zip(subjects, areas_of, strict=True)
    ]


def evidence_of(*units: Mapping[str, object]) -> Evidence:
    """Evidence from one mapping a unit; what a mapping leaves out is nothing, false or blank."""
    kinds = {"land_class": "U3", "soil_class": "U3"}
    columns = {}
    for name in Evidence.__dataclass_fields__:
        dtype = kinds.get(name) or (np.int64 if name.endswith("area") else np.bool_)
        blank = "" if name in kinds else 0
        columns[name] = np.array([unit.get(name, blank) for unit in units], dtype=dtype)
    return Evidence(**columns)
