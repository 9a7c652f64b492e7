"""Nobody asks faster than is answered: a page for people and a problem for programs, each saying how long to wait."""

from __future__ import annotations

import math
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from jingtu.entrance import pace
from jingtu.entrance.securitylog import Kind, note_hourly
from jingtu.entrance.sessions import address_of
from jingtu.registers.middleware import STATELESS, UNATTENDED

COSTLY = 10
LARGE_BYTES = 64 * 1024


class Pacing:
    """Counts each request for the token, the account, or the address that asks; refuses with 429 and Retry-After."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in UNATTENDED:
            return self.get_response(request)
        kind, who = _asker(request)
        wait = pace.wait_seconds(kind, who, _cost(request))
        if not wait:
            return self.get_response(request)
        account = request.user if request.user.is_authenticated else None
        note_hourly(Kind.TOO_FAST, account=account, address=address_of(request), said=f"{kind} {who}")  # type: ignore[arg-type]
        return _refuse(request, math.ceil(wait))


def _asker(request: HttpRequest) -> tuple[str, object]:
    bearer = request.bearer  # type: ignore[attr-defined]
    if bearer is not None and bearer.token is not None:
        return "token", bearer.token
    if bearer is None and request.user.is_authenticated:
        return "account", request.user.pk
    return "address", address_of(request)


def _cost(request: HttpRequest) -> int:
    """Exports and files cost as much as several pages."""
    large = int(request.META.get("CONTENT_LENGTH") or 0) > LARGE_BYTES
    return COSTLY if large or "format" in request.GET else 1


def _refuse(request: HttpRequest, seconds: int) -> HttpResponse:
    from jingtu.faces.api import problems
    from jingtu.faces.console.views import failures

    with transaction.atomic():
        if request.path.startswith(STATELESS):
            answer = problems.answer(request, problems.too_fast(seconds))
        else:
            answer = failures.too_fast(request, seconds)
    answer["Retry-After"] = str(seconds)
    return answer
