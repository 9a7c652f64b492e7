"""Tokens: with them programs ask the API from one post of a person, to read or also to hand in files, for a while.

A token is told once and kept as a digest (256 random bits need no more). It opens what its owner's post sees, cut down
to the registers named, and nothing once the token runs out or is withdrawn, the post ends, or the account is closed or
owes a password or factor. Posts of administrators and delegates have none.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from jingtu.entrance import administration, sessions
from jingtu.entrance.securitylog import Kind, note, note_hourly
from jingtu.land import facts as land
from jingtu.land.models import Account, Token, TokenScope
from jingtu.registers import clock, ledger
from jingtu.registers.declare import all_registers
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import Reach

REGISTER = "land.token"
PREFIX = "jt_"
SECRET_BYTES = 32
MOST_ALIVE = 10
DAYS = (30, 90, 180, 365)
TOUCH_EVERY = timedelta(minutes=1)
ASKED_WITH_TOKENS = "/api/"
Handler = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Bearer:
    """Who asks with a token, and what the token allows; without a reach, ``refusal`` says why."""

    reach: Reach | None = None
    token: int | None = None
    may_submit: bool = False
    registers: frozenset[str] = frozenset()
    refusal: str = ""

    def covers(self, register: str) -> bool:
        """Whether the token was made for a register; one made for all covers any."""
        return not self.registers or register in self.registers


class Bearers:
    """Sets ``request.bearer`` where a request to the API brings a token; a session beside it then plays no part."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look the token up, then answer."""
        request.bearer = None  # type: ignore[attr-defined]
        scheme, _blank, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and request.path.startswith(ASKED_WITH_TOKENS):
            request.bearer = present(secret.strip(), sessions.address_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


@dataclass(frozen=True)
class Made:
    """A new token with its secret, which is told this once."""

    token: Token
    secret: str


@transaction.atomic
def make(name: str, scope: TokenScope, registers: Sequence[str], days: int, *, by: Reach, address: str) -> Made:
    """Make a token for the post from which its owner asks."""
    account = land.account(by.account_id)
    if account is None or by.on_behalf_of or administration.is_administrator(by):
        raise DeedRefused(_("接口令牌只能由业务岗位的任职人本人开立；管理岗位和代理他人期间不能开立。"))
    _check(name, registers, days, by, account)
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    now = timezone.now()
    with _deed("made", by) as doing:
        token = Token.objects.create(
            account=account, post_id=by.post_id, name=name.strip(), digest=_digest(secret), hint=secret[:8],
            scope=scope, registers=sorted(registers), made_at=now, expires_at=now + timedelta(days=days),
        )  # fmt: skip
        doing.subject_id = str(token.pk)
        doing.data = {"scope": str(scope), "registers": token.registers, "expires_at": token.expires_at.isoformat()}
        doing.sentence = _("开立接口令牌“%(name)s”，%(scope)s，%(days)d 天内有效") % {
            "name": token.name,
            "scope": token.get_scope_display(),
            "days": days,
        }
    note(Kind.TOKEN_MADE, account=account, by=account.pk, address=address, said=token.name)
    return Made(token, secret)


@transaction.atomic
def withdraw(pk: int, *, by: Reach, address: str) -> bool:
    """End one of one's own tokens at once; returns whether there was one."""
    token = Token.objects.select_for_update().filter(pk=pk, account_id=by.account_id, ended_at=None).first()
    if token is None:
        return False
    with _deed("ended", by) as doing:
        token.ended_at = timezone.now()
        token.save(update_fields=["ended_at"])
        doing.subject_id = str(token.pk)
        doing.sentence = _("作废接口令牌“%(name)s”") % {"name": token.name}
    note(Kind.TOKEN_ENDED, account=token.account, by=by.account_id, address=address, said=token.name)
    return True


def end_all(account: Account, *, by: int | None) -> int:
    """End every token of an account, as an administrator's deed upon the account does; returns how many."""
    alive = Token.objects.filter(account=account, ended_at=None)
    names = list(alive.values_list("name", flat=True))
    alive.update(ended_at=timezone.now())
    for name in names:
        note(Kind.TOKEN_ENDED, account=account, by=by, said=name)
    return len(names)


def of(account_id: int) -> list[Token]:
    """The tokens of an account, the newest first, also those that are over."""
    return list(Token.objects.filter(account_id=account_id).select_related("post__region", "post__organisation"))


def is_alive(token: Token) -> bool:
    """Whether a token still opens anything, as far as the token itself tells."""
    return token.ended_at is None and token.expires_at > timezone.now()


def present(secret: str, address: str) -> Bearer:
    """Who asks with this secret; every refusal says why, and is in the security log once an hour."""
    token = Token.objects.select_related("account").filter(digest=_digest(secret)).first()
    if token is None:
        return _refused(None, address, _("接口令牌不认得。请核对是否抄全；令牌只在开立时显示一次，遗失须另开。"))
    if token.ended_at is not None or token.expires_at <= timezone.now():
        return _refused(token.account, address, _("接口令牌“%(name)s”已作废或到期，请另开。") % {"name": token.name})
    if not token.account.is_active or sessions.owed(token.account):
        return _refused(token.account, address, _("令牌所属账号已停用，或须先登录控制台修改密码、启用动态口令。"))
    post = next((each for each in land.posts_of(token.account, clock.today()) if each.pk == token.post_id), None)
    if post is None:
        return _refused(token.account, address, _("令牌所属岗位已经结束，请从现任岗位另开。"))
    _touch(token)
    reach = Reach.of(post, token.account)
    return Bearer(reach, token.pk, token.scope == TokenScope.SUBMIT, frozenset(token.registers))


def _check(name: str, registers: Sequence[str], days: int, by: Reach, account: Account) -> None:
    if not name.strip():
        raise DeedRefused(_("请写明令牌的用途，例如“环境信息平台每日取数”。"))
    if days not in DAYS:
        raise DeedRefused(_("有效期只能是 %(days)s 天。") % {"days": "、".join(map(str, DAYS))})
    if strange := sorted(set(registers) - {each.name for each in all_registers() if each.sees(by)}):
        raise DeedRefused(_("您的岗位看不到登记册“%(names)s”，不能为它开立令牌。") % {"names": "、".join(strange)})
    if sum(is_alive(each) for each in of(account.pk)) >= MOST_ALIVE:
        raise DeedRefused(_("每个账号最多有 %(most)d 个有效的令牌，请先作废不用的。") % {"most": MOST_ALIVE})


def _refused(account: Account | None, address: str, why: str) -> Bearer:
    note_hourly(Kind.TOKEN_REFUSED, account=account, address=address, said=why)
    return Bearer(refusal=why)


def _touch(token: Token) -> None:
    now = timezone.now()
    if token.used_at is None or now - token.used_at > TOUCH_EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=now)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _deed(name: str, by: Reach) -> AbstractContextManager[ledger.Deed]:
    return ledger.deed(f"{REGISTER}.{name}", by=by, on=clock.today(), register=REGISTER, region=by.region_code)
