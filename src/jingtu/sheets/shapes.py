"""Typing cells that hold a place or a surface as WKT in degrees."""

from __future__ import annotations

import re
from typing import Final

import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from jingtu.sheets.spec import Kind

LON: Final = (73.0, 136.0)
LAT: Final = (3.0, 54.0)
_KINDS: Final = {Kind.POLYGON: ("Polygon", "MultiPolygon"), Kind.POINT: ("Point",)}
_REASON: Final = re.compile(r"([^\[]+)(?:\[(-?[\d.]+) (-?[\d.]+)\])?")
_REASONS: Final = {
    "Self-intersection": "边界自相交",
    "Ring Self-intersection": "边界在一点自相接",
    "Hole lies outside shell": "孔洞在外边界之外",
    "Holes are nested": "孔洞互相套叠",
    "Nested holes": "孔洞互相套叠",
    "Nested shells": "各部分互相套叠",
    "Interior is disconnected": "内部被孔洞切断",
    "Duplicate Rings": "边界重复",
    "Too few points in geometry component": "边界的点太少",
    "Invalid Coordinate": "坐标不是数",
    "Ring is not closed": "边界没有闭合",
}


def read_shape(kind: Kind, text: str) -> tuple[BaseGeometry | None, str, str]:
    """A geometry from WKT, or the code of its fault and what is wrong in words.

    >>> read_shape(Kind.POINT, "POINT (111.7 36.3)")[0].x
    111.7
    >>> read_shape(Kind.POLYGON, "POLYGON ((111 36, 112 37, 112 36, 111 37, 111 36))")[1:]
    ('cell.geometry.invalid', '边界自相交，位于 111.500000, 36.500000')
    """
    try:
        found = shapely.force_2d(shapely.from_wkt(text))
    except (GEOSException, ValueError):
        return None, "cell.geometry.unreadable", ""
    if found.geom_type not in _KINDS[kind]:
        return None, "cell.geometry.kind", found.geom_type
    if found.is_empty:
        return None, "cell.geometry.empty", ""
    if fault := _outside(found):
        return None, *fault
    if not found.is_valid:
        return None, "cell.geometry.invalid", _reason(found)
    return found, "", ""


def _reason(shape: BaseGeometry) -> str:
    parts = _REASON.match(shapely.is_valid_reason(shape))
    if parts is None:
        return "不是有效的图形"
    words = _REASONS.get(parts[1].strip(), "不是有效的图形")
    return f"{words}，位于 {float(parts[2]):.6f}, {float(parts[3]):.6f}" if parts[2] else words


def _outside(shape: BaseGeometry) -> tuple[str, str] | None:
    west, south, east, north = shape.bounds
    if LON[0] <= west and east <= LON[1] and LAT[0] <= south and north <= LAT[1]:
        return None
    if LON[0] <= south and north <= LON[1] and LAT[0] <= west and east <= LAT[1]:
        return "cell.geometry.swapped", f"{west:.4f}, {south:.4f}"
    return "cell.geometry.outside", f"{west:.1f}, {south:.1f}"
