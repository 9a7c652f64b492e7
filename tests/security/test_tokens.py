"""Tokens for programs: made once for a post, cut to a scope, gone when they are withdrawn."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jingtu.entrance import accounts, tokens
from jingtu.land.models import Account, Post, SecurityEvent, SecurityEventKind, Token, TokenScope
from jingtu.registers import clock, ledger
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.models import LedgerEntry
from jingtu.registers.reach import Reach
from tests.security.conftest import PASSWORD, Office

V1 = "/api/v1"
POINTS = f"{V1}/registers/monitoring.point"
ADDRESS = "10.0.0.7"


def made(post: Post, scope: TokenScope = TokenScope.READ, registers: tuple[str, ...] = (), days: int = 30) -> str:
    return tokens.make("测试取数", scope, registers, days, by=Reach.of(post), address=ADDRESS).secret


def asks(secret: str, address: str = POINTS, client: Client | None = None) -> Any:
    return (client or Client()).get(address, headers={"Authorization": f"Bearer {secret}"})


def refused(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    problem = json.loads(response.content)
    assert problem["type"] == f"urn:jingtu:problem:{code}"
    assert problem["detail"].endswith("。")
    return dict(problem)


def test_a_token_has_the_reach_of_its_post(office: Office) -> None:
    assert asks(made(office.clerk)).status_code == 200
    region = f"{V1}/duties/T02-01/obligations?region="
    assert asks(made(office.clerk), region + "140100").status_code == 200
    refused(asks(made(office.clerk), region + "140200"), 404, "api.missing")
    assert asks(made(office.stranger), region + "140200").status_code == 200


def test_only_a_digest_is_kept(office: Office) -> None:
    secret = made(office.clerk)
    token = Token.objects.get()
    kept = [str(value) for value in Token.objects.values_list().get()]
    assert secret not in kept
    assert token.digest == tokens._digest(secret)
    assert secret.startswith(token.hint)
    assert len(secret) >= 46
    entry = LedgerEntry.objects.filter(register="land.token").get()
    assert secret not in entry.body
    assert ledger.heads()


def test_what_is_no_token_opens_nothing_and_is_noted_once(office: Office) -> None:
    for _time in range(3):
        answer = asks("jt_made-up")
        refused(answer, 401, "api.token.refused")
        assert answer["WWW-Authenticate"] == "Bearer"
    assert SecurityEvent.objects.filter(kind=SecurityEventKind.TOKEN_REFUSED).count() == 1
    for header in ("Bearer", "Bearer ", "Basic eDp5", "bearer jt_x"):
        assert Client().get(POINTS, headers={"Authorization": header}).status_code == 401


def test_a_wrong_token_does_not_fall_back_to_the_session(office: Office) -> None:
    client = Client()
    client.force_login(office.clerk.account)
    assert client.get(POINTS).status_code == 200
    refused(asks("jt_made-up", client=client), 401, "api.token.refused")
    refused(asks("jt_made-up", f"{V1}/openapi.json", client), 401, "api.token.refused")


def test_a_token_is_for_the_api_alone(office: Office) -> None:
    secret = made(office.clerk)
    for page in ("/", "/r/monitoring.point/", "/tiles/monitoring.point/6/52/24.mvt"):
        assert asks(secret, page).status_code in (302, 401, 403)


def test_reading_is_not_submitting(office: Office, django_capture_on_commit_callbacks: Any) -> None:
    file = {"sheet": "monitoring.point", "on": clock.today().isoformat()}

    def hands_in(secret: str) -> Any:
        content = SimpleUploadedFile("点位.csv", "编码\n1\n".encode())
        with django_capture_on_commit_callbacks(execute=True):
            headers = {"Authorization": f"Bearer {secret}"}
            return Client(enforce_csrf_checks=True).post(f"{V1}/dossiers", {**file, "file": content}, headers=headers)

    refused(hands_in(made(office.clerk)), 403, "api.token.scope")
    refused(hands_in(made(office.clerk, TokenScope.SUBMIT, ("monitoring.campaign",))), 403, "api.token.scope")
    answer = hands_in(made(office.clerk, TokenScope.SUBMIT))
    assert answer.status_code in (201, 409), answer.content.decode()
    assert answer.status_code == 201 or "岗位" in answer.json()["detail"]


def test_a_token_for_some_registers_tells_of_no_other(office: Office) -> None:
    secret = made(office.clerk, registers=("monitoring.point", "monitoring.network"))
    assert {each["name"] for each in asks(secret, f"{V1}/registers").json()["items"]} == {
        "monitoring.point", "monitoring.network",
    }  # fmt: skip
    assert {each["id"] for each in asks(secret, f"{V1}/layers").json()["items"]} == {"monitoring.point"}
    assert asks(secret, f"{V1}/layers/monitoring.point/items").status_code == 200
    closed = ("/registers/monitoring.campaign", "/layers/monitoring.planned_point/items", "/board", "/duties")
    for address in (*closed, "/duties/T02-01/obligations", "/ledger/heads", "/registers/monitoring.campaign/1"):
        refused(asks(secret, V1 + address), 403, "api.token.scope")


def test_a_token_runs_out(office: Office, later: Callable[[timedelta], None]) -> None:
    secret = made(office.clerk)
    later(timedelta(days=29))
    assert asks(secret).status_code == 200
    later(timedelta(days=30, minutes=1))
    refused(asks(secret), 401, "api.token.refused")


def test_a_token_ends_with_its_post_and_its_account(office: Office) -> None:
    secret = made(office.clerk)
    Post.objects.filter(pk=office.clerk.pk).update(to_on=date(2021, 1, 1))
    assert "岗位" in refused(asks(secret), 401, "api.token.refused")["detail"]
    Post.objects.filter(pk=office.clerk.pk).update(to_on=None)
    assert asks(secret).status_code == 200
    Account.objects.filter(pk=office.clerk.account_id).update(is_active=False)
    refused(asks(secret), 401, "api.token.refused")
    Account.objects.filter(pk=office.clerk.account_id).update(is_active=True, password_is_initial=True)
    refused(asks(secret), 401, "api.token.refused")


@pytest.mark.parametrize("deed", ["end_sessions", "reset_password", "close_account"])
def test_what_ends_the_sessions_of_an_account_ends_its_tokens(office: Office, deed: str) -> None:
    secret = made(office.clerk)
    kind = office.security if deed == "end_sessions" else office.system
    getattr(accounts, deed)(office.clerk.account, by=office.span(kind), reason="测试：手机遗失")
    Account.objects.filter(pk=office.clerk.account_id).update(is_active=True, password_is_initial=False)
    refused(asks(secret), 401, "api.token.refused")


def test_administrators_and_delegates_make_none(office: Office) -> None:
    with pytest.raises(DeedRefused):
        made(office.system)
    with pytest.raises(DeedRefused):
        tokens.make("替人", TokenScope.READ, (), 30, by=Reach.of(office.clerk, office.colleague.account), address="")
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    ("name", "registers", "days"), [("", (), 30), ("取数", (), 3650), ("取数", ("land.account",), 30)]
)
def test_what_makes_no_sense_is_refused(office: Office, name: str, registers: tuple[str, ...], days: int) -> None:
    with pytest.raises(DeedRefused, match="。"):
        tokens.make(name, TokenScope.READ, registers, days, by=Reach.of(office.clerk), address="")


def test_ten_tokens_are_enough(office: Office) -> None:
    for _time in range(tokens.MOST_ALIVE):
        made(office.clerk)
    with pytest.raises(DeedRefused, match="10"):
        made(office.clerk)
    tokens.withdraw(Token.objects.first().pk, by=Reach.of(office.clerk), address=ADDRESS)  # type: ignore[union-attr]
    made(office.clerk)


def test_the_page_shows_a_token_once_and_withdraws_it(office: Office) -> None:
    client = Client()
    client.force_login(office.clerk.account)
    form = {"name": "每日取数", "scope": "read", "days": "90", "registers": ["monitoring.point"]}
    assert client.post("/tokens/", {**form, "password": "wrong-horse-battery"}).status_code == 422
    assert not Token.objects.exists()
    answer = client.post("/tokens/", {**form, "password": PASSWORD})
    secret = answer.context["made"].secret
    assert secret in answer.content.decode()
    assert secret not in client.get("/tokens/").content.decode()
    assert asks(secret).status_code == 200
    token = Token.objects.get()
    assert (token.registers, token.used_at is not None) == (["monitoring.point"], True)
    stranger = Client()
    stranger.force_login(office.stranger.account)
    assert stranger.post(f"/tokens/{token.pk}/end/").status_code == 404
    assert asks(secret).status_code == 200
    assert client.post(f"/tokens/{token.pk}/end/").status_code == 302
    refused(asks(secret), 401, "api.token.refused")
    assert "作废" in client.get("/tokens/").content.decode()
    kinds = set(SecurityEvent.objects.filter(account=office.clerk.account).values_list("kind", flat=True))
    assert {"token_made", "token_ended", "token_refused"} <= kinds
