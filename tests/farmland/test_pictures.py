"""Pictures: one unit's story through time, a county's season at a glance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client

from jingtu.chapters.farmland.actions import effect, safe_use
from jingtu.chapters.farmland.facts.safe_use import Done
from jingtu.chapters.farmland.facts.season import glance
from jingtu.chapters.farmland.facts.story import class_spans, told_of
from jingtu.chapters.farmland.models import Exceedance, UnitVersion
from jingtu.land.models import Account
from jingtu.registers import clock
from jingtu.registers.clock import Clock
from jingtu.registers.reach import Reach
from tests.farmland import ground
from tests.farmland.season import REPORTED, SAMPLED, Season, begun
from tests.flows.world import at

pytestmark = pytest.mark.django_db
APRIL, JUNE, OCTOBER = date(2021, 4, 12), date(2021, 6, 10), date(2021, 10, 8)


@pytest.fixture
def season() -> Season:
    return begun()


@pytest.fixture
def unit(season: Season) -> UnitVersion:
    """A unit with a measure, a season of three pairs of which one exceeds, and its effect."""
    people = season.people
    with at(APRIL):
        (version,) = ground.opened(people["county-clerk"], ground.entry(ground.square(0, 0), APRIL))
    with at(JUNE):
        done = Done(version.unit, 2021, "autumn", "A", Decimal(10), JUNE, "合作社")
        measure = safe_use.record_measure(done, by=people["county-clerk"], on=JUNE)
        safe_use.move_measure("accept", measure, by=people["county-reviewer"], on=JUNE)
    season.enter([season.pair_row(f"XT{n}", version) for n in range(3)])
    season.measure(crops={"XT1": {"Cd": "0.3"}})
    with at(OCTOBER):
        effect.evaluate_effect(version.unit, 2021, "autumn", "测试所", None, by=people["county-clerk"], on=OCTOBER)
        case = Exceedance.objects.get()
        safe_use.tell_handling(case, "sealed", Decimal(800), OCTOBER, by=people["county-clerk"], on=OCTOBER)
    return version


def page(name: str, by: Reach, **given: str | int) -> HttpResponse:
    client = Client()
    client.force_login(Account.objects.get(pk=by.account_id))
    return client.get(f"/pages/farmland.{name}/", given)


def test_a_story_tells_every_lane_in_the_order_of_days(season: Season, unit: UnitVersion) -> None:
    whole = Clock(OCTOBER, OCTOBER, OCTOBER)
    told = told_of(unit.unit, whole)
    assert [each.on for each in told] == sorted(each.on for each in told)
    lanes = {each.lane for each in told}
    assert {"version", "evidence", "evaluation", "measure", "grain"} <= lanes
    words = [(each.on, each.words) for each in told if each.lane == "measure"]
    assert words == [(JUNE, "已登记，待验收"), (JUNE, "验收通过"), (OCTOBER, "当季未达到效果或无法判定")]
    assert class_spans(unit.unit, whole) == [(APRIL, OCTOBER, unit)]


def test_a_story_of_an_earlier_day_knows_less(season: Season, unit: UnitVersion) -> None:
    june = Clock(OCTOBER, JUNE, OCTOBER)
    with clock.as_of(JUNE, OCTOBER):
        assert {each.lane for each in told_of(unit.unit, june)} == {"version", "measure"}
    with clock.as_of(OCTOBER, SAMPLED):
        early = told_of(unit.unit, Clock(OCTOBER, OCTOBER, SAMPLED))
    assert "evidence" not in {each.lane for each in early}, "the sheet of pairs came a day later"


def test_the_page_of_a_story_draws_it_and_says_it(season: Season, unit: UnitVersion) -> None:
    county = season.people["county-clerk"]
    with at(OCTOBER):
        shown = page("story", county, of=unit.unit_id).content.decode()
        assert page("story", county).status_code == 404
        assert page("story", county, of=0).status_code == 404
        record = Client()
        record.force_login(Account.objects.get(pk=county.account_id))
        offered = record.get(f"/r/farmland.unit/{unit.unit_id}/").content.decode()
    assert f"/pages/farmland.story/?of={unit.unit_id}" in offered
    assert shown.count("<circle") >= 4
    assert f'id="d{OCTOBER}"' in shown
    assert f'href="#d{OCTOBER}"' in shown
    assert "Ⅱ 安全利用类" in shown


def test_a_season_counts_what_is_on_record(season: Season, unit: UnitVersion) -> None:
    with clock.as_of(OCTOBER, OCTOBER):
        found = glance("141000", 2021, "autumn", Clock(OCTOBER, OCTOBER, OCTOBER))
    assert [found.reached(step) for step in ("sampled", "handed", "complete")] == [3, 3, 3]
    assert found.exceeding == {"maize": 1}
    assert found.cases == {"open": 1}
    assert found.grain_kg == {"sealed": Decimal(800)}
    assert found.measures == {"A": {"accepted": Decimal(10)}}
    assert found.effects == {"not_reached": 1}
    with clock.as_of(SAMPLED, OCTOBER):
        early = glance("141000", 2021, "autumn", Clock(OCTOBER, SAMPLED, OCTOBER))
    assert (early.reached("sampled"), early.reached("handed"), early.exceeding) == (3, 0, {})
    with clock.as_of(REPORTED, REPORTED):
        assert not glance("141000", 2021, "autumn", Clock(OCTOBER, REPORTED, REPORTED)).grain_kg


def test_the_page_of_a_season_links_every_count_to_its_rows(season: Season, unit: UnitVersion) -> None:
    with at(OCTOBER):
        shown = page("season", season.people["county-clerk"]).content.decode()
        other = page("season", season.people["county-clerk"], region="140121")
        table = page("season", season.people["city-clerk"], format="csv")
    assert other.status_code == 404
    assert "/r/farmland.pair/?region=141024&amp;year=2021&amp;season=autumn&amp;crop=maize" in shown
    assert "品种调整" in shown
    lines = b"".join(table.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1].endswith("玉米,3,3,0,1,33.3,演示数据")
