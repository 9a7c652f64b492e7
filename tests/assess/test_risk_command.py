"""``jingtu risk`` from the command line, its workbook, its refusals, and the documents it stands behind."""

from __future__ import annotations

import doctest
import io
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from jingtu.assess.derivation import TOXICITIES, derive
from jingtu.cli import derivation_report, main
from jingtu.config.instance import CHECKOUT
from jingtu.plain.numbers import significant
from jingtu.science.risk import (
    SOIL_ROUTES,
    Route,
    control_values,
    effective_diffusion_cm2_s,
    partition,
    route_toxicity,
    soil_doses,
    soil_unit_risk,
    soil_volatilisation,
)
from jingtu.science.risk.examples import benzene, building, ground, scene, target
from jingtu.science.risk.transport import indoor_dilution_cm_s, outdoor_dilution_cm_s

DAY = date(2021, 9, 15)
DOCS = CHECKOUT / "docs"
EXAMPLE = DOCS / "risk-example.toml"

SMALL = """
[parcel]
planned_use = "{use}"
on = 2021-09-15
{extra}
[[points]]
name = "S1"
surface_mg_kg = {{ {contents} }}
"""


def write(tmp_path: Path, contents: str = '"苯" = 1.0', extra: str = "", use: str = "第一类用地") -> Path:
    path = tmp_path / "地块.toml"
    path.write_text(SMALL.format(use=use, extra=extra, contents=contents), encoding="utf-8")
    return path


def test_the_example_runs_and_says_what_differs(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    book = tmp_path / "风险.xlsx"
    assert main(["risk", str(EXAMPLE), "--xlsx", str(book)]) == 1  # lead is not assessed by this model
    text = capsysbinary.readouterr().out.decode()
    for said in (
        "第一类用地",
        "苯致癌风险",
        "贡献率",
        "敏感性",
        "成人（ALM）",
        "未评估：儿童",
        "地块 12 个土样",
        "未检出",
    ):
        assert said in text
    found = openpyxl.load_workbook(book)
    charts = [len(page._charts) for page in found.worksheets]
    assert sum(charts) == 3
    deviations = next(page for page in found.worksheets if page.title == "与推荐值不同的参数")
    assert [[cell.value for cell in row][1:5] for row in deviations.iter_rows(min_row=2)] == [
        ["fom", "土壤有机质含量", 15, 18],
        ["Lgw", "地下水埋深", 300, 420],
        ["hv", "非饱和土层厚度", 295, 415],
    ]


def test_json_has_tables_and_findings(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    assert main(["risk", str(write(tmp_path)), "--format", "json"]) == 0
    content = json.loads(capsysbinary.readouterr().out)
    assert content["complete"] is True
    control = next(f for f in content["findings"] if f["measure"] == "risk.control")
    assert significant(float(control["value"])) == "0.976"
    assert control["clause"] == "hj25.3-2019#appendix-e" and len(control["digest"]) == 64


def test_class_2_by_planned_use(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    assert main(["risk", str(write(tmp_path, use="M1")), "--format", "json"]) == 0
    content = json.loads(capsysbinary.readouterr().out)
    control = next(f for f in content["findings"] if f["measure"] == "risk.control")
    assert significant(float(control["value"])) == "4.02"


def test_changed_toxicity_is_listed(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    extra = '[chemicals."苯"]\nSFo = { value = 0.06, reason = "新的毒性资料" }'
    assert main(["risk", str(write(tmp_path, extra=extra))]) == 0
    text = capsysbinary.readouterr().out.decode()
    assert re.search(r"苯 +SFo .*0\.055 +0\.06 .*新的毒性资料", text)


@pytest.mark.parametrize(
    ("contents", "extra", "told"),
    [
        ('"某物" = 1.0', "", "污染物“某物”不认识"),
        ('"苯" = -1.0', "", "不能小于零"),
        ('"苯" = 2e6', "", "不能超过 1000000"),
        ('"苯" = "3000000"', "", "不能超过 1000000"),
        ('"苯" = nan', "", "不可能是含量"),
        ('"苯" = "很多"', "", "不是含量"),
        ('"苯" = 1.0, "benzene" = 2.0', "", "写了两次"),
        ('"苯" = 1.0', "[parameters]\nfomm = 15", "参数“fomm”不认识"),
        ('"苯" = 1.0', '[parameters]\nfom = "15"', "不是数"),
        ('"苯" = 1.0', '[chemicals."苯"]\nSF = 1', "不认识"),
        ('"苯" = 1.0', '[chemicals."甲苯"]\nSFo = 1', "没有一个点位有它的含量"),
        ('"苯" = 1.0', '[routes]\nclosed = ["XX"]', "途径“XX”不认识"),
        ('"苯" = 1.0', "[paramters]\nfom = 15", "“paramters”不认识"),
        ('"锌" = 1.0', "", "HJ 25.3 的计算没有收录"),
    ],
)
def test_what_cannot_be_understood_ends_in_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, contents: str, extra: str, told: str
) -> None:
    assert main(["risk", str(write(tmp_path, contents, extra))]) == 2
    error = capsys.readouterr().err
    assert told in error and error.strip().endswith("。")


def test_files_and_words_that_do_not_fit(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    broken = tmp_path / "坏.toml"
    broken.write_text("[parcel", encoding="utf-8")
    (tmp_path / "别处").mkdir()
    strange = write(tmp_path / "别处", use="火星")
    (tmp_path / "代码").mkdir()
    coded = write(tmp_path / "代码", use="R2")
    early, earlier = ("--on", "2019-01-01"), ("--on", "2018-01-01")
    for words, told in (
        ([str(broken)], "不是正确的 TOML"),
        ([str(tmp_path / "没有.toml")], "打不开"),
        (["derive", "gb15618"], "只有 gb36600"),
        (["derive", "gb36600", "--draws", "10"], "只用于评估一个地块"),
        ([str(write(tmp_path)), *early], "2019-12-05 起施行"),
        ([str(coded), *earlier], "2018-08-01 起施行"),
        ([str(strange)], "规划用途“火星”不认识"),
    ):
        assert main(["risk", *words]) == 2
        assert told in capsys.readouterr().err


def test_derive_prints_both_counts(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    book = tmp_path / "推算.xlsx"
    assert main(["risk", "derive", "gb36600", "--on", "2021-09-15", "--xlsx", str(book)]) == 0
    text = capsysbinary.readouterr().out.decode()
    assert "230 of 336 equal or within 6 %（plain）" in text
    assert "261 of 336 equal after rounding, 268 of 336" in text
    page = openpyxl.load_workbook(book)["adjusted"]
    assert page.max_row == 1 + 336 + 8


def test_the_document_is_what_the_command_writes() -> None:
    for name, content in derivation_report.documents([derive(DAY, toxicity) for toxicity in TOXICITIES]).items():
        stored = (DOCS / name).read_bytes()
        assert stored == content, f"docs/{name} is stale: jingtu risk derive gb36600 --on 2021-09-15 --docs docs"


def _steps() -> dict[str, Callable[[], float]]:
    split = partition(ground(), benzene())
    factors = soil_volatilisation(ground(), building(), benzene())
    doses = soil_doses(scene(), benzene(), factors, carcinogenic=True)
    unit = soil_unit_risk(scene(), benzene(), target())
    crack = effective_diffusion_cm2_s(0.26, 0.12, split.porosity, benzene())
    air = [route for route in SOIL_ROUTES if route not in (Route.ORAL, Route.DERMAL)]
    return {
        "theta": lambda: float(split.porosity),
        "theta_ws": lambda: float(split.water_ratio),
        "theta_as": lambda: float(split.air_ratio),
        "kd": lambda: float(split.kd_l_kg),
        "ksw": lambda: float(split.total_l_kg),
        "deff_s": lambda: float(
            effective_diffusion_cm2_s(split.air_ratio, split.water_ratio, split.porosity, benzene())
        ),
        "deff_crack": lambda: float(crack),
        "dfoa": lambda: float(outdoor_dilution_cm_s(ground())),
        "dfia": lambda: float(indoor_dilution_cm_s(building())),
        "vf_suroa": lambda: float(factors.outdoor_surface),
        "vf_suboa": lambda: float(factors.outdoor_subsurface),
        "vf_subia": lambda: float(factors.indoor_subsurface),
        "oiser": lambda: float(doses[Route.ORAL]),
        "piser": lambda: float(doses[Route.DUST]),
        "iover1": lambda: float(doses[Route.OUTDOOR_SURFACE]),
        "iover2": lambda: float(doses[Route.OUTDOOR_SUBSURFACE]),
        "iiver1": lambda: float(doses[Route.INDOOR_SUBSURFACE]),
        "sfi": lambda: float(route_toxicity(benzene(), scene().adult).breath_slope),
        "unit_oral": lambda: float(unit.cancer[Route.ORAL]),
        "unit_air": lambda: float(sum(unit.cancer[route] for route in air)),
        "unit": lambda: float(unit.total_cancer(SOIL_ROUTES)),
        "rcvs": lambda: float(control_values(scene(), benzene(), target(), SOIL_ROUTES, ()).soil_cancer),
    }


def test_each_step_of_benzene_by_hand() -> None:
    printed = re.findall(
        r"^\| ([a-z_0-9]+) \|.*\| ([0-9.]+) \|$", (DOCS / "benzene.md").read_text("utf-8"), re.MULTILINE
    )
    steps = _steps()
    assert [name for name, _ in printed] == list(steps)
    for name, text in printed:
        digits = len(text.replace(".", "").lstrip("0"))
        assert float(f"{steps[name]():.{digits - 1}e}") == float(text), name


def test_the_library_page_runs() -> None:
    text = (DOCS / "library.md").read_text("utf-8")
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner()
    out = io.StringIO()
    result = runner.run(parser.get_doctest(text, {}, "library.md", None, 0), out=out.write)
    assert result.attempted > 5 and result.failed == 0, out.getvalue()
