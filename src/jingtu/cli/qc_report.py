"""The report of ``jingtu stats qc``: pass rates, single checks, signals."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from jingtu import law
from jingtu.assess.checks import QUALIFIER_MEANINGS, Check, KindSummary, summarise
from jingtu.assess.control_sentences import CONTROL_REASONS, KINDS, OUTCOMES
from jingtu.assess.quality import FAIL, PASS
from jingtu.cli.qc import Examined
from jingtu.cli.report_forms import Forms, Page, issue_line, issue_page
from jingtu.cli.stats_report import name_of
from jingtu.plain.numbers import display, plain

_SHOWN_CHECKS: Final = 30


def build(found: Examined) -> Forms:
    """The report in all its forms."""
    groups = summarise(found.checks, found.view)
    issues = [issue.as_dict() for issue in (*found.issues, *found.notes)]
    failed = [check for check in found.checks if check.verdict.outcome != PASS]
    pages = (
        Page("合格率", ["质控", "项目", "合格", "不合格", "不能判定", "合格率", "要求", "结论"], _groups(groups)),
        Page("未合格的质控", _TITLES, [_check(check) for check in failed[:_SHOWN_CHECKS]]),
        Page("全部质控", _TITLES, [_check(check) for check in found.checks]),
        Page("信号", ["信号", "说明"], [[signal.name_zh, signal.sentence] for signal in found.signals]),
        issue_page(issues),
    )
    shown = ["合格率"] if groups else []
    shown += ["未合格的质控"] if failed else []
    shown += ["信号"] if found.signals else []
    return Forms(_data(found, groups), pages, "全部质控", _closing(found, groups, failed), shown or ["信号"])


def _data(found: Examined, groups: list[KindSummary]) -> dict[str, Any]:
    return {
        "schema": "jingtu.stats.qc/1",
        "file": found.file,
        "form": found.form,
        "law_on": found.view.on.isoformat(),
        "unit": "mg/kg",
        "summary": [_group_data(group) for group in groups],
        "checks": [check.as_dict() for check in found.checks],
        "signals": [signal.as_dict() for signal in found.signals],
        "issues": [issue.as_dict() for issue in found.issues],
        "notes": [note.as_dict() for note in found.notes],
        "open": sum(group.outcome != PASS for group in groups) + len(found.issues),
    }


def _group_data(group: KindSummary) -> dict[str, Any]:
    return {
        "kind": group.kind,
        "analyte": group.analyte,
        "passed": group.passed,
        "failed": group.failed,
        "undecided": group.undecided,
        "rate_pct": None if group.rate_pct is None else plain(group.rate_pct),
        "required_pct": None if group.required_pct is None else plain(group.required_pct),
        "outcome": group.outcome,
        "clause": group.clause,
    }


def _groups(groups: list[KindSummary]) -> list[list[str]]:
    return [
        [
            KINDS[group.kind],
            name_of(group.analyte),
            str(group.passed),
            str(group.failed),
            str(group.undecided),
            "—" if group.rate_pct is None else f"{display(group.rate_pct, 1)} %",
            "—" if group.required_pct is None else f"≥ {plain(group.required_pct)} %",
            OUTCOMES[group.outcome],
        ]
        for group in groups
    ]


_TITLES: Final = (
    "质控",
    "样品",
    "行",
    "项目",
    "原始值",
    "判定",
    "标识",
    "原因代码",
    "原因",
    "实测",
    "限值",
    "RPD(%)",
    "条款",
)


def _check(check: Check) -> list[str]:
    verdict = check.verdict
    return [
        KINDS[check.kind],
        check.subject,
        str(check.row or "—"),
        name_of(check.analyte),
        " / ".join(text or "—" for text in check.raw),
        OUTCOMES[verdict.outcome],
        check.qualifier,
        verdict.reason_code,
        CONTROL_REASONS[verdict.reason_code],
        "—" if verdict.measured is None else display(verdict.measured, 2 if verdict.measured >= 1 else 4),
        "—" if verdict.limit is None else plain(verdict.limit),
        "" if check.rpd_pct is None else display(check.rpd_pct),
        law.cite(verdict.clause),
    ]


def _closing(found: Examined, groups: list[KindSummary], failed: list[Check]) -> list[str]:
    lines = [issue_line(issue.as_dict()) for issue in (*found.issues, *found.notes)]
    if len(failed) > _SHOWN_CHECKS:
        lines.append(
            f"未合格的质控共 {len(failed)} 条，这里只列 {_SHOWN_CHECKS} 条；全部见 --format csv、json 或 xlsx。"
        )
    counts = Counter(check.verdict.outcome for check in found.checks)
    bad = sum(group.outcome == FAIL for group in groups)
    used = [letter for letter in QUALIFIER_MEANINGS if any(check.qualifier == letter for check in found.checks)]
    lines.append(
        f"质控 {len(found.checks)} 条：合格 {counts['pass']}，不合格 {counts['fail']}，不能判定 {counts['undecided']}；"
        f"{len(groups)} 组中 {bad} 组不合格。按 {found.view.on.isoformat()} 施行的 HJ/T 166-2004 判定，原始值没有改动。"
    )
    if used:
        lines.append("标识：" + "；".join(f"{letter} {QUALIFIER_MEANINGS[letter]}" for letter in used) + "。")
    if found.signals:
        lines.append(f"信号 {len(found.signals)} 条，只提示值得查看之处，不是结论。")
    return lines
