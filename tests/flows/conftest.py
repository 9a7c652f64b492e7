"""The demonstration in the test database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from jingtu.demonstration import play


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demonstration, played once for this module and undone after it."""
    with django_db_blocker.unblock(), override_settings(TASKS_INLINE=True):
        try:
            with transaction.atomic():
                assert play.perform() is True
                yield
                transaction.set_rollback(True)
        finally:
            connection.close()
