"""The report of ``jingtu assess construction``: one structure, shown as table, JSON, CSV or workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from jingtu import law
from jingtu.assess.construction import (
    Assessment,
    ParcelPart,
    Samples,
    assess,
    findings_of,
    parcel_of,
    parcel_part,
)
from jingtu.assess.construction_limits import construction_limits
from jingtu.assess.construction_sentences import CLASS_NAMES, LEVEL_NAMES, MUST_FOLLOW
from jingtu.assess.finding import Finding, code_version
from jingtu.cli import report_forms
from jingtu.cli.report_forms import Forms, Page, issue_line, issue_page
from jingtu.plain.numbers import display, plain
from jingtu.sheets.concentrations import Contents

SCHEMA: Final = "jingtu.assess.construction/1"


@dataclass(frozen=True, slots=True)
class Judged:
    """Some samples of a file told as plain data, and what the parcel's finding needs of them."""

    samples: list[dict[str, Any]]
    parcel: ParcelPart


def judge(part: tuple[Sequence[int], Samples], on: date, stage: str, local: Mapping[str, Decimal]) -> Judged:
    """Some samples of a file, with the numbers of their rows, judged."""
    rows, samples = part
    assessment = assess(samples, on, stage, local)
    told = [_sample(rows[place], assessment, place) for place in range(len(assessment))]
    return Judged(told, parcel_part(assessment))


def build(contents: Contents, judged: Sequence[Judged], on: date, stage: str) -> dict[str, Any]:
    """The report as plain data, as its JSON Schema describes it."""
    samples = [sample for part in judged for sample in part.samples]
    parcel = parcel_of([part.parcel for part in judged], on, stage, contents.file)
    open_count = int(parcel.part("not_judged_count"))
    return {
        "schema": SCHEMA,
        "file": contents.file,
        "sheet": contents.sheet,
        "form": contents.form,
        "law_on": on.isoformat(),
        "standard": construction_limits(on).rows[0].instrument,
        "stage": stage,
        "code_version": code_version(),
        "summary": {
            "samples": len(samples),
            "judged": len(samples) - open_count,
            "not_judged": open_count,
            "above_screening": int(parcel.part("above_screening_count")),
            "above_control": int(parcel.part("above_control_count")),
            "issues": len(contents.issues),
        },
        "parcel": {
            "outcome": parcel.outcome,
            "above_screening": parcel.part("above").split(),
            "above_control": parcel.part("over").split(),
            "basic_items_never_judged": parcel.part("never_judged").split(),
            "must_follow": parcel.rule_clause or None,
            "sentence": parcel.sentence(),
            "digest": parcel.digest,
        },
        "samples": samples,
        "issues": [issue.as_dict() for issue in contents.issues],
        "notes": [note.as_dict() for note in contents.notes],
    }


def _sample(row: int, assessment: Assessment, place: int) -> dict[str, Any]:
    use, *items, verdict = findings_of(assessment, place)
    return {
        "sample": assessment.samples.subjects[place],
        "row": row,
        "land_use": use.part("land_use") or None,
        "land_class": use.outcome,
        "land_class_zh": CLASS_NAMES[use.outcome],
        "land_class_reason": use.reason,
        "survey_before_change": use.part("survey_before_change"),
        "land_use_sentence": use.sentence(),
        "outcome": verdict.outcome,
        "outcome_zh": LEVEL_NAMES[verdict.outcome],
        "judged": verdict.part("judged").split(),
        "not_judged": verdict.part("open").split(),
        "basic_items_missing": verdict.part("missing").split(),
        "must_follow": verdict.rule_clause or None,
        "sentence": verdict.sentence(),
        "digest": verdict.digest,
        "items": [_item(finding) for finding in items],
    }


def _item(finding: Finding) -> dict[str, Any]:
    screening = finding.part("screening_mg_kg")
    return {
        "analyte": finding.part("analyte"),
        "analyte_zh": law.analyte(finding.part("analyte")).name_zh,
        "reported": finding.part(f"reported.{finding.part('analyte')}") or None,
        "value_mg_kg": None if finding.value is None else plain(finding.value),
        "at_least_mg_kg": finding.part("at_least_mg_kg") or None,
        "at_most_mg_kg": finding.part("at_most_mg_kg") or None,
        "outcome": finding.outcome,
        "outcome_zh": LEVEL_NAMES[finding.outcome],
        "reason": finding.reason or None,
        "screening_mg_kg": screening or None,
        "control_mg_kg": finding.part("control_mg_kg") or None,
        "background_mg_kg": finding.part("background_mg_kg") or None,
        "exceedance_multiple": _multiple(finding.value, screening),
        "table_row": finding.table_row or None,
        "clause": finding.clause or None,
        "must_follow": finding.rule_clause or None,
        "sentence": finding.sentence(),
        "digest": finding.digest,
    }


def _multiple(value: Decimal | None, screening: str) -> str | None:
    """By how many times the screening value is exceeded, two places, where it is."""
    if value is None or not screening or value <= Decimal(screening):
        return None
    return display(value / Decimal(screening) - 1)


def render(report: dict[str, Any], form: str) -> bytes:
    """The report in one of the offered forms."""
    found = [*report["issues"], *report["notes"]]
    pages = [
        Page("样品", _SAMPLE_TITLES, [_sample_cells(sample) for sample in report["samples"]]),
        Page("逐项结论", [title for title, _ in _DETAIL], _details(report)),
        issue_page(found),
    ]
    screen = [issue_line(issue) for issue in found] if form == "table" else []
    return report_forms.render(Forms(report, pages, "逐项结论", [*screen, *_summary(report)]), form)


_SAMPLE_TITLES: Final = (
    "样品", "行", "规划用途", "用地类别", "结论", "高于筛选值的项目（倍数）", "判定项数", "不能判定", "应当做什么",
)  # fmt: skip


def _sample_cells(sample: dict[str, Any]) -> list[str]:
    above = [i for i in sample["items"] if i["outcome"] in {"exceeds_screening", "exceeds_control"}]
    return [
        sample["sample"],
        str(sample["row"]),
        sample["land_use"] or "不明确",
        sample["land_class_zh"],
        sample["outcome_zh"],
        "、".join(f"{i['analyte_zh']}({i['exceedance_multiple'] or '—'})" for i in above),
        str(len(sample["judged"])),
        "、".join(law.analyte(code).name_zh for code in sample["not_judged"]),
        _must_follow(sample["must_follow"]),
    ]


def _must_follow(clause: str | None) -> str:
    return f"{MUST_FOLLOW[clause]}（{law.cite(clause)}）" if clause else "—"


_DETAIL: Final = (
    ("样品", "sample"), ("行", "row"), ("规划用途", "land_use"), ("用地类别", "land_class_zh"),
    ("检测项目", "analyte_zh"), ("报告值(mg/kg)", "reported"), ("结论", "outcome_zh"),
    ("筛选值(mg/kg)", "screening_mg_kg"), ("管制值(mg/kg)", "control_mg_kg"), ("背景值(mg/kg)", "background_mg_kg"),
    ("超筛选值倍数", "exceedance_multiple"), ("表行", "table_row"), ("条款", "clause"),
    ("应当依据", "must_follow"), ("说明", "sentence"),
)  # fmt: skip


def _details(report: dict[str, Any]) -> list[list[str]]:
    """One row per sample and item measured; a sample without any has one row of its own."""
    rows = []
    for sample in report["samples"]:
        for item in sample["items"] or [{"sentence": sample["sentence"]}]:
            merged = {**sample, "must_follow": None, **item}
            cells = [merged.get(name) for _, name in _DETAIL]
            rows.append(["" if cell is None else str(cell) for cell in cells])
    return rows


def _summary(report: dict[str, Any]) -> list[str]:
    uses = dict.fromkeys(sample["land_use_sentence"] for sample in report["samples"])
    standard = law.instrument(report["standard"])
    return [
        f"按 {report['law_on']} 施行的 {standard.name} 评价。",
        *uses,
        report["parcel"]["sentence"],
        f"问题 {report['summary']['issues']} 个。每条结论的限值、表行和条款见 --format json、csv 或 xlsx。",
    ]
