"""Every limit of GB 15618, on it, above it and in other units; every pH edge; every land use."""

from __future__ import annotations

import ast
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assess.test_unit_class import rows

import jingtu.assess
from jingtu import law
from jingtu.assess import farmland
from jingtu.assess.farmland import Samples, assess
from jingtu.assess.levels import exact_floats, look_up
from jingtu.assess.limits import farmland_limits
from jingtu.plain.reported import NOT_MEASURED, Reported, parse_reported
from jingtu.plain.units import convert

DAY = date(2021, 9, 15)
VIEW = law.at(DAY)
LIMITS = farmland_limits(DAY)
TINY = Decimal("1E-20")
EIGHT = law.analytes().element_set("eight")
BANDS = {"ph1": ("3", "5.5"), "ph2": ("5.50000000000000000001", "6.5"), "ph3": ("6.6", "7.5"), "ph4": ("7.51", "9")}


def number(value: Decimal) -> Reported:
    return Reported(value, None, "")


def level_of(analyte: str, value: Reported, ph: str, use: str) -> int:
    samples = Samples(["x"], [Decimal(ph)], [use], {analyte: [value]})
    found = assess(samples, DAY, "eight")
    return int(found.level[0, found.elements.index(analyte)])


def screening_cases() -> list[tuple[str, str, str, Decimal]]:
    """Analyte, land use, band and screening value, read from the printed tables without the code under test."""
    cases = []
    for row in VIEW.table("gb15618_landuse_map"):
        analyte, column = row.text("analyte"), row.text("land_column")
        table = VIEW.table("gb15618_rotation" if column == "rotation" else "gb15618_screening")
        found = list(table.where(analyte=analyte, land_column=column))
        assert len(found) == len(BANDS)
        cases += [(analyte, row.text("land_use"), r.row_id[-3:], r.required_number("value_mg_kg")) for r in found]
    return cases


CASES = screening_cases()


@pytest.mark.parametrize("case", rows("levels.csv"), ids=lambda case: case["case"])
def test_a_level(case: dict[str, str]) -> None:
    ph = [Decimal(case["ph"]) if case["ph"] else None]
    samples = Samples(["x"], ph, [case["land_use"]], {case["analyte"]: [parse_reported(case["result"])]})
    whole = assess(samples, date.fromisoformat(case["on"]), case["elements"])
    at = whole.elements.index(case["analyte"])
    assert (int(whole.level[0, at]), farmland.REASONS[whole.reason[0, at]]) == (int(case["level"]), case["reason"])
    found = next(each for each in farmland.findings(whole) if each.part("analyte") == case["analyte"])
    assert case["clause"] in (found.clause, found.rule_clause)
    assert farmland.replay(found) == found


def test_the_tables_were_read_whole() -> None:
    assert len(CASES) == 8 * len(law.codes("land_use")) * 4
    assert len(VIEW.table("gb15618_control")) == 20


@pytest.mark.parametrize("side", [0, 1], ids=["lower", "upper"])
def test_each_screening_value_is_not_exceeded_by_itself_and_is_by_a_trifle_more(side: int) -> None:
    for analyte, use, band, limit in CASES:
        ph = BANDS[band][side]
        assert level_of(analyte, number(limit), ph, use) == 1, (analyte, use, band)
        assert level_of(analyte, number(limit + TINY), ph, use) == 2, (analyte, use, band)
        assert level_of(analyte, number(limit - TINY), ph, use) == 1, (analyte, use, band)


@pytest.mark.parametrize("unit", ["ug/kg", "ng/g", "g/kg", "%"])
def test_each_limit_written_in_another_unit_does_not_exceed_itself(unit: str) -> None:
    for analyte, use, band, limit in CASES:
        written = convert(limit, "mg/kg", unit)
        back = convert(Decimal(str(written)), unit, "mg/kg")
        assert level_of(analyte, number(back), BANDS[band][1], use) == 1
    for row in VIEW.table("gb15618_control"):
        written = convert(row.required_number("value_mg_kg"), "mg/kg", unit)
        back = convert(Decimal(str(written)), unit, "mg/kg")
        assert level_of(row.text("analyte"), number(back), BANDS[row.row_id[-3:]][1], "paddy") == 2


def test_each_control_value_is_exceeded_only_by_more() -> None:
    for row in VIEW.table("gb15618_control"):
        analyte, limit, ph = row.text("analyte"), row.required_number("value_mg_kg"), BANDS[row.row_id[-3:]][0]
        for entry in law.codes("land_use"):
            assert level_of(analyte, number(limit), ph, entry.code) == 2
            assert level_of(analyte, number(limit + TINY), ph, entry.code) == 3


def test_copper_nickel_and_zinc_never_pass_the_second_level() -> None:
    for analyte in ("Cu", "Ni", "Zn"):
        assert level_of(analyte, number(Decimal(10) ** 9), "7.8", "other") == 2


def test_rotation_takes_the_stricter_of_paddy_and_other() -> None:
    table = VIEW.table("gb15618_screening")
    for analyte in ("Cd", "Hg", "As", "Pb", "Cr"):
        for band, (ph, _) in BANDS.items():
            values = [
                next(r for r in table.where(analyte=analyte, land_column=column) if r.row_id.endswith(band))
                for column in ("paddy", "other")
            ]
            strict = min(row.required_number("value_mg_kg") for row in values)
            assert level_of(analyte, number(strict), ph, "paddy_upland_rotation") == 1
            assert level_of(analyte, number(strict + TINY), ph, "paddy_upland_rotation") == 2


def test_ph_at_an_edge_belongs_to_the_band_below() -> None:
    arsenic = number(Decimal(25))
    assert level_of("As", arsenic, "7.5", "paddy") == 1
    assert level_of("As", arsenic, "7.50000000000000000001", "paddy") == 2


@pytest.mark.parametrize(
    ("item", "level", "reason"),
    [
        (Reported(None, Decimal("0.6"), "ND"), 1, ""),
        (Reported(None, Decimal("0.60001"), "ND"), 0, "limit.above_screening"),
        (Reported(None, None, "ND"), 0, "limit.unknown"),
        (NOT_MEASURED, 0, "value.not_measured"),
    ],
)
def test_non_detects_are_judged_by_their_limit(item: Reported, level: int, reason: str) -> None:
    found = assess(Samples(["x"], [Decimal("7.8")], ["dryland"], {"Cd": [item]}), DAY)
    assert found.level[0, 0] == level
    assert farmland.REASONS[found.reason[0, 0]] == reason


def test_without_ph_or_land_use_there_is_no_class() -> None:
    cadmium = [number(Decimal(9))] * 2
    found = assess(Samples(["a", "b"], [None, Decimal(7)], ["dryland", ""], {"Cd": cadmium}), DAY)
    assert found.sample_class.tolist() == [0, 0]
    assert [farmland.why_no_class(found, place) for place in (0, 1)] == ["ph.missing", "land_use.missing"]


def test_a_day_before_the_standard_names_what_came_later() -> None:
    with pytest.raises(law.LawNotInForce, match="2018-08-01"):
        assess(Samples([], [], [], {}), date(2018, 7, 31))


def test_no_samples_give_no_conclusions() -> None:
    assert list(farmland.findings(assess(Samples([], [], [], {}), DAY))) == []


contents = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(5000), places=3)
sample = st.tuples(
    st.decimals(min_value=Decimal(3), max_value=Decimal(10), places=2),
    st.sampled_from(law.codes("land_use").codes),
    st.fixed_dictionaries(dict.fromkeys(EIGHT, contents)),
)


def classes(rows: list[tuple[Decimal, str, dict[str, Decimal]]], elements: str) -> list[int]:
    samples = Samples(
        [str(place) for place in range(len(rows))],
        [ph for ph, _, _ in rows],
        [use for _, use, _ in rows],
        {analyte: [number(row[2][analyte]) for row in rows] for analyte in EIGHT},
    )
    return [int(found) for found in assess(samples, DAY, elements).sample_class]


@settings(max_examples=150, deadline=None)
@given(sample, st.sampled_from(EIGHT), contents, st.sampled_from(["five", "eight"]))
def test_more_of_a_pollutant_never_gives_a_better_class(
    row: tuple[Decimal, str, dict[str, Decimal]], analyte: str, more: Decimal, elements: str
) -> None:
    ph, use, values = row
    worse = (ph, use, {**values, analyte: values[analyte] + more})
    before, after = classes([row, worse], elements)
    assert after >= before


@settings(max_examples=60, deadline=None)
@given(st.lists(sample, min_size=1, max_size=12), st.randoms())
def test_the_order_of_samples_does_not_matter(
    rows: list[tuple[Decimal, str, dict[str, Decimal]]], dice: object
) -> None:
    order = list(range(len(rows)))
    dice.shuffle(order)  # type: ignore[attr-defined]
    whole = classes(rows, "eight")
    assert classes([rows[place] for place in order], "eight") == [whole[place] for place in order]


@settings(max_examples=100, deadline=None)
@given(sample, st.sampled_from(["ug/kg", "ng/g", "g/kg", "%"]))
def test_the_unit_does_not_matter(row: tuple[Decimal, str, dict[str, Decimal]], unit: str) -> None:
    ph, use, values = row
    there = {code: convert(convert(value, "mg/kg", unit), unit, "mg/kg") for code, value in values.items()}
    first, second = classes([row, (ph, use, there)], "eight")
    assert first == second


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(sample, st.sampled_from(EIGHT)), min_size=1, max_size=30))
def test_the_blocked_look_up_agrees_with_reading_the_tables(
    rows: list[tuple[tuple[Decimal, str, dict[str, Decimal]], str]],
) -> None:
    analytes = [analyte for _, analyte in rows]
    values = [row[2][analyte] for row, analyte in rows]
    found = look_up(
        LIMITS,
        LIMITS.analyte_numbers(analytes),
        LIMITS.land_use_numbers([row[1] for row, _ in rows]),
        exact_floats([row[0] for row, _ in rows], LIMITS.edges_exact),
        np.array([float(value) for value in values]),
        threads=2,
    )
    for place, (row, analyte) in enumerate(rows):
        level, row_id = by_reading(analyte, row[1], row[0], values[place])
        assert found.level[place] == level
        assert LIMITS.rows[found.row[place]].row_id == row_id


def by_reading(analyte: str, use: str, ph: Decimal, value: Decimal) -> tuple[int, str]:
    """The level an officer would find with a finger on the printed tables."""
    column = VIEW.table("gb15618_landuse_map").one(analyte=analyte, land_use=use).text("land_column")
    table = VIEW.table("gb15618_rotation" if column == "rotation" else "gb15618_screening")
    screening = next(r for r in table.where(analyte=analyte, land_column=column) if table.interval(r).contains(ph))
    controls = VIEW.table("gb15618_control")
    control = next((r for r in controls.where(analyte=analyte) if controls.interval(r).contains(ph)), None)
    if control is not None and value > control.required_number("value_mg_kg"):
        return 3, control.row_id
    return (2 if value > screening.required_number("value_mg_kg") else 1), screening.row_id


def test_the_limits_are_nowhere_in_the_code() -> None:
    for path in Path(jingtu.assess.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
                assert node.value in (0, 1), f"{path.name}:{node.lineno}"
