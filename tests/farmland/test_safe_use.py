"""Safe use: habits of cropping, measures and what is held against them, exceeding crops, effect of a season."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jingtu.chapters.farmland.actions import effect, lineage, safe_use
from jingtu.chapters.farmland.checking.parts import parts_of
from jingtu.chapters.farmland.facts import safe_use as facts
from jingtu.chapters.farmland.facts.geometry import as_ground
from jingtu.chapters.farmland.facts.safe_use import Done
from jingtu.chapters.farmland.models import (
    Cropping,
    EffectEvaluation,
    Exceedance,
    Measure,
    Trigger,
    UnitVersion,
)
from jingtu.registers.findings import findings_of
from jingtu.registers.ledger import DeedRefused
from tests.farmland import ground
from tests.farmland.season import REPORTED, SAMPLED, Season, begun
from tests.flows.world import at

pytestmark = pytest.mark.django_db
APRIL, JUNE, OCTOBER = date(2021, 4, 12), date(2021, 6, 10), date(2021, 10, 8)


@pytest.fixture
def season() -> Season:
    return begun()


@pytest.fixture
def units(season: Season) -> list[UnitVersion]:
    entries = [ground.entry(ground.square(n, 0), APRIL) for n in range(2)]
    entries.append(ground.entry(ground.square(2, 0), APRIL, land_class="I"))
    with at(APRIL):
        return ground.opened(season.people["county-clerk"], *entries)


def paired(season: Season, version: UnitVersion, **crops: str) -> None:
    """Three pairs on a unit; a keyword names a pair whose crop holds that much cadmium."""
    season.enter([season.pair_row(f"XT{n}", version) for n in range(3)])
    season.measure(crops={code: {"Cd": value} for code, value in crops.items()})


def row(version: UnitVersion, **own: str) -> dict[str, str]:
    return {
        "unit_number": version.unit.number, "year": "2021", "season": "秋收", "code": "品种调整", "area_mu": "10",
        "carried_out_on": "2021-06-08", "carried_out_by": "测试合作社",
    } | own  # fmt: skip


def test_a_sheet_brings_the_crops_of_a_year_and_a_second_one_brings_them_up_to_date(season: Season) -> None:
    told = {
        "region_code": ground.HONGTONG, "year": "2021", "crop": "冬小麦", "season": "夏收", "varieties": "济麦22",
        "area_mu": "9000", "habits": "一年两熟", "surveyed_on": "2021-03-20",
    }  # fmt: skip
    submit = season.world.submit
    with at(APRIL):
        other = submit("county-clerk", "farmland.cropping", [{**told, "region_code": "140121"}], APRIL, ground.HONGTONG)
        assert [each.code for each in other.issues.all()] == ["farmland.cropping.reach"]
        first = submit("county-clerk", "farmland.cropping", [told], APRIL, ground.HONGTONG)
        season.world.accept(first, "county-clerk", APRIL)
        more = submit("county-clerk", "farmland.cropping", [{**told, "area_mu": "9500"}], APRIL, ground.HONGTONG)
        assert more.summary["preview"] == ["新增作物 0 条，更新 1 条。"]
        season.world.accept(more, "county-clerk", APRIL)
    there = Cropping.objects.get()
    assert (there.crop, there.area_mu, there.is_demonstration) == ("wheat", Decimal(9500), True)


def test_measures_by_sheet_say_what_is_wrong_with_each(season: Season, units: list[UnitVersion]) -> None:
    wrong = [
        row(units[0], area_mu="100000"),
        row(units[0], code="原位钝化"),
        row(units[2]),
        row(units[0], code="石灰调节", carried_out_on="2021-06-30"),
        row(units[0], code="水分调控", unit_number="140105000001"),
    ]
    with at(JUNE):
        dossier = season.world.submit("county-clerk", "farmland.measure", wrong, JUNE, ground.HONGTONG)
    found = [(each.row, each.code.removeprefix("farmland.measure.")) for each in dossier.issues.order_by("row", "code")]
    assert found == [
        (2, "area_mu"), (3, "reason"), (4, "unit"), (5, "carried_out_on"), (5, "future"), (6, "stranger"),
    ]  # fmt: skip
    assert not Measure.objects.exists()


def test_a_measure_carries_what_is_held_against_it(season: Season, units: list[UnitVersion]) -> None:
    paired(season, units[0])
    good = [
        row(units[0], code="石灰调节"),
        row(units[0], code="少耕免耕休耕", variant="少耕免耕", reason="配合轮作"),
        row(units[2], code="秸秆还田", reason="优先保护类"),
        row(units[0]),
    ]
    with at(OCTOBER):
        dossier = season.world.submit("county-clerk", "farmland.measure", good, OCTOBER, ground.HONGTONG)
        assert dossier.summary["preview"] == ["新增措施 4 条，合计 40 亩，待验收。", "其中 1 条有提示，见各条记录页。"]
        season.world.accept(dossier, "county-clerk", OCTOBER)
    found = {each.code: each.warnings for each in Measure.objects.all()}
    assert found == {"B": ["lime_high_ph"], "N": [], "A": [], "E": []}
    assert set(Measure.objects.values_list("state", flat=True)) == {"recorded"}


def test_who_recorded_a_measure_does_not_accept_it(season: Season, units: list[UnitVersion]) -> None:
    people = season.people
    with at(JUNE):
        done = Done(units[0].unit, 2021, "autumn", "A", Decimal(10), JUNE, "合作社")
        measure = safe_use.record_measure(done, by=people["county-clerk"], on=JUNE)
        with pytest.raises(DeedRefused, match="您的岗位不能"):
            safe_use.move_measure("accept", measure, by=people["county-clerk"], on=JUNE)
        measure = safe_use.move_measure("accept", measure, by=people["county-reviewer"], on=JUNE)
    assert (measure.state, measure.accepted_on) == ("accepted", JUNE)


def test_an_exceeding_crop_opens_one_case_that_ends_with_the_grain(season: Season, units: list[UnitVersion]) -> None:
    clerk, reviewer = season.people["county-clerk"], season.people["county-reviewer"]
    paired(season, units[0], XT1="0.3")
    case = Exceedance.objects.get()
    assert (case.pair.code, case.analytes, case.state) == ("XT1", ["Cd"], "open")
    with at(OCTOBER):
        assert not safe_use.open_exceedances([case.pair_id], by=clerk, on=OCTOBER), "a case is opened once"
        with pytest.raises(DeedRefused, match="请先填写处置方式"):
            safe_use.move_exceedance("handle", case, by=clerk, on=OCTOBER)
        with pytest.raises(DeedRefused, match="不早于发现日期"):
            safe_use.tell_handling(case, "sealed", Decimal(800), SAMPLED, by=clerk, on=OCTOBER)
        case = safe_use.tell_handling(case, "sealed", Decimal(800), OCTOBER, by=clerk, on=OCTOBER)
        case = safe_use.move_exceedance("handle", case, by=clerk, on=OCTOBER)
        case = safe_use.move_exceedance("close", case, by=reviewer, on=OCTOBER)
    assert (case.state, case.closed_on, case.amount_kg) == ("closed", OCTOBER, Decimal(800))


def test_a_season_within_the_limits_reached_its_effect_but_not_yet_twice(
    season: Season, units: list[UnitVersion]
) -> None:
    clerk, unit = season.people["county-clerk"], units[0].unit
    paired(season, units[0])
    with at(OCTOBER):
        made = effect.evaluate_effect(unit, 2021, "autumn", "测试所", Decimal(-3), by=clerk, on=OCTOBER)
        with pytest.raises(DeedRefused, match="已经评价"):
            effect.evaluate_effect(unit, 2021, "autumn", "测试所", None, by=clerk, on=OCTOBER)
    assert (made.pair_count, made.outcome, made.overall) == (3, "reached", "not_yet")
    assert (made.mean_index, made.exceeding_percent) == (Decimal("0.2"), 0)
    measures = {each.record.measure for each in findings_of("farmland.effect_evaluation", made.pk)}
    assert measures == {"season.analyte", "season.yield", "season.effect", "season.overall"}


def test_two_seasons_that_reached_it_call_for_a_look_at_the_class(season: Season, units: list[UnitVersion]) -> None:
    clerk, unit = season.people["county-clerk"], units[0].unit
    paired(season, units[0])
    with at(REPORTED):
        EffectEvaluation.objects.create(
            unit=unit, region_id=unit.region_id, year=2021, season="summer", evaluated_on=REPORTED, pair_count=3,
            evaluated_by="测试所", outcome="reached", overall="not_yet", recorded_at=unit.recorded_at,
        )  # fmt: skip
    before = Trigger.objects.filter(kind="T4").count()
    with at(OCTOBER):
        made = effect.evaluate_effect(unit, 2021, "autumn", "测试所", None, by=clerk, on=OCTOBER)
    assert made.overall == "reached"
    assert Trigger.objects.filter(kind="T4").count() == before + 1


def test_a_joined_unit_is_evaluated_by_the_pairs_of_all_its_ground(season: Season, units: list[UnitVersion]) -> None:
    clerk = season.people["county-clerk"]
    season.enter([season.pair_row(f"XT{n}", units[n % 2]) for n in range(6)])
    season.measure()
    with at(OCTOBER):
        effect.evaluate_effect(units[0].unit, 2021, "autumn", "测试所", None, by=clerk, on=OCTOBER)
        joined = lineage.merge([each.unit for each in units[:2]], by=clerk, on=OCTOBER, reason="归并").unit
        made = effect.evaluate_effect(joined, 2021, "autumn", "测试所", None, by=clerk, on=OCTOBER)
        assert (made.pair_count, made.outcome) == (6, "reached")
        with pytest.raises(DeedRefused, match="已经评价"):
            effect.evaluate_effect(joined, 2021, "autumn", "测试所", None, by=clerk, on=OCTOBER)
        west = parts_of(as_ground(units[0].geom).union(as_ground(units[1].geom)), _middle(units))
        (heir, _other) = lineage.split(joined, west, by=clerk, on=OCTOBER, reason="划开")
        assert facts.last_soil_ph([heir.unit_id]) == {
            heir.unit_id: facts.last_soil_ph([units[0].unit_id])[units[0].unit_id]
        }
        with pytest.raises(DeedRefused, match="拆分合并前的单元"):
            effect.evaluate_effect(heir.unit, 2021, "autumn", "测试所", None, by=clerk, on=OCTOBER)


def _middle(units: list[UnitVersion]) -> str:
    """A line between two neighbours."""
    west, south, east, north = as_ground(units[0].geom).union(as_ground(units[1].geom)).bounds
    return f"LINESTRING ({(west + east) / 2} {south - 1e-4}, {(west + east) / 2} {north + 1e-4})"


def test_an_exceeding_crop_or_a_fallen_yield_fails_the_season(season: Season, units: list[UnitVersion]) -> None:
    clerk = season.people["county-clerk"]
    paired(season, units[0], XT1="0.3")
    with at(OCTOBER):
        with pytest.raises(DeedRefused, match="没有可作证据"):
            effect.evaluate_effect(units[1].unit, 2021, "autumn", "测试所", None, by=clerk, on=OCTOBER)
        made = effect.evaluate_effect(units[0].unit, 2021, "autumn", "测试所", None, by=clerk, on=OCTOBER)
    assert made.outcome == "not_reached"
    assert made.exceeding_percent == Decimal("33.33")
