"""Working days: weekends, holidays and make-up days as the State Council set them, by year."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from itertools import pairwise

SATURDAY = 5
ONE_DAY = timedelta(days=1)
NO_DATA = (
    "工作日历没有 {year} 年的数据（现有 {first} 至 {last} 年），无法计算工作日；请先录入该年国务院办公厅的放假通知。"
)
GAP = "工作日历的年份不连续：{years}；请补录缺少的年份。"

Period = tuple[date, date]


class CalendarYearMissing(ValueError):
    """A working-day question about a year whose holidays are not on record."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Working days of the years on record.

    ``off`` and ``work`` hold the days set apart from the weekly rhythm: holidays with the
    weekends swapped into them, and weekend days made working days.
    """

    years: frozenset[int]
    off: frozenset[date]
    work: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on this day; raises for a year without data."""
        if day.year not in self.years:
            first, last = min(self.years), max(self.years)
            raise CalendarYearMissing(NO_DATA.format(year=day.year, first=first, last=last))
        if day in self.work:
            return True
        return day not in self.off and day.weekday() < SATURDAY

    def add_working_days(self, start: date, n: int, suspended: Iterable[Period] = ()) -> date:
        """The n-th working day after ``start`` (before it when n is negative).

        The start day is not counted. Days inside a suspended period (both ends included)
        do not count either.

        >>> working_calendar().add_working_days(date(2021, 9, 30), 20).isoformat()
        '2021-11-03'
        """
        periods = tuple(suspended)
        step = ONE_DAY if n >= 0 else -ONE_DAY
        day, left = start, abs(n)
        while left:
            day += step
            if self.is_working_day(day) and not _inside(day, periods):
                left -= 1
        return day

    def working_days_between(self, start: date, end: date, suspended: Iterable[Period] = ()) -> int:
        """Working days after ``start`` up to and with ``end``; negative when ``end`` is earlier."""
        periods = tuple(suspended)
        low, high = min(start, end), max(start, end)
        first, last = (low + ONE_DAY, high) if start <= end else (low, high - ONE_DAY)
        day, count = first, 0
        while day <= last:
            count += self.is_working_day(day) and not _inside(day, periods)
            day += ONE_DAY
        return count if start <= end else -count


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """One line of a holiday notice: days off, or weekend days made working days."""

    year: int
    kind: str
    day_from: date
    day_to: date
    occasion_zh: str
    document_number: str
    document_number_certainty: str
    note: str

    def days(self) -> tuple[date, ...]:
        """Every day of the line."""
        span = (self.day_to - self.day_from).days
        return tuple(self.day_from + timedelta(days=k) for k in range(span + 1))


@cache
def holiday_rows() -> tuple[HolidayRow, ...]:
    """The holiday notices on record, in order."""
    data = files("jingtu.plain").joinpath("data", "working_calendar.csv").read_text("utf-8")
    return tuple(_row(record) for record in csv.DictReader(io.StringIO(data, newline="")))


@cache
def working_calendar() -> WorkingCalendar:
    """The working calendar of the years on record."""
    rows = holiday_rows()
    years = frozenset(row.year for row in rows)
    ordered = sorted(years)
    if any(b - a != 1 for a, b in pairwise(ordered)):
        raise CalendarYearMissing(GAP.format(years=ordered))
    off = frozenset(day for row in rows if row.kind == "off" for day in row.days())
    work = frozenset(day for row in rows if row.kind == "work" for day in row.days())
    return WorkingCalendar(years, off, work)


def _inside(day: date, periods: tuple[Period, ...]) -> bool:
    return any(first <= day <= last for first, last in periods)


def _row(record: dict[str, str]) -> HolidayRow:
    return HolidayRow(
        year=int(record["year"]),
        kind=record["kind"],
        day_from=date.fromisoformat(record["day_from"]),
        day_to=date.fromisoformat(record["day_to"]),
        occasion_zh=record["occasion_zh"],
        document_number=record["document_number"],
        document_number_certainty=record["document_number_certainty"],
        note=record["note"],
    )
