"""Reports with planted errors: each plant is found and explained, and nothing else is called wrong."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from jingtu.assess.review import review
from jingtu.assess.review_claims import Claim, Report, Reviewed, Tolerance
from jingtu.assess.review_sentences import recomputed_text, why
from jingtu.cli import main
from jingtu.plain.reported import parse_reported

HERE = Path(__file__).parent
SHEETS = {"site": "地块情况", "results": "检测结果", "claims": "结论"}
REPORTS = ("survey", "detailed", "effect")
TOLERANCE = Tolerance(Decimal("0.01"), Decimal("0.05"))


def plants() -> dict[tuple[str, str], dict[str, str]]:
    with (HERE / "plants.csv").open(encoding="utf-8", newline="") as file:
        return {(row["report"], row["claim"]): row for row in csv.DictReader(file)}


def workbook(report: str, folder: Path) -> Path:
    """The three worksheets of a report as the workbook a reviewer receives."""
    path = folder / f"{report}.xlsx"
    book = xlsxwriter.Workbook(path)
    for name, title in SHEETS.items():
        sheet = book.add_worksheet(title)
        with (HERE / "reports" / report / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row, cells in enumerate(csv.reader(file)):
                for column, cell in enumerate(cells):
                    sheet.write_string(row, column, cell)
    book.close()
    return path


def reviewed(report: str, folder: Path) -> dict[str, dict[str, object]]:
    out = folder / "out.json"
    code = main(["review", str(workbook(report, folder)), "--format", "json", "--out", str(out)])
    assert code == 1
    return {claim["number"]: claim for claim in json.loads(out.read_text(encoding="utf-8"))["claims"]}


@pytest.mark.parametrize("report", REPORTS)
def test_planted_errors_are_caught_and_nothing_else(report: str, tmp_path: Path) -> None:
    found = reviewed(report, tmp_path)
    planted = {claim for name, claim in plants() if name == report}
    assert planted
    assert {number for number, claim in found.items() if claim["outcome"] != "agrees"} == planted


@pytest.mark.parametrize("key", sorted(plants()), ids="-".join)
def test_each_plant_gets_its_right_value_and_a_reason(key: tuple[str, str], tmp_path: Path) -> None:
    claim = reviewed(key[0], tmp_path)[key[1]]
    right = plants()[key]["right_value"]
    shown = str(claim["recomputed_zh"]).removesuffix("用地") + ("用地" if right.endswith("用地") else "")
    if right.replace(".", "").isdigit():
        places = len(right.partition(".")[2])
        assert round(float(shown), places) == float(right)
    elif right:
        assert shown == right
    assert str(claim["why_zh"]).strip()
    assert claim["clause"] or claim["kind"] in ("maximum", "detected_count")


def test_the_usual_mistake_is_named(tmp_path: Path) -> None:
    found = {report: reviewed(report, tmp_path) for report in REPORTS}
    assert "另一类用地" in str(found["survey"]["2"]["why_zh"])
    assert "按零计" in str(found["detailed"]["5"]["why_zh"])
    assert "小数点" in str(found["detailed"]["7"]["why_zh"])
    assert "正态分位数" in str(found["effect"]["2"]["why_zh"])


def one(claim: Claim, *results: str, use: str = "R", stage: str = "detailed") -> Reviewed:
    items = [parse_reported(text) for text in results]
    names = [f"S{n}" for n in range(len(items))]
    held = {claim.analyte: items} if claim.analyte else {}
    report = Report("甲", stage, Decimal(3000), use, date(2021, 9, 15), names, names, held, [claim])
    return review(report, TOLERANCE)[0]


def test_benzene_has_the_control_value_of_the_standard() -> None:
    agrees = one(Claim("1", "", "control_value", "benzene", "0.976", "mg/kg"), "0.5")
    assert agrees.outcome == "agrees"
    differs = one(Claim("1", "", "control_value", "benzene", "9.76", "mg/kg"), "0.5")
    assert (differs.outcome, differs.clause) == ("differs", "hj25.3-2019#appendix-e")
    risk = one(Claim("1", "", "cancer_risk", "benzene", "1.025E-6", content_mg_kg=Decimal(1)), "0.5")
    assert risk.outcome == "agrees"
    assert "推荐参数" in why(risk)
    assert one(Claim("1", "", "hazard_quotient", "Pb", "0.5"), "100").outcome == "not_checked"


def test_a_mean_over_non_detects_must_say_how() -> None:
    unsaid = one(Claim("1", "", "mean", "Pb", "20", "mg/kg"), "<10", "35", "30")
    assert (unsaid.outcome, unsaid.clause) == ("not_allowed", "hjt166-2004#non-detect")
    said = one(Claim("1", "", "mean", "Pb", "23.3", "mg/kg", "二分之一检出限"), "<10", "35", "30")
    assert said.outcome == "agrees"
    unit = one(Claim("1", "", "mean", "Pb", "23333", "µg/kg", "1/2检出限"), "<10", "35", "30")
    assert unit.outcome == "agrees"


def test_what_cannot_be_checked_says_why() -> None:
    unread = one(Claim("1", "", "maximum", "Pb", "约三十"), "30")
    assert (unread.outcome, recomputed_text(unread)) == ("not_checked", "—")
    assert "约三十" in why(unread)
    foreign = one(Claim("1", "", "maximum", "Pb", "30", "mg/L"), "30")
    assert foreign.reason == "claim.unit"
    assert "mg/L" in why(foreign)
    assert one(Claim("1", "", "maximum", "", "30"), "30").reason == "analyte.missing"
    assert one(Claim("1", "", "ucl", "Pb", "30", "", "神秘法"), "30", "31").reason == "method.unknown"
    assert one(Claim("1", "", "effect", "Pb", "达标"), "30").reason == "target.missing"
    assert one(Claim("1", "", "maximum", "Cd", "3"), "/").reason == "analyte.not_detected"
    assert one(Claim("1", "", "verdict", "Cr", "未超标"), "3").reason == "analyte.not_listed"


def test_the_tolerance_is_the_one_stated(tmp_path: Path) -> None:
    path, out = workbook("effect", tmp_path), tmp_path / "out.json"
    main(["review", str(path), "--tolerance", "0.02", "--format", "json", "--out", str(out)])
    found = {claim["number"]: claim["outcome"] for claim in json.loads(out.read_text(encoding="utf-8"))["claims"]}
    assert (found["2"], found["5"]) == ("agrees", "differs")


def test_values_at_the_limit_do_not_exceed() -> None:
    assert one(Claim("1", "", "exceeding_count", "As", "0"), "20").outcome == "agrees"
    assert one(Claim("1", "", "exceeding_count", "As", "1"), "20.1").outcome == "agrees"
    hidden = one(Claim("1", "", "exceeding_count", "BaP", "0"), "<1.0", "0.1")
    assert (hidden.outcome, hidden.reason) == ("differs", "results.exceeding_open")


def test_points_against_area_and_file() -> None:
    report = Report("甲", "preliminary", Decimal(5000), "R", date(2021, 9, 15), ["a"], ["P1", "P2", "P3"], {}, [])
    for claimed, outcome in (("3", "agrees"), ("4", "differs")):
        claim = Claim("1", "", "point_count", "", claimed)
        held = Report(**{**{f: getattr(report, f) for f in report.__dataclass_fields__}, "claims": [claim]})
        assert review(held, TOLERANCE)[0].outcome == outcome


def test_blank_workbook_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "blank.xlsx"
    assert main(["review", "--blank", str(path)]) == 0
    out = tmp_path / "out.json"
    assert main(["review", str(path), "--format", "json", "--out", str(out)]) in (0, 1)
    found = json.loads(out.read_text(encoding="utf-8"))
    assert (found["parcel"], len(found["claims"]), found["issues"]) == ("某化工厂东侧地块", 1, [])


def test_missing_sheets_and_files_end_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "one.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("检测结果").write_row(0, 0, ["样品编号", "砷(mg/kg)"])
    book.close()
    assert main(["review", str(path)]) == 2
    assert "地块情况" in capsys.readouterr().err
    assert main(["review"]) == 2
    assert "--blank" in capsys.readouterr().err
