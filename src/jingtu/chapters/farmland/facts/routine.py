"""Routine monitoring on farmland: which points were sampled on the ground of which unit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import Polygon

from jingtu.chapters.farmland.facts import descent
from jingtu.chapters.farmland.facts import units as unit_facts
from jingtu.chapters.farmland.facts.geometry import SRID
from jingtu.chapters.farmland.models import UnitVersion
from jingtu.chapters.monitoring import facts as monitoring
from jingtu.chapters.monitoring.facts import SampledPoint


def reviewed_by_unit(units: Sequence[int] | None = None) -> dict[int, list[SampledPoint]]:
    """The reviewed samplings on farmland (or on these units), by the unit on whose ground each was taken."""
    if units is None:
        return _by_unit(monitoring.reviewed_points())
    extent = UnitVersion.objects.filter(unit_id__in=list(units)).aggregate(extent=Extent("geom"))["extent"]
    if extent is None:
        return {}
    box, wanted = Polygon.from_bbox(extent), set(units)
    box.srid = SRID
    return {unit: own for unit, own in _by_unit(monitoring.reviewed_points(box)).items() if unit in wanted}


def units_of_batch(batch_id: int) -> set[int]:
    """The units on whose ground the routine points of a batch lie."""
    return set(_by_unit(monitoring.points_of_batch(batch_id)))


def _by_unit(points: Sequence[SampledPoint]) -> dict[int, list[SampledPoint]]:
    """The points by the unit that was sampled, or by the one that has its ground now when that was split or merged."""
    ordered = sorted(points, key=attrgetter("taken_on", "code"))
    then: list[int | None] = []
    for day, own in groupby(ordered, key=attrgetter("taken_on")):
        then += unit_facts.units_at([point.place for point in own], day)
    found: dict[int, list[SampledPoint]] = {}
    for point, unit in zip(ordered, descent.owners(then, [point.place for point in ordered]), strict=True):
        if unit is not None:
            found.setdefault(unit, []).append(point)
    return found
