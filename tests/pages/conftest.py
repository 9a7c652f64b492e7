"""A walker before the served demonstration."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import Served
from tests.pages.kinds import Walker


@pytest.fixture
def walker(page: Page, served: Served, tmp_path: Path) -> Walker:
    """Somebody who will look at every kind of page."""
    return Walker(page, served, tmp_path)
