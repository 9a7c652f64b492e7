"""Days as officers write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingtu.plain.days import EXCEL_EPOCH, SHANGHAI, day_of, parse_day

DAY = date(2021, 9, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2021-09-03",
        "2021.9.3",
        "2021/9/3",
        "2021年9月3日",
        "2021 年 9 月 3 日",
        "44442",
        "44442.0",
        "44442.75",
        "２０２１．９．３",
        "20210903",
        "2021-09-03 00:00:00",
        "2021-09-03T08:30:00",
        "2021年9月3日 14时20分",
        "2021年9月3号",
        " 2021-9-3 ",
        "2021/09/03 9:05",
    ],
)
def test_spellings_of_one_day(text: str) -> None:
    assert parse_day(text) == DAY


@pytest.mark.parametrize(
    "text",
    ["", "2021", "21-9-3", "2021-9", "9/3/2021", "2021-09.03", "昨天", "2021年9月", "123", "99999", "2021-09-03x"],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不是日期"):
        parse_day(text)


@pytest.mark.parametrize("text", ["2021-02-29", "2021年13月1日", "20210931"])
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不存在"):
        parse_day(text)


@given(st.dates(date(1960, 1, 1), date(2100, 1, 1)))
def test_every_spelling_of_every_day(day: date) -> None:
    spellings = (
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month:02}/{day.day:02}",
        f"{day.year}年{day.month}月{day.day}日",
        str((day - EXCEL_EPOCH).days),
    )
    assert {parse_day(s) for s in spellings} == {day}


def test_the_official_day_is_that_of_shanghai() -> None:
    assert day_of(datetime(2021, 9, 30, 15, 59, tzinfo=UTC)) == date(2021, 9, 30)
    assert day_of(datetime(2021, 9, 30, 16, 0, tzinfo=UTC)) == date(2021, 10, 1)
    assert day_of(datetime(2021, 10, 1, tzinfo=SHANGHAI)) == date(2021, 10, 1)
    with pytest.raises(ValueError, match="没有时区"):
        day_of(datetime(2021, 10, 1))


def test_shanghai_keeps_one_offset_in_the_years_of_the_plan() -> None:
    for month in range(1, 13):
        assert datetime(2021, month, 1, tzinfo=SHANGHAI).utcoffset() == timedelta(hours=8)
