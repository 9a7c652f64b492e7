"""Questions about farmland units: which stand, where one lies, what it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.contrib.gis.geos import MultiPolygon
from django.db import connection
from django.db.models import Q, QuerySet

from jingtu.chapters.farmland.facts.classes import under_adjustment
from jingtu.chapters.farmland.models import LandChange, Unit, UnitVersion
from jingtu.chapters.farmland.models.units import Standing
from jingtu.plain.identifiers import region_prefix

NEAR_DEGREES = 0.0005  # some fifty metres: a road or a ditch between two fields
AROUND_DEGREES, MOST_AROUND = 0.005, 200  # what a map shows around a unit whose boundary is drawn anew
AT_PLACES = """
SELECT place.number, version.unit_id
FROM unnest(%(lons)s::float8[], %(lats)s::float8[]) WITH ORDINALITY AS place (lon, lat, number)
JOIN farmland_unitversion AS version ON ST_Covers(version.geom, ST_SetSRID(ST_Point(place.lon, place.lat), 4490))
WHERE version.from_on <= %(on)s AND (version.until_on IS NULL OR version.until_on > %(on)s)
ORDER BY place.number, version.unit_id DESC
"""


def in_force(on: date) -> Q:
    """The condition that a version stands on a day, by all that is recorded."""
    return Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gt=on))


def standing(on: date | None = None) -> QuerySet[UnitVersion]:
    """The version of each unit that stands: on a day by all that is recorded, or as the page's clock asks."""
    rows = UnitVersion.objects.select_related("unit")
    if on is not None:
        return rows.filter(in_force(on))
    return rows.filter(pk__in=Standing.objects.values("version_id"))


def standing_within(region: str, on: date | None = None) -> QuerySet[UnitVersion]:
    """The standing versions of the units of a region and below."""
    return standing(on).filter(region__code__startswith=region_prefix(region))


def standing_version(unit: Unit, on: date | None = None) -> UnitVersion | None:
    """The version of one unit that stands; ``None`` when it ended or had not begun."""
    return standing(on).filter(unit=unit).first()


def latest_version(unit: Unit) -> UnitVersion:
    """The last version of a unit, be it ended or not."""
    return unit.versions.order_by("-version")[0]


def versions_of(unit: Unit) -> QuerySet[UnitVersion]:
    """All versions of a unit, the first one first."""
    return unit.versions.order_by("version")


def units_at(places: Sequence[tuple[float, float]], on: date) -> list[int | None]:
    """For places in degrees (longitude, latitude) the key of the unit on whose ground each lies.

    On the edge of two it is the one entered later.
    """
    with connection.cursor() as cursor:
        asked = {"lons": [lon for lon, _lat in places], "lats": [lat for _lon, lat in places], "on": on}
        cursor.execute(AT_PLACES, asked)
        found: dict[int, int] = {}
        for number, unit in cursor.fetchall():
            found.setdefault(number, unit)
    return [found.get(number) for number, _place in enumerate(places, 1)]


def units_by_number(numbers: Iterable[str]) -> dict[str, Unit]:
    """Units by their numbers."""
    return {unit.number: unit for unit in Unit.objects.filter(number__in=set(numbers))}


def neighbours(unit: Unit) -> list[UnitVersion]:
    """The standing units of the same county and class that adjoin a unit."""
    own = latest_version(unit)
    near = standing().filter(
        region_id=unit.region_id, land_class=own.land_class, geom__dwithin=(own.geom, NEAR_DEGREES)
    )
    return list(near.exclude(unit=unit).order_by("unit__number"))


def around(version: UnitVersion) -> list[UnitVersion]:
    """The standing units close to a version, whatever their class, the nearest hundreds of metres."""
    near = standing().filter(geom__dwithin=(version.geom, AROUND_DEGREES)).exclude(unit=version.unit)
    return list(near.order_by("unit__number")[:MOST_AROUND])


def is_under_adjustment(unit: Unit) -> bool:
    """Whether a unit stands in an adjustment not yet decided."""
    return bool(under_adjustment([unit.pk]))


def touched_by(ground: MultiPolygon, on: date) -> list[UnitVersion]:
    """The standing versions that share more than a line with a surface."""
    return list(standing(on).filter(geom__intersects=ground).exclude(geom__touches=ground).order_by("unit__number"))


def land_changes_told(numbers: Iterable[str]) -> set[tuple[str, int, str]]:
    """County, year and number of the patches with these numbers that are there already."""
    rows = LandChange.objects.filter(number__in=set(numbers))
    return set(rows.values_list("region_id", "year", "number"))
