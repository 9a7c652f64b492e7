"""The sheets of safe use: what the records tell about a file, and taking it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from jingtu.chapters.farmland.actions import safe_use as actions
from jingtu.chapters.farmland.checking import safe_use as checking
from jingtu.chapters.farmland.checking.rows import fault, rows_of
from jingtu.chapters.farmland.facts import safe_use as facts
from jingtu.chapters.farmland.facts.safe_use import Done
from jingtu.chapters.farmland.facts.units import units_by_number
from jingtu.chapters.farmland.models import Unit
from jingtu.chapters.farmland.workflow import FARMING
from jingtu.land.models import Role
from jingtu.plain.identifiers import region_prefix
from jingtu.plain.issues import Issue
from jingtu.registers.declare import Sheet, sheet
from jingtu.registers.ledger import Deed
from jingtu.registers.models import Dossier
from jingtu.registers.reach import Right
from jingtu.sheets.checked import placed
from jingtu.sheets.reading import Reading

FARMERS = (Right(Role.CLERK, "submit", levels=("county", "city"), departments=FARMING),)
Rows = list[dict[str, Any]]


def is_within(dossier: Dossier, region_code: str) -> bool:
    """Whether a region lies within the one for which a file is handed in."""
    return region_code.startswith(region_prefix(dossier.region_id))


def told(
    rows: Iterable[dict[str, Any]], refusals: Iterable[facts.Refusals], code: str, columns: dict[str, str]
) -> Iterator[Issue]:
    """What speaks against rows as issues; ``columns`` gives the sheet's column where it is named otherwise."""
    for row, own in zip(rows, refusals, strict=True):
        for field, sentence in own:
            yield fault(f"{code}.{field}", row, columns.get(field, field), str(sentence), "请核对后更正。")


def strangers(dossier: Dossier, rows: Rows, units: dict[str, Unit], code: str) -> Iterator[Issue]:
    """Rows whose unit is not there or not within reach of who hands the file in."""
    for row in rows:
        unit = units.get(row["unit_number"])
        if row["unit_number"] and (unit is None or not is_within(dossier, unit.region_id)):
            yield fault(
                f"{code}.stranger", row, "unit_number", f"您的管辖范围内没有编号为“{row['unit_number']}”的耕地单元。",
                "请核对单元编号：十二位数字，不带Ⅰ、Ⅱ、Ⅲ。",
            )  # fmt: skip


def whole(rows: Rows, units: dict[str, Unit], *columns: str) -> Rows:
    """The rows of known units whose named columns are all filled; the others were complained of already."""
    return [row for row in rows if row["unit_number"] in units and all(row[column] for column in columns)]


# --- main crops and habits ------------------------------------------------------------------------------------


def check_croppings(dossier: Dossier, reading: Reading) -> list[Issue]:
    """Crops are of counties within reach; those told before are brought up to date."""
    faults = [
        fault(
            "farmland.cropping.reach",
            row,
            "region_code",
            f"行政区 {row['region_code']} 不在您的管辖范围内。",
            "请由所在地提交。",
        )
        for row in rows_of(reading)
        if row["region_code"] and not is_within(dossier, row["region_code"])
    ]
    return placed(faults, reading)


def preview_croppings(dossier: Dossier, reading: Reading) -> list[str]:
    """How many crops are new and how many are brought up to date."""
    keys = [(row["region_code"], row["year"], row["crop"], row["season"]) for row in rows_of(reading)]
    known = len(facts.croppings_there(keys))
    return [f"新增作物 {len(keys) - known} 条，更新 {known} 条。"]


def commit_croppings(dossier: Dossier, reading: Reading, doing: Deed) -> dict[str, Any]:
    """Write the crops."""
    demonstration = dossier.organisation.is_demonstration
    return actions.enter_croppings(rows_of(reading), doing, dossier=dossier, demonstration=demonstration)


# --- measures -------------------------------------------------------------------------------------------------


def check_measures(dossier: Dossier, reading: Reading) -> list[Issue]:
    """Measures are on units within reach, fit on them, and those that are not preferred say why."""
    rows = rows_of(reading, checking.MEASURE_OPTIONAL)
    units = units_by_number(row["unit_number"] for row in rows if row["unit_number"])
    known = whole(rows, units, "year", "season", "code", "area_mu", "carried_out_on")
    refusals = facts.measure_refusals([_done(row, units) for row in known], dossier.on)
    against = told(known, refusals, "farmland.measure", {"unit": "unit_number"})
    return placed([*strangers(dossier, rows, units, "farmland.measure"), *against], reading)


def _done(row: dict[str, Any], units: dict[str, Unit]) -> Done:
    copied = ("year", "season", "code", "area_mu", "carried_out_on", "carried_out_by")
    more = {name: row[name] or "" for name in checking.MEASURE_OPTIONAL}
    return Done(unit=units[row["unit_number"]], **{name: row[name] for name in copied}, **more)


def _all_done(reading: Reading) -> Sequence[Done]:
    rows = rows_of(reading, checking.MEASURE_OPTIONAL)
    units = units_by_number(row["unit_number"] for row in rows)
    return [_done(row, units) for row in rows]


def preview_measures(dossier: Dossier, reading: Reading) -> list[str]:
    """How many measures come in, on how much ground, with how many warnings."""
    measures = _all_done(reading)
    area = sum(each.area_mu for each in measures)
    warned = sum(bool(each) for each in facts.measure_warnings(measures, dossier.on))
    lines = [f"新增措施 {len(measures)} 条，合计 {area} 亩，待验收。"]
    return [*lines, f"其中 {warned} 条有提示，见各条记录页。"] if warned else lines


def commit_measures(dossier: Dossier, reading: Reading, doing: Deed) -> dict[str, Any]:
    """Write the measures; they wait to be accepted."""
    demonstration = dossier.organisation.is_demonstration
    made = actions.enter_measures(_all_done(reading), doing, dossier=dossier, demonstration=demonstration)
    return {"made": len(made)}


CROPPINGS = sheet(
    Sheet(
        file=checking.CROPPINGS,
        register="farmland.cropping",
        clause="T03",
        rights=FARMERS,
        check_records=check_croppings,
        preview=preview_croppings,
        commit=commit_croppings,
        guidance="县级每年一表。同一县、年度、作物、季别已有的更新，没有的新增。",
    )
)
MEASURES = sheet(
    Sheet(
        file=checking.MEASURES,
        register="farmland.measure",
        clause="T03",
        rights=FARMERS,
        check_records=check_measures,
        preview=preview_measures,
        commit=commit_measures,
        guidance="一行是一个单元一季的一种措施。优先采用农艺调控和替代种植；其他措施须写理由。",
    )
)
