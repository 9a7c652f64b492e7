"""Surfaces between the database, which keeps them, and shapely, which computes with them."""

from __future__ import annotations

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from shapely import from_wkb
from shapely.geometry.base import BaseGeometry

SRID = 4490


def as_geom(ground: BaseGeometry) -> MultiPolygon:
    """A surface in degrees as the database keeps it."""
    made = GEOSGeometry(memoryview(ground.wkb), srid=SRID)
    return made if isinstance(made, MultiPolygon) else MultiPolygon(made, srid=SRID)


def as_ground(geom: GEOSGeometry) -> BaseGeometry:
    """A surface of the database for computing."""
    return from_wkb(bytes(geom.wkb))
