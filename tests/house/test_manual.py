"""The officers' manual says what the screens say: every label it quotes is shown, every picture is there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from jingtu.config.instance import CHECKOUT
from tests.house.sources import complain, sources, templates

MANUAL = CHECKOUT / "docs" / "manual"
PAGES = sorted(MANUAL.glob("*.md"))
QUOTED = re.compile(r"「([^」]+)」")
LINK = re.compile(r"\]\(([^)#]+)\)")


@cache
def product() -> str:
    """Every word that the product may show."""
    return "\n".join(path.read_text(encoding="utf-8") for path in (*sources(), *templates()))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_quoted_label_is_on_a_screen(page: Path) -> None:
    labels = set(QUOTED.findall(page.read_text(encoding="utf-8")))
    assert labels
    missing = sorted(label for label in labels if not on_a_screen(label))
    complain(missing, f"docs/manual/{page.name} sends people to labels that no screen shows.")


def on_a_screen(label: str) -> bool:
    """Whether a label stands in the sources; 导入… is made of a word and a sheet's title."""
    whole, part = label in product(), label.removeprefix("导入")
    return whole or (part != label and part in product())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_picture_is_there(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert links
    complain([link for link in links if not (MANUAL / link).exists()], f"docs/manual/{page.name} leads nowhere.")
