"""Questions about the ground of a zone: which strict units a boundary takes in, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from jingtu import law
from jingtu.chapters.farmland.checking.units import setting
from jingtu.chapters.farmland.facts import units
from jingtu.chapters.farmland.facts.descent import sources
from jingtu.chapters.farmland.facts.geometry import as_geom, as_ground
from jingtu.chapters.farmland.models import LandClass, UnitVersion, Zone, ZoneUnit

GONE = ("ended", "withdrawn")
WHOLE = 100.0  # per cent


@dataclass(frozen=True)
class Ground:
    """The units on a zone's ground: strict ones whole within, strict ones cut by it with the share within, others."""

    within: list[UnitVersion]
    cut: list[tuple[UnitVersion, float]]
    loose: list[UnitVersion]

    @property
    def regions(self) -> list[str]:
        """The counties of the strict units within."""
        return sorted({each.region_id for each in self.within})


def ground_of(boundary: BaseGeometry, on: date) -> Ground:
    """The units that a boundary takes in on a day; what it touches by less than the drawing error is left out."""
    allowed = float(setting("overlap", on))
    found = Ground([], [], [])
    for each in _standing_under(boundary, on):
        own = as_ground(each.geom)
        share = own.intersection(boundary).area / own.area * WHOLE
        if share <= allowed:
            continue
        if each.land_class != LandClass.STRICT:
            found.loose.append(each)
        elif share >= WHOLE - allowed:
            found.within.append(each)
        else:
            found.cut.append((each, share))
    return found


def _standing_under(boundary: BaseGeometry, on: date) -> list[UnitVersion]:
    return list(units.standing(on).filter(geom__intersects=as_geom(boundary)).order_by("unit__number"))


def faults(boundary: BaseGeometry, found: Ground, on: date) -> list[str]:
    """What speaks against a boundary as the boundary of a zone, as sentences."""
    return [*_of_units(found), *_beyond(boundary, found, on), *_over_zones(boundary, on)]


def _of_units(found: Ground) -> Iterator[str]:
    if not found.within and not found.cut:
        yield _("边界内没有严格管控类耕地单元。")
    if len(found.regions) > 1:
        yield _("边界内的单元不在同一个县（市、区），请分别划定。")
    for version, share in found.cut:
        yield _("单元 %(unit)s 只有 %(share).1f%% 在边界内；请修改边界，或先拆分该单元。") % {
            "unit": version.code,
            "share": share,
        }
    if found.loose:
        yield _("单元 %(units)s 不是严格管控类，不能划入管控区（土壤污染防治法第54条）。") % {
            "units": "、".join(each.code for each in found.loose)
        }


def _beyond(boundary: BaseGeometry, found: Ground, on: date) -> Iterator[str]:
    """County lines are known roughly; only what reaches well over them is refused."""
    if len(found.regions) != 1:
        return
    outside = boundary.difference(shape(law.boundaries()[found.regions[0]]))
    share = outside.area / boundary.area * WHOLE
    if share > float(setting("outside", on)):
        yield _("边界有 %(share).1f%% 在该县（市、区）界线之外，请核对。") % {"share": share}


def _over_zones(boundary: BaseGeometry, on: date) -> Iterator[str]:
    allowed = float(setting("overlap", on))
    for zone in Zone.objects.filter(geom__intersects=as_geom(boundary)).exclude(state__in=GONE).order_by("pk"):
        own = as_ground(zone.geom)
        if own.intersection(boundary).area > allowed / WHOLE * min(own.area, boundary.area):
            yield _("边界与管控区“%(zone)s”（%(number)s）重叠，请核对。") % {"zone": zone, "number": zone.number}


def zoned(unit_ids: Iterable[int]) -> dict[int, Zone]:
    """Those of the units that a zone has already, be it since they were part of another unit, with that zone."""
    line = {key: sources(key) for key in unit_ids}
    rows = ZoneUnit.objects.filter(unit_id__in=set().union(*line.values())).exclude(zone__state__in=GONE)
    zones = {each.unit_id: each.zone for each in rows.select_related("zone")}
    return {key: zones[source] for key, own in line.items() for source in own if source in zones}
