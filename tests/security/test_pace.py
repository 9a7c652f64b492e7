"""Nobody asks faster than is answered, whichever process answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from jingtu.entrance import pace, tokens
from jingtu.land.models import Pace, SecurityEvent, SecurityEventKind, TokenScope
from jingtu.registers.reach import Reach
from tests.security.conftest import Office

SLOW = {"token": (1, 3), "account": (1, 4), "address": (1, 5)}


@pytest.fixture(autouse=True)
def slow(settings: Any) -> None:
    """Few requests at once, and one a minute after them: the test does not outrun the count."""
    settings.PACES = SLOW


def statuses(client: Client, address: str, number: int, **more: Any) -> list[int]:
    return [client.get(address, **more).status_code for _time in range(number)]


def test_an_account_is_slowed_with_a_page(office: Office) -> None:
    client = Client()
    client.force_login(office.clerk.account)
    assert statuses(client, "/", 5) == [200] * 4 + [429]
    answer = client.get("/")
    assert 50 <= int(answer["Retry-After"]) <= 60
    assert "请等" in answer.content.decode()
    other = Client()
    other.force_login(office.colleague.account)
    assert other.get("/").status_code == 200, "the colleague at the same address is not slowed"
    assert client.get("/healthz").status_code == 200
    events = SecurityEvent.objects.filter(kind=SecurityEventKind.TOO_FAST)
    assert [event.account_id for event in events] == [office.clerk.account_id]


def test_a_token_is_slowed_with_a_problem(office: Office) -> None:
    secret = tokens.make("取数", TokenScope.READ, (), 30, by=Reach.of(office.clerk), address="").secret
    headers = {"Authorization": f"Bearer {secret}"}
    assert statuses(Client(), "/api/v1/registers", 4, headers=headers) == [200] * 3 + [429]
    answer = Client().get("/api/v1/registers", headers=headers)
    problem = json.loads(answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["type"] == "urn:jingtu:problem:api.too_fast"
    assert int(answer["Retry-After"]) == problem["retry_after"] > 50
    client = Client()
    client.force_login(office.clerk.account)
    assert client.get("/").status_code == 200, "the person goes on working"


def test_whoever_is_nobody_is_slowed_by_address(office: Office) -> None:
    guesses = {"headers": {"Authorization": "Bearer jt_guess"}}
    assert statuses(Client(REMOTE_ADDR="10.0.0.8"), "/api/v1/registers", 6, **guesses) == [401] * 5 + [429]
    assert Client(REMOTE_ADDR="10.0.0.8").get("/sign-in/").status_code == 429
    assert Client(REMOTE_ADDR="10.0.0.9").get("/sign-in/").status_code == 200


def test_an_export_costs_as_much_as_many_pages(office: Office) -> None:
    client = Client()
    client.force_login(office.clerk.account)
    assert client.get("/r/monitoring.point/?format=csv").status_code == 200
    assert client.get("/").status_code == 429


def test_what_is_spent_comes_back_with_time(db: None) -> None:
    assert [pace.wait_seconds("token", 1) for _time in range(3)] == [0, 0, 0]
    assert 59 < pace.wait_seconds("token", 1) <= 60
    with connection.cursor() as cursor:
        cursor.execute("UPDATE land_pace SET spent_until_at = spent_until_at - interval '61 seconds'")
    assert pace.wait_seconds("token", 1) == 0
    assert pace.wait_seconds("token", 1) > 0


def test_the_count_is_the_databases_and_tells_nobody(db: None) -> None:
    pace.wait_seconds("address", "10.0.0.7")
    assert "10.0.0.7" not in Pace.objects.get().key
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'land_pace'")
        assert cursor.fetchone() == ("u",), "no request waits for the disk"
        cursor.execute("UPDATE land_pace SET spent_until_at = now() - interval '1 hour'")
    pace.forget_the_idle()
    assert not Pace.objects.exists()
