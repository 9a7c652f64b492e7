"""The working-day calendar, against its cases and against an independent package."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import chinese_calendar
import pytest
from chinese_calendar import constants
from hypothesis import given
from hypothesis import strategies as st

from jingtu.plain.calendar import CalendarYearMissing, holiday_rows, working_calendar
from jingtu.plain.identifiers import document_number

CALENDAR = working_calendar()
ONE_DAY = timedelta(days=1)
DAYS = st.dates(date(2018, 1, 1), date(2024, 12, 31))


def test_twenty_working_days_over_the_national_holiday() -> None:
    assert CALENDAR.add_working_days(date(2021, 9, 30), 20) == date(2021, 11, 3)


def test_fifteen_working_days_back() -> None:
    assert CALENDAR.add_working_days(date(2021, 10, 11), -15) == date(2021, 9, 14)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2021, 10, 9), True),
        (date(2021, 9, 26), True),
        (date(2021, 10, 4), False),
        (date(2021, 9, 18), True),
        (date(2021, 9, 20), False),
        (date(2020, 1, 31), False),
        (date(2020, 2, 1), False),
        (date(2018, 12, 29), True),
        (date(2022, 12, 31), False),
        (date(2021, 9, 30), True),
        (date(2021, 9, 25), False),
    ],
)
def test_days_of_the_notices(day: date, works: bool) -> None:
    assert CALENDAR.is_working_day(day) is works


def test_agrees_with_the_independent_package_day_by_day() -> None:
    last = date(max(constants.workdays).year, 12, 31)
    day, compared, different = date(2017, 1, 1), 0, []
    while day <= min(last, date(2026, 12, 31)):
        compared += 1
        if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day):
            different.append(day)
        day += ONE_DAY
    assert not different
    assert compared >= 9 * 365


def test_a_year_without_data_is_refused_with_a_sentence() -> None:
    with pytest.raises(CalendarYearMissing, match="没有 2027 年的数据（现有 2017 至 2026 年）"):
        CALENDAR.add_working_days(date(2026, 12, 25), 20)
    with pytest.raises(CalendarYearMissing, match="2016"):
        CALENDAR.is_working_day(date(2016, 12, 30))


def test_suspended_days_do_not_count() -> None:
    start = date(2021, 11, 1)
    plain = CALENDAR.add_working_days(start, 5)
    held = CALENDAR.add_working_days(start, 5, [(date(2021, 11, 3), date(2021, 11, 5))])
    assert (plain, held) == (date(2021, 11, 8), date(2021, 11, 11))
    assert CALENDAR.working_days_between(start, held, [(date(2021, 11, 3), date(2021, 11, 5))]) == 5


def test_zero_days_is_the_start_day() -> None:
    assert CALENDAR.add_working_days(date(2021, 10, 2), 0) == date(2021, 10, 2)


@given(DAYS, st.integers(-60, 60))
def test_counting_back_what_was_added(start: date, n: int) -> None:
    end = CALENDAR.add_working_days(start, n)
    assert CALENDAR.working_days_between(start, end) == n
    if n:
        assert CALENDAR.is_working_day(end)


def test_rows_are_in_order_and_make_up_days_are_weekend_days() -> None:
    rows = holiday_rows()
    for row in rows:
        assert row.kind in {"off", "work"}
        assert row.day_from <= row.day_to
        assert abs(row.day_from.year - row.year) <= 1
        assert document_number(row.document_number) == row.document_number
        if row.kind == "work":
            assert all(day.weekday() >= 5 for day in row.days()), row
    counted = Counter(day for row in rows for day in row.days())
    assert not [day for day, times in counted.items() if times > 1]
    assert CALENDAR.years == set(range(2017, 2027))
