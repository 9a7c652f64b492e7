"""Tasks 3 and 4 on the board: what counties and cities owe, from the records as of a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jingtu.assess import safe_use_counting as counting
from jingtu.chapters.farmland.actions import control, safe_use
from jingtu.chapters.farmland.facts import rate
from jingtu.chapters.farmland.facts.control import Changed, Found, Seen
from jingtu.chapters.farmland.facts.safe_use import Done
from jingtu.chapters.farmland.facts.units import standing
from jingtu.chapters.farmland.facts.zone_ground import zoned
from jingtu.chapters.farmland.models import Unit, Zone
from jingtu.registers import clock, duties, periods
from jingtu.registers.duties import Obligation, Question
from jingtu.registers.reach import Reach
from tests.farmland import ground
from tests.farmland.test_control import people, refreshed, units, zone  # noqa: F401 - fixtures
from tests.flows.world import at

pytestmark = pytest.mark.django_db
APRIL, MAY, JUNE, JULY = date(2021, 4, 12), date(2021, 5, 6), date(2021, 6, 10), date(2021, 7, 5)
DECEMBER = date(2021, 12, 31)
SHORT = "措施没有验收或面积不足（几项措施取面积最大的一项）"


def owed(duty: str, on: date = JULY, prefix: str = "1410") -> list[Obligation]:
    return duties.obligations(Question(on, JULY, prefix, (duty,)))


def by_key(duty: str, on: date = JULY) -> dict[str, Obligation]:
    return {each.key: each for each in owed(duty, on)}


def test_a_plan_is_owed_by_the_county_and_its_city(people: dict[str, Reach], units: list[Unit]) -> None:  # noqa: F811
    clerk, reviewer = people["county-clerk"], people["county-reviewer"]
    before = by_key("T03-01", APRIL)
    assert set(before) == {ground.HONGTONG, "141000"}
    assert {each.missing for each in before.values()} == {"尚未登记主要作物与种植习惯，也未编制方案"}
    assert before["141000"].due_on == DECEMBER
    assert not owed("T03-01", prefix="1411")
    grown = {
        "region_code": ground.HONGTONG, "year": 2021, "crop": "wheat", "season": "summer", "varieties": "济麦22",
        "area_mu": Decimal(9000), "habits": "一年两熟", "surveyed_on": MAY,
    }  # fmt: skip
    with at(MAY):
        plan = safe_use.draft_plan(ground.HONGTONG, 2021, "方案", "内容", by=clerk, on=MAY)
        with pytest.raises(safe_use.DeedRefused, match="尚未登记"):
            safe_use.move_plan("submit", plan, by=clerk, on=MAY)
        safe_use.enter_cropping(grown, by=clerk, on=MAY)
        safe_use.move_plan("submit", plan, by=clerk, on=MAY)
    with at(JUNE):
        type(plan).objects.filter(pk=plan.pk).update(document_number="洪农〔2021〕3号")
        safe_use.move_plan("issue", plan, by=reviewer, on=JUNE)
    assert by_key("T03-01", MAY)[ground.HONGTONG].missing == "方案待批准印发"
    found = by_key("T03-01")
    assert (found[ground.HONGTONG].state, found[ground.HONGTONG].done_on) == ("done", JUNE)
    assert found[ground.HONGTONG].evidence[0].subject_id == plan.pk
    assert found["141000"].missing == "尚未编制方案"


def lacking(unit: Unit) -> set[str]:
    """What the measures of a unit lack for the rate; of crops nothing is on record here."""
    with clock.as_of(JULY, JULY):
        found = rate.counted(rate.on_record(ground.HONGTONG, JULY), counting.CLASS_BASED, JULY)
    own = next(each.contribution for each in found if each.record.unit == unit.pk)
    return set(own.missing) - {"crop.no_evidence"}


def test_measures_are_carried_out_when_all_ground_is_covered_and_accepted(
    people: dict[str, Reach],  # noqa: F811
    units: list[Unit],  # noqa: F811
) -> None:
    clerk, reviewer, unit = people["county-clerk"], people["county-reviewer"], units[2]
    whole = unit.versions.get().stated_area_mu
    with at(JUNE):
        half = Done(unit, 2021, "autumn", "A", whole / 2, JUNE, "合作社")
        first = safe_use.record_measure(half, by=clerk, on=JUNE)
        safe_use.move_measure("accept", first, by=reviewer, on=JUNE)
    (part,) = owed("T03-02")
    assert (part.state, part.missing) == ("open", f"还有 1 个单元的{SHORT}")
    assert by_key("T03-03")[ground.HONGTONG].done_on == JUNE
    with at(JULY):
        with pytest.raises(safe_use.DeedRefused, match="超过单元面积"):
            safe_use.record_measure(Done(unit, 2021, "autumn", "A", whole, JULY, "合作社"), by=clerk, on=JULY)
        with pytest.raises(safe_use.DeedRefused, match="须写明理由"):
            safe_use.record_measure(Done(unit, 2021, "autumn", "G", whole, JULY, "合作社"), by=clerk, on=JULY)
        other_half = Done(unit, 2021, "autumn", "G", whole / 2, JULY, "合作社", reason="镉活性高，品种调整不足以达标")
        second = safe_use.record_measure(other_half, by=clerk, on=JULY)
        safe_use.move_measure("accept", second, by=reviewer, on=JULY)
        assert owed("T03-02")[0].state == "open", "halves of two measures may lie over each other"
        assert lacking(unit) == {"measure.area_short"}, "and the rate says the same"
        everywhere = Done(unit, 2021, "autumn", "I", whole, JULY, "合作社", reason="镉活性高，品种调整不足以达标")
        third = safe_use.record_measure(everywhere, by=clerk, on=JULY)
        safe_use.move_measure("accept", third, by=reviewer, on=JULY)
    (whole_done,) = owed("T03-02")
    assert (whole_done.state, whole_done.done_on) == ("done", JULY)
    assert lacking(unit) == set()
    assert len(whole_done.evidence) == 3
    assert owed("T03-02", JUNE)[0].state == "open"
    assert "25.0%" in owed("T03-03")[0].label


def test_monitoring_is_owed_where_there_is_safe_use_land(people: dict[str, Reach], units: list[Unit]) -> None:  # noqa: F811
    (monitored,) = owed("T03-04")
    assert (monitored.state, monitored.missing) == ("period_open", "本年度没有审核通过的协同监测点对")
    with at(MAY):
        set_period(people["province-clerk"], JUNE)
    assert (owed("T03-04")[0].state, owed("T03-04", APRIL)[0].state) == ("overdue", "period_open")
    assert (owed("T03-04", MAY)[0].state, owed("T03-04", MAY)[0].due_on) == ("open", JUNE)
    with at(JULY):
        set_period(people["province-clerk"], DECEMBER, note="文件误抄")
    assert [owed("T03-04", day)[0].state for day in (APRIL, MAY, JULY)] == ["period_open", "open", "open"]
    known_before = duties.obligations(Question(JUNE, JUNE, "1410", ("T03-04",)))
    assert known_before[0].due_on == JUNE, "in June nobody knew of the correction"


def set_period(by: Reach, due_on: date, note: str = "") -> None:
    periods.set_period(
        duty="T03-04", due_on=due_on, from_on=MAY, set_by="省农业农村厅（测试）", document_number="测试〔2021〕1号",
        certainty="verified", note=note, by=by, on=clock.today(),
    )  # fmt: skip


def test_zones_cover_all_strict_land(zone: Zone, people: dict[str, Reach]) -> None:  # noqa: F811
    (found,) = owed("T04-01")
    assert (found.state, found.done_on) == ("done", MAY)
    assert owed("T04-01", APRIL)[0].missing == "还有 2 个严格管控类单元未划入已生效的管控区"
    inside = standing(JUNE).filter(unit__in=zone.units.values("unit")).first()
    heirs = ground.pieces(people["county-clerk"], inside, JUNE)
    assert owed("T04-01")[0].state == "done", "the ground is in the zone still"
    with clock.as_of(JULY, JULY):
        found = {each.unit: each for each in rate.on_record(ground.HONGTONG, JULY)}
    for heir in heirs:
        assert found[heir.unit_id].controlled == heir.stated_area_mu
    assert set(zoned([each.unit_id for each in heirs])) == {each.unit_id for each in heirs}


def test_nothing_edible_grows_in_a_patrolled_zone(zone: object, people: dict[str, Reach]) -> None:  # noqa: F811
    clerk, reviewer = people["county-clerk"], people["county-reviewer"]
    assert owed("T04-02")[0].missing == "本年度尚未巡查"
    with at(JUNE):
        found = (Found("maize", Decimal(1), zone.geom.point_on_surface),)
        patrol = control.record_patrol(Seen(zone, JUNE, "巡查员", "on_foot", "一处玉米", found), by=clerk, on=JUNE)
    assert owed("T04-02")[0].missing == "1 处违规种植未整改到位"
    with at(JULY):
        planting = patrol.plantings.get()
        control.move_planting("rectify", planting, by=clerk, on=JULY)
        control.move_planting("verify", refreshed(planting), by=reviewer, on=JULY)
    (done,) = owed("T04-02")
    assert (done.state, done.done_on, len(done.evidence)) == ("done", JULY, 1)
    assert owed("T04-02", JUNE)[0].done_on is None


def test_a_changed_use_of_all_strict_land_is_noted(
    people: dict[str, Reach],  # noqa: F811
    units: list[Unit],  # noqa: F811
) -> None:
    clerk, reviewer = people["county-clerk"], people["county-reviewer"]
    with at(JUNE):
        for unit in units[:2]:
            changed = Changed(unit, "fallow", 2021, Decimal(20), "玉米", "休耕", JUNE)
            use = control.record_control_use(changed, by=clerk, on=JUNE)
            assert "尚无经确认的管控利用" in owed("T04-03")[0].missing
            control.move_control_use("confirm", use, by=reviewer, on=JUNE)
    (found,) = owed("T04-03")
    assert (found.state, found.done_on, len(found.evidence)) == ("done", JUNE, 2)
