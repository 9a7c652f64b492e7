"""How figures, days, states and values look on the page; nothing here decides anything."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingtu.plain.days import SHANGHAI

register = template.Library()

LETTERS = {
    "done": "✓",
    "open": "○",
    "soon": "!",
    "overdue": "✕",
    "na": "–",
    "unbound": "?",
    "unassigned": gettext_lazy("无"),
    "period_open": gettext_lazy("待"),
}
WORDS = {
    "done": gettext_lazy("已完成"),
    "open": gettext_lazy("办理中"),
    "soon": gettext_lazy("临近到期"),
    "overdue": gettext_lazy("已逾期"),
    "na": gettext_lazy("不适用"),
    "unbound": gettext_lazy("尚未接入"),
    "unassigned": gettext_lazy("责任未明确"),
    "period_open": gettext_lazy("期限待设定"),
}
BLANK = "—"
KIB = 1024
# The first that fits: every browser also names those it wants to be taken for.
PROGRAMS = (("Edg", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
MACHINES = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
LONG = 30


@register.filter
def number(value: Any) -> str:
    """A figure with groups of three; what is missing is a dash, never zero."""
    if value is None or value == "":
        return BLANK
    if isinstance(value, (int, Decimal)):
        return f"{value:,}"
    return f"{value:,.10g}" if isinstance(value, float) else str(value)


@register.filter
def day(value: date | datetime | str | None) -> str:
    """A day as 2021-09-30, in Shanghai."""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value or BLANK


@register.filter
def moment(value: datetime | date | str | None) -> str:
    """An instant as 2021-09-21 16:40, in Shanghai."""
    if isinstance(value, str):
        try:
            return moment(datetime.fromisoformat(value))
        except ValueError:
            return value
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    return day(value)


@register.filter
def distance(due: date | None, on: date) -> str:
    """How far a due day lies from the day of the page, in words."""
    if not isinstance(due, date):
        return ""
    left = (due - on).days
    if left == 0:
        return _("今天到期")
    if left < 0:
        return _("已逾期 %(days)s 天") % {"days": -left}
    return _("还有 %(days)s 天") % {"days": left}


@register.filter
def letter(state: str) -> str:
    """The letter of a state's sign."""
    return str(LETTERS.get(str(state), "?"))


@register.filter
def state_words(state: str) -> str:
    """A state in words."""
    return str(WORDS.get(str(state), state))


@register.filter
def clause_number(code: str) -> str:
    """The plan's own number of a clause: T02 is 2, S1 stays S1, G is the goals."""
    if code == "G":
        return _("总")
    found = re.fullmatch(r"T(\d+)", str(code))
    return str(int(found[1])) if found else str(code)


@register.filter
def size(value: int | None) -> str:
    """The size of a file."""
    if value is None:
        return BLANK
    if value < KIB:
        return _("%(size)s 字节") % {"size": value}
    if value < KIB * KIB:
        return f"{value / KIB:,.1f} KB"
    return f"{value / KIB / KIB:,.1f} MB"


@register.filter
def browser(agent: str | None) -> str:
    """What program on what machine, out of what a browser says of itself.

    >>> browser("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/95.0 Safari/537.36 Edg/95.0")
    'Edge · Windows'
    """
    told = agent or ""
    program = next((name for mark, name in PROGRAMS if mark in told), "")
    machine = next((name for mark, name in MACHINES if mark in told), "")
    return " · ".join(part for part in (program, machine) if part) or _("未说明的程序")


@register.filter
def short_hash(value: str | None) -> str:
    """The first twelve digits of a hash."""
    return (value or "")[:12]


@register.filter
def shown(value: Any) -> Any:
    """Any value of a record as a reader expects it."""
    if value is None or value == "":
        return BLANK
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, date):
        return moment(value)
    if isinstance(value, (int, Decimal, float)):
        return number(value)
    if isinstance(value, Iterable) and not isinstance(value, (str, Promise)):
        return "、".join(str(shown(item)) for item in value) or BLANK
    return value


@register.filter
def entry(mapping: dict[str, Any], key: str) -> Any:
    """The value under a key, for keys known only at run time."""
    try:
        return mapping[key]
    except (KeyError, TypeError, IndexError):
        return None


@register.filter
def is_long(value: Any) -> bool:
    """Whether a value needs the whole width of a sheet."""
    return len(str(value)) > LONG


@register.filter
def is_figure(value: Any) -> bool:
    """Whether a value belongs on the right edge of its column."""
    return isinstance(value, (int, Decimal, float)) and not isinstance(value, bool)


@register.inclusion_tag("console/parts/sign.html")
def sign(state: str) -> dict[str, str]:
    """A state's sign alone; its words are there for those who do not see it."""
    return {"state": str(state)}


@register.inclusion_tag("console/parts/state.html")
def state(code: str, words: str = "") -> dict[str, str]:
    """A state's sign with its words."""
    return {"state": str(code), "words": words or state_words(code)}


@register.inclusion_tag("console/parts/cell.html")
def cell(content: Any, kind: str = "") -> dict[str, Any]:
    """One cell of the board."""
    return {"cell": content, "kind": kind}


@register.inclusion_tag("console/parts/field.html")
def field(bound: Any, wide: bool = False) -> dict[str, Any]:
    """A field of a form with label, guidance and error."""
    return {"field": bound, "wide": wide}
