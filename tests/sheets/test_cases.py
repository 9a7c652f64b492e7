"""Every kind of broken file is refused with place and cure; mere practice is read with a note."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from jingtu.plain.issues import Severity
from jingtu.sheets import Options, Reading, load_spec, read_sheet
from tests.sheets.files import BUILDERS, HEAD, ROW, csv_bytes

HERE = Path(__file__).parent
SPEC = load_spec(HERE / "demo.csv", "演示表")
CASES = list(csv.DictReader((HERE / "cases.csv").open(encoding="utf-8")))


def read(case: str) -> Reading:
    file = BUILDERS[case]()
    return read_sheet(SPEC, file.data, file.name, file.options)


def named(kind: str) -> list[dict[str, str]]:
    return [case for case in CASES if case["kind"] == kind]


def test_the_cases_cover_what_they_promise() -> None:
    assert len(named("broken")) >= 20
    assert len(named("practice")) >= 11
    assert {case["case"] for case in CASES} == set(BUILDERS)


@pytest.mark.parametrize("case", named("broken"), ids=lambda case: case["case"])
def test_broken_file_is_refused_with_place_and_cure(case: dict[str, str]) -> None:
    reading = read(case["case"])
    assert {issue.code for issue in reading.issues} == set(case["codes"].split())
    for issue in reading.issues:
        assert issue.severity is Severity.BLOCKING
        assert issue.file
        assert issue.cure.endswith("。")
        assert issue.message.endswith("。")
        assert "{" not in issue.sentence()
        if issue.code.startswith("cell."):
            assert issue.row is not None
            assert issue.column
    assert not reading.is_clean()


@pytest.mark.parametrize("case", named("practice"), ids=lambda case: case["case"])
def test_practice_is_read_with_a_note(case: dict[str, str]) -> None:
    reading = read(case["case"])
    assert reading.issues == []
    assert {note.code for note in reading.notes} - {"note.region.name"} == set(case["codes"].split())
    assert len(reading) >= 1
    assert reading.columns["sampled_on"][0] == date(2021, 9, 3)
    if case["case"] != "non_detects":
        cadmium = reading.reported["cd"].value[0]
        assert cadmium == Decimal("0.12"), "every practice writes the same 0.12 mg/kg"


def test_faults_name_the_row_of_the_file() -> None:
    title = ["2021年监测结果", "", "", ""]
    rows = [title, HEAD, ROW, ["", "", "", ""], ["Y2", "2021-13-01", "0.1", "x"]]
    reading = read_sheet(SPEC, csv_bytes(rows), "a.csv")
    assert [(issue.row, issue.column, issue.value) for issue in reading.issues] == [
        (5, "采样日期", "2021-13-01"),
        (5, "砷", "x"),
    ]
    assert reading.faulty == {1}
    assert reading.rows == [3, 5]


def test_non_detects_keep_their_limit_and_are_never_zero() -> None:
    cadmium = read("non_detects").reported["cd"]
    assert set(cadmium.qualifier) == {"ND"}
    assert cadmium.value == [None] * 6
    assert cadmium.limit == [Decimal("0.01")] * 4 + [None, None]


def test_like_issues_are_cut_short_but_no_row_is_forgotten() -> None:
    rows = [HEAD, *([f"Y{n}", "2021-09-03", "bad", ""] for n in range(50))]
    reading = read_sheet(SPEC, csv_bytes(rows), "a.csv", Options(issues_per_kind=10))
    codes = [issue.code for issue in reading.issues]
    assert codes.count("cell.reported.unreadable") == 10
    assert "sheet.issues.many" in codes
    assert len(reading.faulty) == 50
