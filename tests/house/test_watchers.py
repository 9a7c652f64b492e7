"""The watchers are watched: each pattern of the house tests catches what it is meant to catch."""

from __future__ import annotations

import pytest

from tests.house.test_delivery import INLINE, MACHINE, OUTSIDE
from tests.house.test_numbers_and_days import day_in_utc
from tests.house.test_words import HAN, MARKED


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("WHERE recorded_at::date <= %s", True),
        ("SELECT cast(recorded_at AS date)", True),
        ("SELECT date_trunc('day', accepted_at)", True),
        ("WHERE due_on < CURRENT_DATE", True),
        ("WHERE (recorded_at AT TIME ZONE 'Asia/Shanghai')::date <= %s", False),
        ("SELECT %(due)s::date AS due_on", False),
        ("SELECT NULL::date, '2021-12-31'::date", False),
        ("SELECT nullif(current_setting('jingtu.on', true), '')::date", False),
        ("SELECT planned_on FROM t", False),
    ],
)
def test_days_in_utc_are_seen(line: str, caught: bool) -> None:
    assert day_in_utc(line) is caught


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("<p>待办</p>", True),
        ('<a title="待办">x</a>', True),
        ('<p>{% translate "待办" %}</p>', False),
        ("{% blocktranslate with n=n %}共 {{ n }} 条{% endblocktranslate %}", False),
        ("{# 说明 #}", False),
    ],
)
def test_bare_chinese_in_templates_is_seen(text: str, caught: bool) -> None:
    assert bool(HAN.search(MARKED.sub("", text))) is caught


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ('<p style="color:red">', True),
        ("<style>", True),
        ("<script>alert(1)</script>", True),
        ('<button onclick="x()">', True),
        ('<script src="/static/a.js" type="module"></script>', False),
        ('<link rel="stylesheet" href="/a.css">', False),
        ('<td class="style">', False),
    ],
)
def test_inline_parts_of_pages_are_seen(text: str, caught: bool) -> None:
    assert bool(INLINE.search(text)) is caught


def test_outside_addresses_and_machines_are_seen() -> None:
    assert OUTSIDE.search('<script src="https://cdn.example/x.js">')
    assert not OUTSIDE.search('<script src="/static/x.js">')
    assert MACHINE.search("see /" + "root/project/notes")
    assert not MACHINE.search("the homepage / root of the tree")
