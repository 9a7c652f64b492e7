"""The table of controls is still about these sources, and SECURITY.md names only tests and files that are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from jingtu.config.instance import CHECKOUT
from tests.security.take_controls_out import controls

DOCUMENT = CHECKOUT / "SECURITY.md"
LEVEL_TWO = (
    *("1.1.1", "1.1.2", *(f"1.2.{number}" for number in range(1, 10)), *(f"1.3.{number}" for number in range(1, 12))),
    *("1.4.1", "1.4.2", "1.4.3", "1.5.1", "1.5.2", "10.1.1", "10.1.2", "10.2.1", "10.2.2", "10.6.1", "10.6.2"),
    *(*(f"10.3.{number}" for number in range(1, 5)), *(f"10.4.{number}" for number in range(1, 12))),
    *(*(f"10.5.{number}" for number in range(1, 6)), *(f"10.7.{number}" for number in range(1, 4))),
    *("11.1.1", "11.1.2", "11.2.1", "11.2.2", "11.2.3", "11.3.1", "11.3.2", "11.3.3", "11.4.1", "11.4.2", "11.4.3"),
    *("11.4.4", "11.5.1", "11.6.1", "12.1.1", "12.1.2", "12.1.3", "12.2.1", "12.2.2"),
    *(*(f"12.3.{number}" for number in range(1, 5)), "13.1.1", *(f"13.2.{number}" for number in range(1, 6))),
    *("13.3.1", "13.3.2", *(f"13.4.{number}" for number in range(1, 6)), "14.1.1", "14.1.2"),
    *(*(f"14.2.{number}" for number in range(1, 5)), *(f"14.3.{number}" for number in range(1, 4))),
    *("15.1.1", "15.1.2", "15.1.3", "15.2.1", "15.2.2", "15.2.3", *(f"15.3.{number}" for number in range(1, 8))),
    *("2.1.1", "2.1.2", "2.1.3", "2.2.1", "2.2.2", "2.2.3", "2.3.1", "2.3.2", "2.3.3", "2.3.4", "2.4.1"),
    *("3.2.1", "3.2.2", *(f"3.3.{number}" for number in range(1, 5)), *(f"3.4.{number}" for number in range(1, 7))),
    *(*(f"3.5.{number}" for number in range(1, 6)), "3.7.1", "3.7.2", "4.1.1", "4.1.2", "4.1.3", "4.2.1", "4.3.1"),
    *("4.3.2", *(f"4.4.{number}" for number in range(1, 5)), "5.1.1", "5.2.1", "5.2.2", "5.2.3", "5.3.1", "5.3.2"),
    *("5.4.1", "5.4.2", "5.4.3", "9.1.1", "9.1.2", "9.1.3", *(f"9.2.{number}" for number in range(1, 5))),
    *("17.1.1", *(f"17.2.{number}" for number in range(1, 5)), "17.3.1", "17.3.2"),
    *("6.1.1", "6.1.2", "6.1.3", *(f"6.2.{number}" for number in range(1, 13)), "6.3.1", "6.3.2"),
    *("6.3.3", "6.3.4"),
    *("6.4.1", "6.4.2", "6.4.3", "6.4.4", *(f"6.5.{number}" for number in range(1, 6)), "6.6.1", "6.6.2", "6.6.3"),
    *("6.8.1", "6.8.2", "6.8.3", "6.8.4", "7.1.1", "7.1.2", "7.1.3", "7.2.1", "7.2.2", "7.2.3", "7.2.4"),
    *("7.3.1", "7.3.2", "7.4.1", "7.4.2", "7.4.3", "7.4.4", "7.4.5", "7.5.1", "7.5.2", "7.6.1", "7.6.2"),
    *("8.1.1", "8.1.2", "8.2.1", "8.2.2", "8.2.3", "8.3.1", "8.4.1", "16.1.1"),
    *(f"16.2.{number}" for number in range(1, 6)), *(f"16.3.{number}" for number in range(1, 5)),
    *("16.4.1", "16.4.2", "16.4.3", "16.5.1", "16.5.2", "16.5.3"),
)  # fmt: skip


@cache
def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", controls(), ids=lambda row: row["control"])
def test_each_control_stands_where_the_table_says(row: dict[str, str]) -> None:
    text = (CHECKOUT / row["file"]).read_text(encoding="utf-8")
    assert text.count(row["as_it_is"]) == 1, (
        f"The control “{row['control']}” was rewritten: bring its line in controls.csv up to date and see its test "
        "fail again with `python -m tests.security.take_controls_out`."
    )
    path, _, name = row["test"].partition("::")
    assert name in names_in(CHECKOUT / path)


def rows() -> dict[str, str]:
    found = re.findall(r"^\| (\d+\.\d+\.\d+) \| (.+) \|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(found)


def test_every_requirement_of_level_two_is_answered() -> None:
    assert set(rows()) == set(LEVEL_TWO)
    hollow = [number for number, text in rows().items() if len(text.replace("|", "").strip()) < 20]
    assert hollow == []


def test_every_named_test_and_file_is_there() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|src|docs)/[\w./-]+?)(?:::(\w+))?`", text)
    assert len(named) > 40
    for path, name in named:
        assert (CHECKOUT / path).exists(), path
        if name:
            assert name in names_in(CHECKOUT / path), f"{path}::{name}"
