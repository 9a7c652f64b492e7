"""GB 36600 and the rules around it as data: whole, ordered, and as transcribed."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from jingtu import law

VIEW = law.at(date(2021, 9, 15))
TABLE = VIEW.table("gb36600")


def value(analyte: str, land_class: str, limit: str) -> Decimal:
    return TABLE.one(analyte=analyte, land_class=land_class, limit=limit).required_number("value_mg_kg")


def test_the_standard_has_45_and_40_items_with_four_values_each() -> None:
    codes = dict.fromkeys(row.text("analyte") for row in TABLE)
    assert tuple(sorted(codes)) == tuple(sorted(law.analytes("construction").element_set("gb36600")))
    basic = {row.text("analyte") for row in TABLE if row.clause == "gb36600-2018#t1"}
    assert (len(codes), len(basic), len(TABLE)) == (85, 45, 340)


def test_screening_lies_below_control_and_class_one_below_class_two() -> None:
    for code in law.analytes("construction").element_set("gb36600"):
        cells = {
            (kind, land): value(code, land, kind) for kind in ("screening", "control") for land in ("class1", "class2")
        }
        for land in ("class1", "class2"):
            # cadmium of class 1 and 1,1,1-trichloroethane are printed so
            assert cells["screening", land] <= cells["control", land], (code, land)
        for kind in ("screening", "control"):
            assert cells[kind, "class1"] <= cells[kind, "class2"], (code, kind)


@pytest.mark.parametrize(
    ("analyte", "values"),
    [
        ("As", ("20", "60", "120", "140")),
        ("Cd", ("20", "65", "47", "172")),
        ("Cr6", ("3.0", "5.7", "30", "78")),
        ("benzene", ("1", "4", "10", "40")),
        ("dioxins_teq", ("0.00001", "0.00004", "0.0001", "0.0004")),
        ("tph_c10_c40", ("826", "4500", "5000", "9000")),
    ],
)
def test_values_as_printed(analyte: str, values: tuple[str, ...]) -> None:
    cells = [("class1", "screening"), ("class2", "screening"), ("class1", "control"), ("class2", "control")]
    assert tuple(str(value(analyte, land, kind)) for land, kind in cells) == values


def test_background_counts_for_three_items_only() -> None:
    flagged = {(row.text("analyte"), row.text("land_class")) for row in TABLE if row.flag("background_rule")}
    assert flagged == {("As", "class1"), ("As", "class2"), ("Co", "class1"), ("Co", "class2"), ("V", "class1")}
    named = {row.text("analyte") for row in VIEW.table("gb36600_background")}
    assert named == {analyte for analyte, _ in flagged}


def test_no_day_before_the_standard_has_it() -> None:
    with pytest.raises(law.LawNotInForce, match="2018-08-01"):
        law.at(date(2018, 7, 31)).table("gb36600")


def test_an_area_of_12500_m2_is_in_no_row_of_the_pit_table_and_every_other_area_in_one() -> None:
    rows = VIEW.table("effect_pit_points")

    def held(area: str) -> int:
        return sum(law.Interval(r.row_id, r.number("area_from_m2"), r.flag("area_from_included"),
                                r.number("area_to_m2"), r.flag("area_to_included")).contains(Decimal(area))
                   for r in rows)  # fmt: skip

    assert held("12500") == 0
    assert [held(a) for a in ("0", "99.9", "100", "12499.99", "12500.01", "100000")] == [1] * 6


def test_limits_equal_the_transcription(shared: Path) -> None:
    with (shared / "data" / "gb36600.csv").open(encoding="utf-8-sig") as file:
        source = list(csv.DictReader(file))
    for row in source:
        for kind in ("screening", "control"):
            for land in ("1", "2"):
                found = TABLE.one(item_no=int(row["no"]), land_class=f"class{land}", limit=kind)
                assert found.required_number("value_mg_kg") == Decimal(row[f"{kind}_class{land}"])
                assert found.text("printed_zh") == row["name_zh"]
