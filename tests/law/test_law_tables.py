"""The tables of the standards: complete, covering, dated, and citable row by row."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingtu import law
from jingtu.law.instruments import Standing
from jingtu.law.intervals import Interval, prove_cover
from jingtu.law.rows import read_rows
from jingtu.law.source import read_records

PLAN_DAY = date(2021, 9, 15)
VIEW = law.at(PLAN_DAY)
FIVE = law.analytes().element_set("five")
EIGHT = law.analytes().element_set("eight")
TABLES = tuple(law.table_sources())
ONE_DAY = timedelta(days=1)

COUNTS = {
    "gb15618_screening": 56,
    "gb15618_other_items": 3,
    "gb15618_control": 20,
    "gb15618_rotation": 20,
    "gb15618_landuse_map": 72,
    "gb2762_limits": 64,
    "soil_methods": 31,
    "hjt166_duplicate_rd": 5,
    "hjt166_precision_accuracy": 24,
    "index_classes": 37,
    "gb36600": 340,
    "gb36600_sums": 20,
    "gb36600_background": 123,
    "gb36600_land_uses": 53,
    "survey_points": 2,
    "effect_pit_points": 8,
    "effect_pile_cv": 5,
    "effect_pile_units": 4,
    "parcel_rules": 29,
    "soil_background": 16,
    "toxic_response": 8,
    "rate_terms": 10,
    "hj253_parameters": 130,
    "hj253_chemicals": 86,
    "hj253_chemical_properties": 885,
    "risk_rules": 8,
    "adult_lead_model": 10,
    "gb36600_adjustments": 18,
    "gb36600_derivation_reasons": 26,
    "hjt166_holding_times": 9,
    "quality_rules": 5,
    "crops": 79,
    "safe_use_measures": 23,
    "farmland_class_rules": 19,
    "farmland_triggers": 6,
    "farmland_numbers": 24,
    "crop_groups": 260,
    "rate_targets": 14,
}


def test_no_row_is_missing() -> None:
    assert {name: len(read_rows(name)) for name in TABLES} == COUNTS


@pytest.mark.parametrize("name", TABLES)
def test_every_row_can_be_walked_back_to_its_text(name: str) -> None:
    ids = [row.row_id for row in read_rows(name)]
    assert len(ids) == len(set(ids))
    for row in read_rows(name):
        assert law.instrument(row.instrument)
        clause = law.clause(row.clause)
        assert clause.text_zh and row.citation == clause.citation
        assert isinstance(row.certainty, law.Certainty)


@pytest.mark.parametrize("name", TABLES)
def test_every_analyte_and_land_use_of_a_table_is_in_its_code_list(name: str) -> None:
    for row in read_rows(name):
        if "analyte" in row:
            assert law.analyte(row.text("analyte")), row.row_id
        if "land_use" in row:
            assert row.text("land_use") in law.codes("land_use"), row.row_id
        if "land_column" in row:
            assert row.text("land_column") in law.codes("land_column"), row.row_id


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_sound_on_every_day_anything_changes(name: str) -> None:
    """Asking for a table proves its key and its intervals; so ask around every change of the law."""
    changes = {i.effective_from for i in law.instruments().values()}
    changes |= {i.effective_to + ONE_DAY for i in law.instruments().values() if i.effective_to}
    held = 0
    for day in sorted(d for d in changes if d):
        for asked in (day - ONE_DAY, day):
            view = law.at(asked)
            if view.has(name):
                held += 1
                assert all(law.instrument(r.instrument).in_force(asked) for r in view.table(name))
    assert held


def test_instruments_carrying_rows_have_exact_dates() -> None:
    for name in TABLES:
        for row in read_rows(name):
            for code in row.sources:
                text = law.instrument(code)
                assert text.from_precision in {law.Precision.DAY, law.Precision.OPEN}, code
                assert text.to_precision in {law.Precision.DAY, law.Precision.OPEN}, code


def test_screening_has_every_cell_and_rises_or_falls_as_printed() -> None:
    table = VIEW.table("gb15618_screening")
    assert table.citation == "GB 15618-2018 表1"
    columns = {"Cu": ("orchard", "other"), "Ni": ("all",), "Zn": ("all",)}
    for analyte in EIGHT:
        for column in columns.get(analyte, ("paddy", "other")):
            rows = table.where(analyte=analyte, land_column=column)
            values = [row.required_number("value_mg_kg") for row in rows]
            assert len(values) == 4
            assert values == sorted(values, reverse=analyte == "As")


@pytest.mark.parametrize(
    ("analyte", "column", "values"),
    [
        ("Cd", "paddy", ("0.3", "0.4", "0.6", "0.8")),
        ("Cd", "other", ("0.3", "0.3", "0.3", "0.6")),
        ("Hg", "paddy", ("0.5", "0.5", "0.6", "1.0")),
        ("Hg", "other", ("1.3", "1.8", "2.4", "3.4")),
        ("As", "paddy", ("30", "30", "25", "20")),
        ("As", "other", ("40", "40", "30", "25")),
        ("Pb", "paddy", ("80", "100", "140", "240")),
        ("Pb", "other", ("70", "90", "120", "170")),
        ("Cr", "paddy", ("250", "250", "300", "350")),
        ("Cr", "other", ("150", "150", "200", "250")),
        ("Cu", "orchard", ("150", "150", "200", "200")),
        ("Cu", "other", ("50", "50", "100", "100")),
        ("Ni", "all", ("60", "70", "100", "190")),
        ("Zn", "all", ("200", "200", "250", "300")),
    ],
)
def test_table_1_as_printed(analyte: str, column: str, values: tuple[str, ...]) -> None:
    rows = VIEW.table("gb15618_screening").where(analyte=analyte, land_column=column)
    assert tuple(str(row["value_mg_kg"]) for row in rows) == values


@pytest.mark.parametrize(
    ("analyte", "values"),
    [
        ("Cd", ("1.5", "2.0", "3.0", "4.0")),
        ("Hg", ("2.0", "2.5", "4.0", "6.0")),
        ("As", ("200", "150", "120", "100")),
        ("Pb", ("400", "500", "700", "1000")),
        ("Cr", ("800", "850", "1000", "1300")),
    ],
)
def test_table_3_as_printed(analyte: str, values: tuple[str, ...]) -> None:
    rows = VIEW.table("gb15618_control").where(analyte=analyte)
    assert tuple(str(row["value_mg_kg"]) for row in rows) == values


def test_only_the_five_elements_have_control_values_above_screening() -> None:
    control = VIEW.table("gb15618_control")
    assert set(control.column("analyte")) == set(FIVE)
    for row in VIEW.table("gb15618_screening"):
        for other in control.where(analyte=row["analyte"], ph_to=row["ph_to"]):
            assert row.required_number("value_mg_kg") < other.required_number("value_mg_kg")


@pytest.mark.parametrize(("ph", "band"), [("4.9", 0), ("5.5", 0), ("5.51", 1), ("6.5", 1), ("7.5", 2), ("7.51", 3)])
def test_ph_bands_exclude_the_lower_end_and_include_the_upper(ph: str, band: int) -> None:
    table = VIEW.table("gb15618_control")
    rows = table.where(analyte="Cd")
    assert [table.interval(row).contains(Decimal(ph)) for row in rows] == [n == band for n in range(4)]


def test_rotation_is_the_stricter_of_the_two_columns_in_every_cell() -> None:
    screening = VIEW.table("gb15618_screening")
    for row in VIEW.table("gb15618_rotation"):
        cell = {
            column: screening.one(analyte=row["analyte"], land_column=column, ph_from=row["ph_from"]).required_number(
                "value_mg_kg"
            )
            for column in ("paddy", "other")
        }
        assert row.required_number("value_mg_kg") == min(cell.values()), row.row_id
        paddy, other = cell["paddy"], cell["other"]
        stricter = "equal" if paddy == other else ("paddy" if paddy < other else "other")
        assert row.text("stricter_column") == stricter


def test_every_land_use_leads_to_a_limit_for_all_eight_elements() -> None:
    mapping = VIEW.table("gb15618_landuse_map")
    screening, rotation = VIEW.table("gb15618_screening"), VIEW.table("gb15618_rotation")
    for land_use in law.codes("land_use").codes:
        for analyte in EIGHT:
            column = mapping.one(land_use=land_use, analyte=analyte).text("land_column")
            table = rotation if column == "rotation" else screening
            assert len(table.where(analyte=analyte, land_column=column)) == 4, (land_use, analyte)


def test_an_orchard_uses_its_own_column_for_copper_only() -> None:
    rows = VIEW.table("gb15618_landuse_map").where(land_use="orchard")
    assert {r.text("analyte") for r in rows if r["land_column"] == "orchard"} == {"Cu"}


def test_food_limits_switch_editions_at_midnight() -> None:
    def edition(day: date) -> str:
        home = law.at(day).table("gb2762_limits").instrument
        assert home is not None
        return home.document_number

    assert edition(date(2021, 9, 15)) == "GB 2762-2017"
    assert edition(date(2023, 6, 29)) == "GB 2762-2017"
    assert edition(date(2023, 6, 30)) == "GB 2762-2022"


def test_brassica_lead_was_lowered_and_millet_has_no_mercury_limit() -> None:
    old, new = (law.at(day).table("gb2762_limits") for day in (date(2021, 9, 15), date(2024, 1, 1)))
    values = [t.one(crop_group="brassica", analyte="Pb")["value_mg_kg"] for t in (old, new)]
    assert values == [Decimal("0.3"), Decimal("0.2")]
    assert {r["crop_group"] for r in old.where(analyte="Hg")}.isdisjoint({"cereal", "cereal_other_than_rice"})


def test_a_table_before_its_time_names_what_came_later() -> None:
    with pytest.raises(law.LawNotInForce, match="2018-08-01 起施行") as caught:
        law.at(date(2018, 7, 31)).table("gb15618_screening")
    assert [i.code for i in caught.value.later] == ["gb15618-2018"]
    assert [i.code for i in caught.value.unrecorded] == ["gb15618-1995"]
    assert caught.value.earlier == ()
    assert law.at(date(2018, 8, 1)).table("gb15618_screening")


def test_an_edition_that_is_not_on_record_is_named_not_guessed() -> None:
    with pytest.raises(law.LawNotInForce, match=r"GB 2762-2012.*其内容未收录"):
        law.at(date(2016, 5, 1)).table("gb2762_limits")


def test_a_method_stops_when_its_successor_begins() -> None:
    def methods(day: date) -> set[str]:
        return {r.text("method") for r in law.at(day).table("soil_methods").where(analyte="Cu")}

    assert "GB/T 17138-1997" in methods(date(2019, 8, 31))
    assert "HJ 491-2019" not in methods(date(2019, 8, 31))
    assert "GB/T 17138-1997" not in methods(date(2019, 9, 1))
    assert "HJ 491-2019" in methods(date(2019, 9, 1))


def test_every_analyte_has_a_method_in_the_plan_year() -> None:
    measured = set(VIEW.table("soil_methods").column("analyte"))
    assert measured >= {*EIGHT, "pH", "HCH_total", "DDT_total", "BaP"}


@pytest.mark.parametrize(
    ("content", "limit"),
    [("0.05", 30), ("0.1", 25), ("1", 25), ("1.01", 20), ("10", 20), ("10.1", 10), ("100", 10), ("100.1", 5)],
)
def test_duplicate_limits_at_their_edges(content: str, limit: int) -> None:
    table = VIEW.table("hjt166_duplicate_rd")
    found = [r for r in table if table.interval(r).contains(Decimal(content))]
    assert [r["max_relative_deviation_pct"] for r in found] == [limit]


def test_unknown_names_are_refused_with_a_sentence() -> None:
    with pytest.raises(law.UnknownTable, match="没有名为“gb99999”的表"):
        VIEW.table("gb99999")
    with pytest.raises(law.UnknownTable, match="没有“ph”这一列"):
        VIEW.table("gb15618_control").where(ph=7)
    with pytest.raises(law.UnknownTable, match="须只有一行"):
        VIEW.table("gb15618_control").one(analyte="Cd")


def test_rows_and_views_are_frozen() -> None:
    row = VIEW.table("gb15618_control").rows[0]
    with pytest.raises(TypeError):
        row["value_mg_kg"] = 1  # type: ignore[index]
    with pytest.raises(AttributeError):
        VIEW.on = date(2022, 1, 1)  # type: ignore[misc]
    assert law.at(PLAN_DAY) is VIEW


def interval(low: str, high: str, ends: str = "(]") -> Interval:
    return Interval(
        f"{low}..{high}",
        Decimal(low) if low else None,
        ends[0] == "[",
        Decimal(high) if high else None,
        ends[1] == "]",
    )


@pytest.mark.parametrize(
    ("intervals", "problem"),
    [
        ([interval("", "5.5"), interval("5.6", "")], "有空档"),
        ([interval("", "5.5"), interval("5.4", "")], "重叠"),
        ([interval("", "5.5", "(]"), interval("5.5", "", "[)")], "两端都含"),
        ([interval("", "5.5", "()"), interval("5.5", "", "()")], "两端都不含"),
        ([interval("1", "5.5"), interval("5.5", "")], "没有起点"),
        ([interval("", "5.5"), interval("5.5", "6.5")], "没有终点"),
        ([interval("", "5.5"), interval("5.5", "5.5"), interval("5.5", "")], "不大于下端"),
        ([interval("", ""), interval("5.5", "")], "重叠"),
    ],
)
def test_faulty_intervals_are_refused(intervals: list[Interval], problem: str) -> None:
    with pytest.raises(law.BrokenTable, match=problem):
        prove_cover("made_up", intervals)


@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=6, unique=True),
    st.lists(st.booleans(), min_size=6, max_size=6),
    st.decimals(-60, 60, places=2),
)
def test_proved_intervals_hold_every_value_exactly_once(cuts: list[int], left_owns: list[bool], value: Decimal) -> None:
    edges = sorted(cuts)
    lows = [None, *edges]
    highs = [*edges, None]
    intervals = [
        Interval(
            str(n),
            None if low is None else Decimal(low),
            n > 0 and not left_owns[n - 1],
            None if high is None else Decimal(high),
            high is not None and left_owns[n],
        )
        for n, (low, high) in enumerate(zip(lows, highs, strict=True))
    ]
    prove_cover("made_up", intervals)
    assert sum(i.contains(value) for i in intervals) == 1


def test_instrument_chains_end_and_do_not_overlap() -> None:
    for code, text in law.instruments().items():
        chain = law.predecessors(code)
        assert code not in {p.code for p in chain}
        for before in chain[:1]:
            assert before.effective_to and text.effective_from, code
            assert before.effective_to < text.effective_from or before.to_precision is not law.Precision.DAY


def test_unsure_dates_are_said_to_be_unsure() -> None:
    guide = law.instrument("mee-notice-2021-1")
    assert guide.standing(date(2021, 9, 1)) is Standing.IN_FORCE
    assert guide.standing(date(2026, 8, 15)) is Standing.UNSURE
    funds = law.instrument("caizihuan-2022-28")
    assert funds.standing(date(2025, 12, 31)) is Standing.IN_FORCE
    assert funds.standing(date(2026, 1, 1)) is Standing.UNSURE
    index = law.instrument("huanbantinghan-2019-672")
    assert index.standing(date(2019, 6, 1)) is Standing.UNSURE
    assert index.standing(date(2020, 1, 1)) is Standing.IN_FORCE
    for text in law.instruments().values():
        if {text.from_precision, text.to_precision} & {law.Precision.YEAR, law.Precision.INFERRED}:
            assert text.note, text.code


def test_every_certainty_is_in_the_closed_list_and_labelled() -> None:
    labelled = set(law.codes("certainty").codes)
    assert labelled == {c.value for c in law.Certainty}
    files = ("instruments", "codes", "analytes", "regions", "plan_numbers", "which_day", *TABLES)
    for name in files:
        assert {r["certainty"] for r in read_records(f"{name}.csv")} <= labelled, name


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("gb15618_screening", "gb15618_screening"), ("gb15618_control", "gb15618_control")],
)
def test_limits_equal_the_transcription(ours: str, theirs: str, shared: Path) -> None:
    with (shared / "data" / f"{theirs}.csv").open(encoding="utf-8-sig") as file:
        source = [
            (r["pollutant"], r["land_use"], r["ph_min"], r["ph_max"], Decimal(r["value_mg_kg"]))
            for r in csv.DictReader(file)
            if r["pollutant"] in EIGHT
        ]

    def bound(value: Decimal | None) -> str:
        return "" if value is None else str(value)

    held = [
        (r["analyte"], r["land_column"], bound(r.number("ph_from")), bound(r.number("ph_to")), r["value_mg_kg"])
        for r in read_rows(ours)
    ]
    assert held == source
