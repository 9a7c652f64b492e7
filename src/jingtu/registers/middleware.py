"""Who asks, from which post, as of which day: set on every request, inside one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from jingtu.plain.days import parse_day
from jingtu.registers import clock, rowsecurity
from jingtu.registers.clock import Clock
from jingtu.registers.reach import Reach, current_posts

# What programs and the map ask says its day in the address and never turns a person's pages to it.
UNATTENDED = ("/healthz",)
STATELESS = ("/api/", "/tiles/")
Handler = Callable[[HttpRequest], HttpResponse]


class ReachMiddleware:
    """Sets ``request.reach`` (None when nobody is signed in or holds a post) and ``request.clock``.

    A program's token (``request.bearer``), where there is one, says the reach instead of the session.

    The as-of day is kept in the session under ``on`` and ``known_on``; ``?on=`` and ``?known_on=`` change it, empty
    values go back to today. The database's as-of settings hold for the request's transaction.
    """

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set reach and clock, then answer within one transaction that sees the reach, as of the asked day."""
        if request.path in UNATTENDED:
            return self.get_response(request)
        request.reach = self._reach(request)  # type: ignore[attr-defined]
        request.clock = self._clock(request)  # type: ignore[attr-defined]
        with transaction.atomic(), rowsecurity.entering(request.reach):  # type: ignore[attr-defined]
            if not request.clock.is_past:  # type: ignore[attr-defined]
                return self.get_response(request)
            with clock.as_of(request.clock.on, request.clock.known_on):  # type: ignore[attr-defined]
                return self.get_response(request)

    def _reach(self, request: HttpRequest) -> Reach | None:
        bearer = getattr(request, "bearer", None)
        if bearer is not None:
            return bearer.reach
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated or not user.is_active or getattr(request, "owed", ""):
            return None
        posts = list(current_posts(user.pk, clock.today()))
        chosen = next((post for post in posts if post.pk == request.session.get("post")), None)
        post = chosen or (posts[0] if posts else None)
        return Reach.of(post, user) if post else None

    def _clock(self, request: HttpRequest) -> Clock:
        today = clock.today()
        if request.path.startswith(STATELESS):
            return Clock(today, _day(request.GET.get("on", ""), today), _day(request.GET.get("known_on", ""), today))
        for name in ("on", "known_on"):
            if name in request.GET:
                request.session[name] = request.GET[name]
        on = _day(request.session.get("on", ""), today)
        return Clock(today, on, _day(request.session.get("known_on", ""), today))


def _day(text: str, today: date) -> date:
    try:
        return min(parse_day(text), today) if text else today
    except ValueError:
        return today
