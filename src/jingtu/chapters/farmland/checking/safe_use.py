"""The sheets of safe use: what the file alone tells, before an account or a database is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from jingtu.chapters.farmland.checking.rows import fault, rows_of
from jingtu.plain.issues import Issue
from jingtu.sheets.checked import FileSheet, placed
from jingtu.sheets.reading import Reading

_FOLDER: Final = Path(__file__).parents[1] / "sheets"
MEASURE_OPTIONAL: Final = ("material", "reason", "variant")
Rows = list[dict[str, Any]]


def check_croppings(reading: Reading, on: date) -> list[Issue]:
    """A crop of a county's year and season is told once, was surveyed by now, and covers some ground."""
    rows = rows_of(reading)
    key = ("region_code", "year", "crop", "season")
    found = [
        *doubles(rows, key, "farmland.cropping.double", "crop", "同一县、年度、季别的同一作物"),
        *ahead(rows, "surveyed_on", on, "farmland.cropping.future", "调查日期"),
        *not_positive(rows, "area_mu", "farmland.cropping.area", "种植面积"),
    ]
    return placed(found, reading)


def check_measures(reading: Reading, on: date) -> list[Issue]:
    """A measure was carried out by now, in its year, on some ground, and stands in the file once."""
    rows = rows_of(reading, MEASURE_OPTIONAL)
    key = ("unit_number", "year", "season", "code", "carried_out_on")
    found = [
        *doubles(rows, key, "farmland.measure.double", "unit_number", "同一单元同一天的同一措施"),
        *ahead(rows, "carried_out_on", on, "farmland.measure.future", "实施日期"),
        *not_positive(rows, "area_mu", "farmland.measure.area", "实施面积"),
        *other_year(rows, "carried_out_on", "farmland.measure.year", "实施日期"),
    ]
    return placed(found, reading)


def doubles(rows: Rows, key: tuple[str, ...], code: str, column: str, what: str) -> Iterator[Issue]:
    """What stands in the file twice."""
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        own = tuple(row[name] for name in key)
        if None not in own and seen.setdefault(own, row["_row"]) != row["_row"]:
            yield fault(code, row, column, f"{what}与第 {seen[own]} 行重复。", "请删去一行，或核对所填内容。")


def ahead(rows: Rows, column: str, on: date, code: str, name: str) -> Iterator[Issue]:
    """Days that lie after the day of handing in."""
    for row in rows:
        if row[column] and row[column] > on:
            yield fault(code, row, column, f"{name} {row[column]} 晚于提交日期。", f"请更正{name}。")


def not_positive(rows: Rows, column: str, code: str, name: str) -> Iterator[Issue]:
    """Quantities that are nothing or less."""
    for row in rows:
        if row[column] is not None and row[column] <= 0:
            yield fault(code, row, column, f"{name} {row[column]} 不大于 0。", f"请核对{name}。")


def other_year(rows: Rows, column: str, code: str, name: str) -> Iterator[Issue]:
    """Days outside the year that the row names; autumn sowing for the next summer's harvest may lie before it."""
    for row in rows:
        day = row[column]
        if day and row["year"] and day.year not in (row["year"] - 1, row["year"]):
            yield fault(code, row, column, f"{name} {day} 与年度 {row['year']} 不符。", f"请核对年度和{name}。")


CROPPINGS: Final = FileSheet("farmland.cropping", "主要作物与种植习惯表", _FOLDER / "cropping.csv", check_croppings)
MEASURES: Final = FileSheet("farmland.measure", "措施落实表", _FOLDER / "measure.csv", check_measures)
SHEETS: Final = (CROPPINGS, MEASURES)
