"""One at a time: whoever comes second for the same thing waits until the first has ended, and then sees what it did."""

from __future__ import annotations

from django.db import connection


def take_turn(*thing: object) -> None:
    """Wait for everybody who took a turn for this thing before; others wait until this transaction ends.

    Call it before asking whether the thing is there already; outside a transaction it holds nobody back.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", ["\n".join(map(str, thing))])
