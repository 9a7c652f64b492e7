"""Quality control of a batch against HJ/T 166: duplicates, blanks, reference material.

Each check takes whole columns and gives one verdict per row, in the order of the input and independent of it.
A value of ``None`` means not detected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from jingtu import law
from jingtu.law import LawView
from jingtu.plain.numbers import decimal_of
from jingtu.plain.units import convert
from jingtu.science.deviation import relative_deviation_pct

PASS: Final = "pass"  # noqa: S105
FAIL: Final = "fail"
UNDECIDED: Final = "undecided"
DUPLICATE_TABLE: Final = "hjt166_duplicate_rd"
BLANK_CLAUSE: Final = "hjt166-2004#blanks"
REFERENCE_CLAUSE: Final = "hjt166-2004#reference-material"

Values = Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check says: outcome, why, and what was compared with which limit.

    ``measured`` and ``limit`` are percent for duplicates, else in the unit of the results; ``table_row`` is the row
    of the law's table the limit came from, where it came from a table.
    """

    outcome: str
    reason_code: str
    measured: Decimal | None
    limit: Decimal | None
    clause: str
    table_row: str = ""


def judge_duplicates(first: Values, second: Values, view: LawView) -> list[Verdict]:
    """Duplicates by the relative deviation allowed at the content of their mean.

    *Source*: HJ/T 166-2004, 13, table of allowed relative deviation. Both in mg/kg, same length. Two non-detects
    agree; one alone cannot be judged. The interval rule of later surveys is not applied.

    >>> from datetime import date
    >>> got = judge_duplicates([Decimal("0.10")], [Decimal("0.20")], law.at(date(2021, 9, 15)))[0]
    >>> got.outcome, got.reason_code, round(got.measured, 1), got.limit
    ('fail', 'rd.above', Decimal('33.3'), Decimal('25'))
    """
    table = view.table(DUPLICATE_TABLE)
    ladder = [(table.interval(row), row) for row in table]
    return [_judge_pair(a, b, ladder, table.clause) for a, b in zip(first, second, strict=True)]


def _judge_pair(
    a: Decimal | None, b: Decimal | None, ladder: Sequence[tuple[law.Interval, law.Row]], clause: str
) -> Verdict:
    if a is None and b is None:
        return Verdict(PASS, "rd.both_not_detected", None, None, clause)
    if a is None or b is None:
        return Verdict(UNDECIDED, "rd.one_not_detected", None, None, clause)
    row = next(row for interval, row in ladder if _mean_lies_in(interval, a, b))
    allowed = row.required_number("max_relative_deviation_pct")
    # compared by products: a deviation exactly at the limit must not be lost to the rounding of a division
    within = abs(a - b) <= convert(allowed, "%", "kg/kg") * (a + b)
    outcome, reason = (PASS, "rd.within") if within else (FAIL, "rd.above")
    measured = decimal_of(float(relative_deviation_pct(float(a), float(b))))
    return Verdict(outcome, reason, measured, allowed, row.clause, row.row_id)


def _mean_lies_in(interval: law.Interval, a: Decimal, b: Decimal) -> bool:
    """Whether the mean lies in an interval: the sum against twice each end, so that nothing is rounded."""
    total = a + b
    low = None if interval.low is None else interval.low + interval.low
    high = None if interval.high is None else interval.high + interval.high
    return law.Interval(interval.row_id, low, interval.low_included, high, interval.high_included).contains(total)


def judge_blanks(values: Values, limits: Values, view: LawView) -> list[Verdict]:
    """Blanks must lie below the detection limit.

    *Source*: HJ/T 166-2004, 13, whole-process blanks. Values and limits in one unit, same length.

    >>> from datetime import date
    >>> got = judge_blanks([None, Decimal("0.01")], [Decimal("0.01")] * 2, law.at(date(2021, 9, 15)))
    >>> [verdict.reason_code for verdict in got]
    ['blank.below', 'blank.detected']
    """
    clause = _in_force(BLANK_CLAUSE, view)
    return [_judge_blank(value, limit, clause) for value, limit in zip(values, limits, strict=True)]


def _judge_blank(value: Decimal | None, limit: Decimal | None, clause: str) -> Verdict:
    if value is None:
        return Verdict(PASS, "blank.below", None, limit, clause)
    if limit is None:
        return Verdict(UNDECIDED, "blank.limit_unknown", value, None, clause)
    outcome, reason = (PASS, "blank.below") if value < limit else (FAIL, "blank.detected")
    return Verdict(outcome, reason, value, limit, clause)


def judge_references(values: Values, certified: Values, uncertainty: Values, view: LawView) -> list[Verdict]:
    """Reference material must lie within its certified value and uncertainty, both ends included.

    *Source*: HJ/T 166-2004, 13. All in one unit, same length; ``limit`` of a verdict is the end that was nearest.

    >>> from datetime import date
    >>> got = judge_references([Decimal("0.14")], [Decimal("0.13")], [Decimal("0.01")], law.at(date(2021, 9, 15)))[0]
    >>> got.outcome, got.limit
    ('pass', Decimal('0.14'))
    """
    clause = _in_force(REFERENCE_CLAUSE, view)
    rows = zip(values, certified, uncertainty, strict=True)
    return [_judge_reference(value, target, spread, clause) for value, target, spread in rows]


def _judge_reference(value: Decimal | None, target: Decimal | None, spread: Decimal | None, clause: str) -> Verdict:
    if target is None or spread is None:
        return Verdict(UNDECIDED, "reference.not_certified", value, None, clause)
    if value is None:
        return Verdict(FAIL, "reference.not_detected", None, target - spread, clause)
    nearest = target + spread if value >= target else target - spread
    inside = abs(value - target) <= spread
    outcome, reason = (PASS, "reference.inside") if inside else (FAIL, "reference.outside")
    return Verdict(outcome, reason, value, nearest, clause)


def _in_force(ref: str, view: LawView) -> str:
    """The clause, after making sure that its instrument holds on the day of the view."""
    home = law.clause(ref).instrument
    if not law.instrument(home).in_force(view.on):
        raise law.LawError(f"{law.cite(ref)} 在 {view.on.isoformat()} 没有施行。")
    return ref
