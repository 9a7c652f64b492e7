"""The sheet of zone boundaries: what the records tell about a file, and taking it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jingtu.chapters.farmland.actions import control as actions
from jingtu.chapters.farmland.actions.control import Outline
from jingtu.chapters.farmland.checking import zones as checking
from jingtu.chapters.farmland.checking.rows import fault, rows_of
from jingtu.chapters.farmland.checking.units import crops_of
from jingtu.chapters.farmland.facts import zone_ground
from jingtu.chapters.farmland.intake.safe_use import FARMERS, Rows, is_within
from jingtu.plain.issues import Issue
from jingtu.registers.declare import Sheet, sheet
from jingtu.registers.ledger import Deed
from jingtu.registers.models import Dossier
from jingtu.sheets.checked import placed
from jingtu.sheets.reading import Reading


def check_zones(dossier: Dossier, reading: Reading) -> list[Issue]:
    """Zones lie within reach and take in strict units of their county whole, and no other unit."""
    rows = rows_of(reading)
    return placed([*_beyond_reach(dossier, rows), *_against(dossier, rows)], reading)


def _beyond_reach(dossier: Dossier, rows: Rows) -> Iterator[Issue]:
    for row in rows:
        if row["county_code"] and not is_within(dossier, row["county_code"]):
            yield fault(
                "farmland.zone.reach", row, "county_code", f"行政区 {row['county_code']} 不在您的管辖范围内。",
                "请由所在地提交。",
            )  # fmt: skip


def _against(dossier: Dossier, rows: Rows) -> Iterator[Issue]:
    for row in rows:
        if row["ground"] is None:
            continue
        found = zone_ground.ground_of(row["ground"], dossier.on)
        for sentence in zone_ground.faults(row["ground"], found, dossier.on):
            yield fault("farmland.zone.ground", row, "ground", sentence, "请对照现行耕地单元图层修改边界。")
        if found.regions and row["county_code"] and found.regions != [row["county_code"]]:
            message = "边界内的严格管控类单元不属于所填的县（市、区）。"
            yield fault("farmland.zone.county", row, "county_code", message, "请核对行政区代码和边界。")


def _outlines(dossier: Dossier, reading: Reading) -> list[Outline]:
    return [
        Outline(
            row["name"],
            zone_ground.ground_of(row["ground"], dossier.on).within,
            crops_of(row["banned_products"]),
            row["ground"],
        )
        for row in rows_of(reading)
    ]


def preview_zones(dossier: Dossier, reading: Reading) -> list[str]:
    """How many zones come in, over how many units."""
    outlines = _outlines(dossier, reading)
    whole = f"新拟定管控区 {len(outlines)} 个，待提出划定建议并报本级人民政府批准。"
    return [whole, *(f"{each.name}：严格管控类单元 {len(each.units)} 个。" for each in outlines)]


def commit_zones(dossier: Dossier, reading: Reading, doing: Deed) -> dict[str, Any]:
    """Write the zones; each waits as a draft."""
    demonstration = dossier.organisation.is_demonstration
    made = [actions.enter_zone(each, doing, demonstration=demonstration) for each in _outlines(dossier, reading)]
    return {"made": len(made)}


ZONES = sheet(
    Sheet(
        file=checking.ZONES,
        register="farmland.zone",
        clause="T04",
        rights=FARMERS,
        check_records=check_zones,
        preview=preview_zones,
        commit=commit_zones,
        all_or_nothing=False,
        guidance="一行（一个图形）是一个管控区，须整块盖住严格管控类单元；接收后各为草案，再逐个提出建议。",
    )
)
