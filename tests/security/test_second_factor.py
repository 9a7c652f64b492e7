"""The second factor: asked where it is in force, demanded where it must be, each code good once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jingtu.entrance import factor, throttle
from jingtu.land.models import Account, RecoveryCode, SecurityEvent, SecurityEventKind
from tests.security.conftest import PASSWORD, Office, code_at, is_in, sign_in, with_factor


def give(client: Client, code: str) -> Any:
    return client.post("/sign-in/code/", {"code": code}, REMOTE_ADDR="10.0.0.1")


def test_the_password_alone_does_not_open_an_account_with_a_factor(client: Client, office: Office) -> None:
    """Seen to fail with ``give_password`` not asking ``factor_confirmed_at``."""
    account = office.clerk.account
    with_factor(account)
    assert sign_in(client, "clerk").headers["Location"] == "/sign-in/code/"
    assert not is_in(client)
    assert give(client, "000000").status_code == 422
    assert not is_in(client)
    give(client, code_at(account))
    assert is_in(client)


def test_a_code_is_good_once(client: Client, office: Office) -> None:
    """Seen to fail with the last used step not kept."""
    account = office.clerk.account
    with_factor(account)
    code = code_at(account)
    sign_in(client, "clerk")
    give(client, code)
    assert is_in(client)
    second = Client()
    sign_in(second, "clerk")
    assert give(second, code).status_code == 422
    assert not is_in(second)


def test_an_old_code_is_no_longer_good(office: Office) -> None:
    """Seen to fail with ten steps accepted back."""
    account = office.clerk.account
    with_factor(account)
    now = timezone.now()
    assert not factor.accepts(account, code_at(account, now - timedelta(seconds=61)), now)
    assert not factor.accepts(account, code_at(account, now + timedelta(seconds=31)), now)


def test_recovery_codes_are_good_once_each_and_kept_as_digests(client: Client, office: Office) -> None:
    """Seen to fail with ``used_at`` not set, and with the codes stored as they are."""
    account = office.clerk.account
    codes = with_factor(account)
    assert len(codes) == len(set(codes)) == factor.CODES
    stored = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    for client_, expected in ((client, True), (Client(), False)):
        sign_in(client_, "clerk")
        give(client_, codes[0].lower())
        assert is_in(client_) is expected
    assert factor.codes_left(account) == factor.CODES - 1
    assert SecurityEvent.objects.filter(kind=SecurityEventKind.RECOVERY_USED).count() == 1


def test_guessing_codes_closes_signing_in(client: Client, office: Office) -> None:
    """Seen to fail with ``give_code`` not counting failures."""
    account = office.clerk.account
    with_factor(account)
    sign_in(client, "clerk")
    for _attempt in range(throttle.LIMITS["pair"]):
        give(client, "000000")
    assert "暂停登录至" in give(client, code_at(account)).text
    assert not is_in(client)


def test_the_half_way_point_lasts_five_minutes(client: Client, office: Office, later: Any) -> None:
    """Seen to fail with its age left unasked."""
    account = office.clerk.account
    with_factor(account)
    sign_in(client, "clerk")
    later(timedelta(minutes=5, seconds=1))
    assert give(client, code_at(account)).headers["Location"] == "/sign-in/"
    assert not is_in(client)


def test_the_database_alone_makes_no_codes(office: Office, settings: Any) -> None:
    """Seen to fail with the seed made of the salt alone."""
    account = office.clerk.account
    with_factor(account)
    right = code_at(account)
    settings.SECRET_KEY = "another instance's secret"
    assert code_at(account) != right
    row = str(Account.objects.filter(pk=account.pk).values().get())
    assert factor.begin(account) not in row


def test_whoever_must_have_a_factor_sets_it_up_first(client: Client, office: Office, settings: Any) -> None:
    """Seen to fail with ``factor_is_required`` always false."""
    settings.SECOND_FACTOR_REQUIRED = True
    sign_in(client, "clerk")
    assert client.get("/").headers["Location"] == "/second-factor/"
    assert client.get("/api/v1/ledger/heads").status_code in {401, 403}
    sheet = client.get("/second-factor/")
    assert "<svg" in sheet.text
    assert "style=" not in sheet.text
    wrong = client.post("/second-factor/", {"password": PASSWORD, "first_code": "000000"})
    assert wrong.status_code == 422
    right = {"password": PASSWORD, "first_code": code_at(office.clerk.account)}
    assert client.post("/second-factor/", {**right, "password": "wrong-one"}).status_code == 422
    codes = client.post("/second-factor/", right)
    assert len(codes.context["codes"]) == factor.CODES
    assert is_in(client)


def test_demonstration_accounts_need_no_factor_and_the_page_says_so(
    client: Client, office: Office, settings: Any
) -> None:
    """Seen to fail with the exception for demonstrations taken out, and with the label taken off the page."""
    settings.SECOND_FACTOR_REQUIRED = True
    Account.objects.filter(pk=office.clerk.account_id).update(is_demonstration=True)
    assert "不要求动态口令" in client.get("/sign-in/").text
    sign_in(client, "clerk")
    assert is_in(client)


def test_a_production_instance_requires_the_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail with the setting always false."""
    from pathlib import Path

    from jingtu.config import settings as served

    text = Path(served.__file__).read_text(encoding="utf-8")
    assert 'SECOND_FACTOR_REQUIRED = INSTANCE.mode == "production"' in text


def test_taking_the_factor_out_asks_for_password_and_code(client: Client, office: Office) -> None:
    """Seen to fail with ``AgainForm.clean`` asking nothing."""
    account = office.clerk.account
    with_factor(account)
    sign_in(client, "clerk")
    give(client, code_at(account))
    assert is_in(client)
    Account.objects.filter(pk=account.pk).update(factor_last_step=0)
    assert client.post("/second-factor/", {"password": PASSWORD, "do": "remove"}).status_code == 422
    wrong = {"password": "wrong-one", "code": code_at(account), "do": "remove"}
    assert client.post("/second-factor/", wrong).status_code == 422
    right = {"password": PASSWORD, "code": code_at(account), "do": "remove"}
    assert client.post("/second-factor/", right).status_code == 302
    account.refresh_from_db()
    assert account.factor_confirmed_at is None
    assert factor.codes_left(account) == 0


def test_a_session_from_before_the_factor_ends(client: Client, office: Office) -> None:
    """Seen to fail with the session's own mark of the factor left unasked."""
    sign_in(client, "clerk")
    assert is_in(client)
    with_factor(office.clerk.account)
    assert not is_in(client)
