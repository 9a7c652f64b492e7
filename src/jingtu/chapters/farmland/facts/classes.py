"""Questions about classes: the evidence of units as arrays, evaluations that stand, what an adjustment comes to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from itertools import groupby
from operator import attrgetter

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from jingtu import law
from jingtu.assess import crops, unit_class, unit_findings
from jingtu.assess.assessment import Samples, assess
from jingtu.assess.crops import CropSample
from jingtu.assess.finding import Finding
from jingtu.assess.unit_class import SoilPoints, UnitClasses
from jingtu.assess.unit_findings import Evaluation as Summary
from jingtu.chapters.farmland.facts.descent import INHERITED, with_complete_pairs
from jingtu.chapters.farmland.facts.routine import reviewed_by_unit
from jingtu.chapters.farmland.models import (
    Adjustment,
    AdjustmentItem,
    Evaluation,
    Trigger,
    TriggerUnit,
    Unit,
)
from jingtu.chapters.farmland.models.units import Standing
from jingtu.evidence.quality import reported
from jingtu.plain.identifiers import region_prefix
from jingtu.plain.numbers import plain
from jingtu.plain.reported import NOT_MEASURED, Reported
from jingtu.plain.units import exponent_between
from jingtu.registers.models import PackageItem

DIVIDES = ("unit.contiguous_minority", "unit.isolated_third", "unit.no_dominant")  # what a person settles by dividing
EVALUATION, TRIGGER, ADJUSTMENT = "farmland.evaluation", "farmland.trigger", "farmland.adjustment"
ADJUSTMENT_ITEM = "farmland.adjustment_item"
UNDER_WAY = ("draft", "proposed", "reviewed", "returned")
RULE_TABLES = ("farmland_class_rules", "farmland_numbers", "crop_groups", "gb2762_limits", "gb15618_screening")

POINTS = f"""
{INHERITED}
SELECT e.unit_id, p.code, p.crop, p.harvested_on, soil.land_use, soil.id, p.crop_sample_id,
       ST_X(p.soil_place), ST_Y(p.soil_place)
FROM evidence e
JOIN farmland_pair p ON p.id = e.pair_id
JOIN evidence_sample soil ON soil.id = p.soil_sample_id
ORDER BY e.unit_id, p.code
"""
RESULTS = """
SELECT DISTINCT ON (r.sample_id, r.analyte) r.sample_id, r.analyte, r.value, r.qualifier, r.detection_limit
FROM evidence_result r JOIN evidence_batch b ON b.id = r.batch_id AND b.state = 'reviewed'
WHERE r.sample_id = ANY(%(samples)s) AND r.replicate = 1
ORDER BY r.sample_id, r.analyte, b.id DESC
"""
# What has points, and what was never classed: a class that rests on the survey alone is not put in question by rules
# that find nothing to go by.
EVALUATED = """
SELECT v.unit_id FROM farmland_standing v
WHERE v.region_code ^@ %(prefix)s AND (
  v.land_class = '' OR v.unit_id = ANY(%(routine)s)
  OR EXISTS (SELECT 1 FROM farmland_pair_state p WHERE p.unit_id = v.unit_id AND p.state = 'complete')
  OR EXISTS (SELECT 1 FROM farmland_evaluation e WHERE e.unit_id = v.unit_id AND e.is_current))
ORDER BY v.unit_id
"""


@dataclass(frozen=True)
class Point:
    """A point as the rules take it: a complete pair with soil and crop, or a routine point with its soil alone."""

    unit: int
    code: str
    land_use: str
    place: tuple[float, float]
    soil: dict[str, Reported]
    crop: CropSample | None = None

    def told(self) -> str:
        """All that bears on the class, in a fixed spelling."""
        eaten = (self.crop.crop, str(self.crop.harvested_on)) if self.crop else ()
        halves = (self.soil, self.crop.results if self.crop else {})
        values = [sorted((code, item.text()) for code, item in half.items()) for half in halves]
        return f"{self.code}|{self.land_use}|{self.place}|{eaten}|{values}"


@dataclass(frozen=True)
class Judged:
    """A point as a map shows it: the level of each element in the soil, the elements above the limit in the crop."""

    code: str
    place: tuple[float, float]
    level: dict[str, int]
    exceeding: tuple[str, ...] | None

    @property
    def worst(self) -> int:
        """The worst level of any element; 0 when none was judged."""
        return max(self.level.values(), default=0)


@dataclass(frozen=True)
class Round:
    """Units evaluated together: which, by what points, with which classes."""

    standing: Sequence[tuple[int, str, str]]
    points: dict[int, list[Point]]
    soil: SoilPoints
    classes: UnitClasses
    on: date


@dataclass(frozen=True)
class Evaluated:
    """One unit of a round: what the rules say of it, on what evidence."""

    round: Round
    number: int

    @property
    def unit(self) -> int:
        """The key of the unit."""
        return self.round.standing[self.number][0]

    @property
    def region(self) -> str:
        """The county of the unit."""
        return self.round.standing[self.number][1]

    @property
    def standing_class(self) -> str:
        """The class that stands; blank while there is none."""
        return self.round.standing[self.number][2]

    @cached_property
    def digest(self) -> str:
        """Fingerprint of all that it rests on: the points, the standing class, the rules of the day."""
        points = (point.told() for point in self.round.points.get(self.unit, []))
        told = "\n".join([self.standing_class, _rules(self.round.on), *points])
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def summary(self) -> Summary:
        """Classes, reason, rules and certainty, as a register keeps them."""
        return unit_findings.summary(self.round.classes, self.number)

    def findings(self, subject: str) -> list[Finding]:
        """The steps with their reasons, the points that depart from the others by name."""
        return unit_findings.findings_of(self.round.classes, self.number, subject, self._minority())

    def _minority(self) -> dict[str, str]:
        classes, points = self.round.classes, self.round.points.get(self.unit, [])
        level = self.round.soil.level[self.round.soil.unit == self.number]
        found = {}
        for element, code in enumerate(classes.elements):
            most = int(classes.evidence.count[self.number, element, 1:].argmax()) + 1
            apart = [point.code for point, own in zip(points, level[:, element], strict=True) if own not in (0, most)]
            if apart:
                found[code] = " ".join(apart)
        return found


def units_to_evaluate(region: str) -> list[int]:
    """The standing units of a region that the rules have something to say about."""
    with connection.cursor() as cursor:
        cursor.execute(EVALUATED, {"prefix": region_prefix(region), "routine": list(reviewed_by_unit())})
        return [unit for (unit,) in cursor.fetchall()]


def with_evidence(units: Iterable[int]) -> list[int]:
    """Those of the units that have evidence, or were evaluated before: of the others there is nothing to say."""
    keys = list(units)
    told = set(reviewed_by_unit(keys))
    told |= with_complete_pairs(keys)
    told |= set(Evaluation.objects.filter(unit_id__in=keys, is_current=True).values_list("unit_id", flat=True))
    return [key for key in keys if key in told]


def points_of(units: Sequence[int]) -> list[Point]:
    """The evidence of these units, unit by unit: complete pairs, and the reviewed points of routine monitoring."""
    routine = reviewed_by_unit(units)
    with connection.cursor() as cursor:
        cursor.execute(POINTS, {"units": list(units)})
        rows = cursor.fetchall()
    found = _results(
        [key for row in rows for key in (row[5], row[6])] + [p.sample for o in routine.values() for p in o]
    )
    paired = [
        Point(unit, code, use, (lon, lat), found.get(soil, {}), CropSample(code, crop, cut_on, found.get(eaten, {})))
        for unit, code, crop, cut_on, use, soil, eaten, lon, lat in rows
    ]
    alone = [
        Point(unit, f"{each.code} {each.taken_on}", each.land_use, each.place, found.get(each.sample, {}))
        for unit, own in routine.items()
        for each in own
    ]
    return sorted([*paired, *alone], key=attrgetter("unit", "code"))


def _results(samples: Sequence[int]) -> dict[int, dict[str, Reported]]:
    """The reviewed results of these samples, the latest report of each analyte."""
    found: dict[int, dict[str, Reported]] = {}
    with connection.cursor() as cursor:
        cursor.execute(RESULTS, {"samples": list(samples)})
        for sample, analyte, value, qualifier, limit in cursor.fetchall():
            found.setdefault(sample, {})[analyte] = reported(value, qualifier, limit)
    return found


def evaluate(units: Sequence[int], on: date) -> list[Evaluated]:
    """What the rules of a day say of each of these units that stands, all at once."""
    rows = Standing.objects.filter(unit_id__in=list(units)).order_by("unit_id")
    standing = list(rows.values_list("unit_id", "region_code", "land_class"))
    points = points_of([unit for unit, _region, _class in standing])
    place = {unit: number for number, (unit, _region, _class) in enumerate(standing)}
    owners = [place[point.unit] for point in points]
    soil = unit_findings.soil_points(owners, _soil(points, on))
    crops_of = [(owner, _crop(point.crop, on)) for owner, point in zip(owners, points, strict=True) if point.crop]
    eaten = unit_findings.crop_points([owner for owner, _crop_ in crops_of], [each for _owner, each in crops_of])
    own = {unit: list(each) for unit, each in groupby(points, key=attrgetter("unit"))}
    held = Round(standing, own, soil, unit_class.classify(len(standing), soil, eaten, on), on)
    return [Evaluated(held, number) for number in range(len(standing))]


def _soil(points: Sequence[Point], on: date) -> list[unit_findings.Point]:
    """Soil points with the level of each element by GB 15618 as of a day."""
    codes = law.analytes().element_set("five")
    results = {code: [point.soil.get(code, NOT_MEASURED) for point in points] for code in codes}
    ph = [point.soil["pH"].value if "pH" in point.soil else None for point in points]
    samples = Samples([point.code for point in points], ph, [point.land_use for point in points], results)
    level = assess(samples, on).level
    return [
        unit_findings.Point(point.code, dict(zip(codes, own, strict=True)), point.place)
        for point, own in zip(points, level.tolist(), strict=True)
    ]


def _crop(sample: CropSample, on: date) -> unit_findings.Crop:
    """A crop with the outcome of each element by the edition of GB 2762 of its harvest."""
    found = crops.findings_of(sample, on)
    outcome = {each.part("analyte"): each.outcome for each in found if each.measure == crops.LEVEL}
    return unit_findings.Crop(sample.subject, outcome, found[-1].value)


def judged_points(unit: int, on: date) -> list[Judged]:
    """The points of a unit, each with what the rules of a day say of its soil and of its crop."""
    points = points_of([unit])
    return [
        Judged(point.code, point.place, dict(soil.level), _above(point.crop, on))
        for point, soil in zip(points, _soil(points, on), strict=True)
    ]


def _above(sample: CropSample | None, on: date) -> tuple[str, ...] | None:
    if sample is None:
        return None
    return tuple(code for code, outcome in _crop(sample, on).outcome.items() if outcome == crops.EXCEEDS)


@cache
def _rules(on: date) -> str:
    """Fingerprint of the tables that decide on a day."""
    tables = (law.at(on).table(name) for name in RULE_TABLES)
    return hashlib.sha256(repr([[dict(row) for row in table] for table in tables]).encode()).hexdigest()


# --- evaluations and adjustments that stand -------------------------------------------------------------------


def current_evaluations(units: Iterable[int]) -> dict[int, Evaluation]:
    """The current evaluation of each of these units."""
    return {each.unit_id: each for each in Evaluation.objects.filter(unit_id__in=list(units), is_current=True)}


def waiting_evaluation(unit: Unit) -> Evaluation | None:
    """The current evaluation of a unit, if it waits for a person."""
    return Evaluation.objects.filter(unit=unit, is_current=True, needs_review=True).first()


def newest_evaluation(region: str) -> int | None:
    """The key of the evaluation of a region that was drawn last."""
    rows = Evaluation.objects.filter(region__code__startswith=region_prefix(region), is_current=True)
    return rows.order_by("-pk").values_list("pk", flat=True).first()


def differing(region: str) -> QuerySet[Evaluation]:
    """Current evaluations of a region that propose another class than stands and are not being adjusted already.

    What a person must look at first is not among them: such a unit is put in by hand, with a reason.
    """
    under_way = AdjustmentItem.objects.filter(adjustment__state__in=UNDER_WAY).values("unit_id")
    rows = Evaluation.objects.filter(region__code__startswith=region_prefix(region), is_current=True)
    rows = rows.exclude(proposed_class="").exclude(proposed_class=F("standing_class")).exclude(unit_id__in=under_way)
    rows = rows.filter(needs_review=False, unit__ended_on__isnull=True)
    return rows.select_related("unit").order_by("unit__number")


def differing_of(trigger: Trigger) -> QuerySet[Evaluation]:
    """Those of the current evaluations of an event's units that propose another class than stands."""
    return differing(trigger.region_id).filter(unit__in=units_of(trigger))


def units_of(trigger: Trigger) -> QuerySet[Unit]:
    """The units that an event concerns."""
    return Unit.objects.filter(triggers__trigger=trigger).order_by("number")


def adjustments_of(trigger: Trigger) -> QuerySet[Adjustment]:
    """The adjustments that an event led to, the last one first."""
    return Adjustment.objects.filter(trigger=trigger).order_by("-pk")


def open_triggers(prefix: str) -> QuerySet[Trigger]:
    """Events within a region prefix that wait for a conclusion."""
    return Trigger.objects.filter(region__code__startswith=prefix, state="open").order_by("number")


def under_adjustment(units: Iterable[int]) -> set[int]:
    """Those of the units that stand in an adjustment not yet decided."""
    rows = AdjustmentItem.objects.filter(unit_id__in=list(units), adjustment__state__in=UNDER_WAY)
    return set(rows.values_list("unit_id", flat=True))


def triggered(units: Iterable[int], kind: str) -> set[int]:
    """Those of the units that an open triggering event of a kind concerns already."""
    rows = TriggerUnit.objects.filter(
        unit_id__in=list(units), trigger__kind=kind, trigger__state__in=("open", "adjusting")
    )
    return set(rows.values_list("unit_id", flat=True))


def areas_by_class(region: str) -> dict[str, Decimal]:
    """Stated area of the standing units of a region by class, in mu."""
    rows = Standing.objects.filter(region_code__startswith=region_prefix(region))
    return dict(rows.values_list("land_class").annotate(area=Sum("stated_area_mu")))


def stale_items(adjustment: Adjustment) -> QuerySet[AdjustmentItem]:
    """Items of an adjustment whose unit ended or has a newer version than the one that was to be adjusted."""
    rows = AdjustmentItem.objects.filter(adjustment=adjustment, before__until_on__isnull=False)
    return rows.select_related("unit").order_by("unit__number")


def imbalance(before: dict[str, Decimal], after: dict[str, Decimal], on: date) -> str | None:
    """Why the areas before and after an adjustment do not belong together; ``None`` when they do."""
    old, new = (sum(areas.values(), Decimal(0)) for areas in (before, after))
    most = law.at(on).table("farmland_numbers").one(rule="unit.area_tolerance_pct")
    if abs(new - old) <= old * most.required_number("value").scaleb(-exponent_between("kg/kg", "%")):
        return None
    return _("调整前后总面积不平衡：%(old)s 亩与 %(new)s 亩，相差超过 %(most)s%%（%(basis)s）。") % {
        "old": plain(old),
        "new": plain(new),
        "most": plain(most.required_number("value")),
        "basis": law.cite(most.clause),
    }


def decided_not_uploaded(region: str) -> QuerySet[AdjustmentItem]:
    """Items of decided adjustments that are in no package on its way and were not taken by the receiver."""
    sent = PackageItem.objects.filter(register=ADJUSTMENT_ITEM).exclude(package__state="withdrawn")
    gone = sent.filter(Q(accepted=True) | Q(accepted__isnull=True)).values("subject_id")
    rows = AdjustmentItem.objects.filter(adjustment__state="decided").exclude(pk__in=gone)
    rows = rows.filter(adjustment__region__code__startswith=region_prefix(region))
    return rows.select_related("unit", "adjustment", "before", "evaluation").order_by("unit__number", "pk")


def times_sent(items: Iterable[AdjustmentItem]) -> dict[int, int]:
    """How many times each of these items was put into a package: what was sent back is sent under a new count."""
    keys = [item.pk for item in items]
    rows = PackageItem.objects.filter(register=ADJUSTMENT_ITEM, subject_id__in=keys)
    return dict(rows.values_list("subject_id").annotate(times=Count("pk")))
