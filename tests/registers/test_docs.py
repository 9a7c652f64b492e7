"""The generated pages are those of the declarations as they stand."""

from __future__ import annotations

import pytest

from jingtu.config.instance import CHECKOUT
from jingtu.registers import declare
from jingtu.registers.management.commands.write_docs import pages


@pytest.fixture(autouse=True)
def only_the_product(monkeypatch: pytest.MonkeyPatch) -> None:
    """The registers that the contract kit declares for itself are in no page."""
    for book in ("_registers", "_sheets"):
        own = {name: each for name, each in getattr(declare, book).items() if not name.startswith("sample.")}
        monkeypatch.setattr(declare, book, own)


def test_generated_pages_are_current() -> None:
    docs = CHECKOUT / "docs"
    stale = [name for name, text in pages() if not (docs / name).exists() or (docs / name).read_text("utf-8") != text]
    assert not stale, f"These pages no longer follow from the declarations; run `make docs`: {stale}"
