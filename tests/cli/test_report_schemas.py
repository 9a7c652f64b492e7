"""What the commands say as JSON stands in the schemas that are shipped with them, whatever is wrong with the file."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jingtu.assess import crop_sentences, crops, effect_sentences, index_sentences, review_sentences, sampling_sentences
from jingtu.assess.checks import QUALIFIER_MEANINGS
from jingtu.assess.control_sentences import CONTROL_REASONS, KINDS
from jingtu.cli import main
from jingtu.cli.review_file import CLAIMS, spec_of
from jingtu.cli.sampling_design import METHODS as DESIGN_METHODS
from jingtu.cli.stats_report import DISTRIBUTIONS, METHODS, REASONS
from jingtu.config.instance import CHECKOUT
from tests.assess.schema import faults
from tests.review.test_review import workbook

CONTENTS = """样品编号,分区,原样编号,镉(mg/kg),铅(mg/kg),砷(mg/kg),pH
S1,甲,,0.21,31,9,7.6
S2,甲,,0.34,29,11,7.8
S3,甲,,<0.01,45,12,7.4
S4,甲,,0.55,38,8,7.7
S5,甲,,0.12,33,10,7.5
S6,甲,,0.18,36,14,7.9
S7,甲,,0.42,41,13,7.2
S8,甲,,0.27,39,9,7.6
S9,乙,,0.9,310,80,7.1
S9P,乙,S9,1.0,305,82,7.1
"""
BROKEN = CONTENTS.replace("0.34", "很多").replace("0.55", "-0.55").replace("pH", "锌")
FEW = "样品编号,镉(mg/kg),铅(mg/kg)\nS1,0.2,<10\nS2,0.2,<10\nS3,0.2,未检出\nS4,0.2,<10\n"
OUTLYING = "样品编号,镉(mg/kg)\n" + "".join(f"S{n},{0.2 + n / 100}\n" for n in range(12)) + "S12,9.5\n"
CONTROLS = """样品编号,质控类型,检测项目,检测结果,第二次结果,单位,检出限,保证值,不确定度,加标量,本底值,采样日期,分析日期
S1,平行样,镉,0.10,0.20,mg/kg,,,,,,,
K1,全程序空白,镉,0.02,,mg/kg,0.01,,,,,,
J1,加标,镉,0.30,,mg/kg,,,,0.20,0.15,,
B1,标准物质,铅,25,,mg/kg,,24,2,,,,
B2,标准物质,铅,31,,mg/kg,,24,,,,,
S9,样品,汞,0.05,,mg/kg,,,,,,2021-08-01,2021-08-30
S9,样品,仙丹,0.05,,mg/kg,,,,,,,
"""
EATEN = """样品编号,作物,收获日期,镉(mg/kg),总砷(mg/kg),汞(µg/kg),无机砷(mg/kg)
N1,谷子,2021-09-20,0.12,0.1,5,
N2,水稻,2021-10-01,0.2,0.25,<3,
N3,仙草,昨天,0.05,/,<3,0.1
"""
PARCEL = """
[parcel]
planned_use = "M1"
on = 2021-09-15
[parameters]
fom = { value = 18, distribution = { kind = "uniform", low = 10, high = 20 } }
[[points]]
name = "S1"
surface_mg_kg = { "苯" = 1.0, "铅" = 300, "苯并[a]芘" = "<0.1" }
"""
SQUARE = "x,y\n0,0\n100,0\n100,100\n0,100\n"
EXAMPLE = str(CHECKOUT / "docs" / "risk-example.toml")
DAY = "--on 2021-09-15"
CASES: list[tuple[str, str, str]] = [
    ("risk", f"risk {EXAMPLE}", ""),
    ("risk", f"risk {EXAMPLE} --draws 300", ""),
    ("risk", "risk FILE", PARCEL),
    ("risk", "risk FILE --draws 40000", PARCEL),
    ("stats_ucl", "stats ucl FILE", CONTENTS),
    ("stats_ucl", "stats ucl FILE --confidence 0.9", BROKEN),
    ("stats_ucl", "stats ucl FILE", FEW),
    ("stats_summary", "stats summary FILE", CONTENTS),
    ("stats_summary", "stats summary FILE", BROKEN),
    ("stats_summary", "stats summary FILE", OUTLYING),
    ("stats_summary", "stats summary FILE", FEW),
    ("stats_qc", f"stats qc FILE {DAY}", CONTROLS),
    ("stats_qc", f"stats qc FILE {DAY} --as samples", CONTENTS),
    ("stats_qc", f"stats qc FILE {DAY} --as samples --land-use R2", BROKEN),
    ("sampling", f"sampling survey --area 8000 {DAY} --planned preliminary=5", ""),
    ("sampling", f"sampling survey --area 8000 --suspected 3000 --depth 6 {DAY}", ""),
    ("sampling", f"sampling pit --area 12500 --wall 300 --depth 3 {DAY}", ""),
    ("sampling", f"sampling pile --volume 900 --cv 0.5 {DAY}", ""),
    ("sampling", f"sampling wells --area 12000 --fine {DAY}", ""),
    ("effect", f"effect FILE --target Cd=0.5 --target Pb=100 {DAY}", CONTENTS),
    ("effect", f"effect FILE --target Cd=0.5 {DAY}", BROKEN),
    ("indices", f"indices FILE {DAY}", CONTENTS),
    ("indices", f"indices FILE --base china {DAY}", BROKEN),
    ("rate", f"rate farmland-trial --area B=10 --area C=5 --area D=40 --area E=60 {DAY}", ""),
    ("rate", f"rate parcel --area fit=0 --area redeveloped=0 {DAY}", ""),
    ("review", "review survey", ""),
    ("review", "review detailed", ""),
    ("review", "review effect", ""),
    ("crops", "assess crops FILE", EATEN),
    ("crops", "assess crops FILE --crop 玉米 --harvested-on 2021-09-20", CONTENTS),
    ("crops", "assess crops FILE", CONTENTS),
    ("sampling_design", "sampling hotspot --layout triangular --spacing 40 --radius 15", ""),
    ("sampling_design", "sampling hotspot --probability 95 --radius 20 --shape 0.5", ""),
    ("sampling_design", "sampling hotspot --layout random --count 6 --area 10000 --radius 20", ""),
    ("sampling_design", "sampling hotspot --layout points --radius 25 --points FILE --boundary FILE", SQUARE),
    ("sampling_design", "sampling number --spread 25 --error 10", ""),
    ("sampling_design", "sampling number --spread 25 --error 10 --power 80", ""),
]


def schema(name: str) -> dict[str, Any]:
    text = (resources.files("jingtu.cli") / f"{name}_report.schema.json").read_text(encoding="utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def told(folder: Path, words: str, text: str, capsysbinary: pytest.CaptureFixture[bytes]) -> dict[str, Any]:
    """What a command says as JSON."""
    path = folder / ("地块.toml" if words.startswith("risk") else "数据.csv")
    path.write_text(text, encoding="utf-8")
    given = words.replace("FILE", str(path)).split()
    if given[0] == "review":
        given[1] = str(workbook(given[1], folder))
    assert main([*given, "--format", "json"]) in (0, 1)
    return json.loads(capsysbinary.readouterr().out)  # type: ignore[no-any-return]


@pytest.mark.parametrize(("name", "words", "text"), CASES, ids=range(len(CASES)))
def test_what_is_said_stands_in_the_schema(
    name: str, words: str, text: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    found = told(tmp_path, words, text, capsysbinary)
    assert faults(found, schema(name)) == []
    assert found["schema"] == schema(name)["properties"]["schema"]["const"]


def described(part: Any) -> list[dict[str, Any]]:
    """All descriptions of objects inside a schema."""
    if isinstance(part, list):
        return [one for item in part for one in described(item)]
    if not isinstance(part, dict):
        return []
    own = [part] if "properties" in part else []
    return own + [one for item in part.values() for one in described(item)]


def test_every_part_is_described_to_the_end() -> None:
    for name in {name for name, _, _ in CASES}:
        for one in described(schema(name)):
            assert one["additionalProperties"] is False, name
            assert set(one["required"]) == set(one["properties"]), name


@pytest.mark.parametrize("number", [0, 4, 7, 11, 14, 19, 21, 23, 25])
def test_a_report_that_departs_is_found(
    number: int, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    name, words, text = CASES[number]
    found = told(tmp_path, words, text, capsysbinary)
    kept = schema(name)
    first = next(iter(set(found) - {"schema"}))
    wrong = [
        {**found, "more": 1},
        {key: value for key, value in found.items() if key != first},
        {**found, "schema": "jingtu.other/1"},
    ]
    rows = next(key for key in ("findings", "analytes", "checks", "claims") if found.get(key))
    row = found[rows][0]
    wrong += [{**found, rows: [{**row, key: {"an": "object"}}]} for key in row if key not in ("inputs", "parts")]
    for one in wrong:
        assert faults(one, kept), (name, one)


def test_the_codes_are_those_of_the_program() -> None:
    def codes(name: str, *steps: str) -> list[str]:
        part: Any = schema(name)
        for step in steps:
            part = part[step]
        return part["enum"]  # type: ignore[no-any-return]

    limit = ("$defs", "limit", "properties", "method")
    assert codes("stats_ucl", *limit) == list(METHODS)
    analyte = ("properties", "analytes", "items", "properties")
    assert codes("stats_ucl", *analyte, "reasons", "items") == list(REASONS)
    assert codes("stats_ucl", *analyte, "distribution") == list(DISTRIBUTIONS)
    check = ("properties", "checks", "items", "properties")
    assert codes("stats_qc", *check, "kind") == list(KINDS)
    assert codes("stats_qc", *check, "reason_code") == list(CONTROL_REASONS)
    assert codes("stats_qc", *check, "qualifier") == ["", *QUALIFIER_MEANINGS]
    assert codes("review", "properties", "claims", "items", "properties", "outcome") == list(review_sentences.OUTCOMES)
    eaten = ("properties", "samples", "items", "properties", "analytes", "items", "properties")
    assert codes("crops", *eaten, "outcome") == list(crops.OUTCOMES)
    assert codes("crops", *eaten, "reason") == [*crop_sentences.REASONS, None]
    kinds = dict(spec_of(CLAIMS).column("kind").codes)
    assert codes("review", "properties", "claims", "items", "properties", "kind") == list(kinds)
    assert codes("sampling_design", "properties", "method") == list(DESIGN_METHODS)
    measure = ("$defs", "finding", "properties", "measure")
    for name, names in (
        ("sampling", sampling_sentences.NAMES),
        ("effect", effect_sentences.METHOD_NAMES),
        ("indices", index_sentences.MEASURE_NAMES),
        ("rate", index_sentences.RATE_NAMES),
    ):
        assert codes(name, *measure) == list(names), name


def test_no_schema_is_shipped_untried() -> None:  # the three left out are tried with their own commands
    shipped = {path.name.removesuffix("_report.schema.json") for path in (CHECKOUT / "src/jingtu/cli").glob("*.json")}
    assert shipped - {"farmland", "construction", "krige"} == {name for name, _, _ in CASES}


def test_a_design_says_its_answer_in_every_form(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    words = ["sampling", "number", "--spread", "25", "--error", "10"]
    assert main([*words, "--format", "json"]) == 0
    found = json.loads(capsysbinary.readouterr().out)
    assert (found["value"], found["unit"], found["inputs"]["spread"]) == (27, "samples", "25")
    assert main(words) == 0
    assert capsysbinary.readouterr().out.decode() == found["sentence"] + "\n"
    book = tmp_path / "布点.xlsx"
    assert main([*words, "--format", "xlsx", "--out", str(book)]) == 0
    assert openpyxl.load_workbook(book).sheetnames == ["布点设计", "说明"]
    assert main(["sampling", "number", "--spread", "1e9", "--error", "1"]) == 2
    assert main(["sampling", "hotspot", "--layout", "random", "--count", "2.5", "--area", "9", "--radius", "1"]) == 2
    assert "不是整数" in capsysbinary.readouterr().err.decode()
    points = tmp_path / "点.csv"
    points.write_text("x,y\n0,0\nnan,3\n", encoding="utf-8")
    files = ["--points", str(points), "--boundary", str(points)]
    assert main(["sampling", "hotspot", "--layout", "points", "--radius", "5", *files]) == 2
    assert "第 3 行不是两个坐标" in capsysbinary.readouterr().err.decode()
