"""Recomputing a report: each claim against what the laboratory's results and the law give.

A claim agrees, differs, states a right number where the rules do not allow it, or cannot be checked; each with the
reason and the clause. Where a claim differs, the usual mistakes are tried, so that the reader learns which was made.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

import numpy as np

from jingtu import law
from jingtu.assess import construction, effect, risk, sampling
from jingtu.assess import review_values as values
from jingtu.assess.land_use import CLASSES, land_use
from jingtu.assess.review_claims import (
    AGREES,
    DIFFERS,
    NOT_ALLOWED,
    NOT_CHECKED,
    Claim,
    Report,
    Reviewed,
    Tolerance,
    agree,
    decimal_slip,
)
from jingtu.plain.numbers import decimal_of, parse_decimal, plain
from jingtu.plain.text import fold
from jingtu.plain.units import convert

HALF_LIMIT_CLAUSE: Final = "hjt166-2004#non-detect"
STATISTICS: Final = "hj25.5-2018#statistics"
BOUNDARY: Final = "gb36600-2018#boundary"
RISK_CLAUSES: Final = {
    "cancer_risk": "hj25.3-2019#appendix-c",
    "hazard_quotient": "hj25.3-2019#appendix-c",
    "control_value": "hj25.3-2019#appendix-e",
}
UNIT: Final = "mg/kg"
WHOLE: Final = ("land_class", "point_count", "sample_count")  # kinds that concern the report and not one analyte
YES_NO: Final = {
    "exceeds": ("超标", "超筛选值", "超过", "是", "超过筛选值"),
    "within": ("未超标", "未超筛选值", "未超过", "否", "不超标", "未超过筛选值", "低于筛选值"),
    "reached": ("达标", "达到", "合格", "达到修复效果", "达到修复目标"),
    "not_reached": ("未达标", "未达到", "不合格", "未达到修复效果", "不达标"),
}
Parts = dict[str, str]
Check = Callable[[Report, Claim, Tolerance], Reviewed]


def review(report: Report, tolerance: Tolerance) -> list[Reviewed]:
    """Every claim of a report, recomputed.

    *Source*: GB 36600-2018 5.3, HJ 25.3-2019, HJ 25.5-2018, Notice 72 of 2017, HJ/T 166-2004. Raises ``ValueError`` for
    a planned use that is not known and ``LawError`` for a day before the standards.

    >>> from datetime import date
    >>> from jingtu.plain.reported import Reported
    >>> lead = [Reported(Decimal("119"), None, "")]
    >>> claim = Claim("1", "表1", "exceedance_multiple", "As", "0.93")
    >>> report = Report("甲", "detailed", None, "M1", date(2021, 7, 20), ["S1"], [], {"As": lead}, [claim])
    >>> found = review(report, Tolerance(Decimal("0.01"), Decimal("0.05")))[0]
    >>> found.outcome, found.recomputed[:4]
    ('differs', '0.98')
    """
    return [_reviewed(report, claim, tolerance) for claim in report.claims]


def _reviewed(report: Report, claim: Claim, tolerance: Tolerance) -> Reviewed:
    if not claim.analyte and claim.kind not in WHOLE:
        return _open(claim, "analyte.missing")
    return CHECKS[claim.kind](report, claim, tolerance)


def _number(claim: Claim, to_unit: str = "") -> Decimal | None:
    """The claimed number, in ``to_unit`` when one is given; ``None`` when it is none."""
    try:
        value = parse_decimal(claim.claimed)
        return convert(value, claim.unit, to_unit) if to_unit and claim.unit.strip() else value
    except ValueError:
        return None


def _unreadable(claim: Claim) -> Reviewed:
    reason = "claim.unit" if _number(claim) is not None else "claim.unreadable"
    return Reviewed(claim, NOT_CHECKED, "", reason, (("unit", claim.unit),))


def _open(claim: Claim, reason: str, clause: str = "", **parts: str) -> Reviewed:
    return Reviewed(claim, NOT_CHECKED, "", reason, tuple(parts.items()), clause)


def _compared(
    claim: Claim,
    claimed: Decimal,
    recomputed: Decimal,
    share: Decimal,
    reason: str,
    clause: str = "",
    table_row: str = "",
    **parts: str,
) -> Reviewed:
    outcome = AGREES if agree(claimed, recomputed, share) else DIFFERS
    if outcome == DIFFERS and decimal_slip(claimed, recomputed):
        parts["mistake"] = "mistake.decimal"
    return Reviewed(claim, outcome, plain(recomputed), reason, tuple(parts.items()), clause, table_row)


def _land_class(report: Report, claim: Claim, tolerance: Tolerance) -> Reviewed:
    use = report.use
    try:
        stated = land_use(claim.claimed, report.on).land_class
    except ValueError:
        return _unreadable(claim)
    outcome = AGREES if stated == use.land_class else DIFFERS
    parts = (("use", f"{use.text} {use.use_zh}".strip()), ("why", use.reason))
    return Reviewed(claim, outcome, use.land_class, "class.by_use", parts, use.clause, use.table_row)


def _standard_value(report: Report, claim: Claim, tolerance: Tolerance) -> Reviewed:
    control = claim.kind == "control_standard"
    claimed, row = _number(claim, UNIT), report.limit_row(claim.analyte, control)
    if claimed is None:
        return _unreadable(claim)
    if row is None:
        return _open(claim, "analyte.not_listed", BOUNDARY)
    value = row.required_number("value_mg_kg")
    other = next(name for name in CLASSES if name != report.use.land_class)
    cell = report.limits.cell(claim.analyte, other)
    theirs = report.limits.control_row(cell) if control else report.limits.screening_row(cell)
    mistake = {"mistake": "mistake.other_class"} if claimed == theirs["value_mg_kg"] != value else {}
    parts = {"land_class": report.use.land_class, **mistake}
    return _compared(claim, claimed, value, Decimal(0), "value.by_table", row.clause, row.row_id, **parts)


def _point_count(report: Report, claim: Claim, tolerance: Tolerance) -> Reviewed:
    claimed = _number(claim)
    if claimed is None:
        return _unreadable(claim)
    counted = Decimal(len(set(report.points)))
    need = _need(report)
    if counted and claimed != counted:
        return _compared(claim, claimed, counted, Decimal(0), "points.counted")
    if need is None or need.count is None:
        return _open(claim, "points.no_rule") if not counted else _compared(
            claim, claimed, counted, Decimal(0), "points.counted"
        )  # fmt: skip
    parts = (("area_m2", "" if report.area_m2 is None else plain(report.area_m2)), ("counted", plain(counted)))
    outcome = AGREES if claimed >= need.count else DIFFERS
    return Reviewed(claim, outcome, plain(need.count), "points.least", parts, need.row.clause, need.row.row_id)


def _need(report: Report) -> sampling.Need | None:
    """The least number of points for the stage; a detailed survey is held to the looser density of its other area."""
    if report.area_m2 is None or report.stage not in ("preliminary", "detailed"):
        return None
    given = {"area_m2": report.area_m2, "suspected_m2": Decimal(0)}
    needs = {need.measure: need for need in sampling.survey(given, law.at(report.on))}
    return needs["sampling.preliminary" if report.stage == "preliminary" else "sampling.detailed_other"]


def _sample_count(report: Report, claim: Claim, tolerance: Tolerance) -> Reviewed:
    claimed = _number(claim)
    if claimed is None:
        return _unreadable(claim)
    count = len(report.column(claim.analyte)) if claim.analyte else len(report.subjects)
    return _compared(claim, claimed, Decimal(count), Decimal(0), "results.counted")


def _detected_count(report: Report, claim: Claim, tolerance: Tolerance) -> Reviewed:
    claimed, items = _number(claim), report.column(claim.analyte)
    if claimed is None:
        return _unreadable(claim)
    if not items:
        return _open(claim, "analyte.not_measured")
    detected = sum(item.value is not None for item in items)
    parts = {"count": str(len(items)), "hidden": str(len(items) - detected)}
    return _compared(claim, claimed, Decimal(detected), Decimal(0), "results.detected", **parts)


def _extreme(report: Report, claim: Claim, tolerance: Tolerance) -> Reviewed:
    claimed, items = _number(claim, UNIT), report.column(claim.analyte)
    found = [item.value for item in items if item.value is not None]
    if claimed is None:
        return _unreadable(claim)
    if not found:
        return _open(claim, "analyte.not_detected")
    value = max(found) if claim.kind == "maximum" else min(found)
    return _compared(claim, claimed, value, Decimal(0), "results.extreme")


def _mean(report: Report, claim: Claim, tolerance: Tolerance) -> Reviewed:
    claimed, items = _number(claim, UNIT), report.column(claim.analyte)
    method = values.mean_method(claim.method)
    if claimed is None or method is None:
        return _unreadable(claim) if claimed is None else _open(claim, "method.unknown", method=claim.method)
    if not items:
        return _open(claim, "analyte.not_measured")
    hidden = sum(item.value is None for item in items)
    if hidden and method in (values.PLAIN, values.NONE):
        return Reviewed(claim, NOT_ALLOWED, "", "mean.unsaid", (("hidden", str(hidden)),), HALF_LIMIT_CLAUSE)
    value = values.mean_by(items, method)
    if value is None:
        return _open(claim, "limit.unknown", HALF_LIMIT_CLAUSE)
    found = _compared(
        claim, claimed, value, Decimal(0), "results.mean", HALF_LIMIT_CLAUSE if hidden else "",
        method=method, hidden=str(hidden),
    )  # fmt: skip
    others = {name: values.mean_by(items, name) for name in values.OTHER_MEANS if name != method}
    return _with_mistake(found, claimed, others, "mistake.mean_") if hidden else found


def _with_mistake(found: Reviewed, claimed: Decimal, others: dict[str, Decimal | None], prefix: str) -> Reviewed:
    """The same, with the other method that gives the claimed number, when there is one."""
    if found.outcome != DIFFERS or found.part("mistake"):
        return found
    other = next((n for n, value in others.items() if value is not None and agree(claimed, value, Decimal(0))), "")
    parts = (*found.parts, ("mistake", prefix + other)) if other else found.parts
    return Reviewed(found.claim, found.outcome, found.recomputed, found.reason, parts, found.clause, found.table_row)


def _ucl(report: Report, claim: Claim, tolerance: Tolerance) -> Reviewed:
    claimed, items, view = _number(claim, UNIT), report.column(claim.analyte), law.at(report.on)
    method = values.ucl_method(claim.method)
    if claimed is None or method is None:
        return _unreadable(claim) if claimed is None else _open(claim, "method.unknown", method=claim.method)
    level = values.confidence_level(view)
    value = values.ucl_by(items, method, level) if items else None
    if value is None:
        return _open(claim, "ucl.impossible", method=method)
    share = tolerance.bootstrap if method in values.BOOTSTRAPS else tolerance.relative
    least = sampling.rule(view, "effect.statistics_least")
    parts = {"method": method, "n": str(len(items)), "least": plain(least.required_number("value"))}
    if len(items) < least.required_number("value"):
        return Reviewed(claim, NOT_ALLOWED, plain(value), "ucl.few", tuple(parts.items()), STATISTICS, least.row_id)
    found = _compared(claim, claimed, value, share, "results.ucl", STATISTICS, **parts)
    others = {name: values.ucl_by(items, name, level) for name in values.OTHER_UCLS if name != method}
    return _with_mistake(found, claimed, others, "mistake.ucl_")


def _item(report: Report, analyte: str) -> construction.Assessment:
    """The results of one analyte against the values for the planned use."""
    items = report.results.get(analyte, ())
    count = len(items)
    samples = construction.Samples(
        list(report.subjects), [report.planned_use] * count, [""] * count, {analyte: list(items)}
    )
    return construction.assess(samples, report.on)


def _levels(report: Report, analyte: str) -> tuple[int, int]:
    """How many samples of an analyte are above the screening value, and how many that were measured are open."""
    item = next(item for item in _item(report, analyte).items if item.code == analyte)
    measured = [bool(one.qualifier != "NM") for one in report.results[analyte]]
    above = sum(int(level) > 1 for level in item.level)
    unknown = sum(seen and not level for seen, level in zip(measured, item.level, strict=True))
    return above, unknown


def _exceeding(report: Report, claim: Claim, tolerance: Tolerance) -> Reviewed:
    claimed, row = _number(claim), report.limit_row(claim.analyte)
    if claimed is None:
        return _unreadable(claim)
    if row is None or not report.column(claim.analyte):
        return _open(claim, "analyte.not_listed" if row is None else "analyte.not_measured", BOUNDARY)
    above, unknown = _levels(report, claim.analyte)
    parts = {"limit": plain(row.required_number("value_mg_kg")), "open": str(unknown)}
    found = _compared(claim, claimed, Decimal(above), Decimal(0), "results.exceeding", row.clause, row.row_id, **parts)
    if unknown and found.outcome == AGREES:
        return Reviewed(claim, DIFFERS, found.recomputed, "results.exceeding_open", found.parts, row.clause, row.row_id)
    return found


def _multiple(report: Report, claim: Claim, tolerance: Tolerance) -> Reviewed:
    claimed, row = _number(claim), report.limit_row(claim.analyte)
    found = [item.value for item in report.column(claim.analyte) if item.value is not None]
    if claimed is None:
        return _unreadable(claim)
    if row is None or not found:
        return _open(claim, "analyte.not_listed" if row is None else "analyte.not_detected", BOUNDARY)
    limit = row.required_number("value_mg_kg")
    value = decimal_of(float(max(found) / limit - 1))
    parts = {"limit": plain(limit), "maximum": plain(max(found))}
    return _compared(claim, claimed, value, Decimal(0), "results.multiple", row.clause, row.row_id, **parts)


def _meant(claim: Claim, *codes: str) -> str | None:
    text = fold(claim.claimed)
    return next((code for code in codes if text in YES_NO[code]), None)


def _verdict(report: Report, claim: Claim, tolerance: Tolerance) -> Reviewed:
    claimed, row = _meant(claim, "within", "exceeds"), report.limit_row(claim.analyte)
    if claimed is None:
        return _unreadable(claim)
    if row is None or not report.column(claim.analyte):
        return _open(claim, "analyte.not_listed" if row is None else "analyte.not_measured", BOUNDARY)
    above, unknown = _levels(report, claim.analyte)
    drawn = "exceeds" if above else "undecided" if unknown else "within"
    hidden = [item.limit for item in report.column(claim.analyte) if item.value is None and item.limit is not None]
    parts = (
        ("limit", plain(row.required_number("value_mg_kg"))),
        ("above", str(above)),
        ("open", str(unknown)),
        ("hidden_limit", plain(max(hidden)) if hidden else ""),
    )
    outcome = AGREES if claimed == drawn else DIFFERS
    return Reviewed(claim, outcome, drawn, f"verdict.{drawn}", parts, row.clause, row.row_id)


def _effect(report: Report, claim: Claim, tolerance: Tolerance) -> Reviewed:
    claimed, items = _meant(claim, "reached", "not_reached"), report.column(claim.analyte)
    if claimed is None:
        return _unreadable(claim)
    if claim.target_mg_kg is None or not items:
        return _open(claim, "target.missing" if claim.target_mg_kg is None else "analyte.not_measured", STATISTICS)
    names = [f"{place}" for place in range(len(items))]
    held = effect.Range(report.name, claim.analyte, claim.target_mg_kg, names, items)
    found = {one.measure: one for one in effect.assess(held, report.on)}
    verdict, statistics = found["effect.verdict"], found["effect.statistics"]
    above = [item.value for item in items if item.value is not None and item.value > claim.target_mg_kg]
    parts = (
        ("target", plain(claim.target_mg_kg)),
        ("n", str(len(items))),
        ("above", str(len(above))),
        ("maximum", plain(max((item.value for item in items if item.value is not None), default=Decimal(0)))),
        ("ucl", statistics.part("how.ucl")),
        ("allowed", statistics.part("how.allowed")),
        ("least", statistics.part("how.least")),
    )
    outcome = AGREES if claimed == verdict.outcome else DIFFERS
    return Reviewed(claim, outcome, verdict.outcome, f"effect.{verdict.outcome}", parts, verdict.clause)


def _risk(report: Report, claim: Claim, tolerance: Tolerance) -> Reviewed:
    """Risk, hazard or control value with the parameters the standard recommends."""
    clause = RISK_CLAUSES[claim.kind]
    claimed = _number(claim, UNIT if claim.kind == "control_value" else "")
    if claimed is None:
        return _unreadable(claim)
    content = claim.content_mg_kg
    if content is None:
        content = max((i.value for i in report.column(claim.analyte) if i.value is not None), default=None)
    if content is None and claim.kind != "control_value":
        return _open(claim, "analyte.not_detected", clause)
    try:
        value = _risk_value(report, claim, float(content or 0))
    except (law.LawError, ValueError, KeyError):
        return _open(claim, "risk.impossible", clause)
    if not np.isfinite(value):
        return _open(claim, "risk.not_modelled", clause)
    parts = {"content": "" if content is None else plain(content), "land_class": report.use.land_class}
    return _compared(claim, claimed, decimal_of(value), tolerance.relative, "results.risk", clause, **parts)


def _risk_value(report: Report, claim: Claim, content: float) -> float:
    here = np.array([[content]])
    case = risk.Case(
        report.on,
        report.use.land_class,
        [claim.analyte],
        [report.name],
        {risk.SURFACE: here, risk.SUBSURFACE: here},
    )
    found = risk.assess_risk(case)
    if not bool(found.modelled[0]):
        return float("nan")
    if claim.kind == "control_value":
        return float(found.soil_control()[0][0])
    return float((found.total_cancer if claim.kind == "cancer_risk" else found.total_hazard)[0, 0])


CHECKS: Final[dict[str, Check]] = {
    "land_class": _land_class,
    "screening_value": _standard_value,
    "control_standard": _standard_value,
    "point_count": _point_count,
    "sample_count": _sample_count,
    "detected_count": _detected_count,
    "minimum": _extreme,
    "maximum": _extreme,
    "mean": _mean,
    "exceeding_count": _exceeding,
    "exceedance_multiple": _multiple,
    "verdict": _verdict,
    "ucl": _ucl,
    "effect": _effect,
    "cancer_risk": _risk,
    "hazard_quotient": _risk,
    "control_value": _risk,
}
