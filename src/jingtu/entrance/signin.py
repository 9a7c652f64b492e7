"""Signing in: the password, then the second factor; and saying the password again before what is sensitive.

Refusals come back as sentences rather than as exceptions, because the failure itself must be written down and kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import authenticate, password_validation
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jingtu.entrance import factor, pace, sessions, throttle
from jingtu.entrance.securitylog import Kind, note
from jingtu.land import actions as land
from jingtu.land.models import Account
from jingtu.plain.days import SHANGHAI


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: the account, or a sentence why not; and whether a code is still to be given."""

    account: Account | None = None
    refusal: str = ""
    needs_code: bool = False


@transaction.atomic
def give_password(username: str, password: str, address: str) -> Outcome:
    """Check name and password; the refusal never says which half is wrong, nor whether the name exists."""
    if closed := throttle.closed_until(username, address):
        note(Kind.REFUSED_WHILE_CLOSED, account=_named(username), address=address)
        return Outcome(refusal=_closed(closed))
    account = authenticate(None, username=username, password=password)
    if account is None:
        return _failure(Kind.SIGN_IN_FAILED, username, address, _wrong())
    if account.password_expires_at and account.password_expires_at < timezone.now():
        said = _("一次性密码已于 %(at)s 失效。请本单位系统管理员重新发放，收到后尽快登录并修改。")
        return _failure(Kind.SIGN_IN_FAILED, username, address, said % {"at": _moment(account.password_expires_at)})
    if account.factor_confirmed_at:
        return Outcome(account, needs_code=True)
    _came_in(account, address, _("密码"))
    return Outcome(account)


@transaction.atomic
def give_code(account: Account, code: str, address: str) -> Outcome:
    """Check the code of the authenticator, or a recovery code, of an account whose password was right."""
    if closed := throttle.closed_until(account.username, address):
        note(Kind.REFUSED_WHILE_CLOSED, account=account, address=address)
        return Outcome(refusal=_closed(closed))
    if factor.accepts(account, code):
        _came_in(account, address, _("密码和动态口令"))
        return Outcome(account)
    if factor.recovers(account, code):
        said = _("剩余 %(left)d 个") % {"left": factor.codes_left(account)}
        note(Kind.RECOVERY_USED, account=account, by=account.pk, address=address, said=said)
        _came_in(account, address, _("密码和恢复码"))
        return Outcome(account)
    said = _("动态口令不对，或已经用过、已经过时。请等验证器换出下一个再试；没有验证器时可用恢复码。")
    return _failure(Kind.CODE_FAILED, account.username, address, said)


@transaction.atomic
def confirm(account: Account, password: str, code: str, address: str) -> str:
    """Say the password (and the code, where one is in force) once more; returns why not, or an empty text."""
    if closed := throttle.closed_until(account.username, address):
        return _closed(closed)
    if not account.check_password(password):
        said = _("密码不对，请重新填写。连续不对将暂停登录。")
        return _failure(Kind.SIGN_IN_FAILED, account.username, address, said).refusal
    if account.factor_confirmed_at and not factor.accepts(account, code):
        said = _("动态口令不对，或已经用过。每个动态口令只能用一次，请等验证器换出下一个。")
        return _failure(Kind.CODE_FAILED, account.username, address, said).refusal
    throttle.succeeded(account.username, address)
    return ""


@transaction.atomic
def change_password(account: Account, password: str, address: str, keep: str = "") -> None:
    """Give oneself a new password; every other session of the account ends."""
    land.change_password(account, password)
    note(Kind.PASSWORD_CHANGED, account=account, by=account.pk, address=address)
    sessions.end_all(account, keep=keep)


def password_faults(account: Account, password: str) -> list[str]:
    """Why a new password will not do; empty when it will."""
    if account.check_password(password):
        return [_("新密码与现在的密码相同，请换一个。")]
    try:
        password_validation.validate_password(password, account)
    except password_validation.ValidationError as refusal:
        return [str(message) for message in refusal.messages]
    return []


def account_half_in(pk: object) -> Account | None:
    """The account whose password was right and whose code is still to come."""
    return Account.objects.filter(pk=pk, is_active=True).first() if isinstance(pk, int) else None


def sign_out(account: Account, address: str) -> None:
    """Write down that somebody left."""
    note(Kind.SIGNED_OUT, account=account, by=account.pk, address=address)


def _named(username: str) -> Account | None:
    return Account.objects.filter(username=username).first()


def _came_in(account: Account, address: str, how: str) -> None:
    throttle.succeeded(account.username, address)
    sessions.forget_expired()
    pace.forget_the_idle()
    note(Kind.SIGNED_IN, account=account, by=account.pk, address=address, said=how)


def _failure(kind: Kind, username: str, address: str, said: str) -> Outcome:
    account = _named(username)
    note(kind, account=account, address=address)
    if closed := throttle.failed(username, address):
        note(Kind.CLOSED, account=account, address=address, said=_("至 %(until)s") % {"until": _moment(closed)})
        return Outcome(refusal=_closed(closed))
    return Outcome(refusal=said)


def _wrong() -> str:
    return _(
        "账号或密码不对，请核对后再试。连续 %(limit)d 次不对将暂停登录一段时间；忘记密码请与本单位系统管理员联系。"
    ) % {"limit": throttle.LIMITS["pair"]}


def _closed(until: datetime) -> str:
    return _(
        "连续多次不对，为防止有人猜密码，暂停登录至 %(until)s。请届时再试；如急需办理，请本单位安全管理员解除。"
    ) % {"until": _moment(until)}


def _moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
