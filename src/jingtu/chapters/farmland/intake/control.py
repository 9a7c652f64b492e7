"""The sheets of strict control: what the records tell about a file, and taking it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.gis.geos import Point as Place

from jingtu.chapters.farmland.actions import control as actions
from jingtu.chapters.farmland.checking import control as checking
from jingtu.chapters.farmland.checking.control import TRIP, patrol_rows
from jingtu.chapters.farmland.checking.rows import fault, rows_of
from jingtu.chapters.farmland.facts import control as facts
from jingtu.chapters.farmland.facts.control import Changed, Found, Paid, Seen
from jingtu.chapters.farmland.facts.units import units_by_number
from jingtu.chapters.farmland.intake.safe_use import FARMERS, Rows, is_within, strangers, told, whole
from jingtu.chapters.farmland.models import ControlUse, Unit, Zone
from jingtu.plain.issues import Issue
from jingtu.registers.declare import Sheet, sheet
from jingtu.registers.ledger import Deed
from jingtu.registers.models import Dossier
from jingtu.sheets.checked import placed
from jingtu.sheets.reading import Reading

# --- patrols --------------------------------------------------------------------------------------------------


def check_patrols(dossier: Dossier, reading: Reading) -> list[Issue]:
    """Patrols go through zones in force within reach; what they found lies inside and is edible."""
    rows = patrol_rows(reading)
    zones = facts.zones_by_number([row["zone_number"] for row in rows if row["zone_number"]])
    return placed([*_strange_zones(dossier, rows, zones), *_against_patrols(dossier, rows, zones)], reading)


def _strange_zones(dossier: Dossier, rows: Rows, zones: dict[str, Zone]) -> Iterator[Issue]:
    for row in rows:
        zone = zones.get(row["zone_number"])
        if row["zone_number"] and (zone is None or not is_within(dossier, zone.region_id)):
            yield fault(
                "farmland.patrol.stranger", row, "zone_number",
                f"您的管辖范围内没有编号为“{row['zone_number']}”的管控区。", "请核对管控区编号。",
            )  # fmt: skip


def _against_patrols(dossier: Dossier, rows: Rows, zones: dict[str, Zone]) -> Iterator[Issue]:
    known = [row for row in rows if row["zone_number"] in zones and row["patrolled_on"]]
    refusals = [facts.patrol_refusals(_seen([row], zones), dossier.on) for row in known]
    yield from told(known, refusals, "farmland.patrol", {"zone": "zone_number"})


def _seen(rows: Rows, zones: dict[str, Zone]) -> Seen:
    """Rows of one trip: what they share, and every crop found."""
    first = rows[0]
    plantings = tuple(
        Found(row["crop"], row["area_mu"], Place(float(row["lon"]), float(row["lat"]), srid=4490))
        for row in rows
        if all(row[column] is not None and row[column] != "" for column in checking.PLANTING)
    )
    copied = {name: first[name] for name in TRIP if name != "zone_number"}
    return Seen(zone=zones[first["zone_number"]], plantings=plantings, **copied)


def _trips(reading: Reading) -> list[Seen]:
    """The patrols of a file: rows that share everything but the crop are one."""
    trips: dict[tuple[Any, ...], Rows] = {}
    for row in patrol_rows(reading):
        trips.setdefault(tuple(row[name] for name in TRIP), []).append(row)
    zones = facts.zones_by_number([key[0] for key in trips])
    return [_seen(rows, zones) for rows in trips.values()]


def preview_patrols(dossier: Dossier, reading: Reading) -> list[str]:
    """How many patrols come in and what they found."""
    trips = _trips(reading)
    return [f"新增巡查 {len(trips)} 次，发现违规种植 {sum(len(each.plantings) for each in trips)} 处。"]


def commit_patrols(dossier: Dossier, reading: Reading, doing: Deed) -> dict[str, Any]:
    """Write the patrols; every crop found becomes a case."""
    made = actions.enter_patrols(_trips(reading), doing, demonstration=dossier.organisation.is_demonstration)
    return {"made": len(made)}


# --- changes of use -------------------------------------------------------------------------------------------


def check_control_uses(dossier: Dossier, reading: Reading) -> list[Issue]:
    """Changes of use are on strictly controlled units within reach and fit on them."""
    rows = rows_of(reading)
    units = units_by_number(row["unit_number"] for row in rows if row["unit_number"])
    known = whole(rows, units, "kind", "year", "area_mu", "done_on")
    refusals = facts.control_use_refusals([_changed(row, units) for row in known], dossier.on)
    against = told(known, refusals, "farmland.control_use", {"unit": "unit_number"})
    return placed([*strangers(dossier, rows, units, "farmland.control_use"), *against], reading)


def _changed(row: dict[str, Any], units: dict[str, Unit]) -> Changed:
    copied = ("kind", "year", "area_mu", "from_crop", "to_crop", "done_on")
    return Changed(unit=units[row["unit_number"]], **{name: row[name] for name in copied})


def _all_changed(reading: Reading) -> Sequence[Changed]:
    rows = rows_of(reading)
    units = units_by_number(row["unit_number"] for row in rows)
    return [_changed(row, units) for row in rows]


def preview_control_uses(dossier: Dossier, reading: Reading) -> list[str]:
    """How many changes of use come in, on how much ground."""
    changed = _all_changed(reading)
    return [f"新增管控利用 {len(changed)} 条，合计 {sum(each.area_mu for each in changed)} 亩，待确认。"]


def commit_control_uses(dossier: Dossier, reading: Reading, doing: Deed) -> dict[str, Any]:
    """Write the changes of use; they wait to be confirmed."""
    demonstration = dossier.organisation.is_demonstration
    return {"made": len(actions.enter_control_uses(_all_changed(reading), doing, demonstration=demonstration))}


# --- subsidies ------------------------------------------------------------------------------------------------


def check_subsidies(dossier: Dossier, reading: Reading) -> list[Issue]:
    """Money is paid for one confirmed change of use within reach, against a voucher entered once."""
    rows = rows_of(reading)
    units = units_by_number(row["unit_number"] for row in rows if row["unit_number"])
    uses = _uses(rows)
    known = [
        row
        for row in whole(rows, units, "kind", "year", "amount_yuan", "paid_on", "voucher")
        if len(uses.get(_use_key(row), ())) == 1
    ]
    refusals = facts.subsidy_refusals([_paid(row, uses) for row in known], dossier.on)
    against = told(known, refusals, "farmland.subsidy", {"control_use": "kind"})
    found = [*strangers(dossier, rows, units, "farmland.subsidy"), *_loose(rows, units, uses), *against]
    return placed(found, reading)


def _use_key(row: dict[str, Any]) -> tuple[str, str, int]:
    return row["unit_number"], row["kind"], row["year"]


def _uses(rows: Rows) -> dict[tuple[str, str, int], list[ControlUse]]:
    return facts.control_uses_named([_use_key(row) for row in rows if row["year"]])


def _loose(rows: Rows, units: dict[str, Unit], uses: dict[tuple[str, str, int], list[ControlUse]]) -> Iterator[Issue]:
    for row in whole(rows, units, "kind", "year"):
        count = len(uses.get(_use_key(row), ()))
        if count != 1:
            yield fault(
                "farmland.subsidy.unmatched", row, "kind",
                "该单元本年度没有登记这种管控利用。" if not count else f"该单元本年度有 {count} 条同样的管控利用。",
                "请先登记管控利用。" if not count else "请在管控利用的记录页逐笔登记补贴。",
            )  # fmt: skip


def _paid(row: dict[str, Any], uses: dict[tuple[str, str, int], list[ControlUse]]) -> Paid:
    copied = ("amount_yuan", "recipient", "paid_on", "voucher")
    return Paid(control_use=uses[_use_key(row)][0], **{name: row[name] for name in copied})


def preview_subsidies(dossier: Dossier, reading: Reading) -> list[str]:
    """How many payments come in, how much money."""
    amounts = [row["amount_yuan"] for row in rows_of(reading)]
    return [f"新增补贴兑付 {len(amounts)} 笔，合计 {sum(amounts)} 元。"]


def commit_subsidies(dossier: Dossier, reading: Reading, doing: Deed) -> dict[str, Any]:
    """Write the payments."""
    rows = rows_of(reading)
    uses = _uses(rows)
    return {"made": len(actions.enter_subsidies([_paid(row, uses) for row in rows], doing))}


PATROLS = sheet(
    Sheet(
        file=checking.PATROLS,
        register="farmland.patrol",
        clause="T04",
        rights=FARMERS,
        check_records=check_patrols,
        preview=preview_patrols,
        commit=commit_patrols,
        guidance="一行是一次巡查，或一次巡查中发现的一处违规种植；各处违规种植随即立案待整改。",
    )
)
CONTROL_USES = sheet(
    Sheet(
        file=checking.CONTROL_USES,
        register="farmland.control_use",
        clause="T04",
        rights=FARMERS,
        check_records=check_control_uses,
        preview=preview_control_uses,
        commit=commit_control_uses,
        guidance="严格管控类耕地的种植结构调整、轮作休耕、退耕；退耕还林还草由林业和草原部门确认。",
    )
)
SUBSIDIES = sheet(
    Sheet(
        file=checking.SUBSIDIES,
        register="farmland.subsidy",
        clause="T04",
        rights=FARMERS,
        check_records=check_subsidies,
        preview=preview_subsidies,
        commit=commit_subsidies,
        guidance="一行是一笔补贴；按单元、方式、年度对应已确认的管控利用。",
    )
)
