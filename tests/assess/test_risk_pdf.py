"""``jingtu risk --pdf``: the same bytes twice, pages with numbers and marks, nothing fetched, nothing unescaped."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from weasyprint import HTML

from jingtu.assess.risk import assess_risk
from jingtu.cli import main
from jingtu.cli.risk_draws_report import drawn_part
from jingtu.cli.risk_file import read_run_file
from jingtu.cli.risk_pdf import as_html
from jingtu.cli.risk_report import Report, build
from jingtu.config.instance import CHECKOUT

EXAMPLE = CHECKOUT / "docs" / "risk-example.toml"
SMALL = """
[parcel]
name = "{name}"
planned_use = "R2"
on = 2021-09-15
[[points]]
name = "S1"
surface_mg_kg = {{ "砷" = 1.0 }}
"""


@pytest.fixture(scope="module")
def report() -> Report:
    run = read_run_file(EXAMPLE)
    found = assess_risk(run.case)
    return build(run, found, drawn_part(found, run.draws.__class__(500, 1, "", run.draws.varied, run.draws.pairs)))


def small(tmp_path: Path, name: str) -> Path:
    path = tmp_path / "地块.toml"
    path.write_text(SMALL.format(name=name), encoding="utf-8")
    return path


def test_the_command_writes_the_same_bytes_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "一.pdf", tmp_path / "二.pdf"
    for out in (first, second):
        assert main(["risk", str(small(tmp_path, "甲地块")), "--pdf", str(out)]) == 0
    capsys.readouterr()
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(b"%PDF-")
    parts = re.findall(rb"/ObjStm.*?stream\n(.*?)\nendstream", first.read_bytes(), re.DOTALL)
    inside = b"".join(zlib.decompress(part) for part in parts)
    assert b"/FontFile" in inside  # the letters are inside
    assert b"/StructTreeRoot" in inside + first.read_bytes()  # headings and tables are marked as such


def test_all_that_the_report_says_is_in_it(report: Report) -> None:
    html = as_html(report)
    page = ElementTree.fromstring(html.removeprefix("<!DOCTYPE html>").replace('<meta charset="utf-8">', ""))  # noqa: S314
    text = "".join(page.itertext())
    for said in (report.heading, *report.notes, *report.sentences):
        assert said in text
    titles = [title.text for title in page.iter("h2")]
    assert [s.title for s in report.sheets if not s.title.endswith(("累积曲线", "频率分布"))] == titles[2:]
    assert len(list(page.iter("{http://www.w3.org/2000/svg}svg"))) == 8
    assert "演示数据，不是真实地块的结果" in text and 'class="watermark"' in html
    certain = [cell for cell in page.iter("td") if "unsure" in (cell.get("class") or "")]
    assert len(certain) >= 69  # as many as the note says, and those of the chemicals
    assert "27740" in text  # the averaging time is not rounded like a result


def test_pages_are_numbered_and_say_what_they_are(report: Report) -> None:
    rendered = HTML(string=as_html(report)).render()
    assert 5 < len(rendered.pages) < 40
    css = (CHECKOUT / "src/jingtu/cli/risk_report.css").read_text("utf-8")
    assert re.search(r'"第 " counter\(page\) " 页 共 " counter\(pages\) " 页"', css)
    assert "运行文件 SHA-256" in as_html(report) and report.digest[:16] in as_html(report)


def test_a_real_parcel_bears_no_mark_of_a_demonstration(tmp_path: Path) -> None:
    run = read_run_file(small(tmp_path, "乙地块"))
    assert "演示" not in as_html(build(run, assess_risk(run.case)))


def test_nothing_from_outside_and_nothing_unescaped(tmp_path: Path) -> None:
    name = "<img src='file:///etc/hostname'><script>x</script>"
    run = read_run_file(small(tmp_path, name))
    html = as_html(build(run, assess_risk(run.case)))
    assert "<img" not in html and "<script" not in html and "&lt;img" in html
