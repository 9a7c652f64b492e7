"""The report of ``jingtu assess farmland``: one structure, shown as table, JSON, CSV or workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from jingtu import law
from jingtu.assess.farmland import Assessment, Samples, assess, findings_of
from jingtu.assess.finding import Finding, code_version
from jingtu.assess.sentences import CLASS_NAMES, REASONS, basis
from jingtu.cli import report_forms
from jingtu.cli.report_forms import Forms, Page, issue_line, issue_page
from jingtu.plain.numbers import decimal_of, display, plain
from jingtu.sheets.concentrations import Contents

SCHEMA: Final = "jingtu.assess.farmland/1"
_ROMAN: Final = {"class.1": "I", "class.2": "II", "class.3": "III"}


def judge(part: tuple[Sequence[int], Samples], on: date, elements: str) -> list[dict[str, Any]]:
    """Some samples of a file, with the numbers of their rows, judged and told as plain data."""
    rows, samples = part
    assessment = assess(samples, on, elements)
    return [_sample(rows[place], assessment, place) for place in range(len(assessment))]


def build(contents: Contents, samples: list[dict[str, Any]], on: date, elements: str) -> dict[str, Any]:
    """The report as plain data, as its JSON Schema describes it; ``samples`` as :func:`judge` told them."""
    counts = {name: sum(sample["class"] == name for sample in samples) for name in ("I", "II", "III")}
    judged = sum(counts.values())
    return {
        "schema": SCHEMA,
        "file": contents.file,
        "sheet": contents.sheet,
        "form": contents.form,
        "law_on": on.isoformat(),
        "standard": law.at(on).table("gb15618_screening").clause.partition("#")[0],
        "elements": elements,
        "index_base": "gb15618_screening",
        "code_version": code_version(),
        "summary": {
            "samples": len(samples),
            "judged": judged,
            "not_judged": len(samples) - judged,
            "incomplete": sum(1 for sample in samples if sample["class"] and not sample["complete"]),
            "classes": counts,
            "issues": len(contents.issues),
        },
        "samples": samples,
        "issues": [issue.as_dict() for issue in contents.issues],
        "notes": [note.as_dict() for note in contents.notes],
    }


def _sample(row: int, assessment: Assessment, place: int) -> dict[str, Any]:
    findings = findings_of(assessment, place)
    verdict = next(finding for finding in findings if finding.measure == "farmland.class")
    nemerow = next((finding for finding in findings if finding.measure == "farmland.nemerow"), None)
    ph = assessment.samples.ph[place]
    return {
        "sample": assessment.samples.subjects[place],
        "row": row,
        "ph": None if ph is None else plain(ph),
        "land_use": assessment.samples.land_use[place] or None,
        "class": _ROMAN.get(verdict.outcome),
        "class_zh": CLASS_NAMES.get(verdict.outcome, "不能判定类别"),
        "complete": bool(assessment.complete[place]),
        "basis_zh": basis(verdict.part("judged"), verdict.part("missing")) if verdict.outcome in _ROMAN else "",
        "reason": verdict.reason or None,
        "reason_zh": REASONS.get(verdict.reason, ""),
        "sentence": verdict.sentence(),
        "digest": verdict.digest,
        "elements": [_element(finding, assessment, place) for finding in findings if finding.part("analyte")],
        "nemerow": _nemerow(nemerow) if nemerow else None,
    }


def _element(finding: Finding, assessment: Assessment, place: int) -> dict[str, Any]:
    at = assessment.elements.index(finding.part("analyte"))
    index = assessment.index[place, at]
    screening = finding.part("screening_mg_kg")
    above = screening and finding.value is not None and index > 1
    return {
        "analyte": finding.part("analyte"),
        "reported": finding.part("reported"),
        "value_mg_kg": None if finding.value is None else plain(finding.value),
        "detection_limit_mg_kg": finding.part("detection_limit") or None,
        "level": int(assessment.level[place, at]) or None,
        "outcome": finding.outcome,
        "reason": finding.reason or None,
        "screening_mg_kg": screening or None,
        "control_mg_kg": finding.part("control_mg_kg") or None,
        "single_index": plain(decimal_of(float(index))) if index == index else None,  # noqa: PLR0124  NaN differs
        "exceedance_multiple": plain(decimal_of(float(index - 1))) if above else None,
        "table_row": finding.table_row or None,
        "clause": finding.clause or None,
        "rule_clause": finding.rule_clause or None,
        "sentence": finding.sentence(),
        "digest": finding.digest,
    }


def _nemerow(finding: Finding) -> dict[str, Any]:
    return {
        "value": None if finding.value is None else plain(finding.value),
        "grade": finding.outcome,
        "table_row": finding.table_row,
        "clause": finding.clause,
        "over": finding.part("judged").split(),
        "sentence": finding.sentence(),
    }


def render(report: dict[str, Any], form: str) -> bytes:
    """The report in one of the offered forms."""
    found = [*report["issues"], *report["notes"]]
    pages = [
        Page("样品", [title for title, _ in _COLUMNS], _rows(report)),
        Page("逐项结论", [title for title, _ in _DETAIL], _details(report)),
        issue_page(found),
    ]
    screen = [issue_line(issue) for issue in found] if form == "table" else []
    return report_forms.render(Forms(report, pages, "逐项结论", [*screen, *_summary(report)]), form)


def _exceeding(sample: dict[str, Any]) -> str:
    above = [item for item in sample["elements"] if item["exceedance_multiple"]]
    return "、".join(f"{i['analyte']}({display(decimal_of(float(i['exceedance_multiple'])))})" for i in above)


_COLUMNS: Final[tuple[tuple[str, Callable[[dict[str, Any]], str]], ...]] = (
    ("样品", lambda s: s["sample"]),
    ("行", lambda s: str(s["row"])),
    ("pH", lambda s: s["ph"] or "—"),
    ("土地利用", lambda s: law.codes("land_use").label(s["land_use"]) if s["land_use"] else "—"),
    ("类别", lambda s: s["class_zh"]),
    ("依据", lambda s: s["basis_zh"]),
    ("超筛选值的项目（倍数）", _exceeding),
    ("内梅罗指数", lambda s: display(decimal_of(float(s["nemerow"]["value"]))) if s["nemerow"] else "—"),
    ("说明", lambda s: s["reason_zh"]),
)


def _rows(report: dict[str, Any]) -> list[list[str]]:
    return [[show(sample) for _, show in _COLUMNS] for sample in report["samples"]]


def _summary(report: dict[str, Any]) -> list[str]:
    total = report["summary"]
    classes = total["classes"]
    counted = (
        f"按 {report['law_on']} 施行的 GB 15618（{law.cite('gb15618-2018#t1')}、{law.cite('gb15618-2018#t3')}）评价 "
        f"{total['samples']} 个样品：Ⅰ 类 {classes['I']} 个，Ⅱ 类 {classes['II']} 个，Ⅲ 类 {classes['III']} 个，"
        f"不能判定 {total['not_judged']} 个；其中依据不全 {total['incomplete']} 个。问题 {total['issues']} 个。"
    )
    return [counted, "每条结论的限值、表行和条款见 --format json、csv 或 xlsx。"]


_DETAIL: Final = (
    ("样品", "sample"), ("行", "row"), ("pH", "ph"), ("土地利用", "land_use"), ("类别", "class"), ("依据", "basis_zh"),
    ("检测项目", "analyte"), ("报告值(mg/kg)", "reported"), ("级别", "level"), ("结论代码", "outcome"),
    ("筛选值(mg/kg)", "screening_mg_kg"), ("管制值(mg/kg)", "control_mg_kg"), ("单项指数", "single_index"),
    ("超标倍数", "exceedance_multiple"), ("表行", "table_row"), ("条款", "clause"), ("说明", "sentence"),
)  # fmt: skip


def _details(report: dict[str, Any]) -> list[list[str]]:
    """One row per sample and element measured; a sample without any has one row of its own."""
    rows = []
    for sample in report["samples"]:
        for element in sample["elements"] or [{"sentence": sample["sentence"]}]:
            merged = {**sample, **element}
            cells = [merged.get(name) for _, name in _DETAIL]
            rows.append(["" if cell is None else str(cell) for cell in cells])
    return rows
