"""Quality control beyond duplicates and blanks: spikes, repeated analyses, holding times, detection limits.

Each check takes whole columns and gives one verdict per row, in the order of the input and independent of it. The
raw value is never changed: a verdict becomes a qualifier beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from jingtu import law
from jingtu.assess.quality import FAIL, PASS, UNDECIDED, Values, Verdict
from jingtu.law import LawView, Row
from jingtu.plain.numbers import decimal_of
from jingtu.plain.units import convert
from jingtu.science.deviation import recovery_pct, relative_error_pct, relative_standard_deviation_pct

PRECISION_TABLE: Final = "hjt166_precision_accuracy"
HOLDING_TABLE: Final = "hjt166_holding_times"
RULES_TABLE: Final = "quality_rules"
ITEMS_TABLE: Final = "gb36600"
UNKNOWN_ANALYTE: Final = "precision.not_listed"

# What a verdict puts beside a result: U not detected, J estimated, B blank not clean, blank for a result taken as it is
ESTIMATED, ESTIMATED_LIMIT, UNDETECTED, CONTAMINATED, CLEAN = "J", "UJ", "U", "B", ""


def qualifier(verdict: Verdict, undetected: bool = False) -> str:
    """The letter that a verdict puts beside the raw value.

    *Source*: EPA National Functional Guidelines for Inorganic Data Review (2020), appendix on qualifiers.

    >>> qualifier(Verdict(FAIL, "rd.above", None, None, "")), qualifier(Verdict(PASS, "rd.within", None, None, ""))
    ('J', '')
    """
    if verdict.outcome == FAIL and verdict.reason_code.startswith("blank."):
        return CONTAMINATED
    if verdict.outcome == FAIL:
        return ESTIMATED_LIMIT if undetected else ESTIMATED
    return UNDETECTED if undetected else CLEAN


def judge_spikes(
    analytes: Sequence[str], spiked: Values, native: Values, added: Values, view: LawView
) -> list[Verdict]:
    """Recovery of spikes against the range allowed at the native content.

    *Source*: HJ/T 166-2004, 13, table of precision and accuracy. All in mg/kg, same length; ``None`` in ``native``
    is a sample in which nothing was detected and counts as zero.

    >>> from datetime import date
    >>> view, spike = law.at(date(2021, 9, 15)), Decimal("0.20")
    >>> got = judge_spikes(["Cd"], [Decimal("0.30")], [Decimal("0.15")], [spike], view)[0]
    >>> got.outcome, got.reason_code, got.measured, got.limit
    ('fail', 'spike.below', Decimal('75'), Decimal('85'))
    """
    rows = zip(analytes, spiked, native, added, strict=True)
    return [_judge_spike(analyte, found, own, spike, view) for analyte, found, own, spike in rows]


def _judge_spike(
    analyte: str, spiked: Decimal | None, native: Decimal | None, added: Decimal | None, view: LawView
) -> Verdict:
    clause = view.table(PRECISION_TABLE).clause
    if added is None or added <= 0:
        return Verdict(UNDECIDED, "spike.nothing_added", None, None, clause)
    own = native if native is not None else Decimal(0)
    row = precision_row(analyte, own, view)
    if row is None:
        return Verdict(UNDECIDED, UNKNOWN_ANALYTE, None, None, clause)
    if spiked is None:
        return Verdict(FAIL, "spike.not_detected", None, row.number("recovery_from_pct"), row.clause, row.row_id)
    low, high = row.required_number("recovery_from_pct"), row.required_number("recovery_to_pct")
    measured = decimal_of(float(recovery_pct(float(spiked), float(own), float(added))))
    # compared by products, so that a recovery exactly at an end is not lost to a division
    if spiked - own < convert(low, "%", "kg/kg") * added:
        return Verdict(FAIL, "spike.below", measured, low, row.clause, row.row_id)
    if spiked - own > convert(high, "%", "kg/kg") * added:
        return Verdict(FAIL, "spike.above", measured, high, row.clause, row.row_id)
    return Verdict(PASS, "spike.within", measured, low, row.clause, row.row_id)


def precision_row(analyte: str, content: Decimal, view: LawView) -> Row | None:
    """Row of the precision table for an analyte at a content in mg/kg; ``None`` when the table does not list it.

    *Source*: HJ/T 166-2004, 13.
    """
    table = view.table(PRECISION_TABLE)
    return next((row for row in table.where(analyte=analyte) if table.interval(row).contains(content)), None)


def judge_replicates(analyte: str, values: Values, view: LawView) -> Verdict:
    """Relative standard deviation of repeated analyses of one material against that allowed within a laboratory.

    *Source*: HJ/T 166-2004, 13, table of precision and accuracy. Values in mg/kg.

    >>> from datetime import date
    >>> got = judge_replicates("Cd", [Decimal("0.10"), Decimal("0.12"), Decimal("0.11")], law.at(date(2021, 9, 15)))
    >>> got.outcome, got.reason_code, round(got.measured, 1), got.limit
    ('pass', 'rsd.within', Decimal('9.1'), Decimal('30'))
    """
    known = [value for value in values if value is not None]
    clause = view.table(PRECISION_TABLE).clause
    if len(known) <= 1:
        return Verdict(UNDECIDED, "rsd.too_few", None, None, clause)
    row = precision_row(analyte, sum(known, Decimal(0)) / len(known), view)
    if row is None:
        return Verdict(UNDECIDED, UNKNOWN_ANALYTE, None, None, clause)
    measured = decimal_of(relative_standard_deviation_pct([float(value) for value in known]))
    allowed = row.required_number("within_lab_rsd_pct")
    outcome, reason = (PASS, "rsd.within") if measured <= allowed else (FAIL, "rsd.above")
    return Verdict(outcome, reason, measured, allowed, row.clause, row.row_id)


def judge_relative_errors(analytes: Sequence[str], values: Values, certified: Values, view: LawView) -> list[Verdict]:
    """Reference material without a stated uncertainty: relative error against that allowed within a laboratory.

    *Source*: HJ/T 166-2004, 13, table of precision and accuracy. In mg/kg, same length.

    >>> from datetime import date
    >>> got = judge_relative_errors(["Pb"], [Decimal("30")], [Decimal("24")], law.at(date(2021, 9, 15)))[0]
    >>> got.outcome, got.measured, got.limit
    ('pass', Decimal('25'), Decimal('25'))
    """
    return [_judge_error(*row, view) for row in zip(analytes, values, certified, strict=True)]


def _judge_error(analyte: str, value: Decimal | None, target: Decimal | None, view: LawView) -> Verdict:
    clause = view.table(PRECISION_TABLE).clause
    if target is None or target <= 0:
        return Verdict(UNDECIDED, "reference.not_certified", value, None, clause)
    row = precision_row(analyte, target, view)
    if row is None:
        return Verdict(UNDECIDED, UNKNOWN_ANALYTE, None, None, clause)
    allowed = row.required_number("within_lab_re_pct")
    if value is None:
        return Verdict(FAIL, "reference.not_detected", None, allowed, row.clause, row.row_id)
    measured = abs(decimal_of(float(relative_error_pct(float(value), float(target)))))
    within = abs(value - target) <= convert(allowed, "%", "kg/kg") * target
    outcome, reason = (PASS, "error.within") if within else (FAIL, "error.above")
    return Verdict(outcome, reason, measured, allowed, row.clause, row.row_id)


def judge_holding(
    analytes: Sequence[str], sampled_on: Sequence[date | None], analysed_on: Sequence[date | None], view: LawView
) -> list[Verdict]:
    """Days from sampling to analysis against the time a fresh sample may be kept.

    *Source*: HJ/T 166-2004, table of holding times. ``measured`` and ``limit`` of a verdict are days.

    >>> from datetime import date
    >>> got = judge_holding(["Hg"], [date(2021, 8, 1)], [date(2021, 8, 30)], law.at(date(2021, 9, 15)))[0]
    >>> got.outcome, got.measured, got.limit
    ('fail', Decimal('29'), Decimal('28'))
    """
    return [_judge_days(*row, view) for row in zip(analytes, sampled_on, analysed_on, strict=True)]


def _judge_days(analyte: str, sampled_on: date | None, analysed_on: date | None, view: LawView) -> Verdict:
    table = view.table(HOLDING_TABLE)
    if sampled_on is None or analysed_on is None:
        return Verdict(UNDECIDED, "holding.day_missing", None, None, table.clause)
    group = _item_group(analyte, view)
    row = next((row for name in (analyte, group) for row in table if row.text("sample_group") == name), None)
    if row is None:
        return Verdict(UNDECIDED, "holding.not_listed", None, None, table.clause)
    days, allowed = Decimal((analysed_on - sampled_on).days), row.required_number("holding_days")
    if days < 0:
        return Verdict(FAIL, "holding.before_sampling", days, allowed, row.clause, row.row_id)
    outcome, reason = (PASS, "holding.within") if days <= allowed else (FAIL, "holding.above")
    return Verdict(outcome, reason, days, allowed, row.clause, row.row_id)


def _item_group(analyte: str, view: LawView) -> str:
    """Group of an item in GB 36600; metals that only farmland knows count as inorganic."""
    rows = view.table(ITEMS_TABLE).where(analyte=analyte)
    if rows:
        return rows[0].text("item_group")
    return "inorganic" if law.analyte(analyte).kind in ("metal", "metalloid") else ""


def judge_limits(limits: Values, threshold: Decimal | None, clause: str) -> list[Verdict]:
    """Detection limits must not be above the value that results are compared with.

    *Source*: the standard's table the threshold comes from, named by ``clause``. In one unit.

    >>> [verdict.outcome for verdict in judge_limits([Decimal("0.01"), Decimal("1"), None], Decimal("0.3"), "")]
    ['pass', 'fail', 'undecided']
    """
    return [_judge_limit(limit, threshold, clause) for limit in limits]


def _judge_limit(limit: Decimal | None, threshold: Decimal | None, clause: str) -> Verdict:
    if limit is None or threshold is None:
        reason = "limit.unknown" if limit is None else "limit.no_threshold"
        return Verdict(UNDECIDED, reason, limit, threshold, clause)
    outcome, reason = (PASS, "limit.below") if limit <= threshold else (FAIL, "limit.above")
    return Verdict(outcome, reason, limit, threshold, clause)


def pass_rate_rule(kind: str, view: LawView) -> Row | None:
    """The row that sets the lowest share of a kind of control that must pass; ``None`` when none is set.

    *Source*: HJ/T 166-2004, 13.

    >>> from datetime import date
    >>> pass_rate_rule("duplicates", law.at(date(2021, 9, 15)))["value"]
    Decimal('95')
    """
    wanted = f"{kind}.pass_rate_pct"
    return next((row for row in view.table(RULES_TABLE) if row.text("rule") == wanted), None)
