"""Who gets what answer: every address, asked by reading and by sending, as seven kinds of asker.

``permissions.csv`` holds one row for each address and method: the post that is right for it (region/role/department)
and the status that each asker gets. ``wrong_*`` is the same post but for one thing. A new address without a row fails;
enter its row with the statuses left blank and run
``CONTRACT_REFRESH=1 make test ARGS=tests/contract/test_permissions.py``:
it fills blanks and nothing else. Read what it filled.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from jingtu.chapters.monitoring.models import Campaign
from jingtu.demonstration import play
from jingtu.land.models import Account, Post
from jingtu.registers import clock
from jingtu.registers.declare import get_register
from jingtu.registers.models import Dossier
from tests.contract import kit, seeds
from tests.contract.people import client_of, post, reach_of

TABLE = Path(__file__).parent / "permissions.csv"
REFRESH = bool(os.environ.get("CONTRACT_REFRESH"))
ASKERS = ("logged_out", "no_post", "wrong_region", "wrong_department", "wrong_role", "laboratory", "allowed")
METHODS = ("GET", "POST")
SUBJECTS = re.compile(r"\{(\w+)\}")
# Of nobody's region, or the asker's own: these subjects say nothing about reach.
UNBOUND_SUBJECTS = {"own_post", "account", "post", "campaign", "issued"}
GOOD = (200, 302)
# One's own account, the pages of administration, and what tells of no record.
OPEN_TO_ADMINISTRATORS = {
    *(
        "healthz",
        "sign-in/",
        "sign-out/",
        "sign-in/code/",
        "password/",
        "second-factor/",
        "sessions/",
        "posts/",
        "tokens/",
    ),
    *("administration/", "", "waiting/", "help/", "api/v1/registers", "api/v1/openapi.json"),
}


@cache
def table() -> list[dict[str, str]]:
    """The rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def routes(resolver: Any = None, before: str = "") -> Iterator[str]:
    """Every route of the URL conf."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, route)
        elif isinstance(each, URLPattern):
            yield route


def test_every_address_has_its_rows() -> None:
    wanted = {(route, method) for route in routes() for method in METHODS}
    there = {(row["route"], row["method"]) for row in table()}
    missing = sorted(wanted - there)
    assert not missing, f"Addresses without a row in {TABLE.name}: {missing}. {__doc__}"
    assert not sorted(there - wanted), f"Rows of {TABLE.name} without an address: {sorted(there - wanted)}"


@pytest.fixture
def subjects() -> dict[str, Any]:
    """Records of Taiyuan, and of the province where there is none, by the name the table gives them."""

    def of(name: str, prefix: str = "1401", **wanted: Any) -> int:
        register = get_register(name)
        rows = kit.rows(register).filter(**{f"{register.reach.region}__gte": prefix}, **wanted)
        return int(rows.order_by(register.reach.region, "pk")[0].pk)

    faulty, ready = dossier("<空>"), dossier("好")
    return {
        "point": of("monitoring.point"),
        "planned": of("monitoring.planned_point"),
        "field_record": of("monitoring.field_record"),
        "batch": of("evidence.batch"),
        "accepted": of("evidence.batch", "1402", state="accepted"),
        "result": of("evidence.result"),
        "quality_check": of("evidence.quality_check"),
        "handover": of("evidence.handover", state="received"),
        "prepared": of("evidence.handover", state="prepared"),
        "package": of("registers.package", "1400", state="draft"),
        "drawn": of("farmland.interpolation", "1410", outcome="drawn"),
        "permit": of("sample.permit", state="draft"),
        "campaign": Campaign.objects.get(state="draft").pk,
        "issued": Campaign.objects.filter(state="issued").order_by("pk")[0].pk,
        "dossier": faulty.pk,
        "ready": ready.pk,
        "digest": faulty.document_id,
        "own_post": 0,
        "account": Account.objects.get(username="shi-taiyuan-jingban").pk,
        "post": Post.objects.get(account__username="shi-taiyuan-jingban").pk,
    }


def dossier(name: str) -> Dossier:
    """A dossier of Taiyuan's clerk: with a fault, or ready to be accepted."""
    by = reach_of("shi-taiyuan-jingban")
    rows = [{**row, "code": f"Q-{row['code']}", "name": "" if name == "<空>" else name} for row in seeds.WELLS]
    return play.hand_in("sample.well", rows, f"{name}.xlsx", by, clock.today())


def askers(right: str) -> dict[str, Client]:
    """The seven askers of a row."""
    region, role, department = right.split("/")
    other_region = "140300" if region != "140000" else "140100"
    return {
        "logged_out": Client(),
        "no_post": _without_post(),
        "wrong_region": client_of(post(other_region, role, department)),
        "wrong_department": client_of(post(region, role, "finance")),
        "wrong_role": client_of(post(region, "observer", department)),
        "laboratory": client_of(post("140300", "laboratory", "laboratory")),
        "allowed": client_of(post(region, role, department)),
    }


def _without_post() -> Client:
    name = post("140300", "observer", "finance")
    account = Account.objects.get(username=name)
    account.posts.update(to_on=account.posts.get().from_on)
    return client_of(name)


def answers(row: dict[str, str], subjects: dict[str, Any]) -> dict[str, str]:
    """The status that each asker gets; what one of them does is taken back before the next asks."""
    clients, found = askers(row["right"]), {}
    for asker, client in clients.items():
        with transaction.atomic():
            account = client.session.get("_auth_user_id")
            own = Post.objects.filter(account_id=account).values_list("pk", flat=True).first()
            address = row["address"].format(**{**subjects, "own_post": own or 1})
            given = {} if row["method"] == "GET" else {"data": form(address)}
            response = getattr(client, row["method"].lower())(address, **given)
            if response.streaming:
                b"".join(response.streaming_content)
            found[asker] = str(response.status_code)
            transaction.set_rollback(True)
    return found


def form(address: str) -> dict[str, str]:
    """What is sent along: the terms of a move, enough for every arrow."""
    name = address.rstrip("/").rpartition("/")[2]
    today = clock.today().isoformat()
    return {f"{name}-on": today, f"{name}-reason": "契约测试", "on": today}


@pytest.mark.parametrize("row", table(), ids=lambda row: f"{row['method']} {row['address']}")
@pytest.mark.skipif(REFRESH, reason="the table is being filled")
def test_each_asker_gets_his_answer(row: dict[str, str], subjects: dict[str, Any]) -> None:
    assert answers(row, subjects) == {asker: row[asker] for asker in ASKERS}, __doc__


@pytest.mark.parametrize("role", ["administrator", "security", "audit"])
def test_administrators_find_nothing_of_the_plan(role: str, subjects: dict[str, Any], settings: Any) -> None:
    settings.PACES = dict.fromkeys(settings.PACES, (1_000_000, 1_000_000))
    name, opened = post("140100", role), set()
    for row in (each for each in table() if each["method"] == "GET"):
        response = client_of(name).get(row["address"].format(**{**subjects, "own_post": 1}))
        if response.status_code == 200 or (response.status_code == 302 and not leads_aside(response)):
            opened.add(row["route"])
    assert opened - OPEN_TO_ADMINISTRATORS == ({"ledger/", "api/v1/ledger/heads"} if role == "audit" else set())
    assert client_of(name).get("/api/v1/registers").json()["items"] == []


def leads_aside(response: Any) -> bool:
    """Whether an answer leads to the pages of administration, or back to signing in."""
    return response.headers["Location"].startswith(("/administration/", "/sign-in/"))


@pytest.mark.parametrize("row", table(), ids=lambda row: f"{row['method']} {row['address']}")
def test_the_table_itself_lets_nobody_in_by_mistake(row: dict[str, str]) -> None:
    status = {asker: int(row[asker] or 0) for asker in ASKERS}
    assert 500 not in status.values()
    named = set(SUBJECTS.findall(row["address"])) - UNBOUND_SUBJECTS
    if named:
        assert status["logged_out"] in (302, 401, 403, 405)
        assert status["no_post"] in (302, 401, 403, 405)
        assert status["wrong_region"] in (404, 405), "a record out of reach is not there"
        assert status["laboratory"] in (404, 405), "another laboratory's record is not there"
    if row["method"] == "POST" and named and status["allowed"] == 302:
        for asker in ("wrong_department", "wrong_role"):
            assert status[asker] in (403, 404, 422), f"{asker} does the deed"
    if "/administration/" in row["address"]:
        assert all(status[asker] != 200 for asker in ("wrong_role", "laboratory", "logged_out", "no_post"))


@pytest.mark.skipif(not REFRESH, reason="only when blanks are to be filled")
def test_fill_the_blanks(subjects: dict[str, Any]) -> None:
    rows = [dict(row) for row in table()]
    for row in rows:
        if not all(row[asker] for asker in ASKERS):
            row.update(answers(row, subjects))
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
