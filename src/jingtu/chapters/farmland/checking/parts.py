"""Boundaries typed or handed in for one unit: surfaces, or a line that cuts."""

from __future__ import annotations

from typing import Final

import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from jingtu.sheets.shapes import read_shape
from jingtu.sheets.sheet import read_sheet
from jingtu.sheets.spec import Kind, SheetSpec, parse_spec

SPEC: Final[SheetSpec] = parse_spec("farmland.part", "name,label,kind,required\nground,边界,polygon,yes\n", "边界")


class UnreadableBoundary(Exception):
    """A boundary that cannot be read; the message is a full sentence."""


def surfaces(text: str, file: tuple[str, bytes] | None = None) -> list[BaseGeometry]:
    """The surfaces of a vector file, or of WKT, one a line."""
    return _of_file(*file) if file else [_surface(line) for line in _lines(text)]


def parts_of(whole: BaseGeometry, text: str, file: tuple[str, bytes] | None = None) -> list[BaseGeometry]:
    """The parts of a surface: as drawn in a file or in WKT one a line, or as a typed line cuts it."""
    lines = _lines(text)
    if file is None and len(lines) == 1 and lines[0].upper().startswith("LINESTRING"):
        return _cut(whole, lines[0])
    return surfaces(text, file)


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
    parts = [part for piece in shapely.get_parts(whole) for part in split(piece, line).geoms]
    if len(parts) < 2:
        raise UnreadableBoundary("这条线没有把单元分成两块。请让线的两端都伸出单元边界之外。")
    return parts
