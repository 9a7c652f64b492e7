"""``jingtu assess construction``, ``sampling``, ``effect``, ``indices`` and ``rate`` from the command line."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.assess.schema import faults

from jingtu.cli import main

EXAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "examples"
beside = pytest.mark.skipif(not EXAMPLES.exists(), reason="the example files are not beside this checkout")
SCHEMA = json.loads((resources.files("jingtu.cli") / "construction_report.schema.json").read_text(encoding="utf-8"))
DAY = ("--on", "2021-09-15")

HEADINGS = (
    "样品编号", "规划用途", "土壤类型", "砷(mg/kg)", "六价铬(mg/kg)", "铅(mg/kg)", "苯(µg/kg)", "苯并[a]芘(mg/kg)",
    '"1,2-二氯乙烷(µg/kg)"', "α-氯丹(mg/kg)", "γ-氯丹(mg/kg)", "锌(mg/kg)", "铬(mg/kg)",
)  # fmt: skip
WIDE = f"""{",".join(HEADINGS)}
S1,A33,栗钙土,25,<0.5,410,1000,0.6,<1.3,1.9,0.2,300,60
S2,M1,,61,<0.5,410,4001,0.6,<1.3,1.9,0.2,300,60
S3,,,20,<0.5,/,ND,0.5,<1.3,,,300,60
"""
LONG = """样品编号,规划用途,检测项目,检测结果,单位,检出限
S1,W,71-43-2,4.1,mg/kg,
S1,W,滴滴涕,6.8,mg/kg,
S1,W,"p,p'-DDE",未检出,mg/kg,0.04
S2,R,Benzene,未检出,µg/kg,1.9
"""


def judge(tmp_path: Path, source: Path | str, *options: str) -> tuple[int, dict[str, Any]]:
    path = source if isinstance(source, Path) else tmp_path / "数据.csv"
    if isinstance(source, str):
        path.write_text(source, encoding="utf-8")
    out = tmp_path / "out.json"
    code = main(["assess", "construction", str(path), *DAY, *options, "--format", "json", "--out", str(out)])
    report = json.loads(out.read_text(encoding="utf-8"))
    assert faults(report, SCHEMA) == []
    return code, report


def items(sample: dict[str, Any]) -> dict[str, str]:
    return {item["analyte"]: item["outcome"] for item in sample["items"]}


def test_a_wide_table(tmp_path: Path) -> None:
    code, report = judge(tmp_path, WIDE)
    assert code == 1
    first, second, third = report["samples"]
    assert (first["land_class"], second["land_class"], third["land_class"]) == ("class1", "class2", "class1")
    assert (first["survey_before_change"], second["survey_before_change"]) == ("yes", "no")
    assert items(first)["As"] == "within_background"
    assert items(first)["benzene"] == "within_screening"
    assert items(first)["chlordane"] == "exceeds_screening"
    assert items(second)["As"] == items(second)["benzene"] == "exceeds_screening"
    assert (third["outcome"], third["not_judged"]) == ("not_judged", ["benzene"])
    # total chromium is not hexavalent chromium, and neither it nor zinc has a value
    assert items(first)["Cr"] == items(first)["Zn"] == "not_judged"
    assert items(first)["Cr6"] == "within_screening"
    assert report["parcel"]["must_follow"] == "gb36600-2018#c5-3-3"


def test_a_long_table_by_names_and_registry_numbers(tmp_path: Path) -> None:
    code, report = judge(tmp_path, LONG)
    assert code == 0
    assert items(report["samples"][0]) == {
        "benzene": "exceeds_screening", "ddt": "exceeds_screening", "pp_dde": "within_screening",
    }  # fmt: skip
    assert items(report["samples"][1]) == {"benzene": "within_screening"}
    assert {issue["code"] for issue in report["issues"]} == set()


def test_the_ratio_of_119_to_60_is_0_98(tmp_path: Path) -> None:
    _, report = judge(tmp_path, "样品编号,砷(mg/kg)\nS1,119\n", "--land-use", "M")
    assert report["samples"][0]["items"][0]["exceedance_multiple"] == "0.98"


@beside
def test_kola_without_a_planned_use_is_judged_by_class_one(tmp_path: Path) -> None:
    code, report = judge(tmp_path, EXAMPLES / "kola_c_horizon.csv")
    with (EXAMPLES / "kola_c_horizon.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    above = [row["sample_id"] for row in rows if row["As_mg_kg"] and float(row["As_mg_kg"]) > 20]
    found = [s["sample"] for s in report["samples"] if items(s).get("As") == "exceeds_screening"]
    assert found == above
    assert {sample["land_class_reason"] for sample in report["samples"]} == {"use.unclear"}
    assert code == 0


def test_every_form_of_output_tells_the_same(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "数据.csv"
    path.write_text(WIDE, encoding="utf-8")
    main(["assess", "construction", str(path), *DAY])
    table = capsysbinary.readouterr().out.decode()
    assert "第五十九条" in table and "应开展详细调查（GB 36600-2018 5.3.3）" in table
    main(["assess", "construction", str(path), *DAY, "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(capsysbinary.readouterr().out.decode("utf-8-sig"))))
    assert {row["样品"] for row in rows} == {"S1", "S2", "S3"}
    out = tmp_path / "结果.xlsx"
    main(["assess", "construction", str(path), *DAY, "--format", "xlsx", "--out", str(out)])
    assert openpyxl.load_workbook(out).sheetnames == ["样品", "逐项结论", "问题", "说明"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["assess", "construction", "{file}", "--land-use", "沙漠"], "规划用途“沙漠”不认识"),
        (["assess", "construction", "{file}", "--soil-type", "沙土"], "附录A"),
        (["assess", "construction", "{file}", "--background", "Cd=1"], "没有背景值规则"),
        (["assess", "construction", "{file}", "--background", "As=多"], "As=25"),
        (["assess", "construction", "{file}", "--on", "2018-07-31"], "2018-08-01"),
        (["effect", "{file}", "--target", "火星=1"], "不认识"),
        (["effect", "{file}", "--target", "As=0"], "大于 0"),
        (["effect", "{file}", "--target", "萘=25"], "没有 萘 的检测结果"),
        (["sampling", "survey", "--area", "很大"], "不是数字"),
        (["sampling", "survey", "--area", "100", "--suspected", "101"], "不能大于地块面积"),
        (["sampling", "survey", "--area", "100", "--planned", "wells=3"], "可以写：preliminary"),
        (["sampling", "hotspot", "--radius", "10"], "--spacing"),
        (["sampling", "hotspot", "--radius", "10", "--spacing", "0"], "大于 0"),
        (["sampling", "number", "--spread", "1", "--error", "1", "--confidence", "100"], "小于 100"),
        (["indices", "{file}", "--background", "苯=1"], "须是 Cd"),
        (["rate", "parcel", "--area", "fit=1"], "须给出这些面积：fit、redeveloped"),
        (["rate", "parcel", "--area", "fit=2", "--area", "redeveloped=1"], "只计一次"),
    ],
)
def test_what_stands_in_the_way_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    (tmp_path / "a.csv").write_text(WIDE, encoding="utf-8")
    assert main([text.format(file=tmp_path / "a.csv") for text in arguments]) == 2
    assert said in capsys.readouterr().err


def test_effect_by_pit_with_duplicates(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "a.csv"
    rows = ["样品编号,基坑,原样编号,砷(mg/kg)", *(f"A{n},1号坑,,{v}" for n, v in enumerate([12, 15, 61, 9], 1))]
    rows += [*(f"A{n}P,1号坑,A{n},{v}" for n, v in enumerate([13, 14, 58, 10], 1)), "B1,2号坑,,60"]
    path.write_text("\n".join(rows), encoding="utf-8")
    assert main(["effect", str(path), "--target", "砷=60", *DAY, "--format", "json"]) == 0
    found = json.loads(capsysbinary.readouterr().out)["findings"]
    verdicts = {one["subject"]: (one["outcome"], one["reason"]) for one in found if one["measure"] == "effect.verdict"}
    assert verdicts == {"1号坑": ("reached", "effect.t_test"), "2号坑": ("reached", "effect.one_by_one")}
    assert next(one for one in found if one["measure"] == "effect.one_by_one")["inputs"]["how.n"] == "4"
    path.write_text("样品编号,原样编号,砷(mg/kg)\nA1P,A1,3\n", encoding="utf-8")
    assert main(["effect", str(path), "--target", "砷=60"]) == 2


def test_sampling_says_what_is_short_and_where_the_rules_leave_a_gap(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert main(["sampling", "survey", "--area", "9642", *DAY]) == 0
    assert main(["sampling", "survey", "--area", "9642", "--planned", "preliminary=5", *DAY]) == 1
    assert "还差 1 个" in capsysbinary.readouterr().out.decode()
    assert main(["sampling", "pit", "--area", "12500", *DAY]) == 1
    assert "标准没有规定" in capsysbinary.readouterr().out.decode()


def test_hot_spots_of_a_real_layout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "p.csv").write_text("x,y\n50,50\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("0,0\n100,0\n100,100\n0,100\n", encoding="utf-8")
    files = ["--points", str(tmp_path / "p.csv"), "--boundary", str(tmp_path / "b.csv")]
    assert main(["sampling", "hotspot", "--layout", "points", "--radius", "25", *files]) == 0
    assert "19.6%" in capsys.readouterr().out
    assert main(["sampling", "hotspot", "--probability", "95", "--radius", "20"]) == 0
    assert "33.39 米" in capsys.readouterr().out


@beside
def test_indices_of_the_319_city_samples(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["indices", str(EXAMPLES / "cumcm2011a_samples.csv"), *DAY, "--format", "json"]) == 0
    found = json.loads(capsysbinary.readouterr().out)["findings"]
    assert len({one["subject"] for one in found}) == 319
    first = next(one for one in found if one["measure"] == "index.accumulation" and one["inputs"]["elements"] == "Cd")
    assert float(first["value"]) == pytest.approx(0.1538 / 0.128)


def test_no_database_and_no_django_are_needed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(LONG, encoding="utf-8")
    script = (
        "import sys; from jingtu.cli import main; "
        f"code = main(['assess', 'construction', {str(path)!r}, '--on', '2021-09-15']); "
        "code += main(['sampling', 'pit', '--area', '99']); "
        "assert not {'django', 'psycopg'} & set(sys.modules), 'too much was imported'; sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
