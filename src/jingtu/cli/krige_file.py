"""The points of a file for ``jingtu krige``: contents in mg/kg with coordinates in metres, one value at each place."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jingtu import law
from jingtu.cli.asking import Stopped, asked_unit, file_bytes
from jingtu.cli.krige_places import DEGREES, LOCAL, Plane, asked_crs, from_degrees, from_plane
from jingtu.plain.issues import Issue
from jingtu.plain.numbers import parse_decimal
from jingtu.plain.reported import Reported
from jingtu.plain.text import fold, match_key
from jingtu.science.indices import half_limit
from jingtu.science.kriging import twins
from jingtu.sheets.concentrations import Contents
from jingtu.sheets.contents import read_contents
from jingtu.sheets.faults import FileRefused
from jingtu.sheets.reading import Options
from jingtu.sheets.table import Table, open_table

Floats = NDArray[np.float64]

STOP, MEAN = "stop", "mean"
SAME_PLACE: Final = (STOP, MEAN)
_NAMES: Final = {
    "lon": "经度 东经 lon long longitude lng 经度坐标",
    "lat": "纬度 北纬 lat latitude 纬度坐标",
    "x": "x x坐标 横坐标 东坐标 东向坐标 xloc xcoord easting east",
    "y": "y y坐标 纵坐标 北坐标 北向坐标 yloc ycoord northing north",
}
_KEYS: Final = {match_key(name): key for key, names in _NAMES.items() for name in names.split()}
_UNITS: Final = "km|m|千米|公里|米|度|°"
_LENGTH: Final = re.compile(rf"(.+?)\s*(?:[ _/]({_UNITS})|[(\[]({_UNITS})[)\]])", re.IGNORECASE)
_METRES: Final = {"km": 1000.0, "千米": 1000.0, "公里": 1000.0, "m": 1.0, "米": 1.0}
_NAMED: Final = 3
_UNKNOWN_COLUMN: Final = "note.column.unknown"
_NO_HEADING: Final = "sheet.heading.missing"


@dataclass(frozen=True, eq=False)
class Points:
    """Places with contents, and what became of the rows that are not among them.

    ``limits`` are the detection limits of non-detects, NaN for the others.

    ``halved`` counts non-detects taken at half their limit, ``unlimited`` those without a limit, ``unmeasured`` rows
    without a result, ``unplaced`` rows without coordinates, ``merged`` rows put together with one of the same place.
    """

    file: str
    analyte: str
    subjects: tuple[str, ...]
    places_m: Floats
    values: Floats
    limits: Floats
    plane: Plane
    halved: int
    unlimited: int
    unmeasured: int
    unplaced: int
    merged: int
    issues: tuple[Issue, ...]
    notes: tuple[Issue, ...]

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Axes:
    """The two columns of coordinates: their headings, whether they are degrees, metres in their unit."""

    east: str
    north: str
    degrees: bool
    metres: float


def read_points(args: argparse.Namespace) -> Points:
    """The points of the file asked about; raises :class:`Stopped` when there are none to interpolate."""
    analyte = asked_analyte(args.analyte)
    data, options, name = file_bytes(args.file), Options(sheet=args.sheet), law.analyte(analyte).name_zh
    try:
        unit, known = asked_unit(args.unit), _knows(args)
        contents = read_contents(data, args.file.name, (analyte,), unit, options, law.CONSTRUCTION, known)
    except FileRefused as refused:
        if refused.issue.code != _NO_HEADING:
            raise Stopped(refused.issue.sentence()) from refused
        expected = f"“{name}(mg/kg)”一列，或检测项目、检测结果、单位三列"
        raise Stopped(f"文件 {args.file.name} 的表头里找不到{name}（{analyte}），应有{expected}。") from refused
    items = contents.results.get(analyte, [])
    if not any(_content(item) is not None for item in items):
        told = contents.issues[0].sentence() if contents.issues else "请检查这一列。"
        raise Stopped(f"文件 {args.file.name} 里没有一个可用的{name}（{analyte}）结果。{told}")
    try:
        axes, columns = _coordinates(data, args, options)
    except FileRefused as refused:
        raise Stopped(refused.issue.sentence()) from refused
    return _together(contents, analyte, axes, columns, args)


def asked_analyte(text: str) -> str:
    """The analyte of ``--analyte``; it must be a content in soil."""
    entry = law.analytes(law.CONSTRUCTION).find(text)
    if entry is None or entry.standard_unit != "mg/kg":
        raise Stopped(f"--analyte 写的“{text}”不认识，请写元素符号或标准里的中文名，如 Cd、铅、苯并[a]芘。")
    return entry.code


def _knows(args: argparse.Namespace) -> Callable[[str], str | None]:
    """What a heading is of the coordinates: the columns asked for, else by name."""
    asked = {match_key(name): key for name, key in ((args.x, "asked_x"), (args.y, "asked_y")) if name}
    if len(asked) == 1:
        raise Stopped("--x 和 --y 要一起给出，并且是两个不同的列。")
    return lambda heading: asked.get(match_key(heading)) or _KEYS.get(match_key(_bare(heading)[0]))


def _coordinates(data: bytes, args: argparse.Namespace, options: Options) -> tuple[Axes, dict[int, tuple[str, str]]]:
    """The columns of coordinates, and their texts by row of the file."""
    match, wanted = _knows(args), bool(args.x)

    def complete(keys: set[str]) -> bool:
        return {"asked_x", "asked_y"} <= keys if wanted else {"lon", "lat"} <= keys or {"x", "y"} <= keys

    expected = (
        f"“{args.x}”和“{args.y}”两列"
        if wanted
        else "坐标两列：经度、纬度，或 x、y（平面坐标，米）；也可用 --x、--y 指明列名"
    )
    missing = Stopped(f"文件 {args.file.name} 的表头里找不到坐标，应有{expected}。")
    try:
        table = open_table(data, args.file.name, options, match, complete, expected)
    except FileRefused as refused:
        raise (missing if refused.issue.code == _NO_HEADING else refused) from refused
    if not complete(table.heading.keys()):
        raise missing
    return _axes(table, args)


def _axes(table: Table, args: argparse.Namespace) -> tuple[Axes, dict[int, tuple[str, str]]]:
    keys = table.heading.keys()
    east, north = next(pair for pair in (("asked_x", "asked_y"), ("lon", "lat"), ("x", "y")) if set(pair) <= keys)
    index = {key: at for at, label in reversed(list(enumerate(table.heading.labels))) if (key := label.key)}
    names = [table.heading.labels[index[key]].text for key in (east, north)]
    units = {_bare(name)[1] for name in names} - {""}
    known = {_KEYS.get(match_key(_bare(name)[0])) for name in names}
    degrees = known == {"lon", "lat"} or asked_crs(args.crs) in DEGREES
    if args.coordinate_unit:
        units = {args.coordinate_unit}
    metres = _METRES.get(min(units, default="m"), 1.0)
    columns = zip(table.rows, table.texts(index[east]), table.texts(index[north]), strict=True)
    return Axes(names[0], names[1], degrees, metres), {row: (one.strip(), other.strip()) for row, one, other in columns}


def _bare(heading: str) -> tuple[str, str]:
    """Name and unit of a heading of coordinates.

    >>> _bare("x/m"), _bare("横坐标（km）"), _bare("经度")
    (('x', 'm'), ('横坐标', 'km'), ('经度', ''))
    """
    found = _LENGTH.fullmatch(fold(heading))
    return (found[1], (found[2] or found[3]).lower()) if found else (fold(heading), "")


def _together(
    contents: Contents,
    analyte: str,
    axes: Axes,
    columns: dict[int, tuple[str, str]],
    args: argparse.Namespace,
) -> Points:
    items = contents.results[analyte]
    used = [at for at, item in enumerate(items) if _content(item) is not None]
    placed = {at: pair for at in used if (pair := _pair(columns.get(contents.rows[at], ("", "")), contents, at, axes))}
    if not placed:
        raise Stopped(f"没有一个样品既有{law.analyte(analyte).name_zh}的结果、又有坐标（{axes.east}、{axes.north}）。")
    kept = list(placed)
    pairs = np.array([placed[at] for at in kept])
    places, plane = _in_metres(pairs, axes, asked_crs(args.crs))
    found = Points(
        file=contents.file,
        analyte=analyte,
        subjects=tuple(contents.subjects[at] for at in kept),
        places_m=places,
        values=np.array([_content(items[at]) for at in kept], dtype=np.float64),
        limits=np.array([_limit(items[at]) for at in kept], dtype=np.float64),
        plane=plane,
        halved=sum(items[at].value is None for at in kept),
        unlimited=sum(item.qualifier == "ND" and item.limit is None for item in items),
        unmeasured=sum(item.qualifier == "NM" for item in items),
        unplaced=len(used) - len(kept),
        merged=0,
        issues=tuple(contents.issues),
        notes=tuple(_other_notes(contents)),
    )
    return _one_each(found, args.same_place)


def _content(item: Reported) -> float | None:
    """The content that stands for a result: half the limit for a non-detect (HJ/T 166)."""
    if item.value is not None:
        return float(item.value)
    return float(half_limit([float(item.limit)])[0]) if item.limit is not None else None


def _limit(item: Reported) -> float:
    return float(item.limit) if item.value is None and item.limit is not None else float("nan")


def _pair(texts: tuple[str, str], contents: Contents, at: int, axes: Axes) -> tuple[float, float] | None:
    """Both coordinates of a row as numbers; ``None`` when the row has none."""
    if not all(texts):
        return None
    found = []
    for name, text in zip((axes.east, axes.north), texts, strict=True):
        try:
            found.append(float(parse_decimal(text)))
        except ValueError as error:
            raise Stopped(f"{contents.file} 第 {contents.rows[at]} 行“{name}”列的“{text}”不是数字，"
                          "请写成 112.5500 或 4123456.7 这样的数。") from error  # fmt: skip
    return found[0], found[1]


def _in_metres(pairs: Floats, axes: Axes, crs: str) -> tuple[Floats, Plane]:
    if not axes.degrees:
        return from_plane(pairs[:, 0], pairs[:, 1], axes.metres, crs)
    if crs == LOCAL:
        raise Stopped("--crs local 用于平面坐标，但读到的是经纬度两列；请用 --x、--y 指明平面坐标的两列。")
    return from_degrees(pairs[:, 0], pairs[:, 1], crs)


def _other_notes(contents: Contents) -> list[Issue]:
    """Notes of the file but those about columns that nobody misses here."""
    return [note for note in contents.notes if note.code != _UNKNOWN_COLUMN]


def _one_each(points: Points, same_place: str) -> Points:
    """One value at each place: stop at doubles, or take their mean."""
    pairs = twins(points.places_m)
    if not pairs:
        return points
    if same_place != MEAN:
        some = pairs[:_NAMED]
        named = "；".join(f"{points.subjects[one]}与{points.subjects[other]}" for one, other in some)
        raise Stopped(
            f"有 {len(pairs)} 对样品的坐标完全相同（{named}{'……' if len(pairs) > _NAMED else ''}），不能同时参加插值；"
            "平行样、分层样请先挑选，或用 --same-place mean 取平均。"
        )
    return _means(points)


def _means(points: Points) -> Points:
    places, first, group = np.unique(points.places_m, axis=0, return_index=True, return_inverse=True)
    group = group.ravel()
    values = np.bincount(group, points.values) / np.bincount(group)
    subjects = tuple(points.subjects[int(at)] for at in first)
    limits = np.full(len(places), np.nan)
    np.fmax.at(limits, group, points.limits)
    merged = len(points) - len(places)
    return replace(points, subjects=subjects, places_m=places, values=values, limits=limits, merged=merged)
