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
from tests.assess import test_safe_use as use
from tests.assess import test_unit_class as units
from tests.assess import test_unit_places as places
from tests.assess.test_unit_class import DAY, rows

from jingtu import law
from jingtu.config.instance import CHECKOUT
from jingtu.law import source

TABLE = "farmland_numbers.csv"
# What only records or a map can tell, and the setting that each case names itself.
ELSEWHERE = {
    "class.same_place": "tests/assess/test_unit_places.py",
    "pair.depth_cm": "tests/farmland/test_pairs.py",
    "unit.area_tolerance_pct": "tests/farmland/test_units_lineage.py",
    "unit.stated_area_tolerance_pct": "tests/farmland/test_units.py",
    "unit.stated_area_refused_pct": "tests/farmland/test_units_import.py",
    "unit.overlap_pct": "tests/farmland/test_units.py",
    "unit.outside_pct": "tests/farmland/test_units_import.py",
}
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
    except Exception:  # whatever a changed number breaks is noticed
        return True
    return False


def numbers() -> list[Any]:
    """The numbers that the cases must hold."""
    found = law.at(DAY).table("farmland_numbers")
    return [row for row in found if row["rule"] not in ELSEWHERE]


def test_what_is_held_elsewhere_is_on_the_table_and_the_files_are_there() -> None:
    assert set(ELSEWHERE) < set(law.at(DAY).table("farmland_numbers").column("rule"))
    assert all((CHECKOUT / path).exists() for path in ELSEWHERE.values())


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
