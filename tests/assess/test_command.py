"""``jingtu assess farmland`` from the command line: real files as they are, every form of output, exit codes."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from tests.assess.schema import faults

from jingtu import law
from jingtu.cli import main

EXAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "examples"
beside = pytest.mark.skipif(not EXAMPLES.exists(), reason="the example files are not beside this checkout")
SCHEMA = json.loads((resources.files("jingtu.cli") / "farmland_report.schema.json").read_text(encoding="utf-8"))
DAY = ("--on", "2021-09-15")

# three rows of a literature compilation of Chinese sites (soil and rice cadmium), as published
PAIRS = """lon,lat,land_use,pH,soil_Cd_mg_kg,rice_Cd_mg_kg
111.8052778,26.56888889,other,4.4,0.2826324,
112.0775,26.5925,other,7.55,0.3601424,
111.7266667,26.71361111,other,5.14,0.4306765,
"""


def judge(
    tmp_path: Path, source: Path | str | bytes, *options: str, name: str = "数据.csv"
) -> tuple[int, dict[str, Any]]:
    """Run the command with JSON output; every output is checked against the shipped schema."""
    path = source if isinstance(source, Path) else tmp_path / name
    if not isinstance(source, Path):
        path.write_bytes(source.encode() if isinstance(source, str) else source)
    out = tmp_path / "out.json"
    code = main(["assess", "farmland", str(path), *DAY, *options, "--format", "json", "--out", str(out)])
    report = json.loads(out.read_text(encoding="utf-8"))
    assert faults(report, SCHEMA) == []
    return code, report


def classes(report: dict[str, Any]) -> Counter[str | None]:
    return Counter(sample["class"] for sample in report["samples"])


@beside
def test_the_136_pairs_are_76_of_class_one_and_60_of_class_two_on_a_thin_basis(tmp_path: Path) -> None:
    code, report = judge(tmp_path, EXAMPLES / "cd_paired_soil_rice.csv")
    assert code == 0
    assert classes(report) == {"I": 76, "II": 60}
    assert {sample["basis_zh"] for sample in report["samples"]} == {"依据不全(仅 Cd)"}
    assert report["issues"] == []


@beside
def test_the_319_city_samples_without_ph_are_not_judged(tmp_path: Path) -> None:
    code, report = judge(tmp_path, EXAMPLES / "cumcm2011a_samples.csv", "--land-use", "other")
    assert code == 1
    assert classes(report) == {None: 319}
    assert {sample["reason"] for sample in report["samples"]} == {"ph.missing"}
    cadmium = next(e for e in report["samples"][0]["elements"] if e["analyte"] == "Cd")
    assert cadmium["value_mg_kg"] == "0.1538"


@beside
def test_kola_waits_for_a_land_use(tmp_path: Path) -> None:
    code, report = judge(tmp_path, EXAMPLES / "kola_c_horizon.csv")
    assert code == 1
    assert classes(report) == {None: 605}
    assert {sample["reason"] for sample in report["samples"]} == {"land_use.missing"}


@beside
@pytest.mark.parametrize("elements", ["five", "eight"])
def test_kola_is_defensible_row_by_row(tmp_path: Path, elements: str) -> None:
    code, report = judge(tmp_path, EXAMPLES / "kola_c_horizon.csv", "--land-use", "other", "--elements", elements)
    assert code == 0
    with (EXAMPLES / "kola_c_horizon.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row, sample in zip(rows, report["samples"], strict=True):
        levels = {code: by_hand(code, row) for code in law.analytes().element_set(elements) if row[f"{code}_mg_kg"]}
        assert {e["analyte"]: e["level"] for e in sample["elements"]} == levels, row["sample_id"]
        assert sample["class"] == ["I", "II", "III"][max(levels.values()) - 1]
        assert sample["complete"] == (len(levels) == len(law.analytes().element_set(elements)))
    assert sum(not sample["complete"] for sample in report["samples"]) == 2


def by_hand(analyte: str, row: dict[str, str]) -> int:
    """The level straight from the printed tables, for land use "other"."""
    ph, content = Decimal(row["pH"]), Decimal(row[f"{analyte}_mg_kg"])
    level = 1
    for table, column in (("gb15618_screening", ("other", "all")), ("gb15618_control", ("all",))):
        for limit in law.at(date(2021, 9, 15)).table(table).where(analyte=analyte):
            low, high = limit.number("ph_from"), limit.number("ph_to")
            held = (low is None or low < ph) and (high is None or ph <= high)
            if held and limit.text("land_column") in column and content > limit.required_number("value_mg_kg"):
                level += 1
    return level


def test_a_few_copied_pairs(tmp_path: Path) -> None:
    code, report = judge(tmp_path, PAIRS)
    assert code == 0
    assert [sample["class"] for sample in report["samples"]] == ["I", "I", "II"]
    cadmium = report["samples"][2]["elements"][0]
    assert cadmium["table_row"] == "gb15618_2018.t1.cd.other.ph1"
    assert Decimal(cadmium["exceedance_multiple"]).quantize(Decimal("0.001")) == Decimal("0.436")


def test_a_long_table_gives_what_the_wide_one_gives(tmp_path: Path) -> None:
    wide = "样品编号,pH,土地利用,镉(mg/kg),汞(mg/kg)\nY1,7.8,旱地,0.7,<0.01\nY2,6,水田,0.2,\n"
    long = (
        "样品编号,土地利用,检测项目,检测结果,单位,检出限\n"
        "Y1,旱地,pH值,7.8,无量纲,\nY1,旱地,镉,700,µg/kg,\nY1,旱地,总汞,未检出,µg/kg,10\n"
        "Y2,水田,Cd,0.2,mg/kg,\nY2,水田,pH,6,,\n"
    )
    _, first = judge(tmp_path, wide)
    _, second = judge(tmp_path, long)
    assert (first["form"], second["form"]) == ("wide", "long")
    assert [sample["elements"] for sample in first["samples"]] == [sample["elements"] for sample in second["samples"]]
    assert first["issues"] == second["issues"] == []


@pytest.mark.parametrize(
    ("heading", "value", "options"),
    [
        ("镉(mg/kg)", "0.7", ()),
        ("Cd_ng_g", "700", ()),
        ("soil_Cd_mg_kg", "0.7", ()),
        ("总镉（μg/kg）", "700", ()),
        ("Cd mg·kg-1", "0.7", ()),
        ("土壤镉含量(%)", "0.00007", ()),
        ("镉", "700", ("--unit", "µg/kg")),
    ],
)
def test_units_stand_where_people_put_them(tmp_path: Path, heading: str, value: str, options: tuple[str, ...]) -> None:
    _, report = judge(tmp_path, f"编号,pH值,地类,{heading}\n1,7.8,旱地,{value}\n", *options)
    assert report["samples"][0]["elements"][0]["value_mg_kg"] == "0.7"
    assert report["samples"][0]["class"] == "II"


def test_a_unit_that_is_nowhere_is_an_issue_and_not_a_guess(tmp_path: Path) -> None:
    code, report = judge(tmp_path, "编号,pH值,地类,镉\n1,7.8,旱地,0.7\n")
    assert code == 1
    assert [issue["code"] for issue in report["issues"]] == ["cell.unit.missing"]
    assert report["samples"][0]["class"] is None


def test_what_cannot_be_read_is_an_issue_with_place_and_cure(tmp_path: Path) -> None:
    data = "编号,pH,土地利用,镉(mg/kg),汞(mg/kg)\nY1,17,旱地,0.7,0.1\nY2,7.8,沙漠,0.7,0.1\nY3,7.8,旱地,约0.7,0\n"
    code, report = judge(tmp_path, data)
    assert code == 1
    found = {issue["code"]: (issue["row"], issue["column"], issue["value"]) for issue in report["issues"]}
    assert found == {
        "cell.ph.outside": (2, "pH", "17"),
        "cell.choice.unknown": (3, "土地利用", "沙漠"),
        "cell.reported.unreadable": (4, "镉(mg/kg)", "约0.7"),
        "cell.reported.zero": (4, "汞(mg/kg)", "0"),
    }
    assert all(issue["cure"] for issue in report["issues"])
    assert [sample["class"] for sample in report["samples"]] == [None, None, "I"]


def test_two_different_results_for_one_sample_count_for_neither(tmp_path: Path) -> None:
    tail = "mg/kg,7.8,旱地\n"
    rows = f"样品,检测项目,结果,单位,pH,地类\nY1,镉,0.1,{tail}Y1,镉,0.9,{tail}Y1,汞,0.1,{tail}"
    code, report = judge(tmp_path, rows)
    assert code == 1
    assert [issue["code"] for issue in report["issues"]] == ["cell.result.twice"]
    assert [e["analyte"] for e in report["samples"][0]["elements"]] == ["Hg"]


def test_a_long_table_must_say_which_sample_a_row_belongs_to(tmp_path: Path) -> None:
    code, report = judge(
        tmp_path, "序号,检测项目,结果,单位,pH,地类\n1,镉,0.1,mg/kg,7.8,旱地\n2,汞,0.1,mg/kg,7.8,旱地\n"
    )
    assert code == 1
    assert [issue["code"] for issue in report["issues"]] == ["sheet.column.missing"]


def workbook(kind: str) -> bytes:
    rows = [
        ["点位编号", "pH", "土地利用", "检测结果(mg/kg)", ""],
        ["", "", "", "镉", "汞"],
        ["P1", 7.8, "旱地", 0.7, 0.1],
    ]
    out = io.BytesIO()
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append([cell if cell != "" else None for cell in row])
        book.active.merge_cells("D1:E1")
        book.save(out)
        return out.getvalue()
    old = xlwt.Workbook()
    sheet = old.add_sheet("结果")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell)
    old.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_workbooks_with_a_two_row_heading(tmp_path: Path, kind: str) -> None:
    code, report = judge(tmp_path, workbook(kind), name=f"监测结果.{kind}")
    assert code == 0
    assert [e["value_mg_kg"] for e in report["samples"][0]["elements"]] == ["0.7", "0.1"]
    assert report["samples"][0]["sample"] == "P1"


def test_every_form_of_output_tells_the_same(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "数据.csv"
    path.write_text(PAIRS, encoding="utf-8")
    assert main(["assess", "farmland", str(path), *DAY]) == 0
    table = capsysbinary.readouterr().out.decode()
    assert "Ⅱ 安全利用类" in table
    assert "Ⅰ 类 2 个，Ⅱ 类 1 个" in table
    assert main(["assess", "farmland", str(path), *DAY, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsysbinary.readouterr().out.decode("utf-8-sig"))))
    assert [row["类别"] for row in rows] == ["I", "I", "II"]
    assert "表1" in rows[2]["说明"]
    out = tmp_path / "结果.xlsx"
    assert main(["assess", "farmland", str(path), *DAY, "--format", "xlsx", "--out", str(out)]) == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["样品", "逐项结论", "问题", "说明"]
    assert [cell.value for cell in book["样品"]["E"]] == ["类别", "Ⅰ 优先保护类", "Ⅰ 优先保护类", "Ⅱ 安全利用类"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["没有这个文件.csv"], "打不开"),
        (["{file}", "--land-use", "沙漠"], "可以写"),
        (["{file}", "--unit", "斤/亩"], "mg/kg"),
        (["{file}", "--on", "2021-02-30"], "--on"),
        (["{file}", "--on", "2018-07-31"], "2018-08-01"),
        (["{file}", "--format", "xlsx"], "--out"),
        (["{broken}"], "找不到表头"),
    ],
)
def test_what_stands_in_the_way_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    (tmp_path / "a.csv").write_text(PAIRS, encoding="utf-8")
    (tmp_path / "b.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    named = [text.format(file=tmp_path / "a.csv", broken=tmp_path / "b.csv") for text in arguments]
    assert main(["assess", "farmland", *named]) == 2
    assert said in capsys.readouterr().err


def test_the_schema_check_can_fail() -> None:
    assert faults({"schema": "x"}, SCHEMA)


def test_no_database_and_no_django_are_needed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(PAIRS, encoding="utf-8")
    script = (
        "import sys; from jingtu.cli import main; "
        f"code = main(['assess', 'farmland', {str(path)!r}, '--on', '2021-09-15']); "
        "assert not {'django', 'psycopg'} & set(sys.modules), 'too much was imported'; sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
