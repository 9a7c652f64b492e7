"""The demonstration plays in whole, through the real doors, and shows every stage on its day."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import override_settings

from jingtu import law
from jingtu.chapters.monitoring import actions as monitoring
from jingtu.chapters.monitoring import facts
from jingtu.chapters.monitoring.models import Campaign, FieldRecord, Point, Stage
from jingtu.demonstration import cast, faults, play, tour
from jingtu.demonstration.course import uploads
from jingtu.demonstration.workbooks import NOTICE
from jingtu.evidence import actions as evidence
from jingtu.evidence.models import Batch, Handover, QualityCheck, Result, Sample
from jingtu.land.models import Account, Organisation
from jingtu.plain.days import day_of
from jingtu.registers import archive, clock, documents, duties, intake, ledger, outbox
from jingtu.registers.models import Document, Dossier, FindingRecord, LedgerEntry, Move, Package
from jingtu.registers.reach import Reach

TODAY = settings.DEMO_TODAY
LATE, TOUR, RETURNED, SENT, REFUSED = "1409", "1402", "1406", "1410", "1411"
UPLOADED = ("1401", "1403", "1404", "1405", "1407", "1408")
LOOKING_BACK = date(2021, 9, 15)


@pytest.fixture
def undone(demonstration: None) -> Iterator[None]:
    """Let one test write, and take it back."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def stages(prefix: str) -> Counter[str]:
    return Counter(Stage.objects.filter(region_code__startswith=prefix).values_list("stage", flat=True))


def who(name: str) -> Reach:
    return cast.reach_of(Account.objects.get(username=name))


def test_the_points_are_those_of_the_plan_and_lie_in_their_counties(demonstration: None) -> None:
    assert Counter(Point.objects.values_list("network__code", flat=True)) == {"national": 112, "provincial": 19}
    assert Point.objects.filter(region__geom__covers=F("geom"), is_demonstration=True).count() == 131
    assert {code[:4] for code in Point.objects.values_list("region_id", flat=True)} == {
        city.code[:4] for city in law.regions().cities
    }


def test_the_cities_stand_at_different_stages(demonstration: None) -> None:
    for city in UPLOADED:
        assert set(stages(city)) == {"uploaded"}
    assert stages(REFUSED).keys() == {"uploaded", "reviewed"}
    assert stages(REFUSED)["reviewed"] == 1
    assert set(stages(SENT)) == {"reviewed"}
    assert stages(RETURNED) == {"handed": 3, "reviewed": 3}
    assert set(stages(TOUR)) == {"handed"}


def test_a_package_is_under_way_and_its_points_are_not_packed_again(demonstration: None) -> None:
    sent = Package.objects.filter(state="sent")
    assert {str(package.sent_on) for package in sent} == {"2021-09-29"}
    keys = {key[5:9] for package in sent for key in package.items.values_list("key", flat=True)}
    assert keys == {SENT}
    ready = {stage.region_code[:4] for each in Campaign.objects.all() for stage in facts.ready_to_upload(each)}
    assert ready == {REFUSED, RETURNED}
    missing = {row.region_code[:4]: row.missing for row in asked(TODAY, TODAY) if row.duty == "T02-04"}
    assert missing[SENT] == "已上报，待回执"
    refused = [row.missing for row in asked(TODAY, TODAY) if row.region_code.startswith(REFUSED) and row.missing]
    assert refused == ["回执退回，待重新上报"]


def test_one_city_is_late_and_one_has_its_batch_back(demonstration: None) -> None:
    late = stages(LATE)
    assert late["sampled"] == 2
    assert late["planned"] == late.total() - 2 > 10
    batch = Batch.objects.get(region__code__startswith=RETURNED, state="returned")
    assert batch.quality_failed >= 1
    assert "铅" in Move.objects.get(register="evidence.batch", subject_id=batch.pk, arrow="return").reason


def asked(on: date, known_on: date) -> list[duties.Obligation]:
    """What monitoring owes; other chapters have courses of their own."""
    rows = duties.obligations(duties.Question(on, known_on, "14", limit=1000), with_evidence=False)
    return [row for row in rows if row.duty.startswith("T02")]


def test_the_board_sees_the_same(demonstration: None) -> None:
    rows = asked(TODAY, TODAY)
    assert Counter(row.duty for row in rows) == {"T02-01": 112, "T02-02": 19, "T02-03": 131, "T02-04": 131}
    done = Counter(row.duty for row in rows if row.state == duties.DONE)
    reviewed = Stage.objects.filter(reviewed_on__isnull=False).count()
    assert done["T02-03"] == done["T02-01"] + done["T02-02"] == reviewed
    assert done["T02-04"] == Stage.objects.filter(stage="uploaded").count()
    assert {row.state for row in rows} == {duties.DONE, duties.OVERDUE}
    assert {row.state for row in rows if row.region_code.startswith(LATE)} == {duties.OVERDUE}


def test_what_was_done_late_says_by_how_many_days(demonstration: None) -> None:
    late = [row for row in asked(TODAY, TODAY) if row.days_late]
    assert {(row.region_code[:4], row.days_late, row.state) for row in late} == {(RETURNED, 8, duties.DONE)}
    assert Counter(row.duty for row in late)["T02-03"] == 3
    counted = duties.counts(TODAY, TODAY, "14", 2)
    assert sum(count.done_late for count in counted) == len(late)


def test_looking_back_the_period_was_still_running(demonstration: None) -> None:
    then = asked(LOOKING_BACK, LOOKING_BACK)
    assert {row.state for row in then} == {duties.DONE, duties.SOON}
    sent = {row.key for row in then if row.duty == "T02-04" and row.state == duties.DONE}
    knowing = {row.key for row in asked(LOOKING_BACK, TODAY) if row.duty == "T02-04" and row.state == duties.DONE}
    assert sent < knowing, "what was sent by the day but answered later is known only later"


def test_what_was_known_on_an_earlier_day_was_less(demonstration: None) -> None:
    day = uploads()[0].packed_on
    with clock.as_of(day, day):
        assert Stage.objects.filter(stage="uploaded").count() == 0
        assert Stage.objects.filter(stage="reviewed").count() == 12


def test_everything_is_recorded_in_its_time_and_the_ledger_holds(demonstration: None) -> None:
    count, breaks = ledger.verify()
    assert count > 150
    assert breaks == []
    entries = list(LedgerEntry.objects.order_by("id"))
    assert [entry.recorded_at for entry in entries] == sorted(entry.recorded_at for entry in entries)
    assert all(day_of(entry.recorded_at) <= TODAY for entry in entries)
    assert not Move.objects.filter(is_late=True).exists()
    records = FieldRecord.objects.all()
    assert all((day_of(record.recorded_at) - record.taken_on).days in (0, 1) for record in records)
    assert len({record.taken_on.month for record in records}) == 3


def test_quality_control_and_findings_follow(demonstration: None) -> None:
    kinds = Counter(QualityCheck.objects.values_list("kind", flat=True))
    assert min(kinds["duplicate"], kinds["blank"], kinds["reference"]) > 30
    good = QualityCheck.objects.exclude(batch__region__code__startswith=RETURNED)
    assert not good.filter(outcome="fail").exists()
    assert FindingRecord.objects.count() > 500


def test_results_look_like_soil_of_the_province(demonstration: None) -> None:
    routine = Result.objects.filter(sample__kind="routine", sample__origin_register="monitoring.planned_point")
    units = {unit for unit, analyte in routine.values_list("unit", "analyte") if analyte != "pH"}
    assert units == {"mg/kg"}
    assert "µg/kg" in set(routine.values_list("unit_reported", flat=True))
    hidden = set(Result.objects.filter(qualifier="ND").values_list("reported", flat=True))
    assert {text[0] for text in hidden} >= {"<", "N", "未"}
    acid = [value for value in routine.filter(analyte="pH").values_list("value", flat=True) if not 7 <= value <= 9]
    assert acid == []
    assert 1 <= routine.filter(analyte="Cd", value__gt="0.6").count() <= 10


def test_the_laboratory_cannot_tell_samples_apart(demonstration: None) -> None:
    shapes = {
        tuple("9" if sign.isdigit() else "A" for sign in code[:4])
        for code in Sample.objects.values_list("code", flat=True)
    }
    assert len(shapes) == 1
    assert {"routine", "duplicate", "blank", "reference"} == set(Sample.objects.values_list("kind", flat=True))


def test_everything_invented_says_so(demonstration: None) -> None:
    assert not Organisation.objects.filter(is_demonstration=False).exists()
    assert all("演示" in name for name in Organisation.objects.values_list("name", flat=True))
    assert all("演示" in name for name in Account.objects.values_list("display_name", flat=True))
    assert all("演示" in name for name in Campaign.objects.values_list("name", flat=True))
    assert all(name.startswith("演示-") for name in Dossier.objects.values_list("filename", flat=True))
    from python_calamine import CalamineWorkbook

    for dossier in Dossier.objects.select_related("document"):
        content = documents.content(dossier.document)
        if dossier.filename.endswith(".gpkg"):
            assert "演示数据".encode() in content  # the name of its layer
            continue
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        assert book.get_sheet_by_index(0).to_python()[0][0] == NOTICE


def test_each_account_of_the_list_signs_in(demonstration: None) -> None:
    for player in cast.players():
        account = authenticate(username=player.account, password=settings.DEMO_PASSWORD)
        assert account is not None, player.account
        assert cast.reach_of(account).region_code == player.region


def test_a_second_time_changes_nothing(demonstration: None) -> None:
    before = LedgerEntry.objects.count(), Document.objects.count()
    out = io.StringIO()
    call_command("demonstration", stdout=out)
    assert "已在" in out.getvalue()
    assert (LedgerEntry.objects.count(), Document.objects.count()) == before


def test_the_faulty_file_raises_just_the_issues_of_its_list(demonstration: None) -> None:
    handovers = Handover.objects.filter(region__code__startswith=TOUR).order_by("id")
    dossier = Dossier.objects.get(filename=tour.FAULTY)
    assert dossier.state == "faulty"
    found = {(i.row, i.column, i.code, i.severity) for i in dossier.issues.all() if i.code != "note.title.row"}
    listed = {tuple(line) for line in _listed()}
    assert len(faults.faults()) >= 12
    assert len({fault.expected_code for fault in faults.faults()}) >= 12
    assert found == listed
    assert handovers.exists()


def _listed() -> list[tuple[int, str, str, str]]:
    import csv

    (document,) = (each for each in documents.titled(list(tour.TITLES.values())) if each.name == tour.LIST)
    lines = list(csv.reader(io.StringIO(documents.content(document).decode("utf-8-sig"))))[2:]
    return [(int(line[1]), line[2], line[4], line[5]) for line in lines]


def test_the_tour_goes_on_from_here(undone: None, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("demonstration", "--files", str(tmp_path), stdout=out)
    assert {path.name for path in tmp_path.iterdir()} == {tour.FAULTY, tour.CORRECTED, tour.LIST}
    content = (tmp_path / tour.CORRECTED).read_bytes()
    dossier, is_new = intake.receive(
        "evidence.result", content, tour.CORRECTED, by=who("jiance-er"), on=TODAY, region="140200"
    )
    play.settle()
    dossier.refresh_from_db()
    assert is_new
    assert dossier.state == "ready"
    accepted = intake.accept(dossier, by=who("shi-datong-jingban"), on=TODAY)
    play.settle()
    evidence.review(accepted.batch, by=who("shi-datong-shenhe"), on=TODAY)
    assert set(stages(TOUR)) == {"reviewed"}
    by = who("sheng-jingban")
    for campaign in Campaign.objects.all():
        package = outbox.send(monitoring.build_package(campaign, by=by, on=TODAY), by=by, on=TODAY)
        call_command("demonstration", "--receipt", package.number, str(tmp_path), stdout=out)
        receipt = tmp_path / f"演示-回执-{package.number}.xlsx"
        answer, _new = intake.receive(
            "monitoring.receipt", receipt.read_bytes(), receipt.name, by=by, on=TODAY, region="140000"
        )
        play.settle()
        answer.refresh_from_db()
        intake.accept(answer, by=by, on=TODAY)
    assert set(stages(TOUR)) == {"uploaded"}


def test_a_receipt_needs_a_sent_package(demonstration: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="没有已登记上报的上报包"):
        call_command("demonstration", "--receipt", "SB-none", str(tmp_path))
    assert set(Package.objects.values_list("state", flat=True)) == {"reconciled", "sent"}


@pytest.mark.django_db
def test_a_production_instance_refuses() -> None:
    with override_settings(DEMO_TODAY=None), pytest.raises(CommandError, match="正式实例"):
        call_command("demonstration")
    assert not Point.objects.exists()


def test_a_laboratory_opens_the_files_left_with_its_samples_and_no_others(demonstration: None) -> None:
    digests = [document.sha256 for document in documents.titled(list(tour.TITLES.values()))]
    assert len(digests) == 3
    assert all(archive.document(digest, who("jiance-er")) for digest in digests)
    assert not any(archive.document(digest, who("jiance-yi")) for digest in digests)
