"""Signing in: guessing is slowed, refusals tell nothing, one-time passwords are good once and not for long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from jingtu.entrance import accounts, throttle
from jingtu.land import actions as land
from jingtu.land.models import SecurityEvent, SecurityEventKind, Throttle
from tests.security.conftest import PASSWORD, Office, is_in, sign_in

WRONG = "not-the-password"


def test_five_wrong_passwords_close_signing_in_for_a_while(client: Client, office: Office, later: Any) -> None:
    """Seen to fail with ``throttle.failed`` counting but never closing."""
    for _attempt in range(throttle.LIMITS["pair"]):
        assert sign_in(client, "clerk", WRONG).status_code == 422
    refused = sign_in(client, "clerk")
    assert "暂停登录至" in refused.text
    assert not is_in(client)
    later(timedelta(minutes=16))
    sign_in(client, "clerk")
    assert is_in(client)


def test_each_closure_is_longer_up_to_an_hour(client: Client, office: Office, later: Any) -> None:
    """Seen to fail with the doubling taken out."""
    spans, gone = [], timedelta()
    for _round in range(4):
        until = None
        for _attempt in range(throttle.LIMITS["pair"]):
            until = throttle.failed("clerk", "10.0.0.1")
        row = Throttle.objects.get(closed_until_at=until)
        spans.append(round((row.closed_until_at - row.last_failed_at).total_seconds() / 60))
        gone += timedelta(minutes=spans[-1] + 1)
        later(gone)
    assert spans == [15, 30, 60, 60]


def test_a_stranger_elsewhere_does_not_shut_a_person_out(client: Client, office: Office) -> None:
    """Seen to fail with the strict count kept by name alone."""
    for _attempt in range(throttle.LIMITS["pair"] + 1):
        sign_in(client, "clerk", WRONG, address="203.0.113.9")
    sign_in(client, "clerk", address="10.0.0.1")
    assert is_in(client)


def test_guessing_spread_over_addresses_or_over_names_is_closed_too(client: Client, office: Office) -> None:
    """Seen to fail with only the count of name and address together."""
    for number in range(20):
        throttle.failed("clerk", f"203.0.113.{number}")
    assert throttle.closed_until("clerk", "10.9.9.9")
    for number in range(60):
        throttle.failed(f"name-{number}", "198.51.100.7")
    assert throttle.closed_until("a-name-never-tried", "198.51.100.7")


def test_success_forgets_the_failures_of_the_name_but_not_of_the_address(client: Client, office: Office) -> None:
    """Seen to fail with ``succeeded`` clearing all three counts, and with it clearing none."""
    for _attempt in range(3):
        sign_in(client, "clerk", WRONG)
    sign_in(client, "clerk")
    counts = sorted(Throttle.objects.values_list("failures", flat=True))
    assert counts == [3]
    assert not throttle.closed_until("clerk", "10.0.0.1")


def test_the_refusal_does_not_tell_whether_the_name_exists(client: Client, office: Office) -> None:
    """Seen to fail with counts only for names that an account bears."""
    land.set_active(office.colleague.account, False)
    replies = {}
    for name in ("clerk", "colleague", "nobody-of-that-name"):
        replies[name] = [sign_in(Client(), name, WRONG, f"10.0.1.{len(replies)}") for _attempt in range(6)]
    told = {
        name: [(reply.status_code, reply.context["form"].non_field_errors()[0][:20]) for reply in each]
        for name, each in replies.items()
    }
    assert told["clerk"] == told["colleague"] == told["nobody-of-that-name"]


def test_a_closed_account_does_not_come_in(client: Client, office: Office) -> None:
    """Seen to fail with ``set_active`` leaving the flag as it was."""
    land.set_active(office.clerk.account, False)
    sign_in(client, "clerk")
    assert not is_in(client)


def test_a_one_time_password_leads_to_a_new_one_and_nowhere_else(client: Client, office: Office) -> None:
    """Seen to fail with ``sessions.owed`` returning nothing."""
    made = accounts.reset_password(office.clerk.account, by=office.span(office.system), reason="忘记密码")
    sign_in(client, "clerk", made.password)
    for path in ("/", "/board/", "/posts/", "/sessions/", "/second-factor/"):
        assert client.get(path).headers["Location"] == "/password/"
    assert client.get("/api/v1/ledger/heads").status_code in {401, 403}
    new = {"password": made.password, "new": "a sentence of my own", "again": "a sentence of my own"}
    same = {**new, "new": made.password, "again": made.password}
    assert client.post("/password/", same).status_code == 422
    assert client.post("/password/", new).status_code == 302
    assert is_in(client)


def test_a_one_time_password_runs_out(client: Client, office: Office, later: Any) -> None:
    """Seen to fail with ``password_expires_at`` left unasked."""
    made = accounts.reset_password(office.clerk.account, by=office.span(office.system), reason="忘记密码")
    later(timedelta(hours=accounts.ONE_TIME_HOURS, minutes=1))
    assert "一次性密码已于" in sign_in(client, "clerk", made.password).text
    assert not is_in(client)


def test_passwords_are_hashed_by_argon2() -> None:
    """Seen to fail with PBKDF2 first in the settings."""
    from jingtu.config import settings as served

    assert served.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    assert make_password(PASSWORD, hasher="argon2").startswith("argon2$argon2id$")


def test_the_log_tells_of_every_attempt_and_holds_no_secret(client: Client, office: Office) -> None:
    """Seen to fail with ``note`` left out of ``_failure``, and with the typed name kept in ``said``."""
    sign_in(client, "clerk", WRONG)
    sign_in(client, "my-password-typed-as-name", WRONG)
    sign_in(client, "clerk")
    client.post("/sign-out/")
    kinds = list(SecurityEvent.objects.order_by("id").values_list("kind", "account__username", "address"))
    assert kinds == [
        (SecurityEventKind.SIGN_IN_FAILED, "clerk", "10.0.0.1"),
        (SecurityEventKind.SIGN_IN_FAILED, None, "10.0.0.1"),
        (SecurityEventKind.SIGNED_IN, "clerk", "10.0.0.1"),
        (SecurityEventKind.SIGNED_OUT, "clerk", "127.0.0.1"),
    ]
    everything = str(list(SecurityEvent.objects.values()))
    assert WRONG not in everything
    assert PASSWORD not in everything
    assert "my-password-typed-as-name" not in everything


def test_signing_in_goes_on_only_inside_the_house(client: Client, office: Office) -> None:
    """Seen to fail with the wanted address followed unchecked."""
    data = {"username": "clerk", "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post("/sign-in/", data).headers["Location"] == "/"


def test_no_account_comes_with_a_known_password(office: Office) -> None:
    """Seen to fail with a fixed password in ``one_time_password``."""
    assert len({accounts.one_time_password() for _number in range(50)}) == 50
    assert settings.SECOND_FACTOR_REQUIRED is False  # the tests' instance is a demonstration


@pytest.mark.parametrize("proxied", [True, False])
def test_the_address_is_the_one_the_proxy_saw(settings: Any, office: Office, proxied: bool) -> None:
    """Seen to fail with the first, forgeable entry of X-Forwarded-For taken, and with it taken without a proxy."""
    settings.BEHIND_PROXY = proxied
    data = {"username": "clerk", "password": WRONG}
    Client().post("/sign-in/", data, headers={"x-forwarded-for": "1.1.1.1, 192.0.2.7"}, REMOTE_ADDR="127.0.0.1")
    assert SecurityEvent.objects.get().address == ("192.0.2.7" if proxied else "127.0.0.1")
