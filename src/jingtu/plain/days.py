"""Days as officers write them; the official day is that of Asia/Shanghai."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")

EXCEL_EPOCH: Final = date(1899, 12, 30)
EXCEL_SERIAL_FIRST: Final = 20000
EXCEL_SERIAL_LAST: Final = 80000
CLOCK = r"(?:[T ]\s*\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}秒?|分)?(?:\.\d+)?)?"
SEPARATED = re.compile(rf"^(\d{{4}})\s*([-./])\s*(\d{{1,2}})\s*\2\s*(\d{{1,2}}){CLOCK}$")
CHINESE = re.compile(rf"^(\d{{4}})\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*[日号]{CLOCK}$")
COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
SERIAL = re.compile(r"^(\d{5})(?:\.\d+)?$")

NO_DAY = "“{text}”不是日期；请写成 2021-09-03、2021.9.3、2021/9/3 或 2021年9月3日。"
NO_SUCH_DAY = "“{text}”这一天不存在；请核对月份和日期。"
NO_ZONE = "时刻没有时区，无法确定是哪一天；请带上时区。"


def parse_day(text: str) -> date:
    """The day a cell states, in any of the spellings officers use.

    >>> parse_day("2021年9月3日") == parse_day("2021.9.3") == parse_day("44442")
    True

    Raises ``ValueError`` with a Chinese sentence for anything else; a two-digit year is refused.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    separated = SEPARATED.match(plain)
    if separated:
        return _day(text, separated[1], separated[3], separated[4])
    written = CHINESE.match(plain) or COMPACT.match(plain)
    if written:
        return _day(text, written[1], written[2], written[3])
    serial = SERIAL.match(plain)
    if serial and EXCEL_SERIAL_FIRST <= int(serial[1]) <= EXCEL_SERIAL_LAST:
        return EXCEL_EPOCH + timedelta(days=int(serial[1]))
    raise ValueError(NO_DAY.format(text=text))


def day_of(instant: datetime) -> date:
    """The official day of an instant: its date in Asia/Shanghai.

    >>> from datetime import UTC
    >>> day_of(datetime(2021, 9, 30, 16, 30, tzinfo=UTC)).isoformat()
    '2021-10-01'
    """
    if instant.tzinfo is None:
        raise ValueError(NO_ZONE)
    return instant.astimezone(SHANGHAI).date()


def _day(text: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(NO_SUCH_DAY.format(text=text)) from None
