"""When the system fails, programs get a problem and people a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from jingtu.faces.api import problems
from jingtu.faces.console.views import failures


def broken(request: HttpRequest) -> HttpResponse:
    """Answer in the manner of the face that was asked."""
    face = problems.broken if request.path.startswith("/api/") else failures.broken
    return face(request)
