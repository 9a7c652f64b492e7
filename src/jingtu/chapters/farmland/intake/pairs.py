"""The sheet of paired samples: what the records tell about it, and taking it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jingtu.chapters.farmland.actions import pairs as actions
from jingtu.chapters.farmland.checking import pairs as checking
from jingtu.chapters.farmland.checking.pairs import HALVES, is_taken, pair_rows
from jingtu.chapters.farmland.checking.rows import fault
from jingtu.chapters.farmland.facts import pairs as facts
from jingtu.chapters.farmland.facts import units
from jingtu.chapters.farmland.models import Pair, Season, Unit
from jingtu.evidence.facts import labels_known
from jingtu.land.models import Role
from jingtu.plain.identifiers import region_prefix
from jingtu.plain.issues import Issue
from jingtu.registers.declare import Sheet, sheet
from jingtu.registers.ledger import Deed
from jingtu.registers.models import Dossier
from jingtu.registers.reach import Right
from jingtu.sheets.checked import placed
from jingtu.sheets.reading import Reading

SEASONS = {value: str(label) for value, label in Season.choices}
SAME = {"region_code": "region_id", "year": "year", "season": "season", "crop": "crop"}


def check_pairs(dossier: Dossier, reading: Reading) -> list[Issue]:
    """Pairs lie within reach, on a unit, with codes of their own; one that is there already lacks what is told."""
    rows = pair_rows(reading)
    known = facts.pairs_by_code(row["code"] for row in rows)
    numbered = units.units_by_number(row["unit_number"] for row in rows if row["unit_number"])
    found = [issue for row in rows for issue in _row_faults(dossier, row, known.get(row["code"]))]
    found += _taken_labels(rows)
    found += [issue for row in rows for issue in _unit_faults(row, numbered)]
    return placed([*found, *_nowhere(rows), *_apart(rows, known)], reading)


def _row_faults(dossier: Dossier, row: dict[str, Any], known: Pair | None) -> Iterator[Issue]:
    region = row["region_code"]
    if region and not region.startswith(region_prefix(dossier.region_id)):
        yield fault(
            "farmland.pair.reach", row, "region_code", f"行政区 {region} 不在您的管辖范围内。", "请由所在地提交。"
        )
    if known is None:
        return
    if any(getattr(known, own) != row[name] for name, own in SAME.items()):
        yield fault(
            "farmland.pair.another", row, "code",
            f"编号“{known.code}”已用于{known.region} {known.year} 年{SEASONS[known.season]}的另一点对。",
            "请换一个编号；补送所缺的一半时，行政区、年度、季别和作物须与原记录一致。",
        )  # fmt: skip
    for half, (name, day, *_more) in HALVES.items():
        if is_taken(row, half) and getattr(known, f"{half}_sample_id"):
            yield fault(
                "farmland.pair.taken", row, day, f"点对“{known.code}”的{name}样品已经入库。",
                "请只填所缺的一半；重采的样品请另设编号。",
            )  # fmt: skip


def _taken_labels(rows: list[dict[str, Any]]) -> Iterator[Issue]:
    there = {
        region: _labels_there(region, rows) for region in {row["region_code"] for row in rows if row["region_code"]}
    }
    for row in rows:
        for _half, (name, _day, label, *_places) in HALVES.items():
            if row[label] and row[label] in there.get(row["region_code"], ()):
                yield fault(
                    "farmland.pair.sample_known", row, label, f"{name}采样标签号“{row[label]}”已被另一件样品使用。",
                    "请核对样品标签，或留空。",
                )  # fmt: skip


def _labels_there(region: str, rows: list[dict[str, Any]]) -> set[str]:
    return labels_known(region, (row[label] for row in rows for _name, _day, label, *_places in HALVES.values()))


def _unit_faults(row: dict[str, Any], numbered: dict[str, Unit]) -> Iterator[Issue]:
    number = row["unit_number"]
    if not number:
        return
    if number not in numbered:
        yield fault(
            "farmland.pair.unit_unknown", row, "unit_number", f"没有编号为“{number}”的耕地单元。",
            "请核对单元编号；不清楚的可以留空，由系统按位置查找。",
        )  # fmt: skip
    elif numbered[number].region_id != row["region_code"]:
        yield fault(
            "farmland.pair.unit_elsewhere", row, "unit_number", f"单元“{number}”不在所填县（市、区）。",
            "请核对单元编号和行政区代码。",
        )  # fmt: skip


def _nowhere(rows: list[dict[str, Any]]) -> Iterator[Issue]:
    """Pairs on no unit: taken, but no evidence for any class until a unit is found there."""
    asked = [row for row in rows if not row["unit_number"] and facts.place_of(row)]
    for row, unit in zip(asked, facts.units_of_rows(asked), strict=True):
        if unit is None:
            yield fault(
                "farmland.pair.no_unit", row, "soil_lon", "采样位置上没有现行的耕地单元。",
                "可以先接收，但不计入任何单元的评价；请核对位置，或先导入耕地单元。",
                warn=True,
            )  # fmt: skip


def _apart(rows: list[dict[str, Any]], known: dict[str, Pair]) -> Iterator[Issue]:
    """Halves that the pair rule does not let stand together."""
    for row in rows:
        verdict = facts.pairing_of_row(row, known.get(row["code"]))
        if verdict is not None and verdict.reason:
            yield fault(
                "farmland.pair.apart", row, "harvested_on", verdict.sentence(),
                "可以先接收，但不作为成对证据；请核对日期和位置。",
                warn=True,
            )  # fmt: skip


def preview_pairs(dossier: Dossier, reading: Reading) -> list[str]:
    """What comes in: pairs, samples, halves still missing."""
    rows = pair_rows(reading)
    known = facts.pairs_by_code(row["code"] for row in rows)
    soils, crops = (sum(is_taken(row, half) for row in rows) for half in HALVES)
    halves = sum(not (is_taken(row, "soil") and is_taken(row, "crop")) and row["code"] not in known for row in rows)
    told = [f"新增点对 {len(rows) - len(known)} 个，补齐 {len(known)} 个；土壤样品 {soils} 件，农产品样品 {crops} 件。"]
    return [*told, f"其中 {halves} 个只有一半，补齐前不作为成对证据。"] if halves else told


def commit_pairs(dossier: Dossier, reading: Reading, doing: Deed) -> dict[str, Any]:
    """Write pairs and samples; what a demonstration organisation hands in is a demonstration."""
    return actions.enter_pairs(
        pair_rows(reading), doing, dossier=dossier, demonstration=dossier.organisation.is_demonstration
    )


PAIRS = sheet(
    Sheet(
        file=checking.PAIRS,
        register="farmland.pair",
        clause="T05",
        rights=(
            Right(
                Role.CLERK, "submit", levels=("province", "city", "county"),
                departments=("agriculture", "ecology"),
            ),
        ),
        check_records=check_pairs,
        preview=preview_pairs,
        commit=commit_pairs,
        guidance="一行一个点对：同一地块同一季的土壤和农产品。编号已有的，只补所缺的一半。",
    )
)  # fmt: skip
