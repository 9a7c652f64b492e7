"""Sessions: how long they last, whose they are, and ending them.

A session ends after a time without use, and in any case after a working day; whoever ends one deletes its row, and
nothing brings it back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from jingtu.entrance.securitylog import Kind, note
from jingtu.land.models import Account, BrowserSession
from jingtu.land.sessions import ADDRESS, AGENT, BEGAN, MOST_AGENT, SEEN

FACTOR = "factor"
TOUCH_EVERY = timedelta(seconds=60)
Handler = Callable[[HttpRequest], HttpResponse]


class SessionLimits:
    """Ends sessions that were left or grew old, and sets ``request.owed``: what must be done before anything else."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check the session, then answer."""
        request.owed = ""  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            if over := _over(request):
                note(Kind.TIMED_OUT, account=request.user, address=address_of(request), said=over)  # type: ignore[arg-type]
                logout(request)
                messages.warning(request, over)
            else:
                _touch(request)
                request.owed = owed(request.user)  # type: ignore[attr-defined, arg-type]
        return self.get_response(request)


def factor_is_required(account: Account) -> bool:
    """Whether the account must have a second factor; those of a demonstration need none."""
    return bool(settings.SECOND_FACTOR_REQUIRED) and not account.is_demonstration


def owed(account: Account) -> str:
    """What an account must do before anything else: ``password``, ``second-factor``, or nothing."""
    if account.password_is_initial:
        return "password"
    if factor_is_required(account) and not account.factor_confirmed_at:
        return "second-factor"
    return ""


def _over(request: HttpRequest) -> str:
    """Why a session is over, as a sentence; empty while it lasts."""
    now = timezone.now().timestamp()
    idle, longest = settings.SESSION_IDLE_MINUTES, settings.SESSION_LONGEST_HOURS
    if now - request.session.get(SEEN, now) > idle * 60:
        return _("您已超过 %(minutes)d 分钟没有操作，为安全起见已自动退出，请重新登录。") % {"minutes": idle}
    if now - request.session.get(BEGAN, now) > longest * 3600:
        return _("本次登录已满 %(hours)d 小时，请重新登录。") % {"hours": longest}
    if request.user.factor_confirmed_at and not request.session.get(FACTOR):  # type: ignore[union-attr]
        return _("本账号已启用动态口令，请重新登录并填写动态口令。")
    return ""


def _touch(request: HttpRequest) -> None:
    now = timezone.now().timestamp()
    if BEGAN not in request.session:
        begin(request)
    elif now - request.session.get(SEEN, 0) > TOUCH_EVERY.total_seconds():
        request.session[SEEN] = now


def begin(request: HttpRequest, *, with_factor: bool = False) -> None:
    """Note when, from where and by what a session that just signed in began."""
    now = timezone.now().timestamp()
    request.session[BEGAN] = request.session[SEEN] = now
    request.session[ADDRESS] = address_of(request)
    request.session[AGENT] = request.headers.get("User-Agent", "")[:MOST_AGENT]
    if with_factor:
        request.session[FACTOR] = True


def address_of(request: HttpRequest) -> str:
    """The address a request came from; behind the TLS proxy, the one that the proxy saw."""
    if settings.BEHIND_PROXY:
        last = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if last:
            return last[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


@dataclass(frozen=True)
class Shown:
    """A session as its owner sees it; ``mark`` names it without giving it away."""

    mark: str
    began_at: datetime | None
    seen_at: datetime | None
    address: str
    agent: str
    is_this: bool


def mark_of(key: str) -> str:
    """A name for a session from which the session cannot be taken over."""
    return hashlib.sha256(key.encode()).hexdigest()[:20]


def of(account: Account, this: str = "") -> list[Shown]:
    """The living sessions of an account, this one first."""
    rows = BrowserSession.objects.filter(account=account, expire_date__gt=timezone.now())
    found = [
        Shown(mark_of(row.pk), row.began_at, row.seen_at, row.address, row.agent, row.pk == this)
        for row in rows.order_by("-seen_at")
    ]
    return sorted(found, key=lambda each: not each.is_this)


def end(account: Account, mark: str) -> bool:
    """End one session of an account."""
    keys = [row.pk for row in BrowserSession.objects.filter(account=account) if mark_of(row.pk) == mark]
    return bool(BrowserSession.objects.filter(pk__in=keys).delete()[0])


def end_all(account: Account, keep: str = "") -> int:
    """End every session of an account but the one to keep; returns how many."""
    return int(BrowserSession.objects.filter(account=account).exclude(pk=keep).delete()[0])


def forget_expired() -> None:
    """Delete the rows of sessions that are over anyway."""
    BrowserSession.objects.filter(expire_date__lt=timezone.now()).delete()
