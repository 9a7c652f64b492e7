"""``jingtu assess crops`` from the command line: a file of crop results judged by the day of each harvest."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jingtu.cli import main

WIDE = """样品编号,作物,收获日期,镉(mg/kg),总砷(mg/kg),汞(µg/kg),无机砷(mg/kg)
N1,谷子,2021-09-20,0.12,0.1,5,
N2,水稻,2021-10-01,0.2,0.25,<3,0.19
N3,土豆,2021年9月3日,50,/,<3,
"""
LONG = """样品编号,农产品,采样日期,检测项目,检测结果,单位,检出限
N1,甘蓝,2023-06-29,铅,0.25,mg/kg,
N2,甘蓝,2023-06-30,铅,250,µg/kg,
N2,甘蓝,2023-06-30,镉,未检出,mg/kg,0.002
"""
BROKEN = "样品编号,作物,收获日期,镉(mg/kg)\nN1,仙草,2021-09-20,0.05\nN2,玉米,昨天,0.05\nN3,,,很多\n"


def judge(tmp_path: Path, text: str, *options: str) -> tuple[int, dict[str, Any]]:
    path, out = tmp_path / "农产品.csv", tmp_path / "out.json"
    path.write_text(text, encoding="utf-8")
    code = main(["assess", "crops", str(path), *options, "--format", "json", "--out", str(out)])
    return code, json.loads(out.read_text(encoding="utf-8"))


def outcomes(report: dict[str, Any]) -> list[str]:
    return [sample["outcome"] for sample in report["samples"]]


def test_a_wide_table_by_crop_and_day(tmp_path: Path) -> None:
    code, report = judge(tmp_path, WIDE)
    assert (code, outcomes(report)) == (0, ["exceeds_limit", "within_limit", "exceeds_limit"])
    millet, rice, potato = report["samples"]
    found = {one["analyte"]: one for one in millet["analytes"]}
    assert (found["Hg"]["outcome"], found["Hg"]["value_mg_kg"]) == ("no_limit", "0.005")
    assert next(one for one in rice["analytes"] if one["analyte"] == "As")["used"] == "As_inorganic"
    assert (potato["crop"], potato["harvested_on"], potato["highest_index"]) == ("potato", "2021-09-03", "500")


def test_a_long_table_follows_the_edition_of_each_day(tmp_path: Path) -> None:
    code, report = judge(tmp_path, LONG)
    assert (code, outcomes(report)) == (0, ["within_limit", "exceeds_limit"])
    limits = [
        one["limit_mg_kg"] for sample in report["samples"] for one in sample["analytes"] if one["analyte"] == "Pb"
    ]
    assert limits == ["0.3", "0.2"]


def test_what_cannot_be_read_is_an_issue_and_is_not_judged(tmp_path: Path) -> None:
    code, report = judge(tmp_path, BROKEN)
    assert (code, outcomes(report)) == (1, ["not_judged"] * 3)
    reasons = [sample["reason"] for sample in report["samples"]]
    assert reasons == ["crop.unknown", "harvest.missing", "value.not_measured"]
    messages = " ".join(issue["message"] for issue in report["issues"])
    assert "仙草" in messages and "昨天" in messages and "很多" in messages


def test_soil_beside_the_crop_is_not_read_as_the_crop(tmp_path: Path) -> None:
    """A file of pairs: the soil is far above the limit of the grain, the grain is not."""
    text = "样品编号,土壤镉(mg/kg),soil_Pb_mg_kg,rice_Cd_mg_kg,籽粒铅(mg/kg)\nN1,0.9,40,0.15,0.1\nN2,0.1,20,0.35,/\n"
    code, report = judge(tmp_path, text, "--crop", "水稻", "--harvested-on", "2021-10-01")
    assert (code, outcomes(report)) == (0, ["within_limit", "exceeds_limit"])
    assert [note["code"] for note in report["notes"]].count("note.column.unknown") == 2


def test_crop_and_day_may_be_given_for_the_whole_file(tmp_path: Path) -> None:
    text = "样品编号,镉(mg/kg)\nN1,0.1\nN2,0.11\n"
    code, report = judge(tmp_path, text, "--crop", "莜麦", "--harvested-on", "2021-08-30")
    assert (code, outcomes(report)) == (0, ["within_limit", "exceeds_limit"])


@pytest.mark.parametrize("wrong", [["--crop", "仙草"], ["--harvested-on", "昨天"]])
def test_a_wrong_option_is_said(tmp_path: Path, wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(WIDE, encoding="utf-8")
    assert main(["assess", "crops", str(path), *wrong]) == 2
    assert wrong[1] in capsys.readouterr().err


def test_table_csv_and_workbook_say_the_same(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path, book = tmp_path / "a.csv", tmp_path / "a.xlsx"
    path.write_text(WIDE, encoding="utf-8")
    assert main(["assess", "crops", str(path)]) == 0
    screen = capsysbinary.readouterr().out.decode()
    assert "谷子" in screen and "无限量不是合格" in screen and "超标 2 个" in screen
    assert main(["assess", "crops", str(path), "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsysbinary.readouterr().out.decode("utf-8-sig"))))
    assert [row["结论代码"] for row in rows[:3]] == ["exceeds_limit", "no_limit", "within_limit"]
    assert main(["assess", "crops", str(path), "--format", "xlsx", "--out", str(book)]) == 0
    sheet = openpyxl.load_workbook(book)["逐项结论"]
    assert sheet.max_row == len(rows) + 1
