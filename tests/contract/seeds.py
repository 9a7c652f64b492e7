"""Rows beside the demonstration, so that every declared part has data: by the doors that officers use."""

from __future__ import annotations

from datetime import timedelta

from jingtu.chapters.monitoring import actions as monitoring
from jingtu.chapters.monitoring.models import Network, Point
from jingtu.demonstration import play
from jingtu.demonstration.workbooks import Row
from jingtu.evidence import actions as evidence
from jingtu.evidence.facts import laboratories
from jingtu.evidence.models import Batch, SampleKind
from jingtu.registers import clock, edit, intake, outbox, periods
from jingtu.registers.declare import get_register
from jingtu.registers.models import Dossier
from tests.contract import seeds_farmland
from tests.contract.people import holder, reach_of
from tests.contract.sample_app import actions as sample

TAIYUAN, DATONG = "140105", "140214"
# Texts that a spreadsheet would take for formulas: an export must not let it.
WELLS: tuple[Row, ...] = tuple(
    {
        "code": f"J-{number}", "name": name, "use": use, "region_code": TAIYUAN, "lon": f"112.56{number}",
        "lat": "37.7400", "depth_m": depth, "dug_on": f"2016-12-0{number}",
    }
    for number, (name, use, depth) in enumerate(
        (("=1+1", "灌溉", "80"), ("+东井", "饮用", "12.5"), ("'西井", "饮用", "60"), ("@南井", "灌溉", "7")), 1
    )
)  # fmt: skip


def sow() -> None:
    """Everything that the demonstration leaves out."""
    a_third_network()
    wells()
    memos()
    permits()
    end_a_point()
    correct_a_batch()
    prepare_a_handover()
    drafts()
    periods_set()
    seeds_farmland.sow()
    leave_unread()


def a_third_network() -> None:
    """A network without a point or campaign yet."""
    monitoring.found_network("trial", "试点监测网", "试点单位", by=reach_of("sheng-jingban"), on=clock.today())


def periods_set() -> None:
    """Periods of duties of agriculture, one of them corrected."""
    by, today = reach_of("sheng-nongye"), clock.today()
    for duty, certainty, note in (
        ("T03-04", "verified", ""), ("T05-03", "memory_high", ""), ("T03-04", "verified", "更正抄写之误"),
    ):  # fmt: skip
        said = {"set_by": "演示设定单位", "document_number": "演示〔2021〕9号", "certainty": certainty, "note": note}
        days = {"due_on": today + timedelta(30), "from_on": today}
        periods.set_period(duty=duty, **said, **days, by=by, on=today, file=("期限.csv", b"a,b"))


def prepare_a_handover() -> None:
    """Controls wait to be sent to a laboratory."""
    by, today = reach_of("shi-taiyuan-jingban"), clock.today()
    blanks = evidence.make_controls(SampleKind.BLANK, 1, "140100", by=by, on=today)
    laboratory = laboratories(today).order_by("pk")[0]
    evidence.prepare_handover(laboratory, blanks, ["Cd"], by=by, on=today, region="140100")


def correct_a_batch() -> None:
    """A returned report comes again, corrected, under the same number."""
    old, today = Batch.objects.filter(state="returned").order_by("pk")[0], clock.today()
    laboratory = holder(role="laboratory", organisation_id=old.laboratory.organisation_id)
    dossier = play.hand_in("evidence.result", rows_of(old.dossier), "更正.xlsx", laboratory, today, old.region_id)
    play.accepted(dossier, holder(role="clerk", region_id=old.region_id), today)
    play.settle()


def rows_of(dossier: Dossier) -> list[Row]:
    """The rows of a file that was handed in, as they stood in it."""
    raw = intake.read(dossier).raw
    return [dict(zip(raw, row, strict=True)) for row in zip(*raw.values(), strict=True)]


def drafts() -> None:
    """A campaign still drafted, packages still to be sent."""
    by, today = reach_of("sheng-jingban"), clock.today()
    network = Network.objects.order_by("code")[0]
    monitoring.plan_campaign("契约测试任务", network, ["pH", "Cd"], today, by=by, on=today)
    for number in range(2):
        content = f"契约测试 {number}".encode()
        outbox.make(content, "契约.csv", [], target="契约测试平台", kind="契约测试", field_map="draft", by=by, on=today)


def leave_unread() -> None:
    """A dossier still to be checked; the last, since what follows would have the waiting work done."""
    by = reach_of("sheng-jingban")
    intake.receive("sample.well", b"x", "unread.csv", by=by, on=clock.today(), region="140000")


def wells() -> None:
    """Wells of Taiyuan, by their sheet; one is filled in later."""
    by, today = reach_of("shi-taiyuan-jingban"), clock.today()
    dossier = play.accepted(play.hand_in("sample.well", list(WELLS), "水井.xlsx", by, today), by, today)
    assert Dossier.objects.get(pk=dossier.pk).state == "accepted"
    register = get_register("sample.well")
    last = register.queryset().order_by("code").last()
    edit.edit(register, last, {"closed_on": today - timedelta(1)}, by=by, on=today, reason="已封填")


def memos() -> None:
    """Memos of two cities."""
    for number, (who, region) in enumerate(
        (("shi-taiyuan-jingban", TAIYUAN), ("shi-taiyuan-jingban", "140100"), ("shi-datong-jingban", DATONG))
    ):
        sample.write_memo(f"-便函 {number}", region, by=reach_of(who), on=clock.today())


def permits() -> None:
    """Permits of Taiyuan at four of their six states."""
    clerk, reviewer, today = reach_of("shi-taiyuan-jingban"), reach_of("shi-taiyuan-shenhe"), clock.today()
    for number, way in enumerate(((), (), ("ask",), ("ask", "check"), ("ask", "return"))):
        permit = sample.draft_permit(f"XK-{number}", f"事由 {number}", TAIYUAN, by=clerk, on=today)
        for arrow in way:
            by = clerk if arrow == "ask" else reviewer
            permit = sample.moving(arrow)(permit, by=by, on=today, reason="契约测试")


def end_a_point() -> None:
    """One point is no longer measured."""
    point = Point.objects.filter(region__code__startswith="1409").order_by("code")[0]
    register, by, today = get_register("monitoring.point"), reach_of("sheng-jingban"), clock.today()
    edit.edit(register, point, {"ended_on": today}, by=by, on=today, reason="道路占用")
