"""From the coordinate system of a file to degrees of CGCS2000, or why that may not be done silently."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from jingtu.plain.issues import Issue
from jingtu.sheets.faults import Place, issue, refuse

Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]

_NOT_KEY: Final = re.compile(r"[^a-z0-9]")
_CGCS2000: Final = ("china2000", "cgcs2000", "chinageodeticcoordinatesystem2000")
_WGS84: Final = ("worldgeodeticsystem1984", "wgs1984", "wgs84")
_OLD: Final = {
    "beijing1954": "1954 年北京坐标系",
    "newbeijing": "新 1954 年北京坐标系",
    "xian1980": "1980 西安坐标系",
    "xian80": "1980 西安坐标系",
}


def to_degrees(shapes: Shapes, stated: str, place: Place) -> tuple[Shapes, list[Issue]]:
    """Geometries in degrees of CGCS2000 (longitude first) from the coordinate system that a file states.

    *Source*: projections inverted by PROJ without any change of datum (``allow_ballpark=False``). WGS 84 is taken as
    CGCS2000 itself, from which it differs by centimetres inside Shanxi; older datums differ by tens to hundreds of
    metres, need parameters that are not public, and are refused. Raises :class:`FileRefused`.
    """
    system = _system(stated, place)
    notes = _judge_datum(system, place)
    if system.is_geographic:
        return shapes, notes
    try:
        way = Transformer.from_crs(system, system.geodetic_crs, always_xy=True, allow_ballpark=False)
        return shapely.transform(shapes, lambda at: np.column_stack(way.transform(at[:, 0], at[:, 1]))), notes
    except (ProjError, CRSError) as error:
        raise refuse("file.crs.unknown", place, system.name) from error


def _system(stated: str, place: Place) -> CRS:
    if not stated.strip():
        raise refuse("file.crs.missing", place)
    try:
        system = CRS.from_user_input(stated)
    except CRSError as error:
        raise refuse("file.crs.unknown", place, stated[:60]) from error
    system = system.source_crs if system.is_bound and system.source_crs else system
    if not (system.is_geographic or system.is_projected) or system.geodetic_crs is None:
        raise refuse("file.crs.unknown", place, system.name)
    return system


def _judge_datum(system: CRS, place: Place) -> list[Issue]:
    datum = system.geodetic_crs.datum if system.geodetic_crs else None
    key = _NOT_KEY.sub("", (datum.name if datum else "").lower()).removeprefix("d")
    if key.startswith(_CGCS2000):
        return []
    if key.startswith(_WGS84):
        return [issue("note.crs.wgs84", place, system.name)]
    old = next((name for start, name in _OLD.items() if key.startswith(start)), None)
    raise refuse("file.crs.old" if old else "file.crs.unknown", place, old or system.name)
