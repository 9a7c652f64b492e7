"""What a how-to tells the reader to open is there, and the lines it shows are the lines that stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jingtu.config.instance import CHECKOUT

HOWTOS = sorted((CHECKOUT / "docs" / "howto").glob("*.md"))
NAMED = re.compile(r"`((?:src|tests|docs|bench|web)/[\w./-]+)`")
DIFF = re.compile(r"^```diff\n(.*?)^```", re.DOTALL | re.MULTILINE)


def added_lines(text: str) -> dict[str, list[str]]:
    """The lines that the diffs of a page add, by file."""
    found: dict[str, list[str]] = {}
    for diff in DIFF.findall(text):
        for part in re.split(r"^diff --git .*$", diff, flags=re.MULTILINE)[1:]:
            path = re.search(r"^\+\+\+ b/(.+)$", part, re.MULTILINE)
            lines = re.findall(r"^\+(?!\+\+ )(.*)$", part, re.MULTILINE)
            if path:
                found.setdefault(path[1], []).extend(line.strip() for line in lines if line.strip())
    return found


def test_there_are_howtos() -> None:
    assert HOWTOS


@pytest.mark.parametrize("page", HOWTOS, ids=lambda page: page.stem)
def test_named_files_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {*NAMED.findall(text), *added_lines(text)}
    assert named
    assert [name for name in sorted(named) if not (CHECKOUT / name).exists()] == []


@pytest.mark.parametrize("page", HOWTOS, ids=lambda page: page.stem)
def test_shown_lines_still_stand(page: Path) -> None:
    gone = []
    for name, lines in added_lines(page.read_text(encoding="utf-8")).items():
        until = "," if name.endswith(".csv") else "\n"  # numbers of a baseline change
        standing = {line.strip().split(until)[0] for line in (CHECKOUT / name).read_text(encoding="utf-8").splitlines()}
        gone += [f"{name}: {line}" for line in lines if line.split(until)[0] not in standing]
    assert gone == [], f"{page.name} shows lines that no longer stand; take the diff anew"
