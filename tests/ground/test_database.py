"""The database the tests and the product stand on."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

pytestmark = pytest.mark.django_db


def ask(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def test_tests_run_as_the_app_role() -> None:
    assert ask("SELECT session_user::text") == "jingtu_app"
    assert ask("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user") is False


def test_the_app_role_owns_nothing_and_makes_no_tables() -> None:
    assert ask("SELECT count(*) FROM pg_class WHERE relowner = 'jingtu_app'::regrole") == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        ask("CREATE TABLE trespass (a int)")


def test_the_app_role_may_write_rows_and_stage_imports() -> None:
    ask("CREATE TEMP TABLE staging (a int) ON COMMIT DROP")
    assert ask("SELECT has_table_privilege('django_session', 'INSERT, UPDATE, DELETE')") is True
    assert ask("SELECT has_table_privilege('django_session', 'TRUNCATE')") is False


def test_chinese_text_has_trigrams() -> None:
    assert ask("SELECT array_length(show_trgm('太原市'), 1)") == 4


def test_spatial_indexes_work_under_row_level_security() -> None:
    assert ask("SELECT bool_and(proleakproof) FROM pg_proc WHERE proname = 'geometry_overlaps'") is True


@pytest.mark.django_db(transaction=True)
def test_committed_rows_are_cleaned_up_as_owner() -> None:
    ask("INSERT INTO django_session VALUES ('k', 'd', now()) RETURNING session_key")
    assert ask("SELECT session_user::text") == "jingtu_app"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_committed_rows() -> None:
    assert ask("SELECT count(*) FROM django_session") == 0
