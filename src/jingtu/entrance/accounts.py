"""Accounts: opened, closed, let in again; their passwords, factors and sessions set right by administrators.

Nobody but its owner ever knows the password of an account for longer than one sign-in, and nobody acts on the own
account here.
"""

from __future__ import annotations

import re
import secrets
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jingtu.entrance import administration, factor, sessions, throttle, tokens
from jingtu.entrance.securitylog import Kind, note
from jingtu.land import actions as land
from jingtu.land import facts
from jingtu.land.models import Account, Organisation, Role, SecurityEvent
from jingtu.registers import clock, ledger, rowsecurity
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import Reach

REGISTER = "land.account"
ONE_TIME_HOURS = 72
NAME = re.compile(r"[a-z][a-z0-9-]{2,39}")


@dataclass(frozen=True)
class Opened:
    """An account with the one-time password that is told to its owner."""

    account: Account
    password: str


def one_time_password() -> str:
    """Sixteen characters that are easy to read out: 80 random bits."""
    letters = "23456789abcdefghjkmnpqrstuvwxyz"
    return "-".join("".join(secrets.choice(letters) for _place in range(4)) for _group in range(4))


@transaction.atomic
def open_account(username: str, display_name: str, organisation: Organisation, *, by: Reach, reason: str) -> Opened:
    """Open an account for a member of an organisation; it is nothing without a post."""
    administration.require(by, Role.ADMINISTRATOR)
    if not NAME.fullmatch(username):
        raise DeedRefused(_("账号须以小写字母开头，由 3 至 40 个小写字母、数字或连字符组成，例如 wang-xiaoming。"))
    if facts.account_named(username):
        raise DeedRefused(_("账号“%(name)s”已有人使用，请换一个。") % {"name": username})
    password = one_time_password()
    with _deed("opened", by, organisation.region_id, reason) as doing:
        account = land.open_account(username, display_name, password, organisation=organisation)
        land.change_password(account, password, one_time_until=_one_time_until())
        doing.subject_id = str(account.pk)
        doing.sentence = _("为%(organisation)s%(name)s开立账号 %(username)s") % {
            "organisation": organisation,
            "name": display_name,
            "username": username,
        }
    note(Kind.ACCOUNT_OPENED, account=account, by=by.account_id)
    return Opened(account, password)


@transaction.atomic
def close_account(account: Account, *, by: Reach, reason: str) -> None:
    """Shut an account out for good or for a while; its sessions end at once."""
    with _upon(account, "closed", by, reason, Role.ADMINISTRATOR) as doing:
        land.set_active(account, False)
        sessions.end_all(account)
        tokens.end_all(account, by=by.account_id)
        doing.sentence = _("停用%(name)s的账号 %(username)s") % _names(account)
    note(Kind.ACCOUNT_CLOSED, account=account, by=by.account_id, said=reason)


@transaction.atomic
def restore_account(account: Account, *, by: Reach, reason: str) -> None:
    """Let a closed account in again."""
    with _upon(account, "restored", by, reason, Role.ADMINISTRATOR) as doing:
        land.set_active(account, True)
        doing.sentence = _("恢复%(name)s的账号 %(username)s") % _names(account)
    note(Kind.ACCOUNT_RESTORED, account=account, by=by.account_id, said=reason)


@transaction.atomic
def reset_password(account: Account, *, by: Reach, reason: str) -> Opened:
    """Give a one-time password in place of a forgotten one; the second factor stays in force."""
    password = one_time_password()
    with _upon(account, "password_reset", by, reason, Role.ADMINISTRATOR) as doing:
        land.change_password(account, password, one_time_until=_one_time_until())
        sessions.end_all(account)
        tokens.end_all(account, by=by.account_id)
        doing.sentence = _("重置%(name)s（%(username)s）的密码") % _names(account)
    note(Kind.PASSWORD_RESET, account=account, by=by.account_id, said=reason)
    return Opened(account, password)


@transaction.atomic
def remove_factor(account: Account, *, by: Reach, reason: str) -> None:
    """Take a lost second factor out of force, after the person was identified as the reason says."""
    with _upon(account, "factor_removed", by, reason, Role.SECURITY) as doing:
        factor.remove(account)
        sessions.end_all(account)
        doing.sentence = _("停用%(name)s（%(username)s）的动态口令，待其重新启用") % _names(account)
    note(Kind.FACTOR_REMOVED, account=account, by=by.account_id, said=reason)


@transaction.atomic
def end_sessions(account: Account, *, by: Reach, reason: str) -> int:
    """End every session and every token of an account."""
    with _upon(account, "sessions_ended", by, reason, Role.SECURITY) as doing:
        number = sessions.end_all(account)
        tokens.end_all(account, by=by.account_id)
        doing.sentence = _("结束%(name)s（%(username)s）的全部登录会话，作废其全部接口令牌") % _names(account)
    note(Kind.SESSIONS_ENDED, account=account, by=by.account_id, said=reason)
    return number


@transaction.atomic
def lift_closure(account: Account, *, by: Reach, reason: str) -> None:
    """Let an account sign in again before its closure is over."""
    with _upon(account, "reopened", by, reason, Role.SECURITY) as doing:
        throttle.reopen(account.username, _addresses(account))
        doing.sentence = _("解除%(name)s（%(username)s）的暂停登录") % _names(account)
    note(Kind.REOPENED, account=account, by=by.account_id, said=reason)


def is_closed(account: Account) -> bool:
    """Whether an account is shut out for wrong passwords now."""
    return throttle.is_closed(account.username, _addresses(account))


@transaction.atomic
def enter_first_administrators(region_code: str, organisation_name: str, departments: list[str]) -> list[Opened]:
    """Open one account for each kind of administrator that nobody ever was; told once, changed at the first sign-in."""
    organisation = land.found_organisation(organisation_name, region_code, departments)
    made = []
    for kind, username in FIRST.items():
        role = Role(kind)
        if facts.role_was_ever_held(role) or facts.account_named(username):
            continue
        password, day = one_time_password(), clock.today()
        platform = Reach.system()
        with rowsecurity.entering(platform), _deed("opened", platform, region_code, _("首次启动")) as doing:
            account = land.open_account(username, str(role.label), password, organisation=organisation)
            land.require_new_password(account)
            land.appoint(account, organisation, region_code, organisation.departments[0], role, day)
            doing.subject_id = str(account.pk)
            doing.sentence = _("首次启动，开立%(role)s账号 %(username)s") % {"role": role.label, "username": username}
        note(Kind.ACCOUNT_OPENED, account=account)
        made.append(Opened(account, password))
    return made


FIRST = {Role.ADMINISTRATOR: "xitong-guanli", Role.SECURITY: "anquan-guanli", Role.AUDIT: "shenji-guanli"}


def _addresses(account: Account) -> set[str]:
    since = timezone.now() - throttle.FORGOTTEN_AFTER
    rows = SecurityEvent.objects.filter(account=account, recorded_at__gt=since)
    return set(rows.values_list("address", flat=True).distinct())


def _one_time_until() -> datetime:
    return timezone.now() + timedelta(hours=ONE_TIME_HOURS)


def _names(account: Account) -> dict[str, str]:
    return {"name": account.display_name, "username": account.username}


def _upon(account: Account, name: str, by: Reach, reason: str, role: Role) -> AbstractContextManager[ledger.Deed]:
    administration.require(by, role)
    if account.pk == by.account_id:
        raise DeedRefused(_("不能以管理岗位办理自己的账号，请由另一位管理员办理。"))
    if not reason.strip():
        raise DeedRefused(_("请写明办理的事由；停用动态口令还须写明怎样核实了本人身份。"))
    region = account.organisation.region_id if account.organisation else ""
    return _deed(name, by, region, reason)


def _deed(name: str, by: Reach, region: str, reason: str) -> AbstractContextManager[ledger.Deed]:
    return ledger.deed(f"{REGISTER}.{name}", by=by, on=clock.today(), register=REGISTER, region=region, reason=reason)
