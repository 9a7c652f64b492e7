"""Units: identity, versions, which one stands on which day as known on which day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from jingtu.chapters.farmland.actions import units
from jingtu.chapters.farmland.checking.ground import area_m2, mu
from jingtu.chapters.farmland.facts import units as facts
from jingtu.chapters.farmland.models import UnitVersion
from jingtu.registers import clock, ledger
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import Reach
from tests.farmland import ground
from tests.flows.world import at

pytestmark = pytest.mark.django_db
APRIL, JUNE, JULY, AUGUST = date(2021, 4, 12), date(2021, 6, 10), date(2021, 7, 5), date(2021, 8, 2)


@pytest.fixture
def by() -> Reach:
    return ground.people()["county-clerk"]


def changed(by: Reach, version: UnitVersion, on: date, **facts_now: object) -> UnitVersion:
    with ledger.deed("farmland.unit.changed", by=by, on=on, register="farmland.unit", region=ground.HONGTONG) as doing:
        return units.begin_version(version.unit, doing, change="facts", from_on=on, **facts_now)


def test_numbers_are_drawn_county_by_county_and_never_twice(by: Reach) -> None:
    with at(APRIL):
        first = ground.opened(by, *(ground.entry(ground.square(at, 0), APRIL) for at in range(3)))
        again = ground.opened(by, ground.entry(ground.square(9, 9), APRIL))
    assert [each.unit.number for each in first] == ["141024000001", "141024000002", "141024000003"]
    assert [each.unit.number for each in again] == ["141024000004"]
    assert first[0].code == "141024000001Ⅱ"


def test_the_area_is_that_of_the_ellipsoid(by: Reach) -> None:
    hole = ground.square(0, 0).difference(ground.square(0, 0, 0.25))
    with at(APRIL):
        (made,) = ground.opened(by, ground.entry(hole, APRIL))
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_Area(geom::geography) FROM farmland_unitversion WHERE id = %s", [made.pk])
        by_postgis = cursor.fetchone()[0]
    assert float(made.computed_area_m2) == pytest.approx(by_postgis, abs=0.01)
    assert made.stated_area_mu == Decimal(f"{mu(area_m2(hole)):.4f}")


def test_the_version_of_any_day_as_known_on_any_day(by: Reach) -> None:
    with at(APRIL):
        (first,) = ground.opened(by, ground.entry(ground.square(0, 0), APRIL))
    with at(date(2021, 6, 18)):
        second = changed(by, first, JUNE, village="新村")

    def told(on: date, known_on: date) -> list[str]:
        with clock.as_of(on, known_on):
            return [each.village for each in facts.standing()]

    assert told(APRIL, AUGUST) == ["测试村"]
    assert told(JUNE, AUGUST) == ["新村"]
    assert told(JUNE, JUNE) == ["测试村"], "the change of June was recorded eight days later"
    assert told(date(2021, 4, 11), AUGUST) == []
    assert [each.pk for each in facts.standing(JULY)] == [second.pk]
    assert second.crops == first.crops
    assert second.version == 2


def test_a_place_finds_its_unit(by: Reach) -> None:
    with at(APRIL):
        made = ground.opened(by, *(ground.entry(ground.square(at, 0), APRIL) for at in range(2)))
    inside = [each.geom.point_on_surface for each in made]
    places = [(place.x, place.y) for place in inside]
    assert facts.units_at([*places, (111.0, 35.0)], APRIL) == [*(each.unit_id for each in made), None]


def test_no_version_begins_before_the_standing_one_nor_after_the_end(by: Reach) -> None:
    with at(JUNE):
        (made,) = ground.opened(by, ground.entry(ground.square(0, 0), JUNE))
    with at(date(2021, 6, 14)), pytest.raises(DeedRefused, match="早于现行版本"):
        changed(by, made, date(2021, 6, 9), village="新村")
    with at(JULY):
        with ledger.deed(
            "farmland.unit.end", by=by, on=JULY, register="farmland.unit", region=ground.HONGTONG
        ) as doing:
            units.close_unit(made.unit, doing)
        assert list(facts.standing(JULY)) == []
        assert [each.pk for each in facts.standing(date(2021, 7, 4))] == [made.pk]
        with pytest.raises(DeedRefused, match="已终止"):
            changed(by, made, JULY, village="新村")
