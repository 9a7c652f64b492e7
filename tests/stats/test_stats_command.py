"""``jingtu stats``: known answers through the command, quality control of made and real files, clear refusals."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assess.schema import faults

from jingtu import law
from jingtu.assess import checks, controls, result_signals
from jingtu.assess.checks import duplicate_checks, in_order, summarise
from jingtu.cli import main
from jingtu.config.instance import CHECKOUT
from jingtu.plain.reported import Reported, parse_reported

EXAMPLES = CHECKOUT.parent / "shared" / "examples"
VIEW = law.at(date(2021, 9, 15))
LEAD = [
    *("<1", "<1", "2", "2.5", "2.8", "<3", "3.4", "3.9", "<4", "<4", "<4", "4.5", "4.9", "5.5", "5.5", "5.5", "<6"),
    *("6.7", "6.9", "7.4", "<9", "9.5", "<10", "<10", "10", "15", "49", "200", "9060"),
]
CONTROLS = """样品编号,质控类型,检测项目,检测结果,第二次结果,单位,检出限,保证值,不确定度,加标量,本底值,采样日期,分析日期
S1,平行样,镉,0.10,0.20,mg/kg,,,,,,,
S2,平行样,镉,120,130,µg/kg,,,,,,,
K1,全程序空白,镉,0.02,,mg/kg,0.01,,,,,,
K2,全程序空白,镉,<0.01,,mg/kg,0.01,,,,,,
J1,加标,镉,0.30,,mg/kg,,,,0.20,0.15,,
B1,标准物质,铅,25,,mg/kg,,24,2,,,,
B2,标准物质,铅,31,,mg/kg,,24,,,,,
S9,样品,汞,0.05,,mg/kg,,,,,,2021-08-01,2021-08-30
"""


def run(tmp_path: Path, *arguments: str, code: int | None = None) -> dict[str, Any]:
    out = tmp_path / "out.json"
    found = main(["stats", *arguments, "--format", "json", "--out", str(out)])
    if code is not None:
        assert found == code
    report = json.loads(out.read_text(encoding="utf-8"))
    shipped = resources.files("jingtu.cli") / f"stats_{arguments[0]}_report.schema.json"
    assert faults(report, json.loads(shipped.read_text(encoding="utf-8"))) == []
    return report  # type: ignore[no-any-return]


def write(tmp_path: Path, text: str, name: str = "data.csv") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def column(heading: str, cells: list[str]) -> str:
    return "\n".join([f"样品编号,{heading}", *(f"S{n},{cell}" for n, cell in enumerate(cells, 1)), ""])


def test_lead_through_the_command(tmp_path: Path) -> None:
    found = run(tmp_path, "ucl", write(tmp_path, column("铅(mg/kg)", LEAD)), code=0)["analytes"][0]
    limits = {limit["method"]: limit["value"] for limit in found["limits"]}
    assert (found["count"], found["detected"]) == (29, 19)
    assert round(limits["km_student"], 1) == 861.2
    assert found["advised"]["method"] in limits
    summary = run(tmp_path, "summary", write(tmp_path, column("铅(mg/kg)", LEAD)), code=0)["analytes"][0]
    assert round(summary["mean"], 2) == 325.34
    assert 9060 in [one["value"] for one in summary["outliers"]]


def test_units_of_the_heading_count(tmp_path: Path) -> None:
    as_mg = run(tmp_path, "ucl", write(tmp_path, column("镉(mg/kg)", ["0.1", "0.2", "0.15", "0.3", "0.12"])))
    as_ug = run(tmp_path, "ucl", write(tmp_path, column("镉(µg/kg)", ["100", "200", "150", "300", "120"])))
    first, second = (found["analytes"][0]["advised"] for found in (as_mg, as_ug))
    assert first["method"] == second["method"]
    assert first["value"] == pytest.approx(second["value"])


def test_what_cannot_be_computed_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = run(tmp_path, "ucl", write(tmp_path, column("镉(mg/kg)", ["<0.1", "<0.1", "未检出", "0.2"])), code=1)
    assert found["analytes"][0]["advised"] is None
    assert found["analytes"][0]["without_limit"] == 1
    assert found["analytes"][0]["reasons_zh"]
    assert main(["stats", "ucl", write(tmp_path, column("镉", ["1", "2"]))]) == 2
    assert "单位" in capsys.readouterr().err
    assert main(["stats", "ucl", str(tmp_path / "none.csv")]) == 2
    assert main(["stats", "ucl", write(tmp_path, "甲,乙\n1,2\n")]) == 2
    assert main(["stats", "ucl", write(tmp_path, column("镉(mg/kg)", ["1"])), "--analytes", "仙丹"]) == 2
    assert "仙丹" in capsys.readouterr().err


def test_every_kind_of_control_is_judged(tmp_path: Path) -> None:
    found = run(tmp_path, "qc", write(tmp_path, CONTROLS), "--on", "2021-09-15", code=1)
    assert found["form"] == "controls"
    by_subject = {(one["kind"], one["subject"]): one for one in found["checks"]}
    outcomes = {key: (one["outcome"], one["reason_code"], one["qualifier"]) for key, one in by_subject.items()}
    assert outcomes == {
        ("duplicates", "S1"): ("fail", "rd.above", "J"),
        ("duplicates", "S2"): ("pass", "rd.within", ""),
        ("blanks", "K1"): ("fail", "blank.detected", "B"),
        ("blanks", "K2"): ("pass", "blank.below", ""),
        ("spikes", "J1"): ("fail", "spike.below", "J"),
        ("references", "B1"): ("pass", "reference.inside", ""),
        ("references", "B2"): ("fail", "error.above", "J"),
        ("holding", "S9"): ("fail", "holding.above", "J"),
    }
    assert by_subject["duplicates", "S2"]["raw"] == ["0.12", "0.13"]
    assert all(one["sentence"].endswith("。") and one["clause"] for one in found["checks"])
    duplicates = next(group for group in found["summary"] if group["kind"] == "duplicates")
    assert (duplicates["rate_pct"], duplicates["required_pct"], duplicates["outcome"]) == ("50", "95", "fail")


def test_blank_sheet_of_controls_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "controls.xlsx"
    assert main(["stats", "qc-blank", "--out", str(path)]) == 0
    assert path.read_bytes()[:2] == b"PK"


def test_rows_that_cannot_be_used_become_issues(tmp_path: Path) -> None:
    text = CONTROLS.replace("S2,平行样,镉,120,130,µg/kg", "S2,平行样,仙丹,120,130,µg/kg").replace(
        "B1,标准物质", "B1,标样"
    )
    found = run(tmp_path, "qc", write(tmp_path, text), code=1)
    assert {"cell.analyte.unknown", "cell.choice.unknown"} <= {one["code"] for one in found["issues"]}


def test_detection_limits_against_the_values_they_serve(tmp_path: Path) -> None:
    data = write(tmp_path, column("苯并[a]芘(mg/kg)", ["<1.0", "<0.1", "0.2"]))
    found = run(tmp_path, "qc", data, "--land-use", "0701", "--on", "2021-09-15", code=1)
    assert [(one["reason_code"], one["limit"]) for one in found["checks"]] == [
        ("limit.above", "0.55"),
        ("limit.below", "0.55"),
    ]


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(8)))
def test_checks_do_not_depend_on_the_order_of_arrival(order: list[int]) -> None:
    first = [parse_reported(text) for text in ("0.10", "0.11", "<0.01", "5", "5.1", "120", "0.3", "0.31")]
    second = [parse_reported(text) for text in ("0.20", "0.12", "<0.01", "7", "5.0", "121", "<0.01", "0.30")]
    places = [(f"S{n}", n + 2) for n in range(8)]

    def judged(sequence: list[int]) -> list[checks.Check]:
        rows = ([places[i] for i in sequence], [first[i] for i in sequence], [second[i] for i in sequence])
        return in_order(duplicate_checks("Cd", *rows, VIEW))

    assert judged(order) == judged(list(range(8)))
    assert summarise(judged(order), VIEW) == summarise(judged(list(range(8))), VIEW)


@pytest.mark.parametrize(
    ("spiked", "outcome"),
    [("0.32", "pass"), ("0.319", "fail"), ("0.37", "pass"), ("0.371", "fail"), (None, "fail")],
)
def test_recovery_at_its_ends(spiked: str | None, outcome: str) -> None:
    value = None if spiked is None else Decimal(spiked)
    got = controls.judge_spikes(["Cd"], [value], [Decimal("0.15")], [Decimal("0.20")], VIEW)[0]
    assert (got.outcome, got.clause) == (outcome, "hjt166-2004#precision-accuracy")


@pytest.mark.parametrize(("days", "outcome"), [(28, "pass"), (29, "fail"), (-1, "fail")])
def test_holding_time_of_mercury(days: int, outcome: str) -> None:
    sampled = date(2021, 8, 2)
    got = controls.judge_holding(["Hg"], [sampled], [date.fromordinal(sampled.toordinal() + days)], VIEW)[0]
    assert got.outcome == outcome
    assert controls.judge_holding(["Hg"], [None], [sampled], VIEW)[0].outcome == "undecided"


def test_copied_rows_are_pointed_out_not_judged(tmp_path: Path) -> None:
    rows = [[f"{(n * 37 + k * 11) % 97 + 1}.{n % 9 + 1}{k + 1}" for k in range(5)] for n in range(12)]
    rows[7] = rows[2]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["样品编号", *(f"{name}(mg/kg)" for name in "镉铅铜锌镍")])
    writer.writerows([f"S{n}", *row] for n, row in enumerate(rows))
    found = run(tmp_path, "qc", write(tmp_path, out.getvalue()), code=0)
    copied = [one for one in found["signals"] if one["code"] == "signal.copied"]
    assert [one["subjects"] for one in copied] == [["S2", "S7"]]
    assert "可能" in copied[0]["sentence"]


def test_too_perfect_duplicates_are_pointed_out() -> None:
    same = [Reported(Decimal(f"0.{123 + n}"), None, "") for n in range(14)]
    codes = [one.code for one in result_signals.pair_signals({"Cd": same}, {"Cd": same})]
    assert codes == ["signal.pairs_identical"]


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the example files are not beside this checkout")
class TestRealFiles:
    def test_kola_duplicates(self, tmp_path: Path) -> None:
        arguments = ("--unit", "mg/kg", "--on", "2021-09-15")
        field = run(tmp_path, "qc", str(EXAMPLES / "kola_field_duplicates.csv"), *arguments, code=1)
        analytical = run(tmp_path, "qc", str(EXAMPLES / "kola_analytical_duplicates.csv"), *arguments, code=1)
        rates = [
            {group["analyte"]: float(group["rate_pct"]) for group in found["summary"]} for found in (field, analytical)
        ]
        assert all(rates[0][code] < rates[1][code] for code in rates[0])
        assert rates[1]["Cd"] == 100
        assert field["signals"] == []

    def test_kola_reference_material(self, tmp_path: Path) -> None:
        path = str(EXAMPLES / "kola_reference_material.csv")
        found = run(tmp_path, "qc", path, "--unit", "mg/kg", "--as", "replicates", code=1)
        outcomes = {one["analyte"]: one["outcome"] for one in found["checks"]}
        assert outcomes.pop("As") == "fail"
        assert set(outcomes.values()) == {"pass"}

    def test_kola_samples_signal_values_at_half_a_limit(self, tmp_path: Path) -> None:
        found = run(tmp_path, "qc", str(EXAMPLES / "kola_c_horizon.csv"), code=0)
        assert [(one["code"], one["analyte"]) for one in found["signals"]] == [("signal.repeated_lowest", "Hg")]

    def test_city_samples_in_two_units(self, tmp_path: Path) -> None:
        found = run(tmp_path, "summary", str(EXAMPLES / "cumcm2011a_samples.csv"), code=0)
        means = {one["analyte"]: one["mean"] for one in found["analytes"]}
        assert len(means) == 8
        assert 0.2 < means["Cd"] < 0.4
        assert 50 < means["Pb"] < 80


def test_more_than_the_whole_sample_is_not_measured(tmp_path: Path) -> None:
    rows = ["S1,0.2", "S2,0.3", "S3,1e400", "S4,2000000", "S5,<3000000", "S6,1E3"]
    report = run(tmp_path, "summary", write(tmp_path, "\n".join(["样品编号,镉(mg/kg)", *rows, ""])), code=1)
    assert [analyte["count"] for analyte in report["analytes"]] == [3]
    codes = [issue["code"] for issue in report["issues"]]
    assert codes == ["cell.reported.unreadable", "cell.reported.whole", "cell.reported.whole"]
    long = "样品编号,检测项目,检测结果,单位\nS1,镉,300,%\nS2,镉,3,%\nS3,镉,1,mg/kg\nS4,镉,2,mg/kg\n"
    report = run(tmp_path, "summary", write(tmp_path, long), code=1)
    assert report["analytes"][0]["highest"] == 30000
    assert [issue["code"] for issue in report["issues"]] == ["cell.reported.whole"]


def test_why_a_method_gives_no_limit_is_said(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    text = "样品编号,镉(mg/kg)\n" + "".join(f"S{n},{value}\n" for n, value in enumerate((0, 0.2, 0.3, 0.5, 0.7)))
    assert main(["stats", "ucl", write(tmp_path, text)]) == 1
    assert "要求结果都大于 0" in capsysbinary.readouterr().out.decode()
    few = "样品编号,镉(mg/kg)\nS1,0.2\nS2,0.3\n"
    assert main(["stats", "ucl", write(tmp_path, few)]) == 1
    assert "不适用的原因" not in capsysbinary.readouterr().out.decode()
