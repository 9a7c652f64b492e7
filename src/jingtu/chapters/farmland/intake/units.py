"""The sheets of units and of changed land: what the records tell about them, and taking them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from jingtu.chapters.farmland.actions import land_changes
from jingtu.chapters.farmland.actions import units as actions
from jingtu.chapters.farmland.actions.lineage import INHERITED
from jingtu.chapters.farmland.actions.units import Entry
from jingtu.chapters.farmland.checking import units as checking
from jingtu.chapters.farmland.checking.rows import fault, rows_of
from jingtu.chapters.farmland.checking.units import Row, doubtful, overlaps, stated_area, unit_rows
from jingtu.chapters.farmland.facts import units as facts
from jingtu.chapters.farmland.models import LandClass, UnitVersion
from jingtu.chapters.farmland.workflow import BOTH
from jingtu.land.models import Role
from jingtu.plain.identifiers import region_prefix
from jingtu.plain.issues import Issue
from jingtu.registers.declare import Sheet, sheet
from jingtu.registers.ledger import Deed
from jingtu.registers.models import Dossier
from jingtu.registers.reach import Right
from jingtu.sheets.checked import placed
from jingtu.sheets.reading import Reading

CLERKS = (Right(Role.CLERK, "submit", levels=("province", "city", "county"), departments=BOTH),)
CLASSES = dict(LandClass.choices)

# --- units ----------------------------------------------------------------------------------------------------


def check_units(dossier: Dossier, reading: Reading) -> list[Issue]:
    """Units lie within reach, beside those that stand, and a known one keeps its class."""
    rows = unit_rows(reading)
    known = _known(rows)
    found = [*_beyond_reach(dossier, rows), *(each for row in rows for each in _known_faults(row, known))]
    return placed([*found, *_over_others(dossier, rows)], reading)


def _known(rows: Sequence[Row]) -> dict[str, UnitVersion]:
    """The last version of each unit that is there already, by number."""
    numbers = {row["number"] for row in rows if row["number"]}
    versions = UnitVersion.objects.filter(unit__number__in=numbers).select_related("unit")
    return {each.unit.number: each for each in versions.order_by("version")}


def _beyond_reach(dossier: Dossier, rows: Sequence[Row]) -> Iterator[Issue]:
    for row in rows:
        county = row["county_code"]
        if county and (not county.startswith(region_prefix(dossier.region_id)) or county.endswith("00")):
            yield fault(
                "farmland.ground.reach", row, "county_code", f"行政区 {county} 不是您管辖范围内的县（市、区）。",
                "请由所在地提交。",
            )  # fmt: skip


def _known_faults(row: Row, known: dict[str, UnitVersion]) -> Iterator[Issue]:
    there = known.get(row["number"])
    if there is None:
        return
    if there.until_on is not None:
        yield fault(
            "farmland.unit.ended", row, "number",
            f"单元 {row['number']} 已于 {there.until_on} 终止（拆分、合并或核销），编号不再使用。",
            "请用现行单元的编号；新的单元请把编号留空。",
        )  # fmt: skip
    if row["land_class"] and row["land_class"] != there.land_class:
        yield fault(
            "farmland.unit.class", row, "land_class",
            f"单元 {row['number']} 现行类别为“{CLASSES.get(there.land_class, '未划分')}”，导入不能改变类别。",
            "类别须经类别调整（县级提出、市级审核、省级审定）变更；请改回现行类别或留空。",
            clause="土壤污染防治法 第49条",
        )  # fmt: skip


def _over_others(dossier: Dossier, rows: Sequence[Row]) -> Iterator[Issue]:
    """Surfaces that reach into standing units which this file does not draw anew."""
    drawn = [row for row in rows if row["ground"] is not None]
    counties = {row["county_code"] for row in drawn}
    own = {row["number"] for row in drawn if row["number"]}
    standing = facts.standing(dossier.on).filter(region_id__in=counties).exclude(unit__number__in=own)
    others = list(standing)
    shapes = [actions.as_ground(each.geom) for each in others]
    for at, other, shared in overlaps([row["ground"] for row in drawn], shapes, dossier.on):
        yield doubtful(drawn[at], f"现行单元 {others[other].code}", shared, dossier.on)


def preview_units(dossier: Dossier, reading: Reading) -> list[str]:
    """How many units are new, which classes they bring, how many are brought up to date."""
    rows = unit_rows(reading)
    known = _known(rows)
    fresh = [row for row in rows if row["number"] not in known]
    told = [f"新增耕地单元 {len(fresh)} 个；已建档的 {len(rows) - len(fresh)} 个，与现行版本不同的开始新版本。"]
    for code, label in (*CLASSES.items(), ("", "未划分类别")):
        own = [row for row in fresh if row["land_class"] == code]
        if own:
            told.append(f"{label}：{len(own)} 个，{sum(stated_area(row) for row in own):.2f} 亩。")
    return told


def commit_units(dossier: Dossier, reading: Reading, doing: Deed) -> dict[str, Any]:
    """Write the units; what a demonstration organisation hands in is a demonstration."""
    read = {*reading.columns, "land_class"}  # a class may stand in the number alone
    told = [name for name in INHERITED if name in read]  # what the file leaves out it takes from nobody
    return actions.enter_units(
        [_entry(row, told, dossier) for row in unit_rows(reading)],
        doing,
        dossier=dossier,
        demonstration=dossier.organisation.is_demonstration,
    )


def _entry(row: Row, told: Sequence[str], dossier: Dossier) -> Entry:
    return Entry(
        region=row["county_code"],
        begun_on=row["begun_on"] or dossier.on,
        origin=row["origin"],
        ground=row["ground"],
        facts={name: row[name] for name in told} | {"stated_area_mu": stated_area(row)},
        number=row["number"],
    )


UNITS = sheet(
    Sheet(
        file=checking.UNITS,
        register="farmland.unit",
        clause="T05",
        rights=CLERKS,
        check_records=check_units,
        preview=preview_units,
        commit=commit_units,
        all_or_nothing=False,
        guidance="GeoPackage、Shapefile 压缩包、GeoJSON、压缩的 .gdb，或带 WKT 的表格。编号已有的更新，没有的新增。",
    )
)

# --- changed land ---------------------------------------------------------------------------------------------


def check_land_changes(dossier: Dossier, reading: Reading) -> list[Issue]:
    """Patches lie within reach and were not handed in before."""
    rows = rows_of(reading)
    return placed([*_beyond_reach(dossier, rows), *_told_before(rows)], reading)


def _told_before(rows: Sequence[Row]) -> Iterator[Issue]:
    there = facts.land_changes_told(row["number"] for row in rows)
    for row in rows:
        if row["changed_on"] and (row["county_code"], row["changed_on"].year, row["number"]) in there:
            yield fault(
                "farmland.land_change.known", row, "number", f"图斑“{row['number']}”本年度已经导入。",
                "请只提交新增的图斑；有误的请联系省级更正。",
            )  # fmt: skip


def preview_land_changes(dossier: Dossier, reading: Reading) -> list[str]:
    """How many patches come in and how many standing units they touch."""
    rows = rows_of(reading)
    touched = {each.pk for row in rows for each in facts.touched_by(actions.as_geom(row["ground"]), row["changed_on"])}
    return [f"新增图斑 {len(rows)} 个，涉及现行耕地单元 {len(touched)} 个；接收后逐县登记“土地用途变更”触发事件。"]


def commit_land_changes(dossier: Dossier, reading: Reading, doing: Deed) -> dict[str, Any]:
    """Write the patches and the triggering events of the units that they touch."""
    return land_changes.enter_land_changes(
        rows_of(reading), doing, dossier=dossier, demonstration=dossier.organisation.is_demonstration
    )


LAND_CHANGES = sheet(
    Sheet(
        file=checking.LAND_CHANGES,
        register="farmland.land_change",
        clause="T05",
        rights=CLERKS,
        check_records=check_land_changes,
        preview=preview_land_changes,
        commit=commit_land_changes,
        all_or_nothing=False,
        guidance="年度国土变更调查中用途变更的图斑；与耕地单元相交的，自动登记触发事件。",
    )
)
