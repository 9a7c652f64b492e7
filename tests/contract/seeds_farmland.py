"""Rows of farmland beside the demonstration, so that every declared part has data: one function a part."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shapely import LineString, box

from jingtu.chapters.farmland.actions import adjustments, classes, control, interpolations, lineage, rate, safe_use
from jingtu.chapters.farmland.checking.parts import parts_of
from jingtu.chapters.farmland.facts import control as control_facts
from jingtu.chapters.farmland.facts import interpolations as interpolation_facts
from jingtu.chapters.farmland.facts import safe_use as safe_facts
from jingtu.chapters.farmland.facts import units
from jingtu.chapters.farmland.facts.geometry import as_ground
from jingtu.demonstration import stage
from jingtu.demonstration.workbooks import Row
from jingtu.registers import clock
from tests.contract.people import reach_of

HONGTONG = "141024"
STRICT_FIELD = box(111.61, 36.21, 111.613, 36.213)
QINGXU_FIELD = box(112.40, 37.58, 112.402, 37.582).wkt
FAR_DEGREES = 0.002  # about 220 metres


def sow() -> None:
    """Everything of farmland that the demonstration leaves out."""
    change_units()
    change_use()
    pair_apart()
    adjust_by_hand()
    use_safely()
    control_strictly()
    interpolate()


def change_units() -> None:
    """One of the first units is divided."""
    by, today = reach_of("xian-hongtong-nongye"), clock.today()
    version = units.standing(today).filter(unit__number=f"{HONGTONG}000003")[0]
    west, south, east, north = version.geom.extent
    line = LineString([((west + east) / 2, south - 1), ((west + east) / 2, north + 1)])
    parts = parts_of(as_ground(version.geom), line.wkt)
    lineage.split(version.unit, parts, by=by, on=today, reason="契约测试")


def change_use() -> None:
    """Patches of the yearly survey in two counties, away from the units."""
    today = clock.today()
    for who, county, ground in (("hongtong", HONGTONG, away(0.001)), ("qingxu", "140121", QINGXU_FIELD)):
        by = reach_of(f"xian-{who}-nongye")
        rows = [{**good_land_changes()[0], "county_code": county, "number": f"契约-{who}", "ground": ground}]
        stage.accepted(stage.hand_in("farmland.land_change", rows, f"图斑-{who}.xlsx", by, today), by, today)
        stage.settle()


def pair_apart() -> None:
    """A pair of a named variety with labels of its sampler, its halves taken too far from each other."""
    by, today = reach_of("xian-hongtong-nongye"), clock.today()
    row = {**good_pairs()[0], "code": "XT-契约-远", "variety": "契约测试"}
    row |= {"soil_code": "契约-土-1", "crop_code": "契约-粮-1"}
    row["crop_lat"] = f"{float(str(row['crop_lat'])) + FAR_DEGREES:.6f}"
    stage.accepted(stage.hand_in("farmland.pair", [row], "点对.xlsx", by, today), by, today)
    stage.settle()


def adjust_by_hand() -> None:
    """An incident, and a draft to class its unit anew for a stated reason."""
    by, today = reach_of("xian-hongtong-nongye"), clock.today()
    version = units.standing(today).filter(region_id=HONGTONG, land_class="I").order_by("-unit__number")[0]
    told = "契约测试：上游尾矿库漫坝，农田进水"
    trigger = classes.raise_trigger("T6", HONGTONG, [version.unit], today, told, by=by, on=today)
    adjustments.draft_by_hand(trigger, "契约测试调整", "II", "事件调查报告", by=by, on=today)


def use_safely() -> None:
    """A second county's plan and target, a measure whose code covers two kinds."""
    by, today = reach_of("xian-qingxu-nongye"), clock.today()
    safe_use.draft_plan("140121", 2021, "契约测试方案", "契约测试", by=by, on=today)
    unit = units.standing(today).filter(region_id="140121", land_class="II").order_by("unit__number")[0].unit
    said = {"material": "无", "reason": "契约测试", "variant": "tillage"}
    done = safe_facts.Done(unit, 2021, "autumn", "N", Decimal(1), today, "契约测试", **said)
    safe_use.record_measure(done, by=by, on=today)
    by = reach_of("sheng-nongye")
    rate.set_target("140121", 2021, Decimal(80), "契约测试", "契约测试", today, by=by, on=today)


def control_strictly() -> None:
    """A second county's zone, still drafted; one more planting found in the first one."""
    by, today = reach_of("xian-qingxu-nongye"), clock.today()
    strict = units.standing(today).filter(region_id="140121", land_class="III").order_by("unit__number")
    control.draft_zone("契约测试管控区", [each.unit for each in strict], ["wheat"], by=by, on=today)
    by, zone = reach_of("xian-hongtong-nongye"), control_facts.zones_in(HONGTONG).filter(state="in_force")[0]
    found = (control_facts.Found("maize", Decimal("0.3"), zone.geom.point_on_surface),)
    patrol = control.record_patrol(
        control_facts.Seen(zone, today, "契约测试", "on_foot", "契约测试", found), by=by, on=today
    )
    control.move_planting("rectify", patrol.plantings.get(), by=by, on=today)


def interpolate() -> None:
    """One more estimate, of one land use against a chosen limit, made again; a drawn one of the city."""
    today, who = clock.today(), "xian-hongtong-nongye"
    wanted = interpolations.Wanted(HONGTONG, "Cd", today, today, ("irrigated",), True, "irrigated", 3)
    made = interpolations.ask(wanted, by=reach_of(who), on=today)
    interpolations.ask(interpolations.Wanted("141000", "Cd", today, today), by=reach_of("shi-linfen-nongye"), on=today)
    stage.settle()
    interpolations.replay(interpolation_facts.interpolation(made.pk), by=reach_of(who), on=today)


def away(side: float) -> str:
    """A field of the county beside those of the demonstration."""
    return box(111.60, 36.20, 111.60 + side, 36.20 + side).wkt


def good_units() -> list[Row]:
    """A unit of its own number that adjoins no other."""
    told = {
        "county_code": HONGTONG,
        "village": "契约村",
        "land_use": "旱地",
        "crops": "谷子",
        "land_class": "安全利用类",
        "pollution_degree": "轻中度",
    }
    return [{**told, "number": f"{HONGTONG}009001", "township": "契约镇", "ground": away(0.003)}]


def good_land_changes() -> list[Row]:
    """A patch that touches no unit."""
    told = {"county_code": HONGTONG, "number": "契约-1", "from_use": "旱地", "to_use": "林地"}
    return [{**told, "changed_on": clock.today(), "ground": away(0.002)}]


def good_pairs() -> list[Row]:
    """A pair in the middle of a unit."""
    today = clock.today()
    version = units.standing(today).filter(region_id=HONGTONG, land_class="I").order_by("unit__number")[0]
    lon, lat = (f"{degrees:.6f}" for degrees in version.geom.point_on_surface.coords)
    return [
        {
            "code": "XT-契约-1", "region_code": HONGTONG, "year": "2021", "season": "秋收", "crop": "玉米",
            "land_use": "水浇地", "soil_on": today, "soil_lon": lon, "soil_lat": lat, "depth_top_cm": "0",
            "depth_bottom_cm": "20", "harvested_on": today, "crop_lon": lon, "crop_lat": lat, "leader": "契约甲",
            "sampler": "契约乙",
        }
    ]  # fmt: skip


def good_croppings() -> list[dict[str, str | date]]:
    """A crop that the county has not told of yet."""
    told = {
        "year": "2021",
        "crop": "大豆",
        "season": "秋收",
        "varieties": "契约测试",
        "area_mu": "10",
        "habits": "契约测试",
    }
    return [{**told, "region_code": HONGTONG, "surveyed_on": clock.today()}]


def good_measures() -> list[dict[str, str | date]]:
    """A measure on a unit of class II."""
    unit = units.standing(clock.today()).filter(region_id=HONGTONG, land_class="II").order_by("-unit__number")[0].unit
    told = {"unit_number": unit.number, "year": "2021", "season": "秋收", "code": "优化施肥", "area_mu": "1"}
    return [{**told, "carried_out_on": clock.today(), "carried_out_by": "契约测试"}]


def good_patrols() -> list[dict[str, str | date]]:
    """A patrol through the zone in force that found nothing."""
    zone = control_facts.zones_in(HONGTONG).filter(state="in_force")[0]
    told = {"zone_number": zone.number, "patrolled_by": "契约测试", "means": "现场巡查", "found": "未见食用农产品"}
    return [{**told, "patrolled_on": clock.today()}]


def good_zones() -> list[Row]:
    """A zone a little wider than a strict unit of its own."""
    by, today = reach_of("xian-hongtong-nongye"), clock.today()
    strict = {**good_units()[0], "number": "", "land_class": "严格管控类", "ground": STRICT_FIELD.wkt}
    stage.accepted(stage.hand_in("farmland.unit", [strict], "严格管控单元.xlsx", by, today), by, today)
    stage.settle()
    told = {"name": "契约测试边界", "county_code": HONGTONG, "banned_products": "小麦、玉米"}
    return [{**told, "ground": STRICT_FIELD.buffer(FAR_DEGREES / 10, join_style="mitre").wkt}]


def good_control_uses() -> list[dict[str, str | date]]:
    """A change of use of next year on a strict unit."""
    unit = units.standing(clock.today()).filter(region_id=HONGTONG, land_class="III").order_by("-unit__number")[0].unit
    told = {"unit_number": unit.number, "kind": "轮作", "year": "2022", "area_mu": "1", "from_crop": "玉米"}
    return [{**told, "to_crop": "棉花", "done_on": clock.today()}]


def good_subsidies() -> list[dict[str, str | date]]:
    """One more payment for a confirmed change of use."""
    use = control_facts.control_uses_in(HONGTONG, "confirmed")[0]
    told = {"unit_number": use.unit.number, "kind": str(use.get_kind_display()), "year": str(use.year)}
    return [{**told, "amount_yuan": "1", "recipient": "契约测试", "paid_on": clock.today(), "voucher": "契约-1"}]
