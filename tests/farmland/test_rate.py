"""The safe-use rate: from records to the number and back, as of any day, and its target on the board."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client

from jingtu.assess import safe_use_counting as counting
from jingtu.chapters.farmland.actions import control, lineage, safe_use
from jingtu.chapters.farmland.actions import rate as targets
from jingtu.chapters.farmland.facts import descent, rate
from jingtu.chapters.farmland.facts.control import Changed
from jingtu.chapters.farmland.facts.safe_use import Done
from jingtu.chapters.farmland.models import EffectEvaluation, UnitVersion
from jingtu.land.models import Account
from jingtu.registers import clock, duties
from jingtu.registers.clock import Clock
from jingtu.registers.duties import Obligation, Question
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import Reach
from tests.farmland import ground
from tests.flows.world import at

pytestmark = pytest.mark.django_db
APRIL, JUNE, JULY, AUGUST = date(2021, 4, 12), date(2021, 6, 10), date(2021, 7, 5), date(2021, 8, 2)
BY_CLASS, TRIAL = counting.CLASS_BASED, counting.TRIAL
HALF = Decimal("0.5")


@pytest.fixture
def people() -> dict[str, Reach]:
    return ground.people()


@pytest.fixture
def units(people: dict[str, Reach]) -> list[UnitVersion]:
    """Two units of class II, one of class III, one of class I."""
    classes = ("II", "II", "III", "I")
    entries = [ground.entry(ground.square(n, 0), APRIL, land_class=own) for n, own in enumerate(classes)]
    with at(APRIL):
        return ground.opened(people["county-clerk"], *entries)


def carried_out(people: dict[str, Reach], version: UnitVersion, share: Decimal = Decimal(1), on: date = JUNE) -> None:
    """A variety change on a share of a unit, accepted the same day."""
    area = round(version.stated_area_mu * share, 4)
    with at(on):
        done = Done(version.unit, 2021, "autumn", "A", area, on, "合作社")
        measure = safe_use.record_measure(done, by=people["county-clerk"], on=on)
        safe_use.move_measure("accept", measure, by=people["county-reviewer"], on=on)


def reached(version: UnitVersion, outcome: str = "reached", on: date = JULY, year: int = 2021) -> None:
    """The effect of a season, as evaluated on a day."""
    with at(on):
        EffectEvaluation.objects.create(
            unit=version.unit, region_id=version.region_id, year=year, season="summer", evaluated_on=on,
            evaluated_by="测试所", pair_count=3, outcome=outcome, overall="not_yet", recorded_at=clock.now(),
        )  # fmt: skip


def turned(people: dict[str, Reach], version: UnitVersion, on: date = JUNE) -> None:
    """The whole of a unit left fallow, confirmed the same day."""
    changed = Changed(version.unit, "fallow", 2021, version.stated_area_mu, "玉米", "休耕", on)
    with at(on):
        use = control.record_control_use(changed, by=people["county-clerk"], on=on)
        control.move_control_use("confirm", use, by=people["county-reviewer"], on=on)


def counted(mode: str = BY_CLASS, on: date = AUGUST, known_on: date = AUGUST) -> dict[str, rate.Counted]:
    """What each unit counts as of a day, by the last digit of its number; the sum in SQL is held against it."""
    with clock.as_of(on, known_on):
        records = rate.on_record("141024", on)
    found = rate.counted(records, mode, on)
    if mode == BY_CLASS:
        assert {each.record.number: each.record.counted for each in found} == {
            each.record.number: each.contribution.counted for each in found
        }, "the board and the page count alike"
    return {each.record.number[-1]: each for each in found}


def percent(mode: str = BY_CLASS, on: date = AUGUST, known_on: date = AUGUST) -> Decimal | None:
    return rate.rate_of("141024", list(counted(mode, on, known_on).values()), mode, on).value


def owed(on: date = AUGUST) -> list[Obligation]:
    return duties.obligations(Question(on, AUGUST, "1410", ("G-03",)))


def test_nothing_polluted_is_no_object(people: dict[str, Reach]) -> None:
    with at(APRIL):
        ground.opened(people["county-clerk"], ground.entry(ground.square(0, 0), APRIL, land_class="I"))
    assert counted() == {}
    with clock.as_of(AUGUST, AUGUST):
        found = rate.rate_of("141024", [], BY_CLASS, AUGUST)
    assert (found.outcome, found.value) == ("no_object", None)


def test_the_number_grows_with_the_records_and_every_day_keeps_its_own(
    people: dict[str, Reach], units: list[UnitVersion]
) -> None:
    carried_out(people, units[0])
    turned(people, units[2])
    reached(units[0])
    areas = [each.stated_area_mu for each in units[:3]]
    whole = sum(areas)
    assert percent() == (areas[0] + areas[2]) * 100 / whole
    assert percent(on=JUNE) == areas[2] * 100 / whole, "the effect was evaluated in July only"
    assert percent(on=AUGUST, known_on=APRIL) == 0, "in April nothing was known yet"
    assert percent(on=date(2021, 4, 11)) is None, "before the units began there was no object"


def test_every_unit_says_what_it_lacks(people: dict[str, Reach], units: list[UnitVersion]) -> None:
    carried_out(people, units[0], HALF)
    reached(units[0])
    found = counted()
    assert set(found) == {"1", "2", "3"}
    assert found["1"].contribution.missing == ("measure.area_short",)
    assert found["1"].contribution.counted == round(units[0].stated_area_mu * HALF, 4)
    assert found["2"].contribution.missing == ("measure.none", "crop.no_evidence")
    assert found["3"].contribution.missing == ("control.none",)


def test_a_measure_of_another_year_or_not_yet_accepted_does_not_count(
    people: dict[str, Reach], units: list[UnitVersion]
) -> None:
    reached(units[0])
    with at(JUNE):
        done = Done(units[0].unit, 2021, "autumn", "A", units[0].stated_area_mu, JUNE, "合作社")
        safe_use.record_measure(done, by=people["county-clerk"], on=JUNE)
        done = Done(units[0].unit, 2020, "autumn", "A", units[0].stated_area_mu, JUNE, "合作社")
        old = safe_use.record_measure(done, by=people["county-clerk"], on=JUNE)
        safe_use.move_measure("accept", old, by=people["county-reviewer"], on=JUNE)
    assert counted()["1"].contribution.missing == ("measure.not_accepted",)


def test_a_season_that_failed_takes_the_unit_out(people: dict[str, Reach], units: list[UnitVersion]) -> None:
    carried_out(people, units[0])
    reached(units[0], "not_reached")
    assert counted()["1"].contribution.missing == ("crop.not_reached",)
    assert percent() == 0


def test_a_row_of_seasons_is_counted_up_to_a_gap(units: list[UnitVersion]) -> None:
    for year, outcome in ((2017, "reached"), (2019, "reached"), (2020, "reached"), (2021, "reached")):
        reached(units[0], outcome, year=year)
    for year, outcome in ((2019, "reached"), (2020, "not_reached"), (2021, "reached")):
        reached(units[1], outcome, year=year)
    found = counted()
    assert (found["1"].record.periods, found["2"].record.periods) == (3, 1)


def test_what_was_done_on_a_unit_counts_for_its_heirs(people: dict[str, Reach], units: list[UnitVersion]) -> None:
    carried_out(people, units[0])
    reached(units[0], on=JULY, year=2020)
    reached(units[0])
    turned(people, units[2])
    before = percent()
    assert before is not None and before > 0
    heirs = [
        each for version in (units[0], units[2]) for each in ground.pieces(people["county-clerk"], version, AUGUST)
    ]
    assert percent() == before, "a split takes nothing away"
    assert percent(on=JULY) == before
    found = {each.record.unit: each for each in counted().values()}
    for heir in heirs:
        contribution = found[heir.unit_id].contribution
        assert (contribution.counted, contribution.missing) == (heir.stated_area_mu, ())
    assert {found[heir.unit_id].record.periods for heir in heirs[:2]} == {2}
    with at(AUGUST):
        joined = lineage.merge([each.unit for each in heirs[:2]], by=people["county-clerk"], on=AUGUST, reason="并回")
    assert percent() == before, "nor does joining again"
    assert descent.sources(joined.unit_id) == {joined.unit_id, units[0].unit_id, *(each.unit_id for each in heirs[:2])}


def test_a_joined_unit_has_only_what_was_reached_on_all_of_its_ground(
    people: dict[str, Reach], units: list[UnitVersion]
) -> None:
    for version in units[:2]:
        carried_out(people, version)
    reached(units[0])
    with at(AUGUST):
        joined = lineage.merge([each.unit for each in units[:2]], by=people["county-clerk"], on=AUGUST, reason="归并")
    own = {each.record.unit: each for each in counted().values()}[joined.unit_id]
    assert (own.record.effect, own.contribution.missing) == ("not_judged", ("crop.no_evidence",))
    reached(units[1])
    own = {each.record.unit: each for each in counted().values()}[joined.unit_id]
    assert own.record.effect == "reached"
    assert own.contribution.counted == joined.stated_area_mu, "measures on different ground add up"
    reached(joined, "not_reached")
    assert not percent(), "its own season goes before"


def test_the_trial_method_counts_class_two_as_moderate_and_class_three_as_heavy(
    people: dict[str, Reach], units: list[UnitVersion]
) -> None:
    carried_out(people, units[0])
    reached(units[0])
    turned(people, units[2])
    found = counted(TRIAL)
    assert {key: each.contribution.numerator for key, each in found.items()} == {"1": "C", "2": "C", "3": "D"}
    assert percent(TRIAL) == percent(BY_CLASS)


def test_the_trial_method_takes_the_degree_of_the_census_where_it_is_on_record(
    people: dict[str, Reach], units: list[UnitVersion]
) -> None:
    by = people["county-clerk"]
    with at(JUNE):
        told = lineage.change_facts(units[0].unit, {"pollution_degree": "heavy"}, by=by, on=JUNE, reason="详查结果")
    assert told.pollution_degree == "heavy"
    found = counted(TRIAL)
    assert {key: each.contribution.numerator for key, each in found.items()} == {"1": "D", "2": "C", "3": "D"}
    assert {key: each.record.degree for key, each in found.items()} == {"1": "heavy", "2": "", "3": ""}
    assert counted(BY_CLASS)["1"].contribution.numerator == "safe_done", "the other way goes by class alone"
    with at(AUGUST):
        shown = page(by, mode=TRIAL).content.decode()
        assert "1 个单元按普查、详查的等级，2 个单元没有入库" in shown
        assert shown.count("程度由类别推定") == 2
        assert "程度由类别推定" not in page(by).content.decode()


def test_a_target_is_what_the_office_set_down_and_none_before(
    people: dict[str, Reach], units: list[UnitVersion]
) -> None:
    by = people["province-clerk"]
    assert rate.targets(["140000"], Clock(AUGUST, AUGUST, AUGUST))["140000"].percent is None
    assert rate.targets(["140000"], Clock(AUGUST, date(2020, 12, 31), AUGUST))["140000"].percent == 90
    with at(JUNE):
        targets.set_target("141000", 2021, Decimal(60), "晋农〔2021〕7号", "省农业农村厅", JUNE, by=by, on=JUNE)
        with pytest.raises(DeedRefused, match="岗位"):
            targets.set_target("141000", 2021, Decimal(50), "x", "市农业农村局", JUNE, by=people["city-clerk"], on=JUNE)
    found = rate.targets(["141000"], Clock(AUGUST, AUGUST, AUGUST))["141000"]
    assert (found.percent, found.basis) == (60, "省农业农村厅 晋农〔2021〕7号")
    assert rate.targets(["141000"], Clock(AUGUST, APRIL, AUGUST))["141000"].percent is None


def test_the_goal_is_reached_with_the_rate(people: dict[str, Reach], units: list[UnitVersion]) -> None:
    by = people["province-clerk"]
    before = {each.key: each for each in owed()}
    assert set(before) == {"141024", "141000"}
    assert "目标值未下达" in before["141024"].missing
    with at(JUNE):
        for region in ("141000", "141024"):
            targets.set_target(region, 2021, Decimal(60), "晋农〔2021〕7号", "省农业农村厅", JUNE, by=by, on=JUNE)
    assert "0.00%" in {each.key: each for each in owed()}["141024"].missing
    carried_out(people, units[0])
    turned(people, units[2])
    reached(units[0])
    found = {each.key: each for each in owed()}
    assert {each.state for each in found.values()} == {"done"}
    assert found["141024"].done_on == JULY
    assert {each.state for each in owed(JUNE)} == {"open"}


def page(by: Reach, **given: str) -> HttpResponse:
    client = Client()
    client.force_login(Account.objects.get(pk=by.account_id))
    return client.get("/pages/farmland.rate/", given)


def test_the_page_leads_from_the_province_to_the_unit_and_back(
    people: dict[str, Reach], units: list[UnitVersion]
) -> None:
    carried_out(people, units[0])
    reached(units[0])
    with at(AUGUST):
        top = page(people["province-clerk"]).content.decode()
        assert "无对象" in top, "cities without polluted farmland have no object"
        assert "region=141000" in top
        city = page(people["province-clerk"], region="141000").content.decode()
        assert "region=141024" in city
        county = page(people["county-clerk"]).content.decode()
    percent_now = f"{round(percent() or Decimal(0), 2):.2f}%"
    assert percent_now in county
    assert "目标值未下达" in county
    for version in units[:3]:
        assert f'href="/r/farmland.unit/{version.unit_id}/"' in county
    assert "凭记忆录入" in county, "how sure the texts are stands on the page"
    with at(AUGUST):
        lacking = page(people["county-clerk"], missing="control.none").content.decode()
    assert units[2].unit.number in lacking
    assert units[0].unit.number not in lacking.partition('id="units"')[2].partition("</section>")[0]


def test_the_page_is_taken_away_as_a_table(people: dict[str, Reach], units: list[UnitVersion]) -> None:
    with at(AUGUST):
        answer = page(people["county-clerk"], format="csv", mode=TRIAL)
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 3
    assert "按试行方法核算" in lines[1]


def test_another_place_and_a_laboratory_find_no_page(people: dict[str, Reach], units: list[UnitVersion]) -> None:
    with at(AUGUST):
        assert page(people["county-clerk"], region="140121").status_code == 404
        assert page(people["county-clerk"], region="141000").status_code == 404
        assert page(people["county-clerk"], region="x").status_code == 404
