"""The ledger: chained, for ever, and any change behind its back is found and located."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from jingtu.config.instance import CHECKOUT
from jingtu.registers import clock, ledger
from jingtu.registers.ledger import DeedRefused, deed
from jingtu.registers.models import LedgerEntry
from jingtu.registers.reach import Reach
from tests.roles import as_owner

CLERK = Reach(None, "测试", None, "1401", "140100", "ecology", None, "测试局", "clerk")


def write(number: int, stream: str = "test.register") -> None:
    for count in range(number):
        with deed("test.noted", by=CLERK, on=clock.today(), register=stream, region="140100") as doing:
            doing.sentence = f"第 {count} 条"


@pytest.mark.django_db
def test_entries_chain_within_their_stream() -> None:
    write(3)
    write(2, "test.other")
    assert ledger.verify() == (5, [])
    rows = LedgerEntry.objects.filter(stream="test.register").order_by("seq")
    assert [row.seq for row in rows] == [1, 2, 3]
    assert rows[1].previous == rows[0].hash
    assert rows[2].hash == ledger.link(rows[1].hash, 3, rows[2].body)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registers_ledgerentry SET sentence = 'x'",
        "DELETE FROM registers_ledgerentry",
        "TRUNCATE registers_ledgerentry",
    ],
)
def test_the_app_role_cannot_change_what_is_written(statement: str) -> None:
    write(1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ledger.verify() == (1, [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE registers_ledgerentry SET body = replace(body, '第 1 条', '第 9 条') WHERE seq = 2", 2),
        ("UPDATE registers_ledgerentry SET sentence = '改过' WHERE seq = 2", 2),
        ("DELETE FROM registers_ledgerentry WHERE seq = 2", 3),
        ("UPDATE registers_ledgerentry SET seq = seq + 10 WHERE seq = 3", 13),
        ("UPDATE registers_ledgerentry SET recorded_at = recorded_at - interval '1 day' WHERE seq = 1", 1),
    ],
)
def test_the_owner_behind_the_back_is_found_and_located(statement: str, seq: int) -> None:
    write(3)
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE registers_ledgerentry DISABLE TRIGGER for_ever")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE registers_ledgerentry ENABLE TRIGGER for_ever")
    _count, breaks = ledger.verify()
    assert breaks
    assert breaks[0].seq == seq


@pytest.mark.django_db
def test_a_deed_that_fails_leaves_no_entry() -> None:
    with (
        pytest.raises(ValueError, match="stop"),
        deed("test.noted", by=CLERK, on=clock.today(), register="test.register", region="140100"),
    ):
        raise ValueError("stop")
    assert ledger.verify() == (0, [])


@pytest.mark.django_db
def test_no_deed_in_the_future_and_none_out_of_reach() -> None:
    with pytest.raises(DeedRefused, match="晚于今天"):
        with deed("test.noted", by=CLERK, on=clock.today() + timedelta(days=1), register="t", region="140100"):
            pass
    with pytest.raises(DeedRefused, match="管辖范围"):
        with deed("test.noted", by=CLERK, on=clock.today(), register="t", region="140200"):
            pass


@pytest.mark.django_db
def test_a_late_record_needs_reason_and_document() -> None:
    with pytest.raises(DeedRefused, match="补录"):
        with deed("test.noted", by=CLERK, on=date(2021, 1, 4), register="t", region="140100", reason="忘记"):
            pass


@pytest.mark.django_db(transaction=True)
def test_a_separate_program_holds_an_export_to_an_earlier_head(tmp_path: Path) -> None:
    write(3)
    heads = tmp_path / "heads.json"
    heads.write_text(json.dumps(ledger.heads(), default=str), encoding="utf-8")
    write(2)
    assert check(tmp_path, heads).returncode == 0
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE registers_ledgerentry DISABLE TRIGGER for_ever")
        cursor.execute("DELETE FROM registers_ledgerentry WHERE seq >= 3")
        cursor.execute("ALTER TABLE registers_ledgerentry ENABLE TRIGGER for_ever")
    assert ledger.verify() == (2, []), "a chain cut at its end holds in itself"
    outcome = check(tmp_path, heads)
    assert outcome.returncode == 1
    assert "test.register 3" in outcome.stdout


def check(folder: Path, heads: Path) -> subprocess.CompletedProcess[str]:
    export = folder / "ledger.jsonl"
    lines = [json.dumps(entry, ensure_ascii=False) for entry in ledger.entries()]
    export.write_text("\n".join(lines), encoding="utf-8")
    program = [sys.executable, str(CHECKOUT / "tools" / "verify_ledger.py"), str(export), str(heads)]
    return subprocess.run(program, capture_output=True, text=True, check=False)
