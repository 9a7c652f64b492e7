"""Invented safe use and strict control in Hongtong: crops, plans, measures, zones, patrols, what was paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from jingtu.chapters.farmland.actions import control, effect, rate, safe_use
from jingtu.chapters.farmland.facts import control as control_facts
from jingtu.chapters.farmland.facts import safe_use as safe_facts
from jingtu.chapters.farmland.facts import units
from jingtu.chapters.farmland.facts.pairs import complete_pairs
from jingtu.chapters.farmland.models import Exceedance, UnitVersion, Zone
from jingtu.demonstration.stage import DemonstrationBroken, Play, Step, accepted, at, hand_in
from jingtu.demonstration.workbooks import Row
from jingtu.registers import edit
from jingtu.registers.declare import get_register

COUNTY, CITY = "141024", "141000"
CLERK, REVIEWER = "xian-hongtong-nongye", "xian-hongtong-nongye-shenhe"
CITY_CLERK, PROVINCE_CLERK = "shi-linfen-nongye", "sheng-nongye"
GOVERNMENT, FORESTRY = "xian-hongtong-zhengfu", "xian-hongtong-linye"
YEAR = 2021
GROWN = (
    ("小麦", "夏收", "演示济麦、演示临汾麦", "318000", "一年两熟，冬小麦—夏玉米轮作，秸秆还田，井灌为主"),
    ("玉米", "秋收", "演示先玉、演示郑单", "335000", "麦后复播，机收，秸秆还田"),
    ("谷子", "秋收", "演示晋谷、演示长农", "21000", "旱地一年一熟，与马铃薯倒茬"),
    ("马铃薯", "秋收", "演示晋薯", "6200", "旱地一年一熟，与谷子倒茬"),
)
SUMMARY = (
    "演示：依据本县冬小麦—夏玉米轮作的种植习惯，对安全利用类单元以品种调整、替代种植为主，个别单元辅以原位钝化；"
    "收获期土壤和农产品协同监测；乡镇逐村技术指导。"
)
WHY_AMENDED = "演示：该单元镉活性偏高，仅调整品种连续两季未稳定达标"
WHY_LIMED = "演示：农户自行施用，如实登记"
ACCEPTED, REJECTED = 9, 1
LIMED = 2  # a unit whose soil was measured in the summer: its pH is known
IN_ZONE = 4  # strict units of the first zone; the rest wait in the second
HALF = Decimal("0.5")


def steps() -> list[Step]:
    """All steps of safe use and strict control."""
    return [
        at(date(2021, 5, 20), 11, enter_crops),
        at(date(2021, 5, 27), 9, draft_plan),
        at(date(2021, 6, 2), 16, issue_plan),
        at(date(2021, 6, 10), 11, draft_city_plan),
        at(date(2021, 6, 8), 15, draft_first_zone),
        at(date(2021, 6, 22), 10, approve_first_zone),
        at(date(2021, 7, 1), 15, put_up_board),
        at(date(2021, 6, 25), 11, change_uses),
        at(date(2021, 7, 9), 10, confirm_uses),
        at(date(2021, 7, 12), 16, enter_measures),
        at(date(2021, 7, 22), 10, accept_measures),
        at(date(2021, 8, 12), 16, protect),
        at(date(2021, 8, 20), 10, accept_protection),
        at(date(2021, 7, 20), 16, first_patrol),
        at(date(2021, 8, 24), 17, second_patrol),
        at(date(2021, 8, 30), 11, pay),
        at(date(2021, 9, 2), 11, set_target),
        at(date(2021, 9, 8), 11, rectify),
        at(date(2021, 9, 10), 11, verify),
        at(date(2021, 9, 6), 16, draft_second_zone),
        at(date(2021, 9, 23), 16, third_patrol),
        at(date(2021, 9, 29), 17, evaluate_seasons),
        at(date(2021, 9, 29), 11, handle_grain),
        at(date(2021, 9, 30), 11, close_case),
    ]


def _standing(on: date, *classes: str) -> list[UnitVersion]:
    """The units of the county that stand in a class, by number."""
    found = units.standing(on).filter(region_id=COUNTY, land_class__in=classes, unit__ended_on__isnull=True)
    return list(found.select_related("unit").order_by("unit__number"))


# --- crops and plans ------------------------------------------------------------------------------------------


def enter_crops(play: Play, on: date) -> None:
    """The county's main crops and habits come in as a workbook."""
    by = play.cast[CLERK]
    content: list[Row] = [
        {
            "region_code": COUNTY, "year": str(YEAR), "crop": crop, "season": season, "varieties": varieties,
            "area_mu": area, "habits": f"演示：{habits}", "surveyed_on": date(2021, 4, 16),
        }
        for crop, season, varieties, area, habits in GROWN
    ]  # fmt: skip
    accepted(hand_in("farmland.cropping", content, "演示-洪洞-主要作物与种植习惯.xlsx", by, on), by, on)


def draft_plan(play: Play, on: date) -> None:
    """The county drafts its plan and puts it forward."""
    by = play.cast[CLERK]
    plan = safe_use.draft_plan(COUNTY, YEAR, "洪洞县2021年受污染耕地安全利用方案（演示）", SUMMARY, by=by, on=on)
    safe_use.move_plan("submit", plan, by=by, on=on)


def issue_plan(play: Play, on: date) -> None:
    """The plan gets its number and is issued by another."""
    plan = safe_facts.plan_of(COUNTY, YEAR)
    number = {"document_number": "演示-洪农字〔2021〕12号"}
    register = get_register("farmland.safe_use_plan")
    edit.edit(register, plan, number, by=play.cast[CLERK], on=on, reason="演示：编印发文号")
    safe_use.move_plan("issue", plan, by=play.cast[REVIEWER], on=on)


def draft_city_plan(play: Play, on: date) -> None:
    """The city has only begun its own; the other county has none."""
    title = "临汾市2021年受污染耕地安全利用方案（演示）"
    safe_use.draft_plan(CITY, YEAR, title, "演示：汇总各县方案。", by=play.cast[CITY_CLERK], on=on)


# --- measures and effect --------------------------------------------------------------------------------------


def enter_measures(play: Play, on: date) -> None:
    """Measures of the autumn season: variety and substitute crops first, one amendment, one liming."""
    by, safe = play.cast[CLERK], _standing(on, "II")
    content = [_measure(version, place, len(safe)) for place, version in enumerate(safe[:-3])]
    accepted(hand_in("farmland.measure", content, "演示-洪洞-措施落实.xlsx", by, on), by, on)


def _measure(version: UnitVersion, place: int, count: int) -> Row:
    share = HALF if place % 5 == 4 else 1
    row: dict[str, str | date] = {
        "unit_number": version.unit.number, "year": str(YEAR), "season": "秋收", "code": "品种调整",
        "area_mu": f"{version.stated_area_mu * share:.4f}", "carried_out_on": date(2021, 6, 18),
        "carried_out_by": "演示合作社", "material": "演示低积累品种",
    }  # fmt: skip
    if place % 4 == 1:
        row |= {"code": "替代种植", "material": "演示青贮玉米改种棉花"}
    if place == count - 5:
        row |= {"code": "原位钝化", "material": "演示钝化剂", "reason": WHY_AMENDED}
    if place == LIMED:
        row |= {"code": "石灰调节", "material": "生石灰", "reason": WHY_LIMED}
    return row


def accept_measures(play: Play, on: date) -> None:
    """Most are accepted, one is not, the last ones still wait."""
    by = play.cast[REVIEWER]
    waiting = list(safe_facts.measures_in(COUNTY, "recorded"))
    for measure in waiting[:ACCEPTED]:
        safe_use.move_measure("accept", measure, by=by, on=on)
    for measure in waiting[ACCEPTED : ACCEPTED + REJECTED]:
        safe_use.move_measure("reject", measure, by=by, on=on, reason="演示：现场核对面积不足，缺农资票据")


def protect(play: Play, on: date) -> None:
    """A unit that rose to class I gets straw returned: by the trial method it is slightly polluted land."""
    risen = next(each for each in _standing(on, "I") if each.version > 1)
    done = safe_facts.Done(
        risen.unit, YEAR, "summer", "E", risen.stated_area_mu, date(2021, 6, 20), "演示合作社",
        reason="演示：升类后改按优先保护，秸秆全量还田",
    )  # fmt: skip
    safe_use.record_measure(done, by=play.cast[CLERK], on=on)


def accept_protection(play: Play, on: date) -> None:
    """The straw was seen on the field."""
    measure = safe_facts.measures_in(COUNTY, "recorded").get(code="E")
    safe_use.move_measure("accept", measure, by=play.cast[REVIEWER], on=on)


def evaluate_seasons(play: Play, on: date) -> None:
    """The effect of the autumn season wherever its pairs are evidence."""
    measured = {pair.unit for pair in complete_pairs(None, YEAR, "autumn").filter(region_id=COUNTY)}
    for unit in sorted(measured, key=str):
        effect.evaluate_effect(unit, YEAR, "autumn", "演示评价单位", Decimal(-2), "clean", by=play.cast[CLERK], on=on)


def handle_grain(play: Play, on: date) -> None:
    """The grain of one exceeding pair is sealed; the other one is still open."""
    case, by = _first_case(), play.cast[CLERK]
    case = safe_use.tell_handling(case, "sealed", Decimal(1850), on, by=by, on=on)
    safe_use.move_exceedance("handle", case, by=by, on=on)


def close_case(play: Play, on: date) -> None:
    """Another closes the case."""
    safe_use.move_exceedance("close", _first_case(), by=play.cast[REVIEWER], on=on)


def _first_case() -> Exceedance:
    case = safe_facts.cases_in(COUNTY).first()
    if case is None:
        raise DemonstrationBroken("no crop exceeded in the autumn season")
    return case


def set_target(play: Play, on: date) -> None:
    """The province sets a target down for the city; the plan itself states none."""
    by = play.cast[PROVINCE_CLERK]
    for region in (CITY, COUNTY):
        rate.set_target(
            region, YEAR, Decimal(60), "演示-晋农函〔2021〕31号", "山西省农业农村厅（演示）", on, by=by, on=on
        )


# --- strict control -------------------------------------------------------------------------------------------


def draft_first_zone(play: Play, on: date) -> None:
    """The county proposes a zone over the units at the old outfall."""
    by = play.cast[CLERK]
    chosen = [version.unit for version in _standing(on, "III")[:IN_ZONE]]
    zone = control.draft_zone("演示镇老渠口严格管控区（演示）", chosen, ["wheat", "maize"], by=by, on=on)
    control.move_zone("propose", zone, by=by, on=on)


def approve_first_zone(play: Play, on: date) -> None:
    """The county's government approves it by document."""
    by = play.cast[GOVERNMENT]
    zone = control.tell_approval(_zone(0), "演示-洪政函〔2021〕18号", "洪洞县人民政府（演示）", by=by, on=on)
    control.move_zone("approve", zone, by=by, on=on)


def put_up_board(play: Play, on: date) -> None:
    """The board stands; the zone is in force."""
    by, zone = play.cast[CLERK], _zone(0)
    zone = control.tell_board(zone, on, zone.geom.point_on_surface, by=by, on=on)
    control.move_zone("put_up", zone, by=by, on=on)


def draft_second_zone(play: Play, on: date) -> None:
    """A second zone waits for the government."""
    by = play.cast[CLERK]
    chosen = [version.unit for version in _standing(on, "III")[IN_ZONE:]]
    zone = control.draft_zone(
        "演示镇东干渠严格管控区（演示）", chosen, ["wheat", "maize", "foxtail_millet"], by=by, on=on
    )
    control.move_zone("propose", zone, by=by, on=on)


def _zone(place: int) -> Zone:
    return control_facts.zones_in(COUNTY)[place]


def _patrol(play: Play, on: date, means: str, found: str, plantings: Sequence[tuple[str, int, str]] = ()) -> None:
    """A patrol by its sheet; plantings are crop, the place of the unit in the zone, area."""
    by, zone = play.cast[CLERK], _zone(0)
    trip: Row = {
        "zone_number": zone.number, "patrolled_on": on, "patrolled_by": "演示巡查员", "means": means,
        "found": f"演示：{found}",
    }  # fmt: skip
    content: list[Row] = [
        {**trip, "crop": crop, "area_mu": area, **_within(zone, place)} for crop, place, area in plantings
    ]
    accepted(hand_in("farmland.patrol", content or [trip], f"演示-巡查-{on:%m%d}.xlsx", by, on), by, on)


def _within(zone: Zone, place: int) -> dict[str, str]:
    unit = zone.units.order_by("unit__number")[place].unit
    spot = units.latest_version(unit).geom.point_on_surface
    return {"lon": f"{spot.x:.6f}", "lat": f"{spot.y:.6f}"}


def first_patrol(play: Play, on: date) -> None:
    """Nothing was found."""
    _patrol(play, on, "现场巡查", "沿渠巡查一周，均为棉花和休耕地，未见食用农产品")


def second_patrol(play: Play, on: date) -> None:
    """A strip of maize was found from the air."""
    _patrol(play, on, "无人机巡查", "南侧地头有零星玉米", [("玉米", 2, "1.2")])


def third_patrol(play: Play, on: date) -> None:
    """Another one was reported and found."""
    _patrol(play, on, "群众举报核查", "靠近村道一侧种了谷子", [("谷子", 1, "0.6")])


def rectify(play: Play, on: date) -> None:
    """The maize was cut and turned to feed for no one."""
    planting = control_facts.edible_crops_found(COUNTY, date(2021, 1, 1), on)[0]
    control.move_planting("rectify", planting, by=play.cast[CLERK], on=on)


def verify(play: Play, on: date) -> None:
    """Another went to look."""
    planting = control_facts.edible_crops_found(COUNTY, date(2021, 1, 1), on)[0]
    control.move_planting("verify", planting, by=play.cast[REVIEWER], on=on)


def change_uses(play: Play, on: date) -> None:
    """Strict units turn to cotton, forest and fallow."""
    by = play.cast[CLERK]
    ways = (("种植结构调整", "棉花"), ("退耕还林还草", "侧柏林"), ("休耕", "休耕"), ("休耕", "休耕"))
    content: list[Row] = [
        {
            "unit_number": version.unit.number, "kind": kind, "year": str(YEAR),
            "area_mu": f"{version.stated_area_mu:.4f}", "from_crop": "玉米", "to_crop": f"演示{use}",
            "done_on": date(2021, 6, 12),
        }
        for version, (kind, use) in zip(_standing(on, "III"), ways, strict=False)
    ]  # fmt: skip
    accepted(hand_in("farmland.control_use", content, "演示-洪洞-管控利用.xlsx", by, on), by, on)


def confirm_uses(play: Play, on: date) -> None:
    """Forestry confirms the forest, agriculture the cotton and one fallow; one fallow still waits."""
    uses = list(control_facts.control_uses_in(COUNTY, "recorded"))
    for use, who in zip(uses[:-1], (REVIEWER, FORESTRY, REVIEWER), strict=True):
        control.move_control_use("confirm", use, by=play.cast[who], on=on)


def pay(play: Play, on: date) -> None:
    """Subsidies for what was confirmed."""
    by = play.cast[CLERK]
    uses = control_facts.control_uses_in(COUNTY, "confirmed")
    content: list[Row] = [
        {
            "unit_number": use.unit.number, "kind": str(use.get_kind_display()), "year": str(YEAR),
            "amount_yuan": f"{use.area_mu * 500:.2f}", "recipient": "演示农户", "paid_on": on,
            "voucher": f"演示-PZ-{number:04d}",
        }
        for number, use in enumerate(uses, 1)
    ]  # fmt: skip
    accepted(hand_in("farmland.subsidy", content, "演示-洪洞-补贴兑付.xlsx", by, on), by, on)
