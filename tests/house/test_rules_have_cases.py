"""Every rule that the farmland chapter works by has its case: rows with day and clause, or a test by name."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path

import pytest

from jingtu.config.instance import CHECKOUT

LIST = CHECKOUT / "tests" / "rules_of_farmland.csv"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


RULES = read(LIST)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule['section']} {rule['rule']}")
def test_a_rule_has_its_case(rule: dict[str, str]) -> None:
    path = CHECKOUT / rule["cases"]
    if path.suffix == ".py":
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert rule["where"] in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        return
    column, _, value = rule["where"].partition("=")
    rows = [row for row in read(path) if not column or row[column] == value]
    assert rows, f"no row of {path.name} has {rule['where']}"
    assert all(row["case"] and row["on"] and "clause" in row for row in rows)
    assert any(row["clause"] for row in rows)


def test_every_table_of_cases_of_the_chapter_is_on_the_list() -> None:
    named = {rule["cases"].rpartition("/")[2] for rule in RULES}
    others = {"construction.csv", "effect.csv", "land_uses.csv", "sampling.csv"}  # construction land
    held = {path.name for path in (CHECKOUT / "tests").glob("*/cases/*.csv")}
    assert held - others <= named


def test_no_section_with_rules_is_left_out(shared: Path) -> None:
    text = (shared / "knowledge" / "farmland.md").read_text(encoding="utf-8")
    sections = set(re.findall(r"^#{2,3} (\d(?:\.\d)?)\.? ", text, re.MULTILINE))
    parents = {section for section in sections if any(other.startswith(f"{section}.") for other in sections)}
    without_rules = {"1.6", "3.4", "6.1", "6.4", "6.5", "6.6", "8"}  # methods, forms, networks, divisions
    assert sections - parents - without_rules <= {rule["section"] for rule in RULES}
