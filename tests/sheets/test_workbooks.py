"""Blank workbooks are readable by their own specification; marked workbooks point at the cell."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from jingtu.sheets import blank_workbook, load_spec, marked_workbook, parse_spec, read_sheet
from tests.sheets.files import BUILDERS, HEAD, ROW, csv_bytes, xlsx

SPEC = load_spec(Path(__file__).parent / "demo.csv", "演示表")


def test_blank_workbook_is_read_back_as_its_own_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank_workbook(SPEC)))
    assert book.sheetnames == ["演示表", "填写说明", "代码表"]
    sheet = book["演示表"]
    for index, value in enumerate(["Y1", "", "2021-09-03", "", "", "", "旱地", "", "", "0.12", "", ""], start=1):
        sheet.cell(2, index).value = value or None
    out = io.BytesIO()
    book.save(out)
    reading = read_sheet(SPEC, out.getvalue(), "填好.xlsx")
    assert reading.issues == []
    assert [note.code for note in reading.notes] == []
    assert reading.columns["use"] == ["dryland"]


def test_blank_workbook_keeps_codes_and_results_as_text() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(blank_workbook(SPEC)))["演示表"]
    held = list(sheet.column_dimensions.values())
    for index in range(1, len(SPEC.columns) + 1):
        assert [group.number_format for group in held if group.min <= index <= group.max] == ["@"]
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert [str(rule.sqref) for rule in lists] == ["G2:G5001"]


def test_blank_workbook_is_the_same_bytes_each_time() -> None:
    assert blank_workbook(SPEC) == blank_workbook(SPEC)


def test_marked_workbook_colours_and_comments_the_faulty_cell() -> None:
    data = xlsx([["2021年结果"], HEAD, ROW, ["Y2", "2021-02-30", "=1+1", "5"]])
    reading = read_sheet(SPEC, data, "a.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(marked_workbook(SPEC, data, "a.xlsx", reading.issues)))
    cell = book["Sheet"]["B4"]
    assert cell.value == "2021-02-30"
    assert cell.fill.start_color.rgb == "FFF8B4AB"
    assert "不是有效的日期" in cell.comment.text
    assert "没有保存算出的值" in book["Sheet"]["C4"].comment.text
    assert book["问题清单"].max_row == 1 + len(reading.issues)


def test_marked_workbook_never_writes_a_formula() -> None:
    data = csv_bytes([HEAD, ["=cmd|x", "2021-09-03", "bad", ""]])
    reading = read_sheet(SPEC, data, "a.csv")
    sheet = openpyxl.load_workbook(io.BytesIO(marked_workbook(SPEC, data, "a.csv", reading.issues)))["数据"]
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize("name", sorted(BUILDERS))
def test_every_case_can_be_marked(name: str) -> None:
    file = BUILDERS[name]()
    reading = read_sheet(SPEC, file.data, file.name, file.options)
    found = [*reading.issues, *reading.notes]
    book = openpyxl.load_workbook(io.BytesIO(marked_workbook(SPEC, file.data, file.name, found)))
    assert book["问题清单"].max_row == 1 + len(found)


def test_specification_refuses_a_heading_that_stands_for_two_columns() -> None:
    with pytest.raises(ValueError, match="stands for both"):
        parse_spec("x", "name,label,aliases\na,镉,Cd\nb,铅,cd\n")


def test_specification_names_the_faulty_line() -> None:
    with pytest.raises(ValueError, match="line 3"):
        parse_spec("x", "name,label,kind\na,甲,text\nb,乙,colour\n")
