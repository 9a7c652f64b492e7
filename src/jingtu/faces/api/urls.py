"""Addresses of the API; what is no address of it is answered as a problem too."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, include, path, re_path

from jingtu.faces.api import problems
from jingtu.faces.api.service import api


def nowhere(request: HttpRequest, **_parts: Any) -> HttpResponse:
    """An address that the API does not have."""
    return problems.answer(request, problems.missing(request.path))


patterns, _application, _namespace = api.urls
for pattern in patterns:
    if isinstance(pattern, URLPattern):
        pattern.callback = nowhere if pattern.name == "api-root" else problems.shaped(pattern.callback)

urlpatterns = [
    path("v1/", include((patterns, "api"))),
    re_path(r"^.*$", nowhere),
]
