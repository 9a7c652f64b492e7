"""The sheets of task 2: what the file alone tells, before an account or a database is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from shapely.geometry import Point as Shape
from shapely.geometry import shape

from jingtu import law
from jingtu.plain.issues import Issue, Severity
from jingtu.sheets.checked import FileSheet, placed
from jingtu.sheets.reading import Reading

CLERK: Final = "经办人"
_FOLDER: Final = Path(__file__).parent / "sheets"


def rows_of(reading: Reading) -> list[dict[str, Any]]:
    """The sheet row by row; columns that the file leaves out are blank. ``_row`` is the number in the file."""
    names = list(reading.columns)
    columns = [reading.columns[name] for name in names]
    return [
        {**dict(zip(names, values, strict=True)), "_row": row}
        for row, values in zip(reading.rows, zip(*columns, strict=True), strict=True)
    ]


def fault(code: str, row: dict[str, Any], column: str, message: str, cure: str, *, warn: bool = False) -> Issue:
    """What a clerk must mend (or, as a warning, look at) in one cell."""
    severity = Severity.WARNING if warn else Severity.BLOCKING
    value = str(row.get(column) or "")
    return Issue(code, severity, message, cure, row=row["_row"], column=column, value=value, who=CLERK)


# --- points ---------------------------------------------------------------------------------------------------


def check_points(reading: Reading, on: date) -> list[Issue]:
    """Points have a code of their own, lie in the county they name and are there already."""
    rows = rows_of(reading)
    return placed([*_double_points(rows), *_points_outside(rows), *_points_ahead(rows, on)], reading)


def _points_ahead(rows: list[dict[str, Any]], on: date) -> Iterator[Issue]:
    for row in rows:
        if row["established_on"] and row["established_on"] > on:
            yield fault(
                "monitoring.point.future",
                row,
                "established_on",
                f"设立日期 {row['established_on']} 晚于提交日期。",
                "请更正设立日期；尚未设立的点位待设立后再提交。",
            )


def _double_points(rows: list[dict[str, Any]]) -> Iterator[Issue]:
    seen: dict[str, int] = {}
    for row in rows:
        code = row["code"]
        if code and seen.setdefault(code, row["_row"]) != row["_row"]:
            yield fault(
                "monitoring.point.double",
                row,
                "code",
                f"点位编码“{code}”与第 {seen[code]} 行重复。",
                "请删去一行或更正编码。",
            )


def _points_outside(rows: list[dict[str, Any]]) -> Iterator[Issue]:
    outlines = {code: shape(geometry) for code, geometry in law.boundaries().items()}
    for row in rows:
        outline = outlines.get(row["county_code"])
        if outline is None or row["lon"] is None or row["lat"] is None:
            continue
        if not outline.covers(Shape(float(row["lon"]), float(row["lat"]))):
            yield fault(
                "monitoring.point.outside",
                row,
                "lon",
                f"位置 {row['lon']}, {row['lat']} 不在所填县（市、区）界线内。",
                "请核对经纬度（是否颠倒、是否 CGCS2000）和行政区代码。",
            )


# --- field records --------------------------------------------------------------------------------------------


def check_records(reading: Reading, on: date) -> list[Issue]:
    """Field records are of the past, checked by another person, of a layer of soil, one a sample."""
    rows = rows_of(reading)
    found = [issue for row in rows for issue in _record_faults(row, on)]
    return placed([*found, *_double_records(rows)], reading)


def _record_faults(row: dict[str, Any], on: date) -> Iterator[Issue]:
    if row["taken_on"] and row["taken_on"] > on:
        yield fault(
            "monitoring.record.future",
            row,
            "taken_on",
            f"采样日期 {row['taken_on']} 晚于提交日期。",
            "请更正采样日期。",
        )
    if row["sampler"] and row["sampler"] == row["checker"]:
        yield fault(
            "monitoring.record.same_person",
            row,
            "checker",
            "采样人与校核人是同一人。",
            "请由另一人校核（HJ/T 166-2004）。",
        )
    top, bottom = row["depth_top_cm"], row["depth_bottom_cm"]
    if top is not None and top < 0:
        yield fault("monitoring.record.depth", row, "depth_top_cm", f"采样深度上 {top} 为负。", "请自地面向下计深度。")
    elif top is not None and bottom is not None and top >= bottom:
        yield fault("monitoring.record.depth", row, "depth_bottom_cm", "采样深度下不大于深度上。", "请更正采样深度。")


def _double_records(rows: list[dict[str, Any]]) -> Iterator[Issue]:
    seen: dict[str, int] = {}
    for row in rows:
        code = row["sample_code"]
        if code and seen.setdefault(code, row["_row"]) != row["_row"]:
            yield fault(
                "monitoring.record.double",
                row,
                "sample_code",
                f"样品编码“{code}”与第 {seen[code]} 行重复。",
                "一件样品只有一条采样记录，请核对样品标签。",
            )


# --- receipts -------------------------------------------------------------------------------------------------


def check_receipt(reading: Reading, on: date) -> list[Issue]:
    """A receipt is one, answers one package and each point once, and says why where it refuses."""
    rows = rows_of(reading)
    return placed([*_receipt_faults(rows, on), *_double_answers(rows)], reading)


def _receipt_faults(rows: list[dict[str, Any]], on: date) -> Iterator[Issue]:
    one = {"package_number": "一份回执只能对应一个上报包。", "receipt_number": "一个文件只能是一份回执。"}
    for row in rows:
        for column, message in one.items():
            if row[column] and row[column] != rows[0][column]:
                yield fault("monitoring.receipt.several", row, column, message, "请分开提交。")
        if row["receipt_on"] and row["receipt_on"] > on:
            message = f"回执日期 {row['receipt_on']} 晚于提交日期。"
            yield fault("monitoring.receipt.date", row, "receipt_on", message, "请更正回执日期。")
        if row["accepted"] == "no" and not row.get("message"):
            yield fault("monitoring.receipt.reason", row, "accepted", "退回的点位没有写明原因。", "请填写退回原因。")


def _double_answers(rows: list[dict[str, Any]]) -> Iterator[Issue]:
    seen: dict[str, int] = {}
    for row in rows:
        code = row["point_code"]
        if code and seen.setdefault(code, row["_row"]) != row["_row"]:
            yield fault(
                "monitoring.receipt.double",
                row,
                "point_code",
                f"点位“{code}”在第 {seen[code]} 行已有答复。",
                "一个点位只有一个答复，请与接收平台核对后删去一行。",
            )


POINTS: Final = FileSheet("monitoring.point", "监测点位表", _FOLDER / "point.csv", check_points)
FIELD_RECORDS: Final = FileSheet("monitoring.field_record", "采样记录表", _FOLDER / "field_record.csv", check_records)
RECEIPTS: Final = FileSheet("monitoring.receipt", "上报回执表", _FOLDER / "receipt.csv", check_receipt)
SHEETS: Final = (POINTS, FIELD_RECORDS, RECEIPTS)
