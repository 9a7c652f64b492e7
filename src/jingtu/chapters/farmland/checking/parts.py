"""Boundaries typed or handed in for one unit: surfaces, or a line that cuts."""

from __future__ import annotations

import math
from typing import Final, TypeAlias

import shapely
from shapely import LineString, Point
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from jingtu.sheets.shapes import read_shape
from jingtu.sheets.sheet import read_sheet
from jingtu.sheets.spec import Kind, SheetSpec, parse_spec

SPEC: Final[SheetSpec] = parse_spec("farmland.part", "name,label,kind,required\nground,边界,polygon,yes\n", "边界")
AT_THE_EDGE: Final = 0.00002  # degrees, some two metres: a hand on the map stops at the edge no closer than this
Corner: TypeAlias = tuple[float, ...]


class UnreadableBoundary(Exception):
    """A boundary that cannot be read; the message is a full sentence."""


def surfaces(text: str, file: tuple[str, bytes] | None = None) -> list[BaseGeometry]:
    """The surfaces of a vector file, or of WKT, one a line."""
    return _of_file(*file) if file else [_surface(line) for line in _lines(text)]


def parts_of(whole: BaseGeometry, text: str, file: tuple[str, bytes] | None = None) -> list[BaseGeometry]:
    """The parts of a surface: as drawn one by one, as a line cuts it, or one surface cut out and what is left."""
    lines = _lines(text)
    if file is None and len(lines) == 1 and lines[0].upper().startswith("LINESTRING"):
        return _cut(whole, lines[0])
    drawn = surfaces(text, file)
    return _cut_out(whole, drawn[0]) if len(drawn) == 1 else drawn


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _surface(line: str) -> BaseGeometry:
    found, fault, said = read_shape(Kind.POLYGON, line)
    if found is None:
        raise UnreadableBoundary(f"“{line[:40]}…”不能读作有效的面{f'（{said}）' if said else ''}。{_HOW}（{fault}）")
    return found


_HOW: Final = "请填 CGCS2000 经纬度的 POLYGON，每行一个，或上传矢量文件。"


def _of_file(filename: str, content: bytes) -> list[BaseGeometry]:
    reading = read_sheet(SPEC, content, filename)
    if not reading.is_clean():
        raise UnreadableBoundary(reading.issues[0].sentence())
    return [each for each in reading.columns["ground"] if isinstance(each, BaseGeometry)]


def _cut(whole: BaseGeometry, text: str) -> list[BaseGeometry]:
    try:
        line = shapely.from_wkt(text)
    except GEOSException as error:
        raise UnreadableBoundary(f"“{text[:40]}…”不能读作线。请填 LINESTRING (经度 纬度, …)。") from error
    if line.geom_type != "LineString" or line.is_empty:
        raise UnreadableBoundary(f"“{text[:40]}…”不是一条线。请填 LINESTRING (经度 纬度, …)。")
    through = _prolonged(line, whole)
    parts = [part for piece in shapely.get_parts(whole) for part in split(piece, through).geoms]
    if len(parts) < 2:
        raise UnreadableBoundary("这条线没有把单元分成两块。请让线的两端都到达或伸出单元边界。")
    return parts


def _prolonged(line: BaseGeometry, whole: BaseGeometry) -> BaseGeometry:
    """The line, its ends carried on over the edge where they stop at it: what is drawn on an edge is never on it."""
    places = list(line.coords)
    return LineString([_beyond(places[0], places[1], whole), *places[1:-1], _beyond(places[-1], places[-2], whole)])


def _beyond(end: Corner, before: Corner, whole: BaseGeometry) -> Corner:
    apart = math.dist(end, before)
    if not apart or whole.boundary.distance(Point(end)) > AT_THE_EDGE:
        return end
    far = AT_THE_EDGE * 2 / apart
    return end[0] + (end[0] - before[0]) * far, end[1] + (end[1] - before[1]) * far


def _cut_out(whole: BaseGeometry, island: BaseGeometry) -> list[BaseGeometry]:
    """A surface of the unit and the rest of it."""
    inside, rest = (_surface_of(each) for each in (whole.intersection(island), whole.difference(island)))
    if inside.is_empty or rest.is_empty:
        raise UnreadableBoundary("画出的面没有把单元分成两块：它须盖住单元的一部分，而不是全部或全在单元之外。")
    return [inside, rest]


def _surface_of(found: BaseGeometry) -> BaseGeometry:
    """What of a geometry is a surface: two surfaces that touch also share lines and points."""
    return shapely.union_all([each for each in shapely.get_parts(found) if each.geom_type == "Polygon"])
