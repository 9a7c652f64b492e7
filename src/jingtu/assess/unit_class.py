"""From points to the class of farmland units: levels of points, unit by element, aid of crops, proposal.

The rules carry codes (U1 to U7, C1 to C5) whose rows in the law tables say clause and certainty. What they cannot
decide is marked for review with its reason; nothing is split and nothing adopted here. Everything is done on arrays,
so that a province is classed in one go and one unit in a moment.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from jingtu import law
from jingtu.assess import unit_rules as rules
from jingtu.assess.crop_limits import CODE
from jingtu.assess.crops import EXCEEDS, WITHIN
from jingtu.assess.unit_rules import FIRST, REASON, SECOND, THIRD, ClassRules, class_rules
from jingtu.science.neighbourhood import group_sizes, neighbours

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]
Small = NDArray[np.int8]
Counts = NDArray[np.int32]
Flags = NDArray[np.bool_]
NO_PROPOSAL: Final = (
    "unit.no_points", "unit.elements_missing", "unit.contiguous_minority", "unit.isolated_third"
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class SoilPoints:
    """Soil points: number of the unit (points,), levels 0 to 3 (points, elements), place in metres (points,)."""

    unit: Numbers
    level: Small
    x: Floats
    y: Floats


@dataclass(frozen=True, eq=False)
class CropPoints:
    """Crop points: number of the unit (points,), outcomes of :mod:`crop_limits` (points, elements).

    ``index`` is the highest single index of the point, needed only for the three crop states (R2).
    """

    unit: Numbers
    outcome: Small
    index: Floats | None = None


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the points of each unit come to: all that the rules ask.

    ``count`` (units, elements, levels) has the points at each level, level 0 being not judged; ``patch`` (units,
    elements) the largest group of neighbouring minority points. Of crops: points judged, points exceeding, clean
    points by element, and whether one exceeds heavily. ``repeated`` are points at a place of a later season.
    """

    soil_points: Counts
    count: Counts
    patch: Counts
    crop_points: Counts
    crop_exceeding: Counts
    crop_clean: Counts
    crop_heavy: Flags
    repeated: Counts


@dataclass(frozen=True, eq=False)
class UnitClasses:
    """What the rules say of each unit; arrays are (units,) or (units, elements).

    ``soil_class`` is the class by soil, the worst present where the rules cannot decide; ``proposed`` the class after
    crops, 0 where none can be proposed; ``review`` and ``reason`` (a number of ``REASONS``) say what a person must
    look at. ``certainty`` is the rank of the weakest rule used.
    """

    elements: tuple[str, ...]
    rules: ClassRules
    evidence: Evidence
    element_class: Small
    element_rule: Small
    soil_class: Small
    soil_reason: Small
    crop_rule: Small
    crop_reason: Small
    proposed: Small
    review: Flags
    reason: Small
    certainty: Small

    def __len__(self) -> int:
        return len(self.soil_class)


def classify(
    units: int,
    soil: SoilPoints,
    crops: CropPoints,
    on: date,
    *,
    by_index: bool = False,
    pairs: Numbers | None = None,
    repeated: Counts | None = None,
) -> UnitClasses:
    """Class of each unit from all its soil and crop points.

    *Source*: technical guide on the classes of farmland (2019), from memory: rules P, U and C of the table
    ``farmland_class_rules``. ``units`` is how many there are, numbered from 0. Neighbours are points of one unit not
    farther apart than ``class.neighbour_m``, or the given ``pairs`` of points (pairs, 2). ``by_index`` takes the three
    crop states (R2) instead of C1 to C5. ``repeated`` is for each unit how many points repeat a place that another
    season has (:mod:`jingtu.assess.unit_places`); the points themselves are those that count.

    >>> points = SoilPoints(np.zeros(3, np.intp), np.array([[2, 1, 1, 1, 1]] * 3, np.int8), np.zeros(3), np.zeros(3))
    >>> clean = CropPoints(np.zeros(3, np.intp), np.ones((3, 5), np.int8))
    >>> got = classify(1, points, clean, date(2021, 9, 15))
    >>> got.soil_class.tolist(), got.proposed.tolist(), rules.CROP_RULES[got.crop_rule[0]]
    ([2], [1], 'C2')
    """
    held = class_rules(on, by_index)
    own, number = _with_points(units, soil.unit, crops.unit)
    evidence = weigh(
        len(own), replace(soil, unit=number[soil.unit]), replace(crops, unit=number[crops.unit]), held, pairs
    )
    if repeated is not None:
        evidence = replace(evidence, repeated=repeated[own])
    found = decide(evidence, held)
    return found if len(own) == units else _spread(found, decide(_nothing(len(found.elements)), held), own, units)


def _with_points(units: int, *points: Numbers) -> tuple[Numbers, Numbers]:
    """The units that have any point, and for every unit its number among them."""
    has = np.zeros(units, dtype=np.bool_)
    for unit in points:
        has[unit] = True
    return np.flatnonzero(has), np.cumsum(has) - 1


def _nothing(elements: int) -> Evidence:
    """One unit without any point."""
    none, by_element = np.zeros(1, np.int32), np.zeros((1, elements), np.int32)
    count = np.zeros((1, elements, THIRD + 1), np.int32)
    return Evidence(none, count, by_element, none, none, by_element, np.zeros(1, np.bool_), none)


def _spread(found: UnitClasses, blank: UnitClasses, own: Numbers, units: int) -> UnitClasses:
    """The classes of some units among all units; the others are as the blank one."""
    return replace(
        found,
        evidence=replace(found.evidence, **_columns(found.evidence, blank.evidence, own, units)),
        **_columns(found, blank, own, units),
    )


def _columns(found: Any, blank: Any, own: Numbers, units: int) -> dict[str, Any]:
    spread = {}
    for each in fields(found):
        column = getattr(found, each.name)
        if isinstance(column, np.ndarray):
            other = getattr(blank, each.name)[0]
            full = np.zeros((units, *column.shape[1:]), dtype=column.dtype)
            if other.any():
                full[:] = other
            full[own] = column
            spread[each.name] = full
    return spread


def weigh(units: int, soil: SoilPoints, crops: CropPoints, held: ClassRules, pairs: Numbers | None = None) -> Evidence:
    """The points of each unit counted by element and level, their neighbourhood, and the crops."""
    elements = soil.level.shape[-1]
    cell = soil.unit[:, None] * elements + np.arange(elements)
    cell = cell * (THIRD + 1) + soil.level
    count = np.bincount(cell.ravel(), minlength=units * elements * (THIRD + 1)).astype(np.int32)
    count = count.reshape(units, elements, THIRD + 1)
    dominant, leads = _dominance(count[:, :, FIRST:], held)
    minority = leads[soil.unit] & (soil.level > 0) & (soil.level != dominant[soil.unit])
    patch = np.zeros((units, elements), dtype=np.int32)
    for element in np.flatnonzero(minority.any(axis=0)):
        patch[:, element] = largest_patch(units, soil, minority[:, element], held, pairs)
    points = np.bincount(soil.unit, minlength=units).astype(np.int32)
    return Evidence(points, count, patch, *_crops(units, crops, elements, held), np.zeros(units, np.int32))


def decide(evidence: Evidence, held: ClassRules) -> UnitClasses:
    """The rules upon the evidence: each element by itself, the worst of them, then the aid of crops."""
    number, rule = _by_element(evidence, held)
    soil_class = number.max(axis=1, initial=0)
    soil_reason = _soil_reason(evidence.count, number, rule)
    drives = number == soil_class[:, None]
    aided, crop_rule, crop_reason = _aid(soil_class, drives, evidence, held)
    cut = np.isin(soil_reason, [REASON[code] for code in NO_PROPOSAL])
    crop_rule, crop_reason = (np.where(cut, 0, each).astype(np.int8) for each in (crop_rule, crop_reason))
    return UnitClasses(
        elements=law.analytes().element_set("five"),
        rules=held,
        evidence=evidence,
        element_class=number,
        element_rule=rule,
        soil_class=soil_class,
        soil_reason=soil_reason,
        crop_rule=crop_rule,
        crop_reason=crop_reason,
        proposed=np.where(cut, 0, aided).astype(np.int8),
        review=(soil_reason > 0) | (crop_reason == REASON["crop.inquiry"]),
        reason=np.where(soil_reason > 0, soil_reason, crop_reason).astype(np.int8),
        certainty=_certainty(evidence, rule, crop_rule, held),
    )


def _by_element(evidence: Evidence, held: ClassRules) -> tuple[Small, Small]:
    """Rules U1 to U6: class and rule of each element of each unit."""
    judged = evidence.count[:, :, FIRST:]
    dominant, leads = _dominance(judged, held)
    total = judged.sum(axis=-1)
    uniform = (total > 0) & (judged.max(axis=-1) == total)
    isolated = (dominant < THIRD) & (judged[:, :, THIRD - 1] > 0)
    cases = ((total == 0, rules.NO_POINT), (uniform, rules.UNIFORM), (~leads, rules.NO_DOMINANT),
             (evidence.patch >= held.min_contiguous, rules.SPLIT_OFF), (isolated, rules.ISOLATED))  # fmt: skip
    rule = np.select([case for case, _ in cases], [rule for _, rule in cases], rules.DOMINANT).astype(np.int8)
    return np.where(_settles(rule), dominant, _worst(judged)), rule


def _settles(rule: Small) -> Flags:
    """Whether a rule decides an element without a person."""
    return np.asarray((rule == rules.UNIFORM) | (rule == rules.DOMINANT))


def _worst(judged: Counts) -> Small:
    """The worst level present, 0 where no point is judged."""
    present = [judged[:, :, level - 1] > 0 for level in (THIRD, SECOND, FIRST)]
    return np.select(present, (THIRD, SECOND, FIRST), 0).astype(np.int8)


def _dominance(judged: Counts, held: ClassRules) -> tuple[Small, Flags]:
    """Most frequent level, and whether it leads by the share asked for without holding all points."""
    total, top = judged.sum(axis=-1, dtype=np.int64), judged.max(axis=-1).astype(np.int64)
    share = held.dominance
    leads = (top * share.denominator > total * share.numerator) & (top < total)
    return (judged.argmax(axis=-1) + FIRST).astype(np.int8), leads


def largest_patch(
    units: int, soil: SoilPoints, minority: Flags, held: ClassRules, pairs: Numbers | None = None
) -> Counts:
    """Size of the largest group of neighbouring minority points in each unit.

    The guide says “contiguous” and no more: here two points of one unit are neighbours when not farther apart than
    ``class.neighbour_m``. A point without a place counts as neighbour of every other, so that a person looks.
    """
    patch = np.zeros(units, dtype=np.int32)
    own = np.flatnonzero(minority)
    patch[soil.unit[own]] = 1
    crowd = np.bincount(soil.unit[own], minlength=units)
    own = own[crowd[soil.unit[own]] >= max(held.min_contiguous, 1)]
    if not len(own):
        return patch
    placed = np.isfinite(soil.x[own]) & np.isfinite(soil.y[own])
    lost = soil.unit[own[~placed]]
    own = own[placed]
    if len(own):
        where = (soil.unit[own], soil.x[own], soil.y[own])
        linked = neighbours(*where, held.neighbour_m) if pairs is None else _given(pairs, own, len(minority))
        np.maximum.at(patch, soil.unit[own], group_sizes(len(own), linked))
    patch[lost] = crowd[lost]
    return patch


def _given(pairs: Numbers, own: Numbers, points: int) -> Numbers:
    """Given pairs of points, as far as both are among the minority points."""
    place = np.full(points, -1, dtype=np.intp)
    place[own] = np.arange(len(own))
    among = place[pairs]
    return np.asarray(among[(among >= 0).all(axis=1)])


def _soil_reason(count: Counts, number: Small, rule: Small) -> Small:
    """What a person must look at: an element that is not settled matters only above the settled class of the unit."""
    settled = np.where(_settles(rule), number, 0).max(axis=1, initial=0)
    open_to = number > settled[:, None]
    judged = count[:, :, FIRST:].sum(axis=(1, -1)) > 0
    lacking = (rule == rules.NO_POINT).any(axis=1) & (number.max(axis=1, initial=0) < THIRD)
    cases = (
        (~judged, "unit.no_points"),
        (lacking, "unit.elements_missing"),
        (((rule == rules.SPLIT_OFF) & open_to).any(axis=1), "unit.contiguous_minority"),
        (((rule == rules.ISOLATED) & open_to).any(axis=1), "unit.isolated_third"),
        (((rule == rules.NO_DOMINANT) & open_to).any(axis=1), "unit.no_dominant"),
    )
    return np.select([case for case, _ in cases], [REASON[code] for _, code in cases], 0).astype(np.int8)


def _crops(units: int, crops: CropPoints, elements: int, held: ClassRules) -> tuple[Counts, Counts, Counts, Flags]:
    """Crop points of each unit: judged, exceeding, clean by element, and whether one exceeds heavily."""
    within, exceeds = crops.outcome == CODE[WITHIN], crops.outcome == CODE[EXCEEDS]
    judged, above = (within | exceeds).any(axis=1), exceeds.any(axis=1)
    sample, element = np.nonzero(within)
    clean = np.bincount(crops.unit[sample] * elements + element, minlength=units * elements).astype(np.int32)
    heavy = np.zeros(units, dtype=np.bool_)
    if crops.index is not None:
        heavy[crops.unit[crops.index > held.heavy_index]] = True
    points = np.bincount(crops.unit[judged], minlength=units).astype(np.int32)
    exceeding = np.bincount(crops.unit[above], minlength=units).astype(np.int32)
    return points, exceeding, clean.reshape(units, elements), heavy


def _aid(soil: Small, drives: Flags, evidence: Evidence, held: ClassRules) -> tuple[Small, Small, Small]:
    """Rules C1 to C5: class after crops, rule and reason.

    A class is raised by one step when enough crop points are clean in every element that sets it and no crop exceeds
    in anything. An element without a limit in the crop cannot be cleared by it.
    """
    cleared = ((evidence.crop_clean >= held.min_crop_points) | ~drives).all(axis=1)
    raised = (soil >= SECOND) & cleared & (evidence.crop_exceeding == 0)
    cases = ((soil == 0, 0), (soil == FIRST, rules.FIRST_KEPT), ((soil == SECOND) & raised, rules.SECOND_RAISED),
             (soil == SECOND, rules.SECOND_KEPT), (raised, rules.THIRD_RAISED))  # fmt: skip
    rule = np.select([case for case, _ in cases], [code for _, code in cases], rules.THIRD_KEPT)
    aided = soil - raised
    if held.by_index:
        aided, rule = aided + ((soil == SECOND) & evidence.crop_heavy), np.where(soil > 0, rules.BY_INDEX, 0)
    return aided.astype(np.int8), rule.astype(np.int8), _aid_reason(soil, raised, evidence, held)


def _aid_reason(soil: Small, raised: Flags, evidence: Evidence, held: ClassRules) -> Small:
    exceeds, first = evidence.crop_exceeding > 0, soil == FIRST
    cases = (
        (soil == 0, ""),
        (first & exceeds, "crop.inquiry"),
        (first, ""),
        (raised, "crop.raised"),
        (exceeds, "crop.exceeds"),
        (evidence.crop_points == 0, "crop.none"),
        (evidence.crop_points < held.min_crop_points, "crop.too_few"),
    )
    other = REASON["crop.driver_not_judged"]
    return np.select([case for case, _ in cases], [REASON[code] for _, code in cases], other).astype(np.int8)


def _certainty(evidence: Evidence, element_rule: Small, crop_rule: Small, held: ClassRules) -> Small:
    """Rank of the weakest rule that the class of each unit rests on; neighbourhood counts where it was asked."""
    by_element = np.array(held.element_rank, dtype=np.int8)[element_rule].max(axis=1, initial=held.worst_rank)
    by_crop = np.array(held.crop_rank, dtype=np.int8)[crop_rule]
    by_place = np.where(neighbourhood_asked(evidence.count, evidence.patch, held).any(axis=1), held.neighbour_rank, 0)
    by_season = np.where(evidence.repeated > 0, held.place_rank, 0)
    return np.asarray(np.max([by_element, by_crop, by_place, by_season], axis=0), dtype=np.int8)


def neighbourhood_asked(count: Counts, patch: Counts, held: ClassRules) -> Flags:
    """Where the class depends on which minority points are neighbours: a level leads and the others are several.

    ``count`` (…, levels) and ``patch`` (…) are those of the evidence, of all units or of one.
    """
    judged = count[..., FIRST:]
    minority = judged.sum(axis=-1) - judged.max(axis=-1)
    return np.asarray((patch > 0) & (minority >= held.min_contiguous))
