"""The generated pages are those of the declarations as they stand."""

from __future__ import annotations

from jingtu.config.instance import CHECKOUT
from jingtu.registers.management.commands.write_docs import pages


def test_generated_pages_are_current() -> None:
    docs = CHECKOUT / "docs"
    stale = [name for name, text in pages() if not (docs / name).exists() or (docs / name).read_text("utf-8") != text]
    assert not stale, f"These pages no longer follow from the declarations; run `make docs`: {stale}"
