"""The sheet of zone boundaries: what the file alone tells, before an account or a database is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from jingtu import law
from jingtu.assess import crops
from jingtu.chapters.farmland.checking.rows import fault, rows_of
from jingtu.chapters.farmland.checking.safe_use import doubles
from jingtu.chapters.farmland.checking.units import crops_of, outside, overlaps
from jingtu.plain.issues import Issue
from jingtu.sheets.checked import FileSheet, placed
from jingtu.sheets.reading import Reading

_FOLDER: Final = Path(__file__).parents[1] / "sheets"


def check_zones(reading: Reading, on: date) -> list[Issue]:
    """Zones have a name of their own, lie in their county, do not overlap, and ban crops that are eaten."""
    rows = rows_of(reading)
    found = [
        *doubles(rows, ("county_code", "name"), "farmland.zone.double", "name", "同一县的管控区名称"),
        *_strange_products(rows, on),
        *outside(rows, on),
        *_overlaps(rows, on),
    ]
    return placed(found, reading)


def _strange_products(rows: list[dict[str, Any]], on: date) -> Iterator[Issue]:
    for row in rows:
        for crop in crops_of(row["banned_products"]):
            if law.codes("crop").find(crop) is None:
                message, cure = f"产品“{crop}”不在作物代码表里。", "请按作物代码表填写，几种之间用顿号分开。"
            elif not crops.edible(crop, on):
                message = f"{law.codes('crop').label(crop)}不是食用农产品，不必禁止。"
                cure = "请只填食用农产品。"
            else:
                continue
            yield fault("farmland.zone.product", row, "banned_products", message, cure)


def _overlaps(rows: list[dict[str, Any]], on: date) -> Iterator[Issue]:
    drawn = [row for row in rows if row["ground"] is not None]
    shapes = [row["ground"] for row in drawn]
    for one, other, shared in overlaps(shapes, shapes, on):
        if one > other:
            yield fault(
                "farmland.zone.overlap", drawn[one], "ground",
                f"与第 {drawn[other]['_row']} 行的管控区重叠 {shared:.2f} 亩。",
                "一块地只能在一个管控区内，请修改边界。",
            )  # fmt: skip


ZONES: Final = FileSheet("farmland.zone", "严格管控区边界", _FOLDER / "zone.csv", check_zones)
SHEETS: Final = (ZONES,)
