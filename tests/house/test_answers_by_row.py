"""The two lists of what others ask of such a system are answered row by row, with links that lead somewhere."""

from __future__ import annotations

import re
from itertools import dropwhile, takewhile

import pytest

from jingtu.config.instance import CHECKOUT

DOCS = CHECKOUT / "docs"
STANDINGS = {"达到", "做到", "部分", "以后", "不适用"}
LISTS = {
    "nfr.md": ([f"N{number:02}" for number in range(1, 29)], 2),
    "complaints.md": ([str(number) for number in range(1, 19)], 3),
}


def rows(name: str) -> list[list[str]]:
    """The cells of the first table's rows."""
    lines = dropwhile(lambda line: not line.startswith("|"), (DOCS / name).read_text(encoding="utf-8").splitlines())
    table = takewhile(lambda line: line.startswith("|"), lines)
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    return cells[2:]


@pytest.mark.parametrize("name", LISTS)
def test_each_row_is_answered_once(name: str) -> None:
    numbers, standing = LISTS[name]
    assert [row[0] for row in rows(name)] == numbers
    assert {row[standing] for row in rows(name)} <= STANDINGS
    assert all(len(row[-1]) > 15 for row in rows(name))


@pytest.mark.parametrize("name", LISTS)
def test_what_is_met_is_shown_and_every_link_leads_somewhere(name: str) -> None:
    _numbers, standing = LISTS[name]
    for row in rows(name):
        links = re.findall(r"\]\(([^)#]+)", row[-1])
        if row[standing] in ("达到", "做到", "部分"):
            assert links, f"{name} {row[0]} says it is met and shows nothing."
        for link in links:
            assert (DOCS / link).resolve().exists(), f"{name} {row[0]}: {link}"


@pytest.mark.parametrize("name", LISTS)
def test_the_lists_are_those_that_were_given(name: str) -> None:
    import csv

    given = CHECKOUT.parent / "shared" / "data" / {"nfr.md": "nfr.csv", "complaints.md": "user_complaints.csv"}[name]
    if not given.exists():
        pytest.skip("the folder of example files is not beside this checkout")
    with given.open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == len(LISTS[name][0])
