"""``jingtu risk --draws``: distributions in the run file, the tables and pictures, and refusals."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from jingtu.cli import main
from jingtu.config.instance import CHECKOUT

EXAMPLE = CHECKOUT / "docs" / "risk-example.toml"
SMALL = """
[parcel]
planned_use = "R2"
on = 2021-09-15
{sections}
[[points]]
name = "S1"
surface_mg_kg = {{ "苯" = 1.0 }}
subsurface_mg_kg = {{ "苯" = 1.0 }}
"""
FOM = '[parameters]\nfom = { distribution = { kind = "uniform", low = 10, high = 20 }, reason = "演示" }\n'


def write(tmp_path: Path, sections: str) -> Path:
    path = tmp_path / "地块.toml"
    path.write_text(SMALL.format(sections=sections), encoding="utf-8")
    return path


def asked(capsysbinary: pytest.CaptureFixture[bytes], *words: str) -> bytes:
    assert main(["risk", *words]) in (0, 1)
    return capsysbinary.readouterr().out


def table(content: dict, title: str) -> list[dict[str, object]]:
    found = next(one for one in content["tables"] if one["title"].startswith(title))
    return [dict(zip(found["headings"], row, strict=True)) for row in found["rows"]]


def test_the_example_is_drawn(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    book, folder = tmp_path / "风险.xlsx", tmp_path / "图"
    words = (str(EXAMPLE), "--draws", "40000", "--xlsx", str(book), "--figures", str(folder))
    text = asked(capsysbinary, *words).decode()
    for said in ("（演示数据）示例地块", "抽样 40,000 次，种子 2021", "不代替按采用值", "累积曲线】", "秩相关系数 0.5"):
        assert said in text, said
    pages = openpyxl.load_workbook(book)
    assert sum(len(page._charts) for page in pages.worksheets) == 5
    curves = pages["随机模拟：累积曲线"]
    assert [cell.value for cell in curves[1]][:2] == ["累积概率", "苯 CRn"]
    names = {path.name for path in folder.iterdir()}
    assert names == {
        f"{what}-{e}.svg"
        for what in ("contribution", "tornado", "frequency", "cumulative")
        for e in ("cancer", "hazard")
    }
    for path in folder.iterdir():
        ElementTree.parse(path)  # noqa: S314  our own file


def test_the_numbers_hang_together(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    path = write(tmp_path, FOM)
    content = json.loads(asked(capsysbinary, str(path), "--draws", "40000", "--format", "json"))
    spread = {row["量"]: row for row in table(content, "随机模拟：风险的分布")}
    levels = next(row for row in table(content, "各点位的总致癌风险"))
    cancer = spread["致癌风险 CRn"]
    assert cancer["按采用值"] == levels["致癌风险 CRn"]
    order = [cancer[name] for name in ("P5", "P25", "P50", "P75", "P90", "P95", "P99", "最大")]
    assert order == sorted(order) and order[0] < cancer["平均"] < order[-1]
    course = [row for row in table(content, "随机模拟：收敛") if row["量"] == "致癌风险 CRn"]
    assert [row["抽样次数"] for row in course] == [16384, 32768, 40000]
    assert course[-1]["P95"] == cancer["P95"] and course[-1]["平均的标准误"] < 1e-3 * cancer["平均"]
    curve = next(c for c in content["draws"]["curves"] if c["measure"] == "risk.cancer")
    assert curve["deterministic"] == levels["致癌风险 CRn"] and curve["acceptable"] == 1e-6
    assert curve["values"][content["draws"]["shares"].index(0.95)] == cancer["P95"]
    classes = curve["classes"]
    assert sum(one["share"] for one in classes) == pytest.approx(1)
    assert all(one["to"] == after["from"] for one, after in itertools.pairwise(classes))
    under = sum(one["share"] for one in classes if one["to"] <= cancer["P50"])
    assert 0.4 < under <= 0.5 and classes[-1]["to"] == pytest.approx(cancer["最大"])
    assert table(content, "随机模拟：参数与结果的秩相关")[0]["与结果的秩相关系数"] == -1.0  # more humus binds more
    over = float(str(cancer["超过可接受水平的比例"]).rstrip("%"))
    below = [share for share, value in zip(content["draws"]["shares"], curve["values"], strict=True) if value <= 1e-6]
    assert over == pytest.approx(100 * (1 - max(below)), abs=1.1)


def test_the_same_seed_says_the_same(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    path = str(write(tmp_path, FOM + "[draws]\ncount = 500\nseed = 7"))
    first, again = asked(capsysbinary, path), asked(capsysbinary, path)
    assert first == again and "抽样 500 次，种子 7" in first.decode()
    other = asked(capsysbinary, path, "--seed", "8").decode()
    assert "种子 8" in other and other.replace("种子 8", "种子 7") != first.decode()
    assert "标准误没有给出" in other


def test_without_draws_a_distribution_changes_nothing(
    capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    with_one = asked(capsysbinary, str(write(tmp_path, FOM)), "--format", "json")
    without = asked(capsysbinary, str(write(tmp_path, "")), "--format", "json")
    assert with_one == without and json.loads(without)["draws"] is None


@pytest.mark.parametrize(
    ("sections", "told"),
    [
        ("", "没有一个参数有分布"),
        ('[parameters]\nfom = { distribution = "uniform" }', "应当写明 kind"),
        ('[parameters]\nfom = { distribution = { kind = "beta", a = 1 } }', "应当写明 kind"),
        ('[parameters]\nfom = { distribution = { kind = "uniform", low = 5 } }', "缺少 high"),
        ('[parameters]\nfom = { distribution = { kind = "uniform", low = 5, high = 9, sd = 1 } }', "“sd”不认识"),
        ('[parameters]\nfom = { distribution = { kind = "uniform", low = 9, high = 5 } }', "low 应当小于 high"),
        ('[parameters]\nfom = { distribution = { kind = "normal", mean = "a", sd = 1 } }', "不是数"),
        ('[parameters]\nfom = { distribution = { kind = "normal", mean = 15, sd = 5 } }', "用 low、high 截断"),
        ('[parameters]\nfom = { distribution = { kind = "empirical", values = 5 } }', "应当是一列数"),
        ('[parameters]\nfomm = { distribution = { kind = "point", value = 5 } }', "“fomm”不认识"),
        ('[chemicals."苯"]\nsurface_mg_kg = 5', "只能写 distribution"),
        (FOM + '"ground.organic_matter_g_kg" = { distribution = { kind = "point", value = 5 } }', "写了两次"),
        (FOM + '[[correlations]]\nbetween = ["fom", "BWa"]\nrank = 0.5', "BWa 成人平均体重"),
        (FOM + '[[correlations]]\nbetween = ["fom"]\nrank = 0.5', "两个不同的参数"),
        (FOM + '[[correlations]]\nbetween = ["fom", "某物/Koc"]\nrank = 0.5', "“某物”不认识"),
        (FOM + '[draws]\npoint = "S9"', "不在运行文件的点位中"),
        (FOM + "[draws]\ncount = 1.5", "之间的整数"),
        (FOM + "[draws]\nseeds = 1", "“seeds”不认识"),
    ],
)
def test_what_cannot_be_drawn_ends_in_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, sections: str, told: str
) -> None:
    assert main(["risk", str(write(tmp_path, sections)), "--draws", "100"]) == 2
    error = capsys.readouterr().err
    assert told in error and error.strip().endswith("。")


def test_lead_alone_has_nothing_to_draw(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = write(tmp_path, FOM)
    path.write_text(path.read_text("utf-8").replace("苯", "铅"), encoding="utf-8")
    assert main(["risk", str(path), "--draws", "100"]) == 2
    assert "没有可算的" in capsys.readouterr().err


def test_a_number_of_draws_that_cannot_be(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for words in (
        ("--draws", "0"),
        ("--draws", "很多"),
        ("--draws", "1.5"),
        ("--draws", "1000000000"),
        ("--draws", "10", "--seed", "-1"),
    ):
        assert main(["risk", str(write(tmp_path, FOM)), *words]) == 2
        assert re.search(r"(--draws|--seed) 写的“.+”不行；应当是", capsys.readouterr().err)
