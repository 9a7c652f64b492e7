"""The sheet of paired samples: what the file alone tells, before an account or a database is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from shapely.geometry import Point as Shape
from shapely.geometry import shape

from jingtu import law
from jingtu.chapters.farmland.checking.rows import fault, rows_of
from jingtu.plain.issues import Issue
from jingtu.plain.numbers import plain
from jingtu.sheets.checked import FileSheet, placed
from jingtu.sheets.reading import Reading

_FOLDER: Final = Path(__file__).parents[1] / "sheets"
HALVES: Final = {
    "soil": ("土壤", "soil_on", "soil_code", "soil_lon", "soil_lat"),
    "crop": ("农产品", "harvested_on", "crop_code", "crop_lon", "crop_lat"),
}
TREES: Final = ("fruit", "nut")  # kinds of food that grow on trees, whose roots go deeper than the ploughed layer
DEPTHS: Final = ("pair.depth_cm", "pair.depth_trees_cm")
OPTIONAL: Final = (
    "unit_number", "variety", "soil_code", "soil_on", "soil_lon", "soil_lat", "depth_top_cm", "depth_bottom_cm",
    "crop_code", "harvested_on", "crop_lon", "crop_lat",
)  # fmt: skip


def pair_rows(reading: Reading) -> list[dict[str, Any]]:
    """The sheet of pairs row by row, every column there."""
    return rows_of(reading, OPTIONAL)


def is_taken(row: dict[str, Any], half: str) -> bool:
    """Whether a row tells of the soil, or of the crop, of its pair."""
    _name, day, *_more = HALVES[half]
    return bool(row[day])


def check_pairs(reading: Reading, on: date) -> list[Issue]:
    """Each pair is told once, by two people, of the past; a half has day and place; a crop is what is grown."""
    rows = pair_rows(reading)
    found = [issue for row in rows for issue in _row_faults(row, on)]
    return placed([*found, *_unusual_depths(rows, on), *_doubles(rows), *_outside(rows)], reading)


def _row_faults(row: dict[str, Any], on: date) -> Iterator[Issue]:
    if row["leader"] and row["leader"] == row["sampler"]:
        yield fault(
            "farmland.pair.same_person", row, "sampler", "采样组长与采样人是同一人。",
            "协同监测采样组至少二人，请填写另一名采样人。",
        )  # fmt: skip
    if not any(is_taken(row, half) for half in HALVES):
        yield fault(
            "farmland.pair.empty", row, "soil_on", "土壤和农产品都没有采样日期。",
            "至少填写一半的采样日期和位置；两半都没有采的，请删去本行。",
        )  # fmt: skip
    if row["crop"] == "fallow" and is_taken(row, "crop"):
        yield fault("farmland.pair.fallow", row, "crop", "作物填为休耕，却有农产品样品。", "请填写实际采集的作物。")
    for half in HALVES:
        yield from _half_faults(row, half, on)
    yield from _depth_faults(row)


def _half_faults(row: dict[str, Any], half: str, on: date) -> Iterator[Issue]:
    name, day, code, lon, lat = HALVES[half]
    if not row[day]:
        if row[code] or row[lon] is not None or row[lat] is not None:
            yield fault(
                "farmland.pair.day_missing", row, day, f"填了{name}样品，却没有采样日期。",
                "请补采样日期，或留空这一半。",
            )  # fmt: skip
        return
    if row[day] > on:
        yield fault("farmland.pair.future", row, day, f"{name}采样日期 {row[day]} 晚于提交日期。", "请更正采样日期。")
    elif row["year"] and row[day].year != row["year"]:
        yield fault(
            "farmland.pair.year", row, day, f"{name}采样日期 {row[day]} 不在所填年度 {row['year']} 内。",
            "请核对采样日期的年份和年度。",
        )  # fmt: skip
    if row[lon] is None or row[lat] is None:
        yield fault(
            "farmland.pair.place_missing", row, lon, f"{name}样品没有采样位置。",
            "请填写经度和纬度：是否同一地块要由位置判断。",
        )  # fmt: skip


def _depth_faults(row: dict[str, Any]) -> Iterator[Issue]:
    top, bottom = row["depth_top_cm"], row["depth_bottom_cm"]
    if not is_taken(row, "soil"):
        return
    if top is None or bottom is None:
        yield fault(
            "farmland.pair.depth", row, "depth_top_cm", "土壤样品没有采样深度。",
            "请填写采样深度上、下（耕层为 0—20 cm）。",
        )  # fmt: skip
    elif top < 0 or top >= bottom:
        yield fault(
            "farmland.pair.depth", row, "depth_bottom_cm", f"采样深度 {top}—{bottom} cm 不成一层。",
            "请自地面向下计深度。",
        )  # fmt: skip


def _unusual_depths(rows: list[dict[str, Any]], on: date) -> Iterator[Issue]:
    """Soil that was not taken to the foot of the ploughed layer, or under trees to that of their roots."""
    view, words = law.at(on), law.codes("certainty")
    layer, roots = (view.table("farmland_numbers").one(rule=name) for name in DEPTHS)
    ploughed, rooted = (each.required_number("value") for each in (layer, roots))
    trees = {each.text("crop") for each in view.table("crops") if each.text("food_kind") in TREES}
    for row in rows:
        bottom, is_tree = row["depth_bottom_cm"], row["crop"] in trees
        if not is_taken(row, "soil") or bottom is None or bottom in ((ploughed, rooted) if is_tree else (ploughed,)):
            continue
        usual = f"{plain(ploughed)} 或 {plain(rooted)}" if is_tree else plain(ploughed)
        ground = roots if is_tree else layer
        yield fault(
            "farmland.pair.depth_unusual", row, "depth_bottom_cm",
            f"采样深度下端为 {plain(bottom)} cm，通常到 {usual} cm（{words.label(ground.certainty)}）。",
            "确是这样采的，可以照常接收；填错的请更正。", warn=True, clause=ground.clause,
        )  # fmt: skip


def _doubles(rows: list[dict[str, Any]]) -> Iterator[Issue]:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        for column, name in (("code", "点对编号"), ("soil_code", "采样标签号"), ("crop_code", "采样标签号")):
            text = row[column]
            if text and seen.setdefault((name, text), row["_row"]) != row["_row"]:
                yield fault(
                    "farmland.pair.double", row, column, f"{name}“{text}”与第 {seen[name, text]} 行重复。",
                    "请核对编号；一处地块一季只有一行。",
                )  # fmt: skip
        if row["soil_code"] and row["soil_code"] == row["crop_code"]:
            yield fault(
                "farmland.pair.double", row, "crop_code", "土壤样品与农产品样品用了同一个标签号。", "两件样品各有标签。"
            )


def _outside(rows: list[dict[str, Any]]) -> Iterator[Issue]:
    outlines = {code: shape(geometry) for code, geometry in law.boundaries().items()}
    for row in rows:
        outline = outlines.get(row["region_code"])
        for half in HALVES:
            name, _day, _code, lon, lat = HALVES[half]
            if outline is None or row[lon] is None or row[lat] is None:
                continue
            if not outline.covers(Shape(float(row[lon]), float(row[lat]))):
                yield fault(
                    "farmland.pair.outside", row, lon,
                    f"{name}采样位置 {row[lon]}, {row[lat]} 不在所填县（市、区）界线内。",
                    "请核对经纬度（是否颠倒、是否 CGCS2000）和行政区代码。",
                )  # fmt: skip


PAIRS: Final = FileSheet("farmland.pair", "协同监测点对表", _FOLDER / "pair.csv", check_pairs)
SHEETS: Final = (PAIRS,)
