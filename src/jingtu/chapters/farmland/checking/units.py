"""The sheets of units and of changed land: what the file alone tells, before an account or a database is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from jingtu import law
from jingtu.chapters.farmland.checking.ground import area_m2, mu
from jingtu.chapters.farmland.checking.rows import fault, rows_of
from jingtu.plain.issues import Issue
from jingtu.sheets.checked import FileSheet, placed
from jingtu.sheets.reading import Reading

_FOLDER: Final = Path(__file__).parents[1] / "sheets"
OPTIONAL: Final = (
    "number",
    "township",
    "stated_area_mu",
    "crops",
    "target_analytes",
    "land_class",
    "pollution_degree",
    "origin",
    "begun_on",
)
_NUMBER: Final = re.compile(r"(\d{6})(\d{6})([ⅠⅡⅢ]?)")
_CLASSES: Final = {"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "": ""}
_PARTS: Final = re.compile(r"[、，,;；/\s]+")
Row = dict[str, Any]


def setting(name: str, on: date) -> Decimal:
    """A tolerance of farmland units, as the table of settings has it on a day, in per cent."""
    row = law.at(on).table("farmland_numbers").where(rule=f"unit.{name}_pct")[0]
    return row.required_number("value")


def basis(name: str, on: date) -> str:
    """On what a tolerance rests, as an officer would cite it."""
    return law.cite(law.at(on).table("farmland_numbers").where(rule=f"unit.{name}_pct")[0].clause)


def unit_rows(reading: Reading) -> list[Row]:
    """The sheet of units row by row: number without its class, lists as codes, what is left out filled in.

    A crop or pollutant that is not known stays as it was written, so that it can be named.
    """
    rows = rows_of(reading, OPTIONAL)
    for row in rows:
        found = _NUMBER.fullmatch(row["number"] or "")
        row["class_in_number"] = _CLASSES[found[3]] if found else ""
        row["told_number"], row["number"] = row["number"] or "", found[1] + found[2] if found else ""
        row["land_class"] = row["land_class"] or row["class_in_number"]
        row["crops"], row["target_analytes"] = crops_of(row["crops"]), analytes_of(row["target_analytes"])
        row["origin"] = row["origin"] or "detailed_survey"
        row["township"], row["pollution_degree"] = row["township"] or "", row["pollution_degree"] or ""
    return rows


def crops_of(text: str | None) -> list[str]:
    """The codes of crops named in a text; a name that is not known stays as it was written.

    >>> crops_of("小麦、玉米，荷")
    ['wheat', 'maize', '荷']
    """
    return [found.code if (found := law.codes("crop").find(each)) else each for each in _parts(text)]


def analytes_of(text: str | None) -> list[str]:
    """The codes of analytes named in a text; a name that is not known stays as it was written.

    >>> analytes_of("镉、As")
    ['Cd', 'As']
    """
    return [found.code if (found := law.analytes().find(each)) else each for each in _parts(text)]


def unknown(crops: Iterable[str], analytes: Iterable[str]) -> list[str]:
    """Those of the crops and analytes that no code list names."""
    return [each for each in crops if each not in law.codes("crop").codes] + [
        each for each in analytes if law.analytes().find(each) is None
    ]


def _parts(text: str | None) -> list[str]:
    return list(dict.fromkeys(part for part in _PARTS.split(text or "") if part))


def stated_area(row: Row) -> Decimal:
    """The stated area of a row in mu, or that of its drawing where none is stated."""
    if row["stated_area_mu"] is not None:
        return Decimal(row["stated_area_mu"])
    return Decimal(f"{mu(area_m2(row['ground'])):.4f}")


# --- units ----------------------------------------------------------------------------------------------------


def check_units(reading: Reading, on: date) -> list[Issue]:
    """Units have a number of their own, lie in their county, do not overlap, and are as large as they say."""
    rows = unit_rows(reading)
    found = [issue for row in rows for issue in (*_number_faults(row), *_list_faults(row), *_area_faults(row, on))]
    found += [issue for row in rows if row["begun_on"] and row["begun_on"] > on for issue in _ahead(row)]
    return placed([*found, *_doubles(rows), *outside(rows, on), *_overlaps(rows, on)], reading)


def _number_faults(row: Row) -> Iterator[Issue]:
    told = row["told_number"]
    if not told:
        return
    if not row["number"]:
        yield fault(
            "farmland.unit.number", row, "number", f"单元编号“{told}”不是十二位数字。",
            "单元编号为县级行政区代码六位加序号六位，末尾可带 Ⅰ、Ⅱ、Ⅲ；没有编号的留空。",
        )  # fmt: skip
    elif row["county_code"] and not told.startswith(row["county_code"]):
        yield fault(
            "farmland.unit.number", row, "number", f"单元编号“{told}”前六位与县级行政区代码不符。",
            "请核对编号和行政区代码。",
        )  # fmt: skip
    if row["class_in_number"] and row["land_class"] != row["class_in_number"]:
        yield fault(
            "farmland.unit.class_in_number", row, "land_class", f"编号“{told}”所带的类别与本列填写的类别不同。",
            "请改成一致；编号末尾的 Ⅰ、Ⅱ、Ⅲ 可以不写。",
        )  # fmt: skip


def _list_faults(row: Row) -> Iterator[Issue]:
    for crop in row["crops"]:
        if law.codes("crop").find(crop) is None:
            yield fault(
                "farmland.unit.crop", row, "crops", f"作物“{crop}”不在作物代码表里。",
                "请按作物代码表填写；表里没有的请联系省级维护代码表。",
            )  # fmt: skip
    for analyte in row["target_analytes"]:
        if law.analytes().find(analyte) is None:
            yield fault(
                "farmland.unit.analyte", row, "target_analytes", f"目标污染物“{analyte}”不认识。",
                "请填元素名称或符号，如“镉、砷”或“Cd、As”。",
            )  # fmt: skip


def _area_faults(row: Row, on: date) -> Iterator[Issue]:
    if row["ground"] is None or row["stated_area_mu"] is None:
        return
    drawn, stated = Decimal(mu(area_m2(row["ground"]))), Decimal(row["stated_area_mu"])
    apart = abs(stated - drawn) / drawn * 100
    if apart > (tolerated := setting("stated_area_tolerance", on)):
        refused = apart > setting("stated_area_refused", on)
        yield fault(
            "farmland.unit.area", row, "stated_area_mu",
            f"登记面积 {stated.normalize():f} 亩与图形面积 {drawn:.2f} 亩相差 {apart:.1f}%，超过 {tolerated}%。",
            "请核对单位（亩）和边界。" + ("" if refused else "确属扣除田坎等原因的，可以照此接收。"),
            warn=not refused, clause=basis("stated_area_tolerance", on),
        )  # fmt: skip


def _ahead(row: Row) -> Iterator[Issue]:
    yield fault(
        "farmland.unit.future", row, "begun_on", f"建档日期 {row['begun_on']} 晚于提交日期。", "请更正建档日期。"
    )


def _doubles(rows: Sequence[Row]) -> Iterator[Issue]:
    seen: dict[str, int] = {}
    for row in rows:
        number = row["number"]
        if number and seen.setdefault(number, row["_row"]) != row["_row"]:
            yield fault(
                "farmland.unit.double", row, "number", f"单元编号“{number}”与第 {seen[number]} 行重复。",
                "一个单元只有一行；由几块组成的单元请合成一个多部分图形。",
            )  # fmt: skip


def outside(rows: Iterable[Row], on: date) -> Iterator[Issue]:
    """Surfaces that lie outside the county they name; one that reaches over the county line is only looked at."""
    outlines = {code: shape(geometry) for code, geometry in law.boundaries().items()}
    allowed = setting("outside", on)
    for row in rows:
        outline = outlines.get(row["county_code"])
        if outline is None or row["ground"] is None or outline.covers(row["ground"]):
            continue
        share = Decimal(row["ground"].difference(outline).area / row["ground"].area * 100)
        if share > allowed:
            beyond = not outline.intersects(row["ground"])
            yield fault(
                "farmland.ground.outside", row, "ground",
                "图形不在所填县（市、区）界线内。" if beyond else f"图形有 {share:.1f}% 在所填县（市、区）界线之外。",
                "请核对行政区代码和坐标系。" if beyond else "县界数据是概略的；确属本县的，可以照此接收。",
                warn=not beyond, clause=basis("outside", on),
            )  # fmt: skip


# --- overlaps -------------------------------------------------------------------------------------------------


def overlaps(
    ones: Sequence[BaseGeometry], others: Sequence[BaseGeometry], on: date
) -> Iterator[tuple[int, int, float]]:
    """Pairs of surfaces (by place) that share more of the smaller one than is tolerated, with the shared mu."""
    if not ones or not others:
        return
    tree, allowed = shapely.STRtree(others), float(setting("overlap", on)) / 100
    first, second = tree.query(ones, predicate="intersects")
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        shared = ones[one].intersection(others[other])
        if shared.area > allowed * min(ones[one].area, others[other].area):
            yield one, other, mu(area_m2(shared))


def _overlaps(rows: Sequence[Row], on: date) -> Iterator[Issue]:
    drawn = [row for row in rows if row["ground"] is not None]
    shapes = [row["ground"] for row in drawn]
    for one, other, shared in overlaps(shapes, shapes, on):
        if one > other:
            yield doubtful(drawn[one], f"第 {drawn[other]['_row']} 行", shared, on)


def doubtful(row: Row, other: str, shared_mu: float, on: date) -> Issue:
    """The issue of a boundary that reaches into another unit."""
    return fault(
        "farmland.unit.overlap", row, "ground", f"边界存疑：与{other}重叠 {shared_mu:.2f} 亩，超过允许的描绘误差。",
        "请现场核实边界并修改图形，使相邻单元只相接、不重叠。", clause=basis("overlap", on),
    )  # fmt: skip


# --- changed land ---------------------------------------------------------------------------------------------


def check_land_changes(reading: Reading, on: date) -> list[Issue]:
    """Patches have a number of their own, lie in their county, changed in the past and to another use."""
    rows = rows_of(reading)
    return placed([*_change_faults(rows, on), *outside(rows, on)], reading)


def _change_faults(rows: Sequence[Row], on: date) -> Iterator[Issue]:
    seen: dict[tuple[str, int, str], int] = {}
    for row in rows:
        changed_on = row["changed_on"]
        if changed_on and changed_on > on:
            message = f"变更日期 {changed_on} 晚于提交日期。"
            yield fault("farmland.land_change.future", row, "changed_on", message, "请更正变更日期。")
        if row["from_use"] and row["from_use"] == row["to_use"]:
            yield fault(
                "farmland.land_change.same", row, "to_use", "变更前后的地类相同。", "没有变更的图斑请不要列入。"
            )
        key = (row["county_code"], changed_on.year if changed_on else 0, row["number"])
        if row["number"] and seen.setdefault(key, row["_row"]) != row["_row"]:
            yield fault(
                "farmland.land_change.double", row, "number",
                f"图斑编号“{row['number']}”与第 {seen[key]} 行重复。", "同一县同一年度内图斑编号不重复。",
            )  # fmt: skip


UNITS: Final = FileSheet("farmland.unit", "耕地单元", _FOLDER / "unit.csv", check_units)
LAND_CHANGES: Final = FileSheet(
    "farmland.land_change", "土地用途变更图斑", _FOLDER / "land_change.csv", check_land_changes
)
SHEETS: Final = (UNITS, LAND_CHANGES)
