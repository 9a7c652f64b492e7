"""The report of ``jingtu assess crops``: one structure, shown as table, JSON, CSV or workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from jingtu import law
from jingtu.assess.crop_sentences import OUTCOME_NAMES, REASONS, crop_name
from jingtu.assess.crops import LEVEL, OUTCOMES, CropSample, findings_of
from jingtu.assess.finding import Finding, code_version
from jingtu.cli import report_forms
from jingtu.cli.report_forms import Forms, Page, issue_line, issue_page
from jingtu.plain.numbers import plain, worked
from jingtu.sheets.concentrations import Contents

SCHEMA: Final = "jingtu.assess.crops/1"


def build(contents: Contents, samples: Sequence[CropSample], on: date) -> dict[str, Any]:
    """The report as plain data, as its JSON Schema describes it."""
    told = [_sample(row, sample, on) for row, sample in zip(contents.rows, samples, strict=True)]
    return {
        "schema": SCHEMA,
        "file": contents.file,
        "sheet": contents.sheet,
        "form": contents.form,
        "judged_on": on.isoformat(),
        "code_version": code_version(),
        "summary": {
            "samples": len(told),
            **{name: sum(sample["outcome"] == name for sample in told) for name in OUTCOMES},
            "issues": len(contents.issues),
        },
        "samples": told,
        "issues": [issue.as_dict() for issue in contents.issues],
        "notes": [note.as_dict() for note in contents.notes],
    }


def _sample(row: int, sample: CropSample, on: date) -> dict[str, Any]:
    findings = findings_of(sample, on)
    whole = findings[-1]
    return {
        "sample": sample.subject,
        "row": row,
        "crop": sample.crop,
        "crop_zh": crop_name(sample.crop),
        "harvested_on": sample.harvested_on.isoformat() if sample.harvested_on else None,
        "outcome": whole.outcome,
        "outcome_zh": OUTCOME_NAMES[whole.outcome],
        "reason": whole.reason or None,
        "reason_zh": REASONS.get(whole.reason, ""),
        "highest_index": None if whole.value is None else plain(whole.value),
        "certainty": whole.part("certainty") or None,
        "sentence": whole.sentence(),
        "digest": whole.digest,
        "analytes": [_analyte(finding) for finding in findings if finding.measure == LEVEL],
    }


def _analyte(finding: Finding) -> dict[str, Any]:
    return {
        "analyte": finding.part("analyte"),
        "used": finding.part("used"),
        "value_mg_kg": None if finding.value is None else plain(finding.value),
        "detection_limit_mg_kg": finding.part("detection_limit") or None,
        "outcome": finding.outcome,
        "reason": finding.reason or None,
        "limit_mg_kg": None if finding.threshold is None else plain(finding.threshold),
        "single_index": finding.part("index") or None,
        "certainty": finding.part("certainty") or None,
        "table_row": finding.table_row or None,
        "clause": finding.clause or None,
        "sentence": finding.sentence(),
        "digest": finding.digest,
    }


def render(report: dict[str, Any], form: str) -> bytes:
    """The report in one of the offered forms."""
    found = [*report["issues"], *report["notes"]]
    pages = [
        Page(
            "样品", [title for title, _ in _COLUMNS], [[show(one) for _, show in _COLUMNS] for one in report["samples"]]
        ),
        Page("逐项结论", [title for title, _ in _DETAIL], _details(report)),
        issue_page(found),
    ]
    screen = [issue_line(issue) for issue in found] if form == "table" else []
    return report_forms.render(Forms(report, pages, "逐项结论", [*screen, *_summary(report)]), form)


def _rows(report: dict[str, Any]) -> list[list[str]]:
    return [[show(sample) for _, show in _COLUMNS] for sample in report["samples"]]


def _of(outcome: str) -> Callable[[dict[str, Any]], str]:
    """The analytes of a sample with this outcome, by their symbols."""
    return lambda sample: "、".join(one["analyte"] for one in sample["analytes"] if one["outcome"] == outcome)


_COLUMNS: Final[tuple[tuple[str, Callable[[dict[str, Any]], str]], ...]] = (
    ("样品", lambda s: s["sample"]),
    ("行", lambda s: str(s["row"])),
    ("作物", lambda s: s["crop_zh"]),
    ("收获日期", lambda s: s["harvested_on"] or "—"),
    ("结论", lambda s: s["outcome_zh"]),
    ("超标", _of("exceeds_limit")),
    ("无限量", _of("no_limit")),
    ("无法判定", _of("not_judged")),
    ("最大单项指数", lambda s: "—" if s["highest_index"] is None else worked(float(s["highest_index"]))),
    ("说明", lambda s: s["reason_zh"]),
)
_DETAIL: Final = (
    ("样品", "sample"), ("行", "row"), ("作物", "crop_zh"), ("收获日期", "harvested_on"), ("检测项目", "analyte"),
    ("结果(mg/kg)", "value_mg_kg"), ("检出限(mg/kg)", "detection_limit_mg_kg"), ("限量(mg/kg)", "limit_mg_kg"),
    ("结论代码", "outcome"), ("单项指数", "single_index"), ("可靠程度", "certainty"), ("表行", "table_row"),
    ("条款", "clause"), ("说明", "sentence"),
)  # fmt: skip


def _details(report: dict[str, Any]) -> list[list[str]]:
    """One row per sample and analyte measured; a sample without any has one row of its own."""
    rows = []
    for sample in report["samples"]:
        for one in sample["analytes"] or [{"sentence": sample["sentence"]}]:
            cells = [{**sample, **one}.get(name) for _, name in _DETAIL]
            rows.append(["" if cell is None else str(cell) for cell in cells])
    return rows


def _summary(report: dict[str, Any]) -> list[str]:
    total = report["summary"]
    counted = "，".join(f"{OUTCOME_NAMES[name]} {total[name]} 个" for name in OUTCOMES)
    table = law.table_sources()["gb2762_limits"].title_zh
    return [
        f"按收获之日施行的 GB 2762（{table}）判定 {total['samples']} 个样品：{counted}。问题 {total['issues']} 个。",
        "无限量不是合格。每条结论的限量、表行、条款和可靠程度见 --format json、csv 或 xlsx。",
    ]
