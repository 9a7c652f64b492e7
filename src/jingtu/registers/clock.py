"""Which day it is, and as of which day a page answers.

Two times run through everything: the business day (``*_on``) and the instant of recording (``recorded_at``). A
``Clock`` holds the question "as of day ``on``, as known on day ``known_on``". The demonstration lives on a day of its
own, fixed by a setting that production refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from jingtu.plain.days import SHANGHAI, day_of

_travelled: ContextVar[datetime | None] = ContextVar("travelled", default=None)


def now() -> datetime:
    """The instant that records carry: the demonstration's day at the real time of day, else the real instant."""
    if (instant := _travelled.get()) is not None:
        return instant
    real = timezone.now()
    if settings.DEMO_TODAY is None:
        return real
    return datetime.combine(settings.DEMO_TODAY, real.astimezone(SHANGHAI).time(), SHANGHAI)


def today() -> date:
    """Today in Shanghai, or the demonstration's fixed day."""
    return day_of(now())


@contextmanager
def travelling(instant: datetime) -> Iterator[None]:
    """Let deeds be recorded at a past instant; only a demonstration may do so."""
    if settings.DEMO_TODAY is None:
        raise RuntimeError("Only the demonstration instance may set its own time.")
    token = _travelled.set(instant)
    try:
        yield
    finally:
        _travelled.reset(token)


@dataclass(frozen=True)
class Clock:
    """The question behind a page: as of ``on``, as known at the end of ``known_on``."""

    today: date
    on: date
    known_on: date

    @classmethod
    def present(cls) -> Clock:
        """Everything as it stands today."""
        day = today()
        return cls(day, day, day)

    @property
    def is_past(self) -> bool:
        """Whether the page answers for another day than today, hence read-only."""
        return self.on != self.today or self.known_on != self.today

    @property
    def known_until(self) -> datetime:
        """The first instant no longer known: midnight in Shanghai after ``known_on``."""
        return datetime.combine(self.known_on + timedelta(days=1), time(0), SHANGHAI)


@contextmanager
def as_of(on: date, known_on: date, until: datetime | None = None) -> Iterator[None]:
    """Let the database's views answer for a day; needs a transaction, and puts back what stood before.

    ``until`` is the first instant no longer known where that is not midnight after ``known_on``.
    """
    clock = Clock(on, on, known_on)
    before = _settings()
    _set(on.isoformat(), (until or clock.known_until).isoformat())
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _set(*before)


def _settings() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('jingtu.on', true), ''),"
            " coalesce(current_setting('jingtu.known', true), '')"
        )
        return cursor.fetchone()


def _set(on: str, known: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jingtu.on', %s, true), set_config('jingtu.known', %s, true)", [on, known])
