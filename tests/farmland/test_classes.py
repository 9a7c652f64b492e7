"""Classes from evidence to decision: evaluations, triggering events, adjustments, upload; what leaves which trail."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import TestCase

from jingtu.chapters.farmland.actions import adjustments
from jingtu.chapters.farmland.actions import classes as actions
from jingtu.chapters.farmland.actions.adjustments import Proposal
from jingtu.chapters.farmland.actions.units import begin_version
from jingtu.chapters.farmland.facts import classes as facts
from jingtu.chapters.farmland.facts import units as unit_facts
from jingtu.chapters.farmland.models import (
    Adjustment,
    EffectEvaluation,
    Evaluation,
    Exceedance,
    Trigger,
    UnitVersion,
)
from jingtu.chapters.farmland.registers.classes import EvaluationRegister
from jingtu.evidence import actions as evidence
from jingtu.registers import clock, documents, duties, ledger, outbox, periods
from jingtu.registers.clock import Clock
from jingtu.registers.duties import Question
from jingtu.registers.findings import findings_of
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.models import LedgerEntry, Move, Package
from tests.farmland import ground
from tests.farmland.season import REPORTED, Season, begun
from tests.flows.world import at

pytestmark = pytest.mark.django_db
APRIL, PROPOSED, REVIEWED, DECIDED = date(2021, 4, 12), date(2021, 9, 27), date(2021, 9, 28), date(2021, 9, 29)


@pytest.fixture
def season() -> Season:
    return begun()


@pytest.fixture
def units(season: Season) -> list[UnitVersion]:
    with at(APRIL):
        return ground.opened(
            season.people["county-clerk"], *(ground.entry(ground.square(n, 0), APRIL) for n in range(3))
        )


def sampled(season: Season, version: UnitVersion, count: int = 3, start: int = 1) -> list[str]:
    """So many clean pairs on a unit, named in order."""
    codes = [f"XT-{version.unit.number[-2:]}-{number}" for number in range(start, start + count)]
    season.enter([season.pair_row(code, version) for code in codes])
    return codes


def current(version: UnitVersion) -> Evaluation:
    return Evaluation.objects.get(unit=version.unit, is_current=True)


def class_of(version: UnitVersion, on: date | None = None) -> str:
    return unit_facts.standing(on).get(unit=version.unit).land_class


def drafted(season: Season, on: date = PROPOSED) -> Adjustment:
    with at(on):
        adjustments.take_up(Trigger.objects.get(), by=season.people["county-clerk"], on=on)
    return Adjustment.objects.order_by("pk").last()


def moved(season: Season, adjustment: Adjustment, arrow: str, who: str, on: date, reason: str = "") -> Adjustment:
    with at(on), TestCase.captureOnCommitCallbacks(execute=True):
        return adjustments.move(arrow, adjustment, by=season.people[who], on=on, reason=reason)


def test_three_clean_crops_raise_a_unit_of_class_two(season: Season, units: list[UnitVersion]) -> None:
    sampled(season, units[0])
    season.measure()
    found = current(units[0])
    assert (found.soil_class, found.proposed_class, found.standing_class) == ("II", "I", "II")
    assert (found.soil_points, found.crop_points, found.crop_exceeding) == (3, 3, 0)
    assert found.rule_code == "U1+U7+C2"
    assert found.certainty == "memory_medium"
    steps = [each.record.measure for each in findings_of("farmland.evaluation", found.pk)]
    assert {"farmland.unit_element", "farmland.unit_soil", "farmland.unit_crops", "farmland.unit_class"} <= set(steps)
    assert not Evaluation.objects.exclude(unit=units[0].unit).exists(), "units without evidence keep their class"


def test_two_clean_crops_are_too_few(season: Season, units: list[UnitVersion]) -> None:
    sampled(season, units[0], 2)
    season.measure()
    found = current(units[0])
    assert (found.proposed_class, found.reason_code) == ("II", "crop.too_few")
    assert not Trigger.objects.exists()


def test_an_exceeding_crop_keeps_the_class_and_opens_a_case(season: Season, units: list[UnitVersion]) -> None:
    codes = sampled(season, units[0], 4)
    season.measure(crops={codes[1]: {"Cd": "0.11"}})
    found = current(units[0])
    assert (found.proposed_class, found.crop_exceeding, found.reason_code) == ("II", 1, "crop.exceeds")
    assert [case.pair.code for case in Exceedance.objects.all()] == [codes[1]]


def test_what_the_rules_cannot_decide_waits_for_a_person(season: Season, units: list[UnitVersion]) -> None:
    codes = sampled(season, units[0], 4)
    handover = season.hand_over("soil", ["pH", "Cd", "Hg", "As", "Pb", "Cr"])
    lows = {item.sample.code: {"Cd": "0.2"} for item in handover.items.all() if item.sample.origin_id % 2}
    values = {"pH": "8.1", "Cd": "0.9", "Hg": "0.03", "As": "9.8", "Pb": "20", "Cr": "60"}
    season.review(season.report(handover, values, own=lows))
    crop = season.hand_over("crop", ["Cd", "Hg", "As", "Pb", "Cr"])
    season.review(season.report(crop, {"Cd": "0.02", "Hg": "0.002", "As": "0.05", "Pb": "0.04", "Cr": "0.1"}))
    found = current(units[0])
    assert found.needs_review
    assert found.reason_code.startswith("unit.")
    assert not Trigger.objects.exists(), "a person looks first"
    assert not facts.differing(ground.HONGTONG).exists()
    assert found.soil_points == len(codes)


def test_unchanged_evidence_makes_no_new_evaluation(season: Season, units: list[UnitVersion]) -> None:
    sampled(season, units[0])
    _soil, crop = season.measure()
    before = Evaluation.objects.count()
    actions.follow_batch(crop.pk)
    with at(PROPOSED):
        assert actions.ask_to_evaluate(ground.HONGTONG, by=season.people["county-reviewer"], on=PROPOSED)
    assert Evaluation.objects.count() == before
    assert Trigger.objects.count() == 1


def test_a_city_s_units_are_evaluated_county_by_county_in_the_background(
    season: Season, units: list[UnitVersion]
) -> None:
    sampled(season, units[0])
    season.measure()
    Evaluation.objects.all().delete()
    with at(PROPOSED):
        with TestCase.captureOnCommitCallbacks() as waiting:
            assert not actions.ask_to_evaluate("141000", by=season.people["city-reviewer"], on=PROPOSED)
        assert not Evaluation.objects.exists(), "nobody waits at the page"
        told = LedgerEntry.objects.get(deed="farmland.evaluation.asked")
        assert told.sentence == "请求按证据重新评价，1 个县（市、区）逐一在后台评价"
        for each in waiting:
            each()
        assert current(units[0]).proposed_class == "I"
        assert actions.ask_to_evaluate(ground.HONGTONG, by=season.people["county-clerk"], on=PROPOSED)
        with pytest.raises(DeedRefused, match="没有可以评价的耕地单元"):
            actions.ask_to_evaluate("140121", by=season.people["city-reviewer"], on=PROPOSED)


def test_a_report_sent_back_takes_its_evidence_with_it(season: Season, units: list[UnitVersion]) -> None:
    sampled(season, units[0])
    _soil, crop = season.measure()
    first = current(units[0])
    with at(PROPOSED), TestCase.captureOnCommitCallbacks(execute=True):
        evidence.send_back(crop, by=season.people["city-reviewer"], on=PROPOSED, reason="测试：重新分析")
    assert current(units[0]).pk != first.pk
    assert current(units[0]).reason_code == "unit.no_points"
    assert current(units[0]).proposed_class == ""


def test_evidence_against_the_class_raises_one_event(season: Season, units: list[UnitVersion]) -> None:
    sampled(season, units[0])
    sampled(season, units[1])
    season.measure()
    trigger = Trigger.objects.get()
    assert (trigger.kind, trigger.state, trigger.units.count()) == ("T3", "open", 2)
    assert "141024000001（Ⅱ→Ⅰ）" in trigger.told
    with at(PROPOSED):
        kept = actions.move_trigger(
            "keep", trigger, by=season.people["city-reviewer"], on=PROPOSED, reason="再观察一季"
        )
    assert kept.state == "kept"


def test_an_event_is_of_the_past_and_of_some_unit(season: Season, units: list[UnitVersion]) -> None:
    by = season.people["county-clerk"]
    with at(PROPOSED):
        with pytest.raises(DeedRefused, match="晚于"):
            actions.raise_trigger("T6", ground.HONGTONG, [units[0].unit], DECIDED, "测试", by=by, on=PROPOSED)
        with pytest.raises(DeedRefused, match="至少"):
            actions.raise_trigger("T6", ground.HONGTONG, [], PROPOSED, "测试", by=by, on=PROPOSED)
        numbers = [
            actions.raise_trigger("T6", ground.HONGTONG, [units[0].unit], PROPOSED, "测试", by=by, on=PROPOSED).number
            for _each in range(2)
        ]
    assert numbers == ["CF2021-141024-0001", "CF2021-141024-0002"]


def test_county_city_and_province_make_a_class(season: Season, units: list[UnitVersion]) -> None:
    sampled(season, units[0])
    season.measure()
    adjustment = drafted(season)
    assert (adjustment.items.get().to_class, adjustment.trigger.state) == ("I", "adjusting")
    adjustment = moved(season, adjustment, "propose", "county-clerk", PROPOSED)
    adjustment = moved(season, adjustment, "review", "city-reviewer", REVIEWED)
    adjustment = moved(season, adjustment, "decide", "province-reviewer", DECIDED)
    assert (adjustment.state, adjustment.decided_on) == ("decided", DECIDED)
    adjustment.trigger.refresh_from_db()
    assert adjustment.trigger.state == "adjusted"
    after = unit_facts.standing().get(unit=units[0].unit)
    assert (after.version, after.land_class, after.code) == (2, "I", "141024000001Ⅰ")
    assert after.adjustment_item.adjustment == adjustment
    assert (class_of(units[0], REVIEWED), class_of(units[0], DECIDED)) == ("II", "I")
    assert current(units[0]).standing_class == "I"
    entry = LedgerEntry.objects.get(deed="farmland.adjustment.decide")
    assert "面积平衡" in entry.sentence
    assert "合计" in entry.sentence
    with clock.as_of(DECIDED, REVIEWED):
        assert class_of(units[0]) == "II", "on the 28th nobody knew of the decision"


def test_each_step_is_another_office_s(season: Season, units: list[UnitVersion]) -> None:
    sampled(season, units[0])
    season.measure()
    adjustment = moved(season, drafted(season), "propose", "county-clerk", PROPOSED)
    with pytest.raises(DeedRefused, match="岗位"):
        moved(season, adjustment, "review", "province-reviewer", REVIEWED)
    adjustment = moved(season, adjustment, "review", "city-reviewer", REVIEWED)
    for who in ("city-reviewer", "province-clerk", "county-clerk"):
        with pytest.raises(DeedRefused, match="岗位"):
            moved(season, adjustment, "decide", who, DECIDED)


@pytest.mark.parametrize(
    ("way", "state"),
    [
        ((("withdraw", "county-clerk"),), "withdrawn"),
        ((("review", "city-reviewer"), ("refuse", "province-reviewer")), "refused"),
    ],
)
def test_what_comes_to_nothing_leaves_its_trail_and_frees_its_units(
    season: Season, units: list[UnitVersion], way: tuple[tuple[str, str], ...], state: str
) -> None:
    sampled(season, units[0])
    season.measure()
    adjustment = moved(season, drafted(season), "propose", "county-clerk", PROPOSED)
    for arrow, who in way:
        adjustment = moved(season, adjustment, arrow, who, REVIEWED, reason="测试理由")
    assert adjustment.state == state
    arrows = Move.objects.filter(register="farmland.adjustment", subject_id=adjustment.pk).order_by("id")
    assert [move.arrow for move in arrows] == ["begin", "propose", *(arrow for arrow, _who in way)]
    assert arrows.last().reason == "测试理由"
    assert class_of(units[0]) == "II"
    trigger = Trigger.objects.get()
    assert trigger.state == "open"
    assert drafted(season, DECIDED).items.count() == 1, "its units may be proposed again"


def test_a_returned_adjustment_is_amended_and_proposed_again(season: Season, units: list[UnitVersion]) -> None:
    sampled(season, units[0])
    season.measure()
    by = season.people["county-clerk"]
    adjustment = moved(season, drafted(season), "propose", "county-clerk", PROPOSED)
    with at(PROPOSED), pytest.raises(DeedRefused, match="已报出"):
        adjustments.put_in(adjustment, Proposal(units[1].unit, "III", reason="测试"), by=by, on=PROPOSED)
    adjustment = moved(season, adjustment, "return", "city-reviewer", REVIEWED, "补充说明")
    with at(REVIEWED):
        with pytest.raises(DeedRefused, match="理由"):
            adjustments.put_in(adjustment, Proposal(units[1].unit, "III"), by=by, on=REVIEWED)
        adjustments.put_in(adjustment, Proposal(units[1].unit, "III", reason="事件调查报告"), by=by, on=REVIEWED)
        adjustments.take_out(adjustment, units[0].unit, by=by, on=REVIEWED, reason="再观察")
    assert [(item.unit, item.to_class) for item in adjustment.items.all()] == [(units[1].unit, "III")]
    assert moved(season, adjustment, "propose", "county-clerk", REVIEWED).state == "proposed"


def test_a_unit_drawn_anew_meanwhile_must_be_proposed_anew(season: Season, units: list[UnitVersion]) -> None:
    sampled(season, units[0])
    season.measure()
    adjustment = moved(season, drafted(season), "propose", "county-clerk", PROPOSED)
    adjustment = moved(season, adjustment, "review", "city-reviewer", REVIEWED)
    with at(REVIEWED), ledger.deed(
        "farmland.unit.changed", by=season.people["county-clerk"], on=REVIEWED, register="farmland.unit",
        region=ground.HONGTONG,
    ) as doing:  # fmt: skip
        begin_version(units[0].unit, doing, change="facts", from_on=REVIEWED, village="新村")
    with pytest.raises(DeedRefused, match="新的版本"):
        moved(season, adjustment, "decide", "province-reviewer", DECIDED)
    assert class_of(units[0]) == "II"


def test_a_unit_stands_in_one_adjustment_at_a_time(season: Season, units: list[UnitVersion]) -> None:
    sampled(season, units[0])
    season.measure()
    drafted(season)
    by = season.people["county-clerk"]
    with at(PROPOSED):
        assert not facts.differing(ground.HONGTONG).exists()
        with pytest.raises(DeedRefused, match="另一项"):
            adjustments.draft(
                ground.HONGTONG, "又一项", [Proposal(units[0].unit, "I", reason="测试")], by=by, on=PROPOSED
            )


def test_what_was_decided_is_uploaded_until_it_is_taken(season: Season, units: list[UnitVersion]) -> None:
    sampled(season, units[0])
    season.measure()
    adjustment = moved(season, drafted(season), "propose", "county-clerk", PROPOSED)
    adjustment = moved(season, adjustment, "review", "city-reviewer", REVIEWED)
    moved(season, adjustment, "decide", "province-reviewer", DECIDED)
    by = season.people["province-clerk"]
    with at(DECIDED):
        package = adjustments.pack("140000", by=by, on=DECIDED)
        with pytest.raises(DeedRefused, match="没有已审定"):
            adjustments.pack("140000", by=by, on=DECIDED)
        outbox.send(package, by=by, on=DECIDED)
    assert package.items.get().key == "141024000001V2"
    receipt(season, package, "退回", "HZ-1")
    assert facts.decided_not_uploaded("140000").count() == 1, "what the platform sends back is sent again"


def owed(duty: str, on: date = DECIDED) -> list[tuple[str, str, str, int]]:
    found = duties.obligations(Question(on, DECIDED, "1410", (duty,)))
    return [(each.state, each.missing, each.region_code, len(each.evidence)) for each in found]


def test_task_five_on_the_board(season: Season, units: list[UnitVersion]) -> None:
    sampled(season, units[0])
    season.measure()
    assert owed("T05-01") == [("period_open", "待作出调整或不调整的结论", ground.HONGTONG, 1)]
    adjustment = moved(season, drafted(season), "propose", "county-clerk", PROPOSED)
    assert owed("T05-01")[0][1] == "正在调整，待审定"
    assert owed("T05-02") == [("period_open", "待市级审核", ground.HONGTONG, 1)]
    adjustment = moved(season, adjustment, "review", "city-reviewer", REVIEWED)
    assert owed("T05-02", PROPOSED)[0][1] == "待市级审核", "on the day before nobody had reviewed"
    assert not owed("T05-03")
    moved(season, adjustment, "decide", "province-reviewer", DECIDED)
    assert [owed(duty)[0][0] for duty in ("T05-01", "T05-02", "T05-03")] == ["done", "done", "period_open"]
    assert owed("T05-03")[0][1] == "待生成上报包"
    by = season.people["province-clerk"]
    with at(DECIDED):
        package = adjustments.pack("140000", by=by, on=DECIDED)
        assert owed("T05-03")[0][1] == "上报包待上报"
        outbox.send(package, by=by, on=DECIDED)
    assert owed("T05-03")[0][1] == "已上报，待回执"
    receipt(season, package, "退回", "HZ-1")
    assert owed("T05-03")[0][1] == "回执退回，待重新上报"
    with at(DECIDED):
        again = adjustments.pack("140000", by=by, on=DECIDED)
        outbox.send(again, by=by, on=DECIDED)
    receipt(season, again, "接收", "HZ-2")
    assert owed("T05-03") == [("done", "", ground.HONGTONG, 1)]
    with at(DECIDED):
        periods.set_period(
            duty="T05-03", due_on=date(2021, 10, 30), from_on=PROPOSED, set_by="测试厅", document_number="测试1号",
            certainty="verified", note="", by=by, on=DECIDED,
        )  # fmt: skip
    found = duties.obligations(Question(DECIDED, DECIDED, "1410", ("T05-03",)))
    assert found[0].due_on == date(2021, 10, 30)


def receipt(season: Season, package: Package, answer: str, number: str) -> None:
    row = {
        "package_number": package.number, "receipt_number": number, "receipt_on": DECIDED.isoformat(),
        "point_code": "141024000001V2", "accepted": answer, "message": "坐标缺失" if answer == "退回" else "",
    }  # fmt: skip
    with at(DECIDED):
        dossier = season.world.submit("province-clerk", "monitoring.receipt", [row], DECIDED, "140000")
        season.world.accept(dossier, "province-clerk", DECIDED)


def test_evaluations_of_a_past_day_are_those_known_then(season: Season, units: list[UnitVersion]) -> None:
    sampled(season, units[0])
    season.measure()
    register, reach = EvaluationRegister(), season.people["province-clerk"]
    now = Clock(PROPOSED, PROPOSED, PROPOSED)
    assert register.rows(reach, now).filter(newest=True, compared="differs").count() == 1
    before = Clock(PROPOSED, REPORTED.replace(day=1), PROPOSED)
    assert not register.rows(reach, before).exists()


def test_remediation_goes_up_with_what_its_file_lacks(season: Season, units: list[UnitVersion]) -> None:
    clerk = season.people["county-clerk"]
    with at(PROPOSED):
        event = actions.raise_trigger(
            "T5", ground.HONGTONG, [units[0].unit, units[1].unit], PROPOSED, "修复效果评估", by=clerk, on=PROPOSED
        )
        reached(units[0], 2020)
        reached(units[0], 2021)
        draft = adjustments.draft_by_hand(event, "修复后升类", "I", "修复效果评估已备案", by=clerk, on=PROPOSED)
    assert draft.items.get(unit=units[1].unit).cautions == ["no_document", "few_seasons"], "told before it goes up"
    moved(season, draft, "propose", "county-clerk", PROPOSED)
    held = dict(draft.items.values_list("unit__number", "cautions"))
    assert held == {
        units[0].unit.number: ["no_document"],
        units[1].unit.number: ["no_document", "few_seasons"],
    }
    told = LedgerEntry.objects.get(deed="farmland.adjustment.propose")
    assert told.sentence.endswith("；2 个单元附有提示")
    moved(season, draft, "return", "city-reviewer", REVIEWED, "补备案的效果评估报告")
    report = documents.keep(b"%PDF-1.4 report", "效果评估报告.pdf")
    documents.attach(report, facts.TRIGGER, str(event.pk), ground.HONGTONG, "效果评估报告")
    moved(season, draft, "propose", "county-clerk", REVIEWED)
    assert dict(draft.items.values_list("unit__number", "cautions")) == {
        units[0].unit.number: [],
        units[1].unit.number: ["few_seasons"],
    }


def reached(version: UnitVersion, year: int) -> None:
    """An autumn of a unit that reached the effect of safe use."""
    EffectEvaluation.objects.create(
        unit=version.unit, region_id=version.region_id, year=year, season="autumn", evaluated_on=PROPOSED,
        evaluated_by="测试所", pair_count=3, outcome="reached", overall="not_yet", recorded_at=clock.now(),
    )  # fmt: skip
