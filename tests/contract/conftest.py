"""One province for the whole kit: the demonstration and some rows beside it; every test's writes are taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from jingtu.config.cluster import APP_ROLE, OWNER_ROLE
from jingtu.demonstration import play
from jingtu.registers import rowsecurity
from jingtu.registers.reach import Reach
from tests.contract import seeds


@pytest.fixture(scope="package")
def province(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demonstration played once for all tests of the kit, and undone after them."""
    with django_db_blocker.unblock(), override_settings(TASKS_INLINE=True), _comes_in_as_owner():
        with transaction.atomic(), rowsecurity.entering(Reach.system()):
            _set_role(APP_ROLE)
            assert play.perform() is True
            seeds.sow()
            _gather_statistics()
            yield
            transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def undone(province: None) -> Iterator[None]:
    """Let each test write, and take it back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _comes_in_as_owner() -> Iterator[None]:
    """The owner may gather statistics; for everything else the connection takes the role of the application."""
    before = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = OWNER_ROLE
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = before


def _set_role(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")


def _gather_statistics() -> None:
    """What the database gathers by itself in a running instance, it cannot gather of rows that are not committed."""
    _set_role(OWNER_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    _set_role(APP_ROLE)
