"""No number of the farmland rules stands idle: change it in the table, and a case of the rules notices."""

from __future__ import annotations

import csv
import gc
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import _lru_cache_wrapper
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from jingtu import law
from jingtu.assess.unit_rules import class_rules
from jingtu.chapters.farmland.actions import lineage
from jingtu.chapters.farmland.checking.ground import area_m2, mu
from jingtu.chapters.farmland.checking.units import UNITS
from jingtu.law import source
from jingtu.registers.ledger import DeedRefused
from tests.assess import test_safe_use as use
from tests.assess import test_unit_class as units
from tests.assess import test_unit_places as places
from tests.assess.test_unit_class import DAY, rows
from tests.farmland import ground
from tests.farmland import test_units_import as sheet
from tests.farmland.test_rules_of_units import asked_about

TABLE = "farmland_numbers.csv"
CASES: dict[str, Callable[[dict[str, str]], None]] = {
    "unit_class.csv": units.test_a_unit,
    "same_place.csv": places.test_how_a_place_counts,
    "season.csv": use.test_a_season,
    "overall.csv": use.test_seasons_one_after_another,
    "counting.csv": use.test_counting_a_field,
    "cautions.csv": use.test_what_is_held_against_a_measure,
    "pairs.csv": use.test_two_halves_of_a_pair,
}


def forget() -> None:
    """Let everything that was read from the tables be read again."""
    for held in gc.get_objects():
        if isinstance(held, _lru_cache_wrapper) and held.__module__.startswith(("jingtu.law", "jingtu.assess")):
            held.cache_clear()


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, Decimal], None]]:
    """A number of the table with another value, for this test alone."""
    as_printed = source.read_text

    def change(rule: str, value: Decimal) -> None:
        held = list(csv.DictReader(io.StringIO(as_printed(TABLE))))
        out = io.StringIO()
        writer = csv.DictWriter(out, held[0])
        writer.writeheader()
        writer.writerows({**row, "value": f"{value:f}" if row["rule"] == rule else row["value"]} for row in held)
        monkeypatch.setattr(source, "read_text", lambda name: out.getvalue() if name == TABLE else as_printed(name))
        forget()

    yield change
    monkeypatch.undo()
    forget()


def notices(case: dict[str, str], check: Callable[[dict[str, str]], None]) -> bool:
    """Whether a case fails now."""
    try:
        check(case)
    except AssertionError:
        return True
    return False


# --- numbers that a sheet, a deed or a setting is held to: what is said of a thing between two values ----------------


def of_units(*rows: dict[str, Any]) -> list[tuple[str, str]]:
    """What the file half says of a layer of units."""
    reading = UNITS.read_and_check(sheet.layer_of(list(rows)), "单元.gpkg", DAY)
    return [(each.code, each.severity) for each in (*reading.issues, *reading.notes)]


def stated(times: float) -> dict[str, Any]:
    """A unit that states so many times the area it is drawn with."""
    shape = ground.square(0, 0)
    return sheet.row(shape, 登记面积=f"{mu(area_m2(shape)) * times:.2f}")


def over_the_line() -> BaseGeometry:
    """A small surface of which some tenths lie over the line of its county."""
    outline = shapely.geometry.shape(law.boundaries()[ground.HONGTONG])
    for point in outline.exterior.coords if outline.geom_type == "Polygon" else outline.geoms[0].exterior.coords:
        box = shapely.box(point[0] - 0.002, point[1] - 0.002, point[0] + 0.002, point[1] + 0.002)
        if 0.2 < box.difference(outline).area / box.area < 0.8:
            return box
    raise AssertionError("no corner of the line cuts a small box in parts")


def conserved() -> str:
    """Whether ground that grew by two in a hundred is taken."""
    try:
        lineage._require_conserved(100, 102, DAY)
    except DeedRefused:
        return "refused"
    return "taken"


SAID: dict[str, tuple[Callable[[], object], str]] = {
    "class.same_place": (lambda: class_rules(DAY).same_place, "3"),
    "pair.depth_cm": (lambda: asked_about("小麦", "20", DAY), "30"),
    "pair.depth_trees_cm": (lambda: asked_about("苹果", "60", DAY), "50"),
    "unit.area_tolerance_pct": (conserved, "5"),
    "unit.stated_area_tolerance_pct": (lambda: of_units(stated(1.1)), "20"),
    "unit.stated_area_refused_pct": (lambda: of_units(stated(1.8)), "90"),
    "unit.overlap_pct": (lambda: of_units(sheet.row(ground.square(0, 0)), sheet.row(ground.square(0.9, 0))), "20"),
    "unit.outside_pct": (lambda: of_units(sheet.row(over_the_line())), "90"),
}


@pytest.mark.parametrize("rule", SAID)
def test_a_changed_number_says_otherwise(rule: str, changed: Callable[[str, Decimal], None]) -> None:
    say, other = SAID[rule]
    before = say()
    changed(rule, Decimal(other))
    assert say() != before


# --- numbers that the cases must hold -------------------------------------------------------------------------------


def numbers() -> list[Any]:
    """The numbers that the cases must hold."""
    return [row for row in law.at(DAY).table("farmland_numbers") if row["rule"] not in SAID]


def test_cases_hold_as_the_table_is() -> None:
    assert not [case["case"] for name, check in CASES.items() for case in rows(name) if notices(case, check)]


@pytest.mark.parametrize("row", numbers(), ids=lambda row: row["rule"])
def test_a_changed_number_is_noticed(row: Any, changed: Callable[[str, Decimal], None]) -> None:
    value = row.required_number("value")
    for other in (value + 1, value - 1):
        changed(str(row["rule"]), other)
        if any(notices(case, check) for name, check in CASES.items() for case in rows(name)):
            return
    pytest.fail(f"no case notices that {row['rule']} is {value + 1} or {value - 1} instead of {value}")
