"""Row-level security: what a session may not see is not there, whatever the query forgets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import TestCase

from jingtu.chapters.monitoring import actions as monitoring
from jingtu.chapters.monitoring.models import FieldRecord
from jingtu.evidence import actions as evidence
from jingtu.evidence.models import Batch, QualityCheck, Result, Sample
from jingtu.registers import ledger, rowsecurity
from jingtu.registers.declare import all_registers
from jingtu.registers.ledger import deed
from jingtu.registers.models import Dossier, DossierIssue, FindingRecord, LedgerEntry, Move
from tests.flows import world as worlds

SAMPLED, HANDED, REPORTED = date(2021, 8, 10), date(2021, 8, 12), date(2021, 8, 25)
RESULTS = (Batch, Result, QualityCheck, Sample, FieldRecord, Dossier, FindingRecord)


def measured() -> worlds.World:
    """A province in which Taiyuan has sampled two points, and a laboratory has reported them."""
    world = worlds.build()
    worlds.issue(world)
    taiyuan = world.people["taiyuan"]
    with worlds.at(SAMPLED):
        rows = world.field_rows(["P-1", "P-2"], SAMPLED)
        world.accept(world.submit("taiyuan", "monitoring.field_record", rows, SAMPLED, "140100"), "taiyuan", SAMPLED)
    with worlds.at(HANDED):
        handover = monitoring.hand_over(world.campaign, world.laboratory, "140100", by=taiyuan, on=HANDED)
        evidence.send(handover, by=taiyuan, on=HANDED)
    samples = [item.sample for item in handover.items.select_related("sample")]
    with worlds.at(REPORTED):
        rows = world.result_rows(samples, "BG-1", REPORTED)
        world.accept(world.submit("laboratory", "evidence.result", rows, REPORTED, "140100"), "taiyuan", REPORTED)
    return world


class Reaches(TestCase):
    """One city has measured; the other, a stranger's laboratory and nobody look at it."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = measured()

    def seen(self, who: str | None) -> dict[str, int]:
        reach = self.world.people[who] if who else None
        with rowsecurity.entering(reach):
            return {model.__name__: model.objects.count() for model in RESULTS}

    def test_the_own_city_sees_its_results(self) -> None:
        assert all(self.seen("taiyuan").values()), self.seen("taiyuan")

    def test_another_city_sees_none_of_them(self) -> None:
        seen = self.seen("datong")
        assert seen.pop("Sample") == Sample.objects.filter(region__code__startswith="1402").count()
        assert set(seen.values()) == {0}

    def test_the_laboratory_sees_its_batch_and_not_the_officers_side(self) -> None:
        seen = self.seen("laboratory")
        assert seen["Batch"] == 1
        assert seen["Result"] == Result.objects.count()
        assert seen["FieldRecord"] == seen["QualityCheck"] == seen["FindingRecord"] == 0

    def test_another_laboratory_and_nobody_see_nothing(self) -> None:
        assert set(self.seen("stranger").values()) == {0}
        assert set(self.seen(None).values()) == {0}

    def test_the_history_of_results_is_as_close_as_the_results(self) -> None:
        event = next(iter(Batch.pgh_event_models.values()))
        assert event.objects.count() > 0
        with rowsecurity.entering(self.world.people["datong"]):
            assert event.objects.count() == 0

    def test_plain_sql_is_held_to_the_same_rows(self) -> None:
        with rowsecurity.entering(self.world.people["datong"]), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM evidence_result")
            assert cursor.fetchone()[0] == 0

    def test_a_row_cannot_be_written_out_of_reach(self) -> None:
        batch = Batch.objects.get()
        with rowsecurity.entering(self.world.people["datong"]), pytest.raises(DatabaseError), transaction.atomic():
            Dossier.objects.filter(pk=batch.dossier_id).update(filename="x")
            Sample.objects.create(code="X", kind="routine", region_id="140105", recorded_at=batch.recorded_at)

    def books(self, who: str | None) -> tuple[list[LedgerEntry], list[Move]]:
        with rowsecurity.entering(self.world.people[who] if who else None):
            return list(LedgerEntry.objects.all()), list(Move.objects.all())

    def test_the_own_city_sees_deeds_and_moves(self) -> None:
        entries, moves = self.books("taiyuan")
        assert {"evidence.batch", "evidence.handover", "registers.dossier"} <= {move.register for move in moves}
        assert any(entry.register == "evidence.handover" for entry in entries)

    def test_another_city_sees_deeds_and_moves_of_shared_registers_only(self) -> None:
        shared = {each.name for each in all_registers() if each.reach.shared}
        entries, moves = self.books("datong")
        strange = [row for row in (*entries, *moves) if not row.region_code.startswith("1402")]
        assert strange, "the campaign is everybody's"
        assert {row.register for row in strange} <= shared

    def test_a_laboratory_sees_its_own_deeds_and_how_its_records_moved(self) -> None:
        entries, moves = self.books("laboratory")
        own = self.world.people["laboratory"].organisation_id
        assert {entry.organisation_id for entry in entries} == {own}
        assert {"evidence.batch", "evidence.handover", "registers.dossier"} == {move.register for move in moves}
        by_officers = [move for move in moves if move.register == "evidence.handover" and move.arrow == "send"]
        assert by_officers, "what the office did with its handover"
        assert {move.organisation_id for move in moves} == {own}

    def test_strangers_and_nobody_see_neither_deed_nor_move(self) -> None:
        assert self.books("stranger") == ([], [])
        assert self.books(None) == ([], [])

    def test_an_audit_administrator_sees_the_ledger_of_the_region_and_nothing_else(self) -> None:
        audit = replace(self.world.people["taiyuan"], role="audit")
        with rowsecurity.entering(audit):
            assert LedgerEntry.objects.count() == LedgerEntry.objects.filter(region_code__startswith="1401").count() > 0
            assert Move.objects.count() == 0
            assert {model.__name__: model.objects.count() for model in RESULTS} == dict.fromkeys(self.seen(None), 0)
        with rowsecurity.entering(replace(audit, role="security")):
            assert LedgerEntry.objects.count() == 0

    def test_the_chain_goes_on_where_its_writer_sees_nothing_of_it(self) -> None:
        datong, stream = self.world.people["datong"], "registers.dossier"
        before, _breaks = ledger.verify()
        last = LedgerEntry.objects.filter(stream=stream).order_by("-seq")[0].seq
        with rowsecurity.entering(datong), worlds.at(REPORTED):
            with deed("registers.dossier.noted", by=datong, on=REPORTED, register=stream, region="140200"):
                pass
            assert ledger.verify() == (before + 1, []), "the verifier reads the whole ledger, whoever asks"
            heads = {head["stream"]: head["seq"] for head in ledger.heads()}
            assert heads[stream] == last + 1
            assert len(list(ledger.entries())) == before + 1

    def test_a_move_keeps_the_place_of_its_record(self) -> None:
        moves = Move.objects.filter(register="monitoring.campaign")
        assert {move.region_code for move in moves} == {"140000"}
        assert set(Move.objects.filter(register="evidence.batch").values_list("region_code", flat=True)) == {"140100"}

    def test_reach_is_put_back(self) -> None:
        before = Result.objects.count()
        with rowsecurity.entering(None):
            assert Result.objects.count() == 0
        assert Result.objects.count() == before
        assert DossierIssue.objects.count() >= 0


@pytest.mark.django_db
def test_every_secured_table_and_its_history_is_forced() -> None:
    tables = [table for table, _policy in rowsecurity.policies()]
    assert len(tables) > 10
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relrowsecurity AND relforcerowsecurity", [tables]
        )
        assert {row[0] for row in cursor.fetchall()} == set(tables)
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone()[0] is False
