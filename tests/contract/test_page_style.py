"""Every page of every register, and every other page of the console, keeps the house's style.

Title and heading are one, every field has its label, columns of figures name the declared unit, nothing stands inline,
the language is Chinese. That paper leaves navigation out is seen in Chromium: ``tests/pages``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from jingtu.land.models import Account
from jingtu.registers.clock import Clock
from jingtu.registers.declare import Register, get_register
from tests.contract import kit
from tests.contract.markup import Markup, against_the_style
from tests.contract.people import PROVINCE, client_of, reach_of
from tests.pages.kinds import ADMINISTRATORS, PAGES, Kind

ASKERS = (PROVINCE, "xian-xiaodian-jingban", "jiance-er", "sheng-nongye", "xian-hongtong-nongye")
DEEDS = re.compile(r"/(?:edit|open/\w+|do/\w+)/$")
ANYWHERE = [kind for kind in PAGES if not kind.links and kind.account not in ADMINISTRATORS]


def shown(client: Client, address: str) -> str:
    """A page, which must be there."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


def pages_of(register: Register) -> Iterator[tuple[str, str]]:
    """The list, a record, and whatever form they lead to, as several askers see them."""
    seen: set[str] = set()
    for name in (name for name in ASKERS if register.sees(reach_of(name))):
        client = client_of(name)
        rows = register.rows(reach_of(name), Clock.present()).order_by("pk")[:1]
        lists = [register.url()] if name in (PROVINCE, "xian-hongtong-nongye") else []
        for address in (*lists, *(register.url(row.pk) for row in rows)):
            page = shown(client, address)
            yield address, page
            for link in Markup(page).links:
                kind = DEEDS.search(link)
                if kind and kind.group() not in seen:
                    seen.add(kind.group())
                    yield link, shown(client, link)


@pytest.mark.parametrize("name", kit.NAMES)
def test_the_pages_of_a_register(name: str) -> None:
    pages = list(pages_of(get_register(name)))
    assert pages
    found = {address: told for address, page in pages if (told := list(against_the_style(page)))}
    assert not found, found


@pytest.mark.parametrize("name", kit.NAMES)
def test_columns_of_figures_name_their_unit(name: str) -> None:
    register = get_register(name)
    headings = Markup(shown(client_of(PROVINCE), register.url())).columns
    for column in (each for each in register.columns if each.shown and each.unit):
        told = [text for text in headings if str(column.label) in text]
        assert told, f"{name} has no column “{column.label}” on screen"
        assert any(str(column.unit) in text for text in told), f"{name} “{column.label}” leaves out {column.unit}"


@pytest.mark.parametrize("kind", ANYWHERE, ids=lambda kind: kind.label)
def test_every_other_page(kind: Kind) -> None:
    client = Client()
    if kind.account:
        client.force_login(Account.objects.get(username=kind.account))
    assert list(against_the_style(shown(client, kind.address))) == []


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ('<html lang="en"><title>一 · 净土</title><h1>一</h1>', "language"),
        ('<html lang="zh"><title>二 · 净土</title><h1>一</h1>', "title"),
        ('<html lang="zh"><title>一 · 净土</title><h1>一</h1><input name="x">', "label"),
        ('<html lang="zh"><title>一 · 净土</title><h1>一</h1><p style="color:red">', "inline"),
        ('<html lang="zh"><title>一 · 净土</title><h1>一</h1><p onclick="x()">', "inline"),
        ('<html lang="zh"><title>一 · 净土</title><h1>一</h1><p id="a"><p id="a">', "twice"),
    ],
)
def test_each_fault_is_seen(page: str, told: str) -> None:
    assert [each for each in against_the_style(page) if told in each]
