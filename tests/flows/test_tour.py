"""The tour through the doors: from a laboratory's workbook to a green duty of the plan."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import TestCase

from jingtu.chapters.monitoring import actions as monitoring
from jingtu.chapters.monitoring.models import Stage
from jingtu.evidence import actions as evidence
from jingtu.evidence.models import Batch, Result
from jingtu.registers import duties, findings, intake, ledger, outbox
from jingtu.registers.clock import as_of
from jingtu.registers.ledger import DeedRefused
from tests.flows import world as worlds

SAMPLED, HANDED, REPORTED = date(2021, 8, 10), date(2021, 8, 12), date(2021, 8, 25)
REVIEWED, SENT, RECEIPT = date(2021, 8, 27), date(2021, 9, 1), date(2021, 9, 3)


def done(duty: str, on: date, known_on: date | None = None) -> int:
    """How many obligations of a duty are done as of a day."""
    counted = duties.counts(on, known_on or on, "14", 2)
    return sum(count.number for count in counted if count.duty == duty and count.state == "done")


class Tour(TestCase):
    """One campaign, four points, from planning to receipt."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = worlds.build()
        worlds.issue(cls.world)

    def test_whole_tour_turns_the_duties_green(self) -> None:
        world, codes = self.world, ["P-1", "P-2"]
        batch = self.measure(codes)
        assert batch.quality_checked
        assert done("T02-01", REPORTED) == 0
        with worlds.at(REVIEWED):
            evidence.review(batch, by=world.people["reviewer"], on=REVIEWED)
        assert done("T02-01", REVIEWED) == 2
        assert done("T02-03", REVIEWED) == 2
        assert done("T02-04", REVIEWED) == 0
        package = self.upload(codes)
        package.refresh_from_db()
        assert package.state == "reconciled"
        assert done("T02-04", RECEIPT) == 2
        assert done("T02-04", SENT, known_on=SENT) == 0, "before the receipt nobody knew"
        assert done("T02-04", SENT, known_on=RECEIPT) == 2, "the receipt proves what was sent on that day"
        count, breaks = ledger.verify()
        assert count > 10
        assert breaks == []

    def measure(self, codes: list[str]) -> Batch:
        world, lab = self.world, self.world.people["laboratory"]
        with worlds.at(SAMPLED):
            dossier = world.submit(
                "taiyuan", "monitoring.field_record", world.field_rows(codes, SAMPLED), SAMPLED, "140100"
            )
            world.accept(dossier, "taiyuan", SAMPLED)
        with worlds.at(HANDED):
            handover = monitoring.hand_over(
                world.campaign, world.laboratory, "140100", by=world.people["taiyuan"], on=HANDED
            )
            evidence.send(handover, by=world.people["taiyuan"], on=HANDED)
            evidence.receive(handover, by=lab, on=HANDED)
        samples = [item.sample for item in handover.items.select_related("sample")]
        with worlds.at(REPORTED):
            rows = world.result_rows(samples, "BG-1", REPORTED)
            dossier = world.submit("laboratory", "evidence.result", rows, REPORTED, "140100")
            world.accept(dossier, "taiyuan", REPORTED)
        return Batch.objects.get(number="BG-1")

    def upload(self, codes: list[str]):
        world = self.world
        with worlds.at(SENT):
            package = monitoring.build_package(world.campaign, by=world.people["province"], on=SENT)
            outbox.send(package, by=world.people["province"], on=SENT)
        rows = [
            {"package_number": package.number, "receipt_number": "HZ-1", "receipt_on": RECEIPT.isoformat(),
             "point_code": code, "accepted": "接收"}
            for code in codes
        ]  # fmt: skip
        with worlds.at(RECEIPT):
            dossier = world.submit("province", "monitoring.receipt", rows, RECEIPT, "140000")
            world.accept(dossier, "province", RECEIPT)
        return package

    def test_findings_name_value_threshold_and_clause(self) -> None:
        batch = self.measure(["P-1"])
        drawn = findings.findings_of("evidence.batch", batch.pk)
        cadmium = [each for each in drawn if "镉" in each.sentence and "0.12" in each.sentence]
        assert cadmium
        assert "0.6" in cadmium[0].sentence
        assert "GB 15618" in cadmium[0].sentence

    def test_a_faulty_batch_leaves_nothing_behind(self) -> None:
        world = self.world
        self.measure(["P-1"])
        before = Result.objects.count()
        rows = world.result_rows([world.sample_of("P-1")], "BG-2", REPORTED)
        rows[1]["value"], rows[1]["unit"] = "900", "g/kg"
        rows[2]["sample_code"] = "S21-NOBODY"
        with worlds.at(REPORTED):
            dossier = world.submit("laboratory", "evidence.result", rows, REPORTED, "140100")
            codes = set(dossier.issues.values_list("code", flat=True))
            assert dossier.state == "faulty"
            assert {"evidence.value.impossible", "evidence.sample.unknown"} <= codes
            with pytest.raises(DeedRefused):
                intake.accept(dossier, by=world.people["taiyuan"], on=REPORTED)
        assert Result.objects.count() == before

    def test_a_correction_supersedes_and_history_stays_askable(self) -> None:
        world = self.world
        batch = self.measure(["P-1"])
        later = date(2021, 8, 30)
        rows = world.result_rows([world.sample_of("P-1")], "BG-1", REPORTED)
        rows[1]["value"] = "0.13"
        with worlds.at(later):
            dossier = world.submit("laboratory", "evidence.result", rows, later, "140100")
            world.accept(dossier, "taiyuan", later)
        batch.refresh_from_db()
        assert batch.state == "superseded"
        assert Batch.objects.get(supersedes=batch).state == "accepted"
        with as_of(REPORTED, REPORTED):
            assert Stage.objects.get(point__code="P-1").stage == "analysed"

    def test_the_same_file_is_received_once(self) -> None:
        world = self.world
        with worlds.at(SAMPLED):
            rows = world.field_rows(["P-1"], SAMPLED)
            first = world.submit("taiyuan", "monitoring.field_record", rows, SAMPLED, "140100")
            again = world.submit("taiyuan", "monitoring.field_record", rows, SAMPLED, "140100")
        assert first.pk == again.pk

    def test_another_laboratory_sees_and_submits_nothing(self) -> None:
        world = self.world
        self.measure(["P-1"])
        rows = world.result_rows([world.sample_of("P-1")], "BG-9", REPORTED)
        with worlds.at(REPORTED):
            dossier = world.submit("stranger", "evidence.result", rows, REPORTED, "140100")
        assert dossier.state == "faulty"
        assert dossier.issues.filter(code="evidence.laboratory.unknown").exists()

    def test_four_eyes_who_accepted_cannot_review(self) -> None:
        world = self.world
        batch = self.measure(["P-1"])
        both = world.people["reviewer"].__class__(**{**vars(world.people["taiyuan"]), "role": "reviewer"})
        with worlds.at(REVIEWED), pytest.raises(DeedRefused, match="另一人"):
            evidence.review(batch, by=both, on=REVIEWED)

    def test_late_recording_needs_reason_and_document(self) -> None:
        world = self.world
        with worlds.at(date(2021, 9, 15)), pytest.raises(DeedRefused, match="补录"):
            monitoring.close_campaign(world.campaign, by=world.people["province"], on=date(2021, 8, 1), reason="测试")

    def test_obligations_show_their_evidence(self) -> None:
        self.measure(["P-1"])
        question = duties.Question(REPORTED, REPORTED, "1401", ("T02-01",))
        found = {each.key: each for each in duties.obligations(question)}
        assert found["P-1"].missing == "待审核"
        assert [proof.register for proof in found["P-1"].evidence] == ["monitoring.field_record", "evidence.batch"]
        assert found["P-2"].missing == "待采样"
