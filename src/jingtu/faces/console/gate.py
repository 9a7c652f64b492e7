"""Who may open a page at all: first sign in, then a post; what a laboratory must not know answers 404.

Whoever still owes a new password or a second factor is led there and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jingtu.entrance import administration
from jingtu.entrance.securitylog import Kind, note
from jingtu.entrance.sessions import address_of
from jingtu.land.models import Role
from jingtu.registers.reach import Reach

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """For everybody who is signed in and owes nothing first, with or without a post."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to("sign-in", request)
        owed = request.owed  # type: ignore[attr-defined]
        if owed and request.resolver_match and request.resolver_match.url_name != owed:
            return HttpResponseRedirect(reverse(owed))
        return view(request, *args, **kwargs)

    return guarded


def post_required(view: View) -> View:
    """Only for those signed in and holding a post."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.reach is None:  # type: ignore[attr-defined]
            return _to("posts", request)
        return view(request, *args, **kwargs)

    return signed_in(guarded)


def _for(allowed: Callable[[Reach], bool], view: View) -> View:
    """Only for posts that may know of the page; for others it is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not allowed(request.reach):  # type: ignore[attr-defined]
            raise Http404
        return view(request, *args, **kwargs)

    return post_required(guarded)


def plan_only(view: View) -> View:
    """A page of the plan's business: offices and laboratories, never administrators."""
    return _for(lambda reach: not reach.is_administrator, view)


def officers_only(view: View) -> View:
    """A page of the offices: points, places and the plan's progress."""
    return _for(lambda reach: not (reach.is_administrator or reach.is_laboratory), view)


def ledger_readers_only(view: View) -> View:
    """The ledger: offices, and audit."""
    return _for(lambda reach: reach.reads_ledger, view)


def administrators_only(*roles: Role) -> Callable[[View], View]:
    """Only for these kinds of administrator, in person, within a span opened with a reason; others get 404."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            from jingtu.faces.console.views.failures import missing

            reach = request.reach  # type: ignore[attr-defined]
            if reach.role not in roles or reach.on_behalf_of:
                note(Kind.REFUSED, by=reach.account_id, address=address_of(request), said=request.path)
                return missing(request)
            span = administration.current(reach)
            if span is None or request.session.get("administration") != span.pk:
                return _to("administration", request)
            return today_only(view)(request, *args, **kwargs)

        return post_required(guarded)

    return guard


def today_only(view: View) -> View:
    """Nothing is done from a page that shows a past day."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST" and request.clock.is_past:  # type: ignore[attr-defined]
            messages.error(request, _("正在查看过去某日的情况，不能办理。请先回到今天。"))
            return HttpResponseRedirect(reverse("work"))
        return view(request, *args, **kwargs)

    return guarded


def _to(name: str, request: HttpRequest) -> HttpResponseRedirect:
    wanted = request.get_full_path() if request.method == "GET" else ""
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': wanted})}" if wanted else reverse(name))
