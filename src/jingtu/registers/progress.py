"""Progress of long work, visible while the work's own transaction is still open."""

from __future__ import annotations

from django.conf import settings
from django.db import connections
from django.utils import timezone

from jingtu.registers.models import Progress

ALIAS = "progress"
_UPSERT = """
INSERT INTO registers_progress (key, stage, done, total, updated_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (key) DO UPDATE
SET stage = excluded.stage, done = excluded.done, total = excluded.total, updated_at = excluded.updated_at
"""


def report(key: str, stage: str, done: int = 0, total: int = 0) -> None:
    """Say which stage a piece of work has reached, and how far it is in it."""
    values = [key, stage, done, total, timezone.now()]
    if settings.TASKS_INLINE:
        with connections["default"].cursor() as cursor:
            cursor.execute(_UPSERT, values)
        return
    apart = connections["default"].copy(alias=ALIAS)
    try:
        apart.set_autocommit(True)
        with apart.cursor() as cursor:
            cursor.execute(_UPSERT, values)
    finally:
        apart.close()


def of(key: str) -> Progress | None:
    """The last report of a piece of work."""
    return Progress.objects.filter(key=key).first()
