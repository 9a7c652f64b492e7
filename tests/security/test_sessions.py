"""Sessions: a new key at sign-in, an end when left or old, and whoever ends them ends them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as house
from django.test import Client

from jingtu.entrance import accounts
from jingtu.land import actions as land
from jingtu.land.models import BrowserSession
from tests.security.conftest import PASSWORD, Office, is_in, sign_in


@pytest.fixture
def signed(client: Client, office: Office) -> Client:
    sign_in(client, "clerk")
    assert is_in(client)
    return client


def test_a_session_left_alone_ends(signed: Client, later: Any) -> None:
    """Seen to fail with the idle limit left unasked."""
    later(timedelta(minutes=house.SESSION_IDLE_MINUTES - 1))
    assert is_in(signed)
    later(timedelta(minutes=2 * house.SESSION_IDLE_MINUTES))
    assert signed.get("/").headers["Location"].startswith("/sign-in/")
    assert "分钟没有操作" in signed.get("/sign-in/").text


def test_a_session_ends_after_a_working_day_however_busy(signed: Client, later: Any) -> None:
    """Seen to fail with the longest span left unasked."""
    step = timedelta(minutes=house.SESSION_IDLE_MINUTES - 1)
    gone = timedelta()
    while gone + step < timedelta(hours=house.SESSION_LONGEST_HOURS):
        gone += step
        later(gone)
        assert is_in(signed)
    later(gone + step)
    assert not is_in(signed)


def test_signing_in_gives_a_new_key(client: Client, office: Office) -> None:
    """Seen to fail with the session kept under its former key (``login`` and ``flush`` taken out)."""
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies[house.SESSION_COOKIE_NAME] = session.session_key
    before = session.session_key
    sign_in(client, "clerk")
    assert client.session.session_key != before
    assert "planted" not in client.session
    assert not BrowserSession.objects.filter(pk=before).exists()


def test_signing_out_deletes_the_session(signed: Client) -> None:
    """Seen to fail with ``logout`` taken out."""
    key = signed.session.session_key
    signed.post("/sign-out/")
    assert not BrowserSession.objects.filter(pk=key).exists()
    signed.cookies[house.SESSION_COOKIE_NAME] = key
    assert not is_in(signed)


def test_signing_out_lets_the_browser_forget(signed: Client) -> None:
    """Seen to fail with the header taken out."""
    assert signed.post("/sign-out/").headers["Clear-Site-Data"] == '"cache", "storage"'


def test_signing_out_is_not_done_by_a_link(signed: Client) -> None:
    """Seen to fail with ``require_POST`` taken off."""
    assert signed.get("/sign-out/").status_code == 405
    assert is_in(signed)


def test_everywhere_means_everywhere(signed: Client, office: Office) -> None:
    """Seen to fail with ``end_all`` keeping the rows."""
    other = Client()
    sign_in(other, "clerk", address="10.0.0.2")
    rows = signed.get("/sessions/").context["rows"]
    assert [(row.is_this, row.address) for row in rows] == [(True, "10.0.0.1"), (False, "10.0.0.2")]
    assert signed.post("/sessions/", {"which": "all", "password": "wrong-one"}).status_code == 422
    assert is_in(other)
    signed.post("/sessions/", {"which": "all", "password": PASSWORD})
    assert not is_in(signed)
    assert not is_in(other)


def test_one_session_is_ended_by_its_mark_which_gives_no_key_away(signed: Client, office: Office) -> None:
    """Seen to fail with the key itself as the mark."""
    other = Client()
    sign_in(other, "clerk")
    sheet = signed.get("/sessions/")
    assert other.session.session_key not in sheet.text
    assert signed.session.session_key not in sheet.text
    mark = next(row.mark for row in sheet.context["rows"] if not row.is_this)
    signed.post("/sessions/", {"which": mark, "password": PASSWORD})
    assert is_in(signed)
    assert not is_in(other)


def test_a_person_sees_only_the_own_sessions(signed: Client, office: Office) -> None:
    """Seen to fail with ``of`` not asking whose the sessions are."""
    stranger = Client()
    sign_in(stranger, "stranger", address="10.7.7.7")
    mark = stranger.get("/sessions/").context["rows"][0].mark
    assert "10.7.7.7" not in signed.get("/sessions/").text
    signed.post("/sessions/", {"which": mark, "password": PASSWORD})
    assert is_in(stranger)


def test_a_new_password_ends_the_other_sessions(signed: Client, office: Office) -> None:
    """Seen to fail with ``end_all`` left out of ``change_password``."""
    other = Client()
    sign_in(other, "clerk")
    key = other.session.session_key
    data = {"password": PASSWORD, "new": "a sentence of my own", "again": "a sentence of my own"}
    assert signed.post("/password/", {**data, "password": "wrong-one"}).status_code == 422
    assert signed.post("/password/", data).status_code == 302
    assert not BrowserSession.objects.filter(pk=key).exists()
    assert is_in(signed)
    assert not is_in(other)


def test_closing_an_account_ends_its_sessions(signed: Client, office: Office) -> None:
    """Seen to fail with ``end_all`` left out of ``close_account``."""
    key = signed.session.session_key
    accounts.close_account(office.clerk.account, by=office.span(office.system), reason="调离")
    assert not BrowserSession.objects.filter(pk=key).exists()
    assert not is_in(signed)


def test_a_disabled_account_is_out_even_where_its_session_lives(signed: Client, office: Office) -> None:
    """Seen to fail with ``set_active`` leaving the flag as it was."""
    land.set_active(office.clerk.account, False)
    assert not is_in(signed)


def test_the_security_administrator_ends_a_persons_sessions(signed: Client, office: Office) -> None:
    """Seen to fail with ``end_sessions`` ending nothing."""
    accounts.end_sessions(office.clerk.account, by=office.span(office.security), reason="账号疑被借用")
    assert not is_in(signed)


def test_pages_are_not_kept_by_the_browser(signed: Client) -> None:
    """Seen to fail with the header taken out of ``SecurityHeaders``."""
    for path in ("/", "/board/", "/sessions/", "/password/"):
        assert "no-store" in signed.get(path).headers["Cache-Control"]


def test_keys_are_long_and_random(signed: Client) -> None:
    """The framework's promise, checked: 32 of 36 letters are 165 bits."""
    assert len(signed.session.session_key) >= 32


def test_what_is_over_is_forgotten(client: Client, office: Office, later: Any) -> None:
    """Seen to fail with ``forget_expired`` left out of signing in."""
    sign_in(client, "clerk")
    key = client.session.session_key
    later(timedelta(days=1))
    sign_in(Client(), "colleague")
    assert not BrowserSession.objects.filter(pk=key).exists()
