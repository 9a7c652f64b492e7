"""A small office: a clerk, a colleague, a reviewer, and one administrator of each kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from jingtu.entrance import administration, factor
from jingtu.land import actions as land
from jingtu.land.models import Account, Department, Organisation, Post, Role
from jingtu.registers.reach import Reach

PASSWORD = "correct-horse-battery"
CITY, OTHER_CITY = "140100", "140200"
IN_OFFICE = date(2020, 1, 1)


@dataclass(frozen=True)
class Office:
    """Who works there."""

    organisation: Organisation
    clerk: Post
    colleague: Post
    system: Post
    security: Post
    audit: Post
    stranger: Post

    def span(self, post: Post, reason: str = "测试管理事项") -> Reach:
        """The reach of an administrator who has begun a span."""
        reach = Reach.of(post)
        assert administration.open_session(reach, reason, PASSWORD, "", "127.0.0.1") == ""
        return reach


def person(name: str, organisation: Organisation, role: Role, region: str = CITY) -> Post:
    account = land.open_account(name, f"姓名{name}", PASSWORD, organisation=organisation)
    return land.appoint(account, organisation, region, Department.ECOLOGY, role, IN_OFFICE)


@pytest.fixture
def office(db: None) -> Office:
    own = land.found_organisation("太原测试局", CITY, [Department.ECOLOGY])
    other = land.found_organisation("大同测试局", OTHER_CITY, [Department.ECOLOGY])
    return Office(
        organisation=own,
        clerk=person("clerk", own, Role.CLERK),
        colleague=person("colleague", own, Role.REVIEWER),
        system=person("system", own, Role.ADMINISTRATOR),
        security=person("security", own, Role.SECURITY),
        audit=person("audit", own, Role.AUDIT),
        stranger=person("stranger", other, Role.CLERK, OTHER_CITY),
    )


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let the machine's clock go on by some time."""
    real = timezone.now

    def go_on(by: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: real() + by)

    return go_on


def sign_in(client: Client, name: str, password: str = PASSWORD, address: str = "10.0.0.1") -> Any:
    return client.post("/sign-in/", {"username": name, "password": password}, REMOTE_ADDR=address)


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def authenticator(account: Account) -> pyotp.TOTP:
    account.refresh_from_db()
    return pyotp.TOTP(factor.begin(account))


def code_at(account: Account, at: datetime | None = None) -> str:
    return authenticator(account).at((at or timezone.now()).timestamp().__int__())


def with_factor(account: Account) -> list[str]:
    """Put a second factor in force, long enough ago that today's codes are unused; returns the recovery codes."""
    authenticator(account)
    codes = factor.confirm(account, code_at(account))
    assert codes is not None
    Account.objects.filter(pk=account.pk).update(factor_last_step=0)
    account.refresh_from_db()
    return codes
