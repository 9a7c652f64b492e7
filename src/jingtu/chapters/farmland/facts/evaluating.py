"""Questions about the evidence of units: which points bear on their classes, what the rules say of them together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import groupby
from operator import attrgetter

import numpy as np
from django.db import connection

from jingtu import law
from jingtu.assess import unit_findings
from jingtu.assess.assessment import Samples, assess
from jingtu.assess.crop_limits import outcomes_of
from jingtu.assess.crops import EXCEEDS, LEVEL, CropSample, findings_of
from jingtu.assess.finding_columns import FindingColumns
from jingtu.assess.unit_class import CropPoints, SoilPoints, UnitClasses, classify
from jingtu.assess.unit_columns import findings_of_units
from jingtu.assess.unit_findings import Evaluation as Summary
from jingtu.assess.unit_places import Visits, counted
from jingtu.assess.unit_rules import class_rules
from jingtu.chapters.farmland.facts.descent import INHERITED, with_complete_pairs
from jingtu.chapters.farmland.facts.routine import reviewed_by_unit
from jingtu.chapters.farmland.models import Evaluation
from jingtu.chapters.farmland.models.pairs import Season
from jingtu.chapters.farmland.models.units import Standing
from jingtu.evidence.quality import reported
from jingtu.plain.identifiers import region_prefix
from jingtu.plain.reported import NOT_MEASURED, Reported
from jingtu.science.neighbourhood import metres

RULE_TABLES = ("farmland_class_rules", "farmland_numbers", "crop_groups", "gb2762_limits", "gb15618_screening")
SEASONS = Season.values

POINTS = f"""
{INHERITED}
SELECT e.unit_id, p.code, p.year, p.season, p.crop, p.harvested_on, soil.land_use, soil.id, p.crop_sample_id,
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


@dataclass(frozen=True)
class Point:
    """A point as the rules take it: a complete pair with soil and crop, or a routine point with its soil alone.

    ``visit`` orders the seasons of pairs, and the days of routine points; the two are different series.
    """

    unit: int
    code: str
    visit: int
    land_use: str
    place: tuple[float, float]
    soil: dict[str, Reported]
    crop: CropSample | None = None

    def told(self) -> str:
        """All that bears on the class, in a fixed spelling."""
        eaten = (self.crop.crop, str(self.crop.harvested_on)) if self.crop else ()
        halves = (self.soil, self.crop.results if self.crop else {})
        values = [sorted((code, item.text()) for code, item in half.items()) for half in halves]
        return f"{self.code}|{self.visit}|{self.land_use}|{self.place}|{eaten}|{values}"


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
    """Units evaluated together: which, by what points, with which classes; the points that depart from the others."""

    standing: Sequence[tuple[int, str, str]]
    points: dict[int, list[Point]]
    classes: UnitClasses
    departing: dict[int, dict[str, str]]
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


def findings_of_round(evaluated: Sequence[Evaluated], subjects: Sequence[str]) -> tuple[FindingColumns, list[int]]:
    """The steps of units of one round with their reasons, as columns, and for each finding the place of its unit."""
    held = evaluated[0].round
    units = [each.number for each in evaluated]
    return findings_of_units(held.classes, units, subjects, [held.departing.get(unit, {}) for unit in units])


# --- which units, by which points -----------------------------------------------------------------------------


def units_to_evaluate(region: str) -> list[int]:
    """The standing units of a region that the rules have something to say about: what has evidence or no class yet.

    A class that rests on the survey alone is not put in question by rules that find nothing to go by.
    """
    rows = Standing.objects.filter(region_code__startswith=region_prefix(region)).order_by("unit_id")
    classes = dict(rows.values_list("unit_id", "land_class"))
    told = set(with_evidence(classes))
    return [unit for unit, own in classes.items() if not own or unit in told]


def counties_with_units(region: str) -> list[str]:
    """The counties of a region where units stand."""
    rows = Standing.objects.filter(region_code__startswith=region_prefix(region)).order_by("region_code")
    return list(rows.values_list("region_code", flat=True).distinct())


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
        [key for row in rows for key in (row[7], row[8])] + [p.sample for o in routine.values() for p in o]
    )
    paired = [
        Point(unit, code, _visit(year, season), use, (lon, lat), found.get(soil, {}),
              CropSample(code, crop, cut_on, found.get(eaten, {})))
        for unit, code, year, season, crop, cut_on, use, soil, eaten, lon, lat in rows
    ]  # fmt: skip
    alone = [
        Point(unit, f"{each.code} {each.taken_on}", each.taken_on.toordinal(), each.land_use, each.place,
              found.get(each.sample, {}))
        for unit, own in routine.items()
        for each in own
    ]  # fmt: skip
    return sorted([*paired, *alone], key=attrgetter("unit", "code"))


def _visit(year: int, season: str) -> int:
    return year * len(SEASONS) + SEASONS.index(season)


def _results(samples: Sequence[int]) -> dict[int, dict[str, Reported]]:
    """The reviewed results of these samples, the latest report of each analyte."""
    found: dict[int, dict[str, Reported]] = {}
    with connection.cursor() as cursor:
        cursor.execute(RESULTS, {"samples": list(samples)})
        for sample, analyte, value, qualifier, limit in cursor.fetchall():
            found.setdefault(sample, {})[analyte] = reported(value, qualifier, limit)
    return found


# --- what the rules say ---------------------------------------------------------------------------------------


def evaluate(units: Sequence[int], on: date) -> list[Evaluated]:
    """What the rules of a day say of each of these units that stands, all at once."""
    rows = Standing.objects.filter(unit_id__in=list(units)).order_by("unit_id")
    standing = list(rows.values_list("unit_id", "region_code", "land_class"))
    points = points_of([unit for unit, _region, _class in standing])
    number = {unit: at for at, (unit, _region, _class) in enumerate(standing)}
    owner = np.array([number[point.unit] for point in points], dtype=np.intp)
    places = np.array([point.place for point in points], dtype=np.float64).reshape(-1, 2)
    soil = SoilPoints(owner, _levels(points, on), *metres(places[:, 0], places[:, 1]))
    eaten = np.array([at for at, point in enumerate(points) if point.crop], dtype=np.intp)
    outcomes = outcomes_of([point.crop for point in points if point.crop], on, class_rules(on).heavy_index)
    visits = Visits(
        series=np.array([point.crop is None for point in points], dtype=np.intp),
        visit=np.array([point.visit for point in points], dtype=np.intp),
    )
    held = counted(len(standing), soil, CropPoints(owner[eaten], *outcomes), eaten, visits, class_rules(on))
    classes = classify(len(standing), held.soil, held.crops, on, repeated=held.repeated)
    own = {unit: list(each) for unit, each in groupby(points, key=attrgetter("unit"))}
    departing = _departing(classes, held.soil, [points[at].code for at in held.newest])
    whole = Round(standing, own, classes, departing, on)
    return [Evaluated(whole, at) for at in range(len(standing))]


def _levels(points: Sequence[Point], on: date) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    """Level of each element of soil points (points, elements) by GB 15618 as of a day."""
    codes = law.analytes().element_set("five")
    results = {code: [point.soil.get(code, NOT_MEASURED) for point in points] for code in codes}
    ph = [point.soil["pH"].value if "pH" in point.soil else None for point in points]
    samples = Samples([point.code for point in points], ph, [point.land_use for point in points], results)
    return assess(samples, on).level


def _departing(classes: UnitClasses, soil: SoilPoints, names: Sequence[str]) -> dict[int, dict[str, str]]:
    """By unit and element the names of the points that depart from the most frequent level."""
    most = classes.evidence.count[:, :, 1:].argmax(axis=-1) + 1
    found: dict[int, dict[str, str]] = {}
    for point, element in np.argwhere((soil.level > 0) & (soil.level != most[soil.unit])).tolist():
        own, code = found.setdefault(int(soil.unit[point]), {}), classes.elements[element]
        own[code] = f"{own[code]} {names[point]}" if code in own else names[point]
    return found


def judged_points(unit: int, on: date) -> list[Judged]:
    """The points of a unit, each with what the rules of a day say of its soil and of its crop."""
    points, codes = points_of([unit]), law.analytes().element_set("five")
    return [
        Judged(point.code, point.place, dict(zip(codes, level, strict=True)), _above(point.crop, on))
        for point, level in zip(points, _levels(points, on).tolist(), strict=True)
    ]


def _above(sample: CropSample | None, on: date) -> tuple[str, ...] | None:
    if sample is None:
        return None
    levels = [each for each in findings_of(sample, on) if each.measure == LEVEL]
    return tuple(each.part("analyte") for each in levels if each.outcome == EXCEEDS)


@cache
def _rules(on: date) -> str:
    """Fingerprint of the tables that decide on a day."""
    tables = (law.at(on).table(name) for name in RULE_TABLES)
    return hashlib.sha256(repr([[dict(row) for row in table] for table in tables]).encode()).hexdigest()
