"""The page of the tour names code that is there."""

from __future__ import annotations

import importlib
import re

import pytest

from jingtu.config.instance import CHECKOUT
from jingtu.demonstration import cast

PAGES = ("docs/tour.md", "README.md")
NAMED = re.compile(r"`(jingtu(?:\.\w+)+|jingtu):(\w+)`")
PATHS = re.compile(r"(?:\]\(|`)((?:docs|tests|src|bench)/[\w/.-]+\.\w+)")


def text(page: str) -> str:
    return (CHECKOUT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize(("module", "name"), sorted(set(NAMED.findall(text("docs/tour.md")))))
def test_each_function_named_is_there(module: str, name: str) -> None:
    assert hasattr(importlib.import_module(module), name), f"docs/tour.md names {module}:{name}, which is not there"


def test_the_tour_names_its_code() -> None:
    assert len(set(NAMED.findall(text("docs/tour.md")))) >= 40


@pytest.mark.parametrize("page", PAGES)
def test_each_file_named_is_there(page: str) -> None:
    named = set(PATHS.findall(text(page)))
    assert named
    assert [path for path in sorted(named) if not (CHECKOUT / path).is_file()] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_accounts_named_are_in_the_cast(page: str) -> None:
    named = set(re.findall(r"`((?:sheng|shi|xian|jiance)-[a-z-]+)`", text(page)))
    assert len(named) >= 4
    assert named <= {player.account for player in cast.players()}
