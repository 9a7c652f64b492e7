"""The report of ``jingtu review``: every claim with what came out, agreement, why and clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from jingtu import law
from jingtu.assess.review_claims import AGREES, DIFFERS, NOT_ALLOWED, NOT_CHECKED, Reviewed, Tolerance
from jingtu.assess.review_sentences import OUTCOMES, VALUES, recomputed_text, why
from jingtu.cli.report_forms import Forms, Page, issue_line, issue_page
from jingtu.cli.review_file import CLAIMS, HeldReport, spec_of
from jingtu.plain.numbers import plain

_TITLES: Final = ("条目", "报告位置", "结论类别", "项目", "报告值", "复算值", "是否一致", "原因", "依据")


def build(filename: str, held: HeldReport, found: Sequence[Reviewed], tolerance: Tolerance) -> Forms:
    """The report in all its forms."""
    kinds = dict(spec_of(CLAIMS).column("kind").codes)
    counts = Counter(one.outcome for one in found)
    issues = [one.as_dict() for one in (*held.issues, *held.notes)]
    report = held.report
    data = {
        "schema": "jingtu.review/1",
        "file": filename,
        "parcel": report.name,
        "stage": report.stage,
        "land_class": report.use.land_class,
        "law_on": report.on.isoformat(),
        "tolerance": {"relative": plain(tolerance.relative), "bootstrap": plain(tolerance.bootstrap)},
        "summary": {name: counts[name] for name in (AGREES, DIFFERS, NOT_ALLOWED, NOT_CHECKED)},
        "claims": [_data(one, kinds) for one in found],
        "issues": [one.as_dict() for one in held.issues],
        "notes": [one.as_dict() for one in held.notes],
        "open": len(found) - counts[AGREES] + len(held.issues),
    }
    pages = (Page("复核", _TITLES, [_row(one, kinds) for one in found]), issue_page(issues))
    return Forms(data, pages, "复核", [*map(issue_line, issues), *_closing(held, counts, tolerance)])


def _row(one: Reviewed, kinds: dict[str, str]) -> list[str]:
    claim = one.claim
    return [
        claim.number,
        claim.place,
        kinds[claim.kind],
        law.analyte(claim.analyte).name_zh if claim.analyte else "",
        f"{claim.claimed} {claim.unit}".strip(),
        recomputed_text(one),
        OUTCOMES[one.outcome],
        why(one),
        law.cite(one.clause) if one.clause else "检测结果",
    ]


def _data(one: Reviewed, kinds: dict[str, str]) -> dict[str, Any]:
    claim = one.claim
    return {
        "number": claim.number,
        "place": claim.place,
        "row": claim.row,
        "kind": claim.kind,
        "kind_zh": kinds[claim.kind],
        "analyte": claim.analyte or None,
        "claimed": claim.claimed,
        "unit": claim.unit or None,
        "method": claim.method or None,
        "recomputed": one.recomputed or None,
        "recomputed_zh": recomputed_text(one),
        "outcome": one.outcome,
        "outcome_zh": OUTCOMES[one.outcome],
        "reason_code": one.reason,
        "parts": dict(one.parts),
        "why_zh": why(one),
        "clause": one.clause or None,
        "table_row": one.table_row or None,
    }


def _closing(held: HeldReport, counts: Counter[str], tolerance: Tolerance) -> list[str]:
    report = held.report
    share = f"{float(tolerance.relative):.3g}"
    head = (
        f"{report.name}（规划用途 {report.planned_use}，{VALUES[report.use.land_class]}）按 {report.on.isoformat()} "
        f"施行的标准复核 {sum(counts.values())} 条：一致 {counts[AGREES]}，不一致 {counts[DIFFERS]}，"
        f"不能这样用 {counts[NOT_ALLOWED]}，无法核对 {counts[NOT_CHECKED]}。"
    )
    tail = (
        f"直接得自数据和标准的数只容许按报告位数修约之差；置信上限和风险另容许相差 {share}（自助法 "
        f"{float(tolerance.bootstrap):.3g}）。复核只指出差别，结论由评审人作出。"
    )
    return [head, tail]
