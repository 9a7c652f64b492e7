"""Who may open a page at all: first sign in, then a post; what a laboratory must not know answers 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

View = Callable[..., HttpResponse]


def post_required(view: View) -> View:
    """Only for those signed in and holding a post; answers are not kept by caches."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to("sign-in", request)
        if request.reach is None:  # type: ignore[attr-defined]
            return _to("posts", request)
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    return guarded


def officers_only(view: View) -> View:
    """A page that laboratories must not see: points, places and the plan's progress."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.reach.is_laboratory:  # type: ignore[attr-defined]
            raise Http404
        return view(request, *args, **kwargs)

    return post_required(guarded)


def _to(name: str, request: HttpRequest) -> HttpResponseRedirect:
    wanted = request.get_full_path() if request.method == "GET" else ""
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': wanted})}" if wanted else reverse(name))
