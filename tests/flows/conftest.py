"""The demonstration in the test database, and a visitor of the served one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings
from playwright.sync_api import Page

from jingtu.demonstration import play
from tests.browser import Served
from tests.flows.visitor import Visitor


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


@pytest.fixture
def visitor(page: Page, served: Served, tmp_path: Path) -> Visitor:
    """Somebody before the served demonstration, not signed in yet."""
    return Visitor(page, served, tmp_path)
