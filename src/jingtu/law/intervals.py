"""Proof that the intervals of a table cover the line once: no gap, no overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from jingtu.law.errors import BrokenTable
from jingtu.law.rows import Row

START = "表 {table} 的 {row} 之前没有起点：区间须从零或不设下端开始。"
END = "表 {table} 的 {row} 之后没有终点：区间须到不设上端为止。"
SEAM = "表 {table} 的 {left} 与 {right} 在 {at} 处{problem}。"
EMPTY = "表 {table} 的 {row} 区间上端不大于下端。"


@dataclass(frozen=True, slots=True)
class Interval:
    """One interval with its ends; ``None`` is unbounded."""

    row_id: str
    low: Decimal | None
    low_included: bool
    high: Decimal | None
    high_included: bool

    def contains(self, value: Decimal) -> bool:
        """Whether a value lies in the interval, ends as declared."""
        above = self.low is None or value > self.low or (self.low_included and value == self.low)
        below = self.high is None or value < self.high or (self.high_included and value == self.high)
        return above and below


def interval_of(row: Row, prefix: str, suffix: str) -> Interval:
    """The interval a row declares in its ``<prefix>_from…``/``<prefix>_to…`` columns."""
    return Interval(
        row.row_id,
        row.number(f"{prefix}_from{suffix}"),
        row.flag(f"{prefix}_from_included"),
        row.number(f"{prefix}_to{suffix}"),
        row.flag(f"{prefix}_to_included"),
    )


def prove_cover(table: str, intervals: Sequence[Interval]) -> None:
    """Raise ``BrokenTable`` unless the intervals tile the line (or the half line from zero)."""
    ordered = sorted(intervals, key=lambda i: (i.low is not None, i.low or Decimal(0)))
    first, last = ordered[0], ordered[-1]
    if first.low is not None and not (first.low == 0 and first.low_included):
        raise BrokenTable(START.format(table=table, row=first.row_id))
    if last.high is not None:
        raise BrokenTable(END.format(table=table, row=last.row_id))
    for interval in ordered:
        if interval.low is not None and interval.high is not None and interval.high <= interval.low:
            raise BrokenTable(EMPTY.format(table=table, row=interval.row_id))
    for left, right in pairwise(ordered):
        _prove_seam(table, left, right)


def _prove_seam(table: str, left: Interval, right: Interval) -> None:
    if left.high is None or right.low is None or left.high > right.low:
        problem = "重叠"
    elif left.high < right.low:
        problem = "有空档"
    elif left.high_included and right.low_included:
        problem = "重叠（两端都含）"
    elif not left.high_included and not right.low_included:
        problem = "有空档（两端都不含）"
    else:
        return
    raise BrokenTable(SEAM.format(table=table, left=left.row_id, right=right.row_id, at=right.low, problem=problem))
