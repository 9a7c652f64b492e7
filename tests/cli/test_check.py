"""``jingtu check``: the platform's checker on a file, with no account, database or framework."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jingtu.cli import main
from jingtu.cli.check import sheets
from jingtu.plain.issues import Severity

HEAD = "检测报告编号,报告日期,样品编码,检测项目,检测结果,单位,检出限,检测方法,平行号,分析日期"
GOOD = "YS-1,2021-09-08,S21-AAAAAA,镉,0.23,mg/kg,0.01,GB/T 17141-1997,1,2021-09-05"
NEXT = GOOD.replace("AAAAAA", "BBBBBB")
ON = ("--on", "2021-09-10")


def check(tmp_path: Path, capsys: Any, rows: list[str], *options: str) -> tuple[int, dict[str, Any]]:
    path = tmp_path / "结果.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    code = main(["check", "检测结果表", str(path), *ON, "--format", "json", *options])
    return code, json.loads(capsys.readouterr().out)


def test_a_good_report_may_be_handed_in(tmp_path: Path, capsys: Any) -> None:
    code, told = check(tmp_path, capsys, [GOOD])
    assert (code, told["rows"], told["issues"]) == (0, 1, [])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (NEXT.replace("镉", "钅"), "evidence.analyte.unknown"),
        (NEXT.replace("mg/kg", "mg/L"), "evidence.unit.unknown"),
        (NEXT.replace(",0.23,", ",900000,"), "evidence.value.impossible"),
        (NEXT.replace(",0.23,", ",/,"), "evidence.value.missing"),
        (NEXT.replace(",0.23,", ",未检出,").replace(",0.01,", ",,"), "evidence.limit.missing"),
        (NEXT.replace("2021-09-05", "2021-09-09"), "evidence.date.order"),
        (NEXT.replace("2021-09-08", "2021-09-11"), "evidence.date.future"),
        (NEXT.replace("YS-1", "YS-2"), "evidence.report.several"),
        (GOOD, "evidence.result.double"),
        (NEXT.replace(",0.23,", ",abc,"), "cell.reported.unreadable"),
    ],
)
def test_what_the_file_alone_tells_is_told(tmp_path: Path, capsys: Any, row: str, expected: str) -> None:
    code, told = check(tmp_path, capsys, [GOOD, row])
    blocking = [issue for issue in told["issues"] if issue["severity"] == Severity.BLOCKING]
    assert code == 1
    assert [issue["code"] for issue in blocking] == [expected]
    assert blocking[0]["row"] == 3
    assert blocking[0]["column"] in HEAD.split(",")
    assert blocking[0]["cure"].endswith("。")


def test_a_value_above_the_common_range_only_warns(tmp_path: Path, capsys: Any) -> None:
    code, told = check(tmp_path, capsys, [GOOD.replace(",0.23,", ",6.1,")])
    assert code == 0
    assert [issue["code"] for issue in told["issues"]] == ["evidence.value.uncommon"]


def test_points_must_lie_in_their_county(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "点位.csv"
    head = "点位编码,点位名称,监测网,点位类型,县级行政区代码,经度,纬度,土地利用,设立日期"
    rows = ["P-1,甲,national,base,140105,112.5650,37.7300,旱地,2016-12-01",
            "P-2,乙,national,base,140105,113.2980,40.0760,旱地,2016-12-01"]  # fmt: skip
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    assert main(["check", "monitoring.point", str(path), *ON, "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)["issues"]
    assert [(issue["code"], issue["row"]) for issue in told] == [("monitoring.point.outside", 3)]


def test_the_marked_workbook_colours_the_cell(tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "标注.xlsx"
    code, _told = check(tmp_path, capsys, [GOOD.replace("镉", "钅")], "--marked", str(out))
    cell = openpyxl.load_workbook(out).worksheets[0]["D2"]
    assert code == 1
    assert cell.comment is not None
    assert "钅" in cell.comment.text


def test_what_cannot_be_understood_is_said(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"")
    assert main(["check", "检测结果表", str(path)]) == 2
    assert "[必须改正]" in capsys.readouterr().out
    assert main(["check", "没有的表", str(path)]) == 2
    assert "检测结果表（evidence.result）" in capsys.readouterr().err
    assert main(["check", "检测结果表", str(tmp_path / "无.csv")]) == 2
    assert "打不开" in capsys.readouterr().err


def test_the_checker_needs_neither_framework_nor_database() -> None:
    code = "import sys; from jingtu.cli.check import sheets; sheets(); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_sheet_the_platform_takes_can_be_checked_beforehand() -> None:
    from jingtu.registers.declare import all_sheets

    taken = [sheet for sheet in all_sheets() if not sheet.name.startswith("sample.")]  # without the contract kit's own
    assert {sheet.name for sheet in taken} == set(sheets())
    assert all(each.file is sheets()[each.name] for each in taken)
