"""Rules of units and pairs that need no records: every rule a case."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from jingtu import law
from jingtu.chapters.farmland.checking.pairs import PAIRS
from jingtu.chapters.farmland.checking.units import UNITS, unit_rows
from jingtu.chapters.farmland.facts import classes
from jingtu.chapters.farmland.models import Unit, UnitVersion
from tests.farmland import ground
from tests.farmland import test_units_import as sheet
from tests.farmland.season import clean_row

CASES = Path(__file__).parent / "cases"


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def asked_about(crop: str, bottom: str, on: date) -> list[tuple[str, str]]:
    """What the file half says of a pair whose soil was taken to a depth: codes with their clauses."""
    told = clean_row("XT-1", crop=crop, depth_bottom_cm=bottom)
    text = "\n".join(",".join(line) for line in (told.keys(), told.values()))
    reading = PAIRS.read_and_check(text.encode(), "点对.csv", on)
    return [(each.code, each.clause) for each in (*reading.issues, *reading.notes)]


@pytest.mark.parametrize("case", rows("numbers.csv"), ids=lambda case: case["case"])
def test_a_number(case: dict[str, str]) -> None:
    told = sheet.layer([sheet.row(ground.square(0, 0), case["written"], 类别="")])
    (row,) = unit_rows(UNITS.read_and_check(told, "单元.gpkg", date.fromisoformat(case["on"])))
    assert (row["number"], row["land_class"]) == (case["number"], case["land_class"])
    if case["number"]:
        assert UnitVersion(unit=Unit(number=case["number"]), land_class=case["land_class"]).code == case["printed"]
    assert law.cite(case["clause"])


@pytest.mark.parametrize("case", rows("balance.csv"), ids=lambda case: case["case"])
def test_areas_before_and_after(case: dict[str, str]) -> None:
    before, after = (
        {own: Decimal(area) for own, area in (part.split("=") for part in case[name].split(";"))}
        for name in ("before", "after")
    )
    said = classes.imbalance(before, after, date.fromisoformat(case["on"]))
    assert (said is None) == (case["balances"] == "yes")
    assert said is None or law.cite(case["clause"]) in said


@pytest.mark.parametrize("case", rows("depths.csv"), ids=lambda case: case["case"])
def test_a_depth(case: dict[str, str]) -> None:
    said = asked_about(case["crop"], case["bottom"], date.fromisoformat(case["on"]))
    assert said == ([("farmland.pair.depth_unusual", case["clause"])] if case["asked"] == "yes" else [])
