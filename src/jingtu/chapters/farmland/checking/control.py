"""The sheets of strict control: what the file alone tells, before an account or a database is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from jingtu.chapters.farmland.checking.rows import fault, rows_of
from jingtu.chapters.farmland.checking.safe_use import ahead, doubles, not_positive, other_year
from jingtu.plain.issues import Issue
from jingtu.sheets.checked import FileSheet, placed
from jingtu.sheets.reading import Reading

_FOLDER: Final = Path(__file__).parents[1] / "sheets"
PLANTING: Final = ("crop", "area_mu", "lon", "lat")
TRIP: Final = ("zone_number", "patrolled_on", "patrolled_by", "means", "found")


def patrol_rows(reading: Reading) -> list[dict[str, Any]]:
    """The sheet of patrols row by row, every column there."""
    return rows_of(reading, PLANTING)


def check_patrols(reading: Reading, on: date) -> list[Issue]:
    """A patrol was made by now; a crop found has its area and its place, and stands in the file once."""
    rows = patrol_rows(reading)
    found = [
        *ahead(rows, "patrolled_on", on, "farmland.patrol.future", "巡查日期"),
        *not_positive(rows, "area_mu", "farmland.patrol.area", "违规面积"),
        *doubles(rows, ("zone_number", "patrolled_on", "crop", "lon", "lat"), *_DOUBLE),
        *_half_told(rows),
    ]
    return placed(found, reading)


_DOUBLE: Final = ("farmland.patrol.double", "crop", "同一次巡查同一处的违规作物")


def _half_told(rows: list[dict[str, Any]]) -> Iterator[Issue]:
    """A crop found is told with area and place, or not at all."""
    for row in rows:
        told = [column for column in PLANTING if row[column] is not None and row[column] != ""]
        if told and len(told) < len(PLANTING):
            lacking = next(column for column in PLANTING if column not in told)
            yield fault(
                "farmland.patrol.half", row, lacking, "发现的违规作物没有填全。",
                "作物、面积、经度、纬度四栏要么都填，要么都留空。",
            )  # fmt: skip


def check_control_uses(reading: Reading, on: date) -> list[Issue]:
    """A change of use was carried out by now, in its year, on some ground, and stands in the file once."""
    rows = rows_of(reading)
    key = ("unit_number", "kind", "year", "done_on")
    found = [
        *doubles(rows, key, "farmland.control_use.double", "unit_number", "同一单元同一天的同一方式"),
        *ahead(rows, "done_on", on, "farmland.control_use.future", "落实日期"),
        *not_positive(rows, "area_mu", "farmland.control_use.area", "面积"),
        *other_year(rows, "done_on", "farmland.control_use.year", "落实日期"),
    ]
    return placed(found, reading)


def check_subsidies(reading: Reading, on: date) -> list[Issue]:
    """A payment was made by now, is some money, and its voucher stands in the file once."""
    rows = rows_of(reading)
    found = [
        *doubles(rows, ("voucher",), "farmland.subsidy.double", "voucher", "凭证号"),
        *ahead(rows, "paid_on", on, "farmland.subsidy.future", "兑付日期"),
        *not_positive(rows, "amount_yuan", "farmland.subsidy.amount", "金额"),
    ]
    return placed(found, reading)


PATROLS: Final = FileSheet("farmland.patrol", "巡查记录表", _FOLDER / "patrol.csv", check_patrols)
CONTROL_USES: Final = FileSheet("farmland.control_use", "管控利用表", _FOLDER / "control_use.csv", check_control_uses)
SUBSIDIES: Final = FileSheet("farmland.subsidy", "补贴兑付表", _FOLDER / "subsidy.csv", check_subsidies)
SHEETS: Final = (PATROLS, CONTROL_USES, SUBSIDIES)
