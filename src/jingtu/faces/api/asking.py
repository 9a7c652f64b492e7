"""Who asks and as of which day: the same session and reach as on the screens, the day from the address alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from ninja import Field, Schema
from ninja.security import APIKeyCookie, HttpBearer

from jingtu.entrance.tokens import Bearer
from jingtu.faces.api.problems import Problem, beyond_token, refused_token, without_post
from jingtu.land import facts as land
from jingtu.plain.days import parse_day
from jingtu.registers import clock
from jingtu.registers.clock import Clock
from jingtu.registers.reach import Reach

# Operations that a token made for some registers may ask: they name the register, or tell only of those it covers.
BY_REGISTER = {"registers", "rows", "record", "collections", "collection", "items", "hand_in", "dossier"}


class PostToken(HttpBearer):
    """A token made on the console's page 接口令牌: the reach of its post, within its own scope."""

    def authenticate(self, request: HttpRequest, token: str) -> Reach | None:
        """The reach of the post, unless the token was not made for this."""
        bearer = bearer_of(request)
        if bearer is None or bearer.reach is None:
            raise refused_token(bearer.refusal if bearer else "")
        if request.method != "GET" and not bearer.may_submit:
            raise beyond_token(_("提交文件"))
        asked = request.resolver_match
        if bearer.registers and (asked is None or asked.url_name not in BY_REGISTER):
            raise beyond_token(_("查看全部登记册"))
        if asked and "name" in asked.kwargs:
            covered(request, asked.kwargs["name"])
        return bearer.reach


class PostSession(APIKeyCookie):
    """The console's session; whoever is signed in must hold a post."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Reach | None:
        """The reach of the post that asks."""
        if not request.user.is_authenticated:
            return None
        reach: Reach | None = request.reach  # type: ignore[attr-defined]
        if reach is None:
            raise without_post()
        return reach


class AsOf(Schema):
    """As of which day, and as known at the end of which day; both are today when left out."""

    on: str = Field("", description="YYYY-MM-DD: facts up to this business day; today when left out")
    known_on: str = Field("", description="YYYY-MM-DD: records made up to the end of this day; today when left out")


def reach_of(request: HttpRequest) -> Reach:
    """The reach that authentication found."""
    found: Reach = request.auth  # type: ignore[attr-defined]
    return found


def bearer_of(request: HttpRequest) -> Bearer | None:
    """The token that asks; None for a session."""
    found: Bearer | None = request.bearer  # type: ignore[attr-defined]
    return found


def covers(request: HttpRequest, register: str) -> bool:
    """Whether a register may be told of: a session tells of all, a token of those it was made for."""
    bearer = bearer_of(request)
    return bearer is None or bearer.covers(register)


def covered(request: HttpRequest, register: str) -> None:
    """Refuse a register for which the token was not made."""
    if not covers(request, register):
        raise beyond_token(_("登记册“%(name)s”") % {"name": register})


def officer(request: HttpRequest) -> Reach:
    """The reach of an office; for laboratories and administrators the address is not there."""
    reach = reach_of(request)
    if reach.is_laboratory or reach.is_administrator:
        raise Http404
    return reach


def ledger_reader(request: HttpRequest) -> Reach:
    """The reach of an office or of audit; for others the address is not there."""
    reach = reach_of(request)
    if not reach.reads_ledger:
        raise Http404
    return reach


@contextmanager
def answering(asked: AsOf) -> Iterator[Clock]:
    """Answer for the asked days: what the console's session has chosen plays no part."""
    today = clock.today()
    found = Clock(today, _day("on", asked.on, today), _day("known_on", asked.known_on, today))
    with clock.as_of(found.on, found.known_on):
        yield found


def _day(name: str, text: str, today: date) -> date:
    if not text:
        return today
    try:
        day = parse_day(text)
    except ValueError as error:
        words = _("参数“%(name)s”的日期“%(text)s”读不出，请写成 2021-09-15。") % {"name": name, "text": text}
        raise Problem(422, "api.day.unreadable", _("日期读不出"), words) from error
    if day > today:
        words = _("参数“%(name)s”的日期 %(day)s 晚于今天 %(today)s，尚无记录可查。请改为今天或以前的日期。")
        said = {"name": name, "day": day.isoformat(), "today": today.isoformat()}
        raise Problem(422, "api.day.future", _("日期晚于今天"), words % said)
    return day


def prefix_of(code: str, reach: Reach) -> str:
    """The digits of a region within reach; without one, those of the reach itself."""
    if not code:
        return reach.prefix
    region = land.region(code)
    if region is None or not reach.covers(region.prefix):
        raise Http404
    return region.prefix


def as_json(value: Any) -> Any:
    """A value of a register as JSON says it: decimals and days as text, records by key and label."""
    if isinstance(value, dict):
        return {str(key): as_json(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(each) for each in value]
    if isinstance(value, Model):
        return {"id": value.pk, "label": str(value)}
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Promise) else value
