"""Whole columns into a table: every sign arrives as it was, nothing arrives as zero or blank that was not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from jingtu.registers import copying

TEXTS = [
    "",
    "plain",
    "tab\there",
    "line\nbreak",
    "back\\slash",
    "\\N",
    "\\.",
    "汉字“引号”",
    'say "so"',
    "carriage\rreturn",
]


@pytest.fixture
def table(db: None) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE copied (id serial, word text, number numeric, day date, whole int, facts jsonb,"
            " fixed text, at timestamptz) ON COMMIT DROP"
        )
    return "copied"


def stored(column: str) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM copied ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_every_sign_arrives(table: str) -> None:
    at = datetime(2021, 9, 10, 9, tzinfo=UTC)
    size = len(TEXTS)
    columns = {
        "word": TEXTS,
        "number": [None, *[Decimal("0.10")] * (size - 1)],
        "day": [date(2021, 9, 10)] * size,
        "whole": list(range(size)),
        "facts": [{"says": text} for text in TEXTS],
    }
    assert copying.insert(table, columns, {"fixed": "100% 'sure'", "at": at}) == size
    assert stored("word") == TEXTS
    assert stored("number") == columns["number"]
    assert stored("day") == columns["day"]
    assert stored("whole") == columns["whole"]
    assert stored("facts->>'says'") == TEXTS
    assert set(stored("fixed")) == {"100% 'sure'"}
    assert set(stored("at")) == {at}


def test_columns_of_unequal_length_are_refused(table: str) -> None:
    with pytest.raises(ValueError, match="equally long"):
        copying.insert(table, {"word": ["a", "b"], "whole": [1]})
    assert stored("word") == []


def test_no_rows_are_no_rows(table: str) -> None:
    assert copying.insert(table, {"word": [], "whole": []}, {"fixed": "x"}) == 0
    assert stored("word") == []
