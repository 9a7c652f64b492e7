"""How many requests are answered: so many a minute, with so many at once, for each token, account or address.

The count is one row of the database for each asker, so that all processes of the web server share it: the instant
until which the requests made so far would last at the allowed rate (the generic cell rate algorithm, ITU-T I.371).
One statement reads and moves it; requests side by side count one by one.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from jingtu.land.models import Pace

MINUTE = timedelta(minutes=1)
_TAKE = """
INSERT INTO land_pace AS pace (key, spent_until_at) VALUES (%(key)s, clock_timestamp() + %(step)s)
ON CONFLICT (key) DO UPDATE SET spent_until_at = greatest(pace.spent_until_at, clock_timestamp()) + %(step)s
WHERE pace.spent_until_at + %(step)s <= clock_timestamp() + %(most)s
"""
_WAIT = """
SELECT extract(epoch FROM spent_until_at + %(step)s - %(most)s - clock_timestamp()) FROM land_pace WHERE key = %(key)s
"""


def wait_seconds(kind: str, who: object, cost: int = 1) -> float:
    """Count a request of somebody; returns how long to wait before it may be asked again, 0 when it may be answered.

    ``kind`` is a line of ``settings.PACES``: so many a minute, so many at once. A costly request counts as several.
    """
    a_minute, at_once = settings.PACES[kind]
    step = MINUTE / a_minute * min(cost, at_once)
    asked = {"key": _key(kind, who), "step": step, "most": MINUTE / a_minute * at_once}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, asked)
        if cursor.rowcount:
            return 0.0
        cursor.execute(_WAIT, asked)
        row = cursor.fetchone()
    return max(float(row[0]), 0.0) if row else 0.0


def forget_the_idle() -> None:
    """Delete the rows of those who have not asked for a while."""
    Pace.objects.filter(spent_until_at__lt=timezone.now() - MINUTE).delete()


def _key(kind: str, who: object) -> str:
    return str(salted_hmac("jingtu.pace", f"{kind}\n{who}", algorithm="sha256").hexdigest())
