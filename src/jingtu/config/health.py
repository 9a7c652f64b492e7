"""One address that says whether the instance can answer at all."""

from __future__ import annotations

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse


@transaction.non_atomic_requests
def healthz(request: HttpRequest) -> HttpResponse:
    """``ok`` once the database answers; 503 otherwise, with nothing an outsider could use."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # any failure of the database means the same to the one who asks
        return HttpResponse("database unreachable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
