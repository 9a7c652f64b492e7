"""Row-level security: what a session may not see is not there, whatever the query forgets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import TestCase
from django.utils import timezone

from jingtu.chapters.monitoring import actions as monitoring
from jingtu.chapters.monitoring.models import FieldRecord
from jingtu.evidence import actions as evidence
from jingtu.evidence.models import Batch, QualityCheck, Result, Sample
from jingtu.registers import ledger, rowsecurity
from jingtu.registers.declare import all_registers
from jingtu.registers.ledger import deed
from jingtu.registers.models import Dossier, DossierIssue, FindingRecord, LedgerEntry, Move, Standing
from jingtu.registers.reach import Reach
from tests.flows import world as worlds

SAMPLED, HANDED, REPORTED = date(2021, 8, 10), date(2021, 8, 12), date(2021, 8, 25)
APPEND = {
    "ledger": """
        INSERT INTO registers_ledgerentry (stream, seq, algorithm, previous, hash, body, deed, register, subject_id,
                                           region_code, organisation_id, sentence, "on", recorded_at)
        VALUES ('t', 0, 'sha256-1', '', '', '{}', 't.t', %(register)s, '1', %(region)s, %(organisation)s, '', %(now)s,
                %(now)s)""",
    "move": """
        INSERT INTO registers_move (register, subject_id, region_code, organisation_id, arrow, from_state, to_state,
                                    "on", recorded_at, reason, is_late)
        VALUES (%(register)s, 1, %(region)s, %(organisation)s, 'withdraw', '', 'withdrawn', %(now)s, %(now)s, '',
                false)""",
}
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

    def standing(self, who: str | None) -> set[tuple[str, int]]:
        with rowsecurity.entering(self.world.people[who] if who else None):
            return set(Standing.objects.values_list("register", "subject_id"))

    def test_the_states_of_records_are_told_within_reach(self) -> None:
        whole = set(Standing.objects.values_list("register", "subject_id"))
        told = {each.name for each in all_registers() if each.reach.shared}
        assert {"registers.dossier", "evidence.handover", "evidence.batch"} <= {register for register, _pk in whole}
        beyond = {(register, pk) for register, pk in whole if register in told}
        assert beyond, "the campaign is everybody's"
        own = set(Move.objects.filter(region_code__startswith="1401").values_list("register", "subject_id"))
        assert self.standing("province") == whole
        assert self.standing("taiyuan") == own | beyond
        assert self.standing("datong") == beyond
        assert {register for register, _pk in self.standing("laboratory")} == {
            "registers.dossier", "evidence.handover", "evidence.batch",
        }  # fmt: skip
        assert self.standing("stranger") == self.standing(None) == set()

    def append(self, who: str | Reach | None, table: str, region: str, organisation: int | None) -> None:
        """Append to a book by bare SQL, in a session that sees what somebody sees."""
        said = {"register": "registers.dossier", "region": region, "organisation": organisation, "now": timezone.now()}
        reach = self.world.people[who] if isinstance(who, str) else who
        with rowsecurity.entering(reach), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(APPEND[table], said)

    def test_bare_sql_cannot_append_to_the_ledger_out_of_reach(self) -> None:
        people = self.world.people
        own, other = people["taiyuan"].organisation_id, people["datong"].organisation_id
        laboratory, audit = people["laboratory"].organisation_id, replace(people["taiyuan"], role="audit")
        for who, region, organisation in (
            ("taiyuan", "140200", own), ("taiyuan", "140000", own), ("taiyuan", "140105", other),
            ("taiyuan", "140105", laboratory), ("taiyuan", "140105", None), ("laboratory", "140105", own),
            ("laboratory", "150100", laboratory), (audit, "140200", own), (None, "140105", None), (None, "140105", own),
        ):  # fmt: skip
            with pytest.raises(DatabaseError, match="row-level security"):
                self.append(who, "ledger", region, organisation)
        for who, region, organisation in (
            ("taiyuan", "140100", own), ("taiyuan", "140105", own), ("laboratory", "140105", laboratory),
            ("province", "140105", people["province"].organisation_id), (audit, "140100", own),
            (Reach.system(), "140200", None),
        ):  # fmt: skip
            self.append(who, "ledger", region, organisation)
        assert ledger.verify()[1], "what was appended past the door is found: its columns do not follow from its body"

    def test_bare_sql_cannot_append_a_move_out_of_reach(self) -> None:
        people = self.world.people
        own, laboratory = people["taiyuan"].organisation_id, people["laboratory"].organisation_id
        audit = replace(people["taiyuan"], role="audit")
        for who, region, organisation in (
            ("taiyuan", "140200", own), ("taiyuan", "140000", None), ("laboratory", "140105", own),
            ("stranger", "140105", laboratory), (audit, "140105", own), (None, "140105", None),
        ):  # fmt: skip
            with pytest.raises(DatabaseError, match="row-level security"):
                self.append(who, "move", region, organisation)
        for who, region, organisation in (
            ("taiyuan", "140105", laboratory), ("laboratory", "140105", laboratory), ("province", "140105", None),
            (Reach.system(), "140200", None),
        ):  # fmt: skip
            self.append(who, "move", region, organisation)

    def test_what_follows_of_itself_is_done_in_an_officers_session(self) -> None:
        laboratory, taiyuan = self.world.people["laboratory"], self.world.people["taiyuan"]
        samples = list(Sample.objects.filter(results__isnull=False).distinct())
        rows = [row | {"method": "更正方法"} for row in self.world.result_rows(samples, "BG-1", REPORTED)]
        with worlds.at(REPORTED):
            with rowsecurity.entering(laboratory):
                dossier = self.world.submit("laboratory", "evidence.result", rows, REPORTED, "140100")
            with rowsecurity.entering(taiyuan):
                self.world.accept(dossier, "taiyuan", REPORTED)
        assert list(Batch.objects.order_by("pk").values_list("state", flat=True)) == ["superseded", "accepted"]
        assert LedgerEntry.objects.get(deed="evidence.batch.supersede").organisation_id is None

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
