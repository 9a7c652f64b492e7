"""The tables of farmland: complete, tied to their code lists and to the edition that prints them."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from jingtu import law

PLAN_DAY = date(2021, 9, 15)
NEXT_EDITION = date(2024, 9, 15)
FIVE = law.analytes().element_set("five")


def test_every_crop_has_its_food_kind_and_says_whether_it_is_eaten() -> None:
    table = law.at(PLAN_DAY).table("crops")
    assert table.column("crop") == law.codes("crop").codes
    assert set(table.column("food_kind")) == set(law.codes("food_kind").codes)
    assert all(row.flag("edible") == (row.text("food_kind") != "not_food") for row in table)


@pytest.mark.parametrize("on", [PLAN_DAY, NEXT_EDITION])
def test_every_food_kind_leads_to_a_limit_or_says_why_not(on: date) -> None:
    groups, limits = law.at(on).table("crop_groups"), law.at(on).table("gb2762_limits")
    for kind in law.codes("food_kind").codes:
        for analyte in FIVE:
            row = groups.one(food_kind=kind, analyte=analyte)
            state = row.text("limit_state")
            assert state in {"limit", "no_limit", "not_recorded"}
            assert (state == "limit") == bool(row.text("crop_group")), row.row_id
            if state == "limit":
                found = limits.one(crop_group=row.text("crop_group"), analyte=analyte)
                assert found.instrument == row.instrument
            else:
                assert row.text("note"), row.row_id


@pytest.mark.parametrize(
    ("crop", "analyte", "value"),
    [
        ("foxtail_millet", "Cd", "0.1"),
        ("foxtail_millet", "Hg", ""),
        ("naked_oat", "As", "0.5"),
        ("potato", "Cd", "0.1"),
        ("potato", "Pb", "0.2"),
        ("jujube", "Cd", "0.05"),
        ("jujube", "Cr", ""),
        ("walnut", "Pb", "0.2"),
        ("walnut", "Cd", ""),
        ("rice", "As", "0.2"),
        ("wheat", "Hg", "0.02"),
    ],
)
def test_crops_of_shanxi_that_the_table_does_not_name(crop: str, analyte: str, value: str) -> None:
    view = law.at(PLAN_DAY)
    kind = view.table("crops").one(crop=crop).text("food_kind")
    row = view.table("crop_groups").one(food_kind=kind, analyte=analyte)
    if not value:
        assert row.text("limit_state") == "no_limit"
        return
    limit = view.table("gb2762_limits").one(crop_group=row.text("crop_group"), analyte=analyte)
    assert limit.required_number("value_mg_kg") == Decimal(value)


def test_measures_are_those_of_the_list_and_belong_to_a_family_and_a_group() -> None:
    table = law.at(PLAN_DAY).table("safe_use_measures")
    assert table.column("measure") == law.codes("measure").codes
    assert set(table.column("family")) == set(law.codes("measure_family").codes)
    assert set(table.column("measure_group")) == set(law.codes("measure_group").codes)
    assert {row.text("family") for row in table if row.flag("preferred")} == {"agronomic", "substitute"}


def test_what_the_plan_leaves_to_the_state_has_no_number() -> None:
    row = law.at(PLAN_DAY).table("rate_targets").one(scope="140000", target_of="farmland", year=2021, stated="target")
    assert row.number("value") is None
    assert row.text("relation") == "assigned"
    assert row.text("note")


@pytest.mark.parametrize(
    ("ours", "theirs", "key", "wanted"),
    [
        ("farmland_class_rules", "farmland_class_rules", "rule", "rule_id"),
        ("farmland_triggers", "farmland_dynamic_adjustment", "trigger", "trigger_code"),
        ("safe_use_measures", "safe_use_measures", "measure", "code"),
    ],
)
def test_no_rule_of_the_material_is_left_out(ours: str, theirs: str, key: str, wanted: str, shared: Path) -> None:
    with (shared / "data" / f"{theirs}.csv").open(encoding="utf-8-sig", newline="") as file:
        source = {row[wanted] for row in csv.DictReader(file)}
    assert source <= set(law.at(PLAN_DAY).table(ours).column(key))
