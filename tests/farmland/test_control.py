"""Strict control: zones, boards, patrols, plantings found, changes of use and subsidies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.gis.geos import Point as Place

from jingtu.chapters.farmland.actions import control
from jingtu.chapters.farmland.facts.control import Changed, Found, Paid, Seen, edible_crops_found
from jingtu.chapters.farmland.models import ControlUse, Planting, Subsidy, Unit, Zone
from jingtu.land.models import Department, Role
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.models import LedgerEntry
from jingtu.registers.reach import Reach
from tests.farmland import ground
from tests.flows.world import World, at, person

pytestmark = pytest.mark.django_db
APRIL, MAY, JUNE, JULY = date(2021, 4, 12), date(2021, 5, 6), date(2021, 6, 10), date(2021, 7, 5)


@pytest.fixture
def people() -> dict[str, Reach]:
    found, world = ground.people(), World()
    person(world, "government", "县政府", ground.HONGTONG, Role.REVIEWER, Department.GOVERNMENT, "洪洞县政府（测试）")
    person(world, "forestry", "县林业", ground.HONGTONG, Role.CLERK, Department.FORESTRY, "洪洞林业局（测试）")
    return found | world.people


@pytest.fixture
def units(people: dict[str, Reach]) -> list[Unit]:
    entries = [ground.entry(ground.square(step, 0), APRIL, land_class="III") for step in range(2)]
    entries.append(ground.entry(ground.square(2, 0), APRIL))
    with at(APRIL):
        return [each.unit for each in ground.opened(people["county-clerk"], *entries)]


@pytest.fixture
def zone(people: dict[str, Reach], units: list[Unit]) -> Zone:
    """A zone in force since May."""
    clerk, government = people["county-clerk"], people["government"]
    with at(MAY):
        zone = control.draft_zone("测试管控区", units[:2], ["wheat", "maize"], by=clerk, on=MAY)
        control.move_zone("propose", zone, by=clerk, on=MAY)
        zone = control.tell_approval(refreshed(zone), "洪政函〔2021〕1号", "洪洞县人民政府", by=government, on=MAY)
        control.move_zone("approve", zone, by=government, on=MAY)
        zone = control.tell_board(refreshed(zone), MAY, zone.geom.point_on_surface, by=clerk, on=MAY)
        return control.move_zone("put_up", zone, by=clerk, on=MAY)


def refreshed(record: Any) -> Any:
    record.refresh_from_db()
    return record


def test_a_zone_is_its_units_together_and_comes_into_force_step_by_step(zone: Zone, units: list[Unit]) -> None:
    assert zone.state == "in_force"
    assert zone.number == "GK141024-2021-001"
    assert zone.approved_on == MAY
    assert zone.target_analytes == ["Cd"]
    assert {each.unit_id for each in zone.units.all()} == {unit.pk for unit in units[:2]}
    parts = [unit.versions.get().geom for unit in units[:2]]
    assert zone.geom.area == pytest.approx(sum(part.area for part in parts))
    said = LedgerEntry.objects.filter(register="farmland.zone", subject_id=str(zone.pk)).values_list("deed", flat=True)
    assert "farmland.zone.approve" in said


def test_a_zone_is_of_strictly_controlled_units_only(people: dict[str, Reach], units: list[Unit]) -> None:
    with at(MAY), pytest.raises(DeedRefused, match=r"141024000003.*第54条"):
        control.draft_zone("测试", units, ["wheat"], by=people["county-clerk"], on=MAY)


def test_a_zone_is_not_approved_without_a_document_nor_by_agriculture(
    people: dict[str, Reach], units: list[Unit]
) -> None:
    clerk, government = people["county-clerk"], people["government"]
    with at(MAY):
        zone = control.draft_zone("测试", units[:1], ["wheat"], by=clerk, on=MAY)
        with pytest.raises(DeedRefused, match="不在待批准状态"):
            control.tell_approval(zone, "1", "2", by=government, on=MAY)
        zone = control.move_zone("propose", zone, by=clerk, on=MAY)
        with pytest.raises(DeedRefused, match="批准机关和批准文号"):
            control.move_zone("approve", zone, by=government, on=MAY)
        with pytest.raises(DeedRefused, match="您的岗位不能"):
            control.move_zone("approve", zone, by=people["county-reviewer"], on=MAY)


def test_a_board_stands_at_its_zone(people: dict[str, Reach], units: list[Unit]) -> None:
    clerk, government = people["county-clerk"], people["government"]
    with at(MAY):
        zone = control.draft_zone("测试", units[:1], ["wheat"], by=clerk, on=MAY)
        control.move_zone("propose", zone, by=clerk, on=MAY)
        zone = control.tell_approval(refreshed(zone), "洪政函〔2021〕2号", "洪洞县人民政府", by=government, on=MAY)
        zone = control.move_zone("approve", zone, by=government, on=MAY)
        with pytest.raises(DeedRefused, match="不在管控区内"):
            control.tell_board(zone, MAY, Place(112.5, 37.0, srid=4490), by=clerk, on=MAY)
        with pytest.raises(DeedRefused, match="标志牌"):
            control.move_zone("put_up", zone, by=clerk, on=MAY)


def patrolled(zone: Zone, by: Reach, *found: Found, on: date = JUNE) -> list[Planting]:
    seen = Seen(zone, on, "测试巡查员", "on_foot", "沿路巡查一周", found)
    patrol = control.record_patrol(seen, by=by, on=on)
    return list(patrol.plantings.order_by("pk"))


def test_an_edible_crop_found_is_a_case_that_enforcement_reads(people: dict[str, Reach], zone: Zone) -> None:
    clerk, place = people["county-clerk"], zone.geom.point_on_surface
    with at(JUNE):
        (planting,) = patrolled(zone, clerk, Found("maize", Decimal("2.5"), place))
        assert list(edible_crops_found("141000", MAY, JUNE)) == [planting]
        assert not edible_crops_found("140100", MAY, JUNE)
        control.move_planting("rectify", planting, by=clerk, on=JUNE)
        with pytest.raises(DeedRefused, match="您的岗位不能"):
            control.move_planting("verify", refreshed(planting), by=clerk, on=JUNE)
        control.move_planting("reopen", planting, by=people["county-reviewer"], on=JUNE, reason="仍有残株")
        assert refreshed(planting).rectified_on is None
        control.move_planting("rectify", planting, by=clerk, on=JUNE)
        control.move_planting("verify", planting, by=people["county-reviewer"], on=JUNE)
    planting = refreshed(planting)
    assert (planting.state, planting.rectified_on) == ("verified", JUNE)


def test_what_is_not_edible_or_lies_outside_is_no_planting(people: dict[str, Reach], zone: Zone) -> None:
    clerk, inside = people["county-clerk"], zone.geom.point_on_surface
    with at(JUNE):
        with pytest.raises(DeedRefused, match="棉花不是食用农产品"):
            patrolled(zone, clerk, Found("cotton", Decimal(1), inside))
        with pytest.raises(DeedRefused, match="不在管控区界线内"):
            patrolled(zone, clerk, Found("maize", Decimal(1), Place(112.5, 37.0, srid=4490)))
        with pytest.raises(DeedRefused, match="早于管控区立牌"):
            patrolled(zone, clerk, on=APRIL)
    assert not Planting.objects.exists()


def turned(unit: Unit, by: Reach, kind: str, area: str = "20") -> ControlUse:
    return control.record_control_use(Changed(unit, kind, 2021, Decimal(area), "玉米", "林地", JUNE), by=by, on=JUNE)


def test_forestry_confirms_a_return_to_forest_and_agriculture_the_rest(
    people: dict[str, Reach], units: list[Unit]
) -> None:
    clerk, forestry, reviewer = (people[name] for name in ("county-clerk", "forestry", "county-reviewer"))
    with at(JUNE):
        forest, fallow = turned(units[0], clerk, "forest"), turned(units[1], clerk, "fallow")
        with pytest.raises(DeedRefused, match="须由林业和草原部门确认"):
            control.move_control_use("confirm", forest, by=reviewer, on=JUNE)
        with pytest.raises(DeedRefused, match="须由农业农村部门确认"):
            control.move_control_use("confirm", fallow, by=forestry, on=JUNE)
        control.move_control_use("confirm", forest, by=forestry, on=JUNE)
        control.move_control_use("confirm", fallow, by=reviewer, on=JUNE)
    assert refreshed(forest).confirmed_on == JUNE
    assert refreshed(fallow).state == "confirmed"


def test_more_ground_than_the_unit_has_cannot_change_its_use(people: dict[str, Reach], units: list[Unit]) -> None:
    clerk = people["county-clerk"]
    whole = units[0].versions.get().stated_area_mu
    with at(JUNE):
        turned(units[0], clerk, "fallow", str(whole - 10))
        with pytest.raises(DeedRefused, match="合计超过单元面积"):
            turned(units[0], clerk, "rotation", "10.5")
        with pytest.raises(DeedRefused, match="不是严格管控类"):
            turned(units[2], clerk, "fallow")


def test_money_is_paid_once_and_for_what_was_confirmed(people: dict[str, Reach], units: list[Unit]) -> None:
    clerk, reviewer = people["county-clerk"], people["county-reviewer"]
    with at(JUNE):
        use = turned(units[0], clerk, "fallow")
        paid = Paid(use, Decimal(6000), "测试农户", JUNE, "PZ-1")
        with pytest.raises(DeedRefused, match="尚未确认"):
            control.pay_subsidy(paid, by=clerk, on=JUNE)
        control.move_control_use("confirm", use, by=reviewer, on=JUNE)
        paid = Paid(refreshed(use), Decimal(6000), "测试农户", JUNE, "PZ-1")
        control.pay_subsidy(paid, by=clerk, on=JUNE)
        with pytest.raises(DeedRefused, match="已经登记"):
            control.pay_subsidy(paid, by=clerk, on=JUNE)
    assert Subsidy.objects.get().amount_yuan == Decimal(6000)


def test_a_season_of_patrols_comes_in_by_its_sheet(people: dict[str, Reach], zone: Zone) -> None:
    world = World(people=people)
    place = zone.geom.point_on_surface
    trip = {
        "zone_number": zone.number, "patrolled_on": "2021-06-08", "patrolled_by": "测试巡查员", "means": "无人机巡查",
        "found": "两处玉米",
    }  # fmt: skip
    spots = [(place.x, place.y), (place.x + 0.0005, place.y)]
    rows = [{**trip, "crop": "玉米", "area_mu": "1.5", "lon": f"{lon:.6f}", "lat": f"{lat:.6f}"} for lon, lat in spots]
    with at(JUNE):
        bad = world.submit("county-clerk", "farmland.patrol", [{**rows[0], "crop": "棉花"}], JUNE, ground.HONGTONG)
        assert [each.code for each in bad.issues.all()] == ["farmland.patrol.crop"]
        half = world.submit("county-clerk", "farmland.patrol", [{**rows[0], "area_mu": ""}], JUNE, ground.HONGTONG)
        assert [each.code for each in half.issues.all()] == ["farmland.patrol.half"]
        good = world.submit("county-clerk", "farmland.patrol", rows, JUNE, ground.HONGTONG)
        assert good.summary["preview"] == ["新增巡查 1 次，发现违规种植 2 处。"]
        world.accept(good, "county-clerk", JUNE)
    assert zone.patrols.get().plantings.count() == 2


def test_changes_of_use_and_payments_come_in_by_their_sheets(people: dict[str, Reach], units: list[Unit]) -> None:
    world = World(people=people)
    use = {
        "unit_number": units[0].number, "kind": "休耕", "year": "2021", "area_mu": "20", "from_crop": "玉米",
        "to_crop": "休耕", "done_on": "2021-06-01",
    }  # fmt: skip
    pay = {
        "unit_number": units[0].number, "kind": "休耕", "year": "2021", "amount_yuan": "5000", "recipient": "测试农户",
        "paid_on": "2021-06-10", "voucher": "PZ-2",
    }  # fmt: skip
    with at(JUNE):
        bad = [{**use, "unit_number": units[2].number}, {**use, "unit_number": "140105000001"}]
        refused = world.submit("county-clerk", "farmland.control_use", bad, JUNE, ground.HONGTONG)
        codes = sorted(each.code for each in refused.issues.all())
        assert codes == ["farmland.control_use.stranger", "farmland.control_use.unit"]
        early = world.submit("county-clerk", "farmland.subsidy", [pay], JUNE, ground.HONGTONG)
        assert [each.code for each in early.issues.all()] == ["farmland.subsidy.unmatched"]
        dossier = world.submit("county-clerk", "farmland.control_use", [use], JUNE, ground.HONGTONG)
        world.accept(dossier, "county-clerk", JUNE)
        control.move_control_use("confirm", ControlUse.objects.get(), by=people["county-reviewer"], on=JUNE)
        paid = world.submit("county-clerk", "farmland.subsidy", [{**pay, "voucher": "PZ-3"}], JUNE, ground.HONGTONG)
        world.accept(paid, "county-clerk", JUNE)
    assert Subsidy.objects.get().control_use.unit == units[0]
