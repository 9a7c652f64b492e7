"""The security log: who signed in, who was refused, whose password was reset. Written once, never changed.

Its instants are those of the machine, also in a demonstration. Each line also goes to the process's own log as one
line of JSON, from where an operator may send it to a machine of its own.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from jingtu.land.models import Account, SecurityEvent, SecurityEventKind
from jingtu.registers.reach import Reach

PAGE_ROWS = 100
SAY_AGAIN_AFTER = timedelta(hours=1)
Kind = SecurityEventKind
_log = logging.getLogger("jingtu.security")


def note(
    kind: SecurityEventKind, *, account: Account | None = None, by: int | None = None, address: str = "", said: str = ""
) -> SecurityEvent:
    """Write one line. ``said`` never holds a password, a code or a name that no account bears."""
    event = SecurityEvent.objects.create(
        kind=kind, account=account, by_id=by, address=address, said=said, recorded_at=timezone.now()
    )
    line = {
        "event": str(kind.value),
        "id": event.pk,
        "account": account.pk if account else None,
        "by": by,
        "address": address,
        "at": event.recorded_at.isoformat(),
    }
    _log.info("%s", json.dumps(line, ensure_ascii=True))
    return event


def note_hourly(kind: SecurityEventKind, *, account: Account | None, address: str, said: str) -> None:
    """Write one line, unless one like it was written within the hour: a program that errs, errs again at once."""
    since = timezone.now() - SAY_AGAIN_AFTER
    alike = SecurityEvent.objects.filter(kind=kind, account=account, address=address, recorded_at__gt=since)
    if not alike.exists():
        note(kind, account=account, address=address, said=said)


@dataclass(frozen=True)
class LogQuestion:
    """Which lines are looked for; ``before`` is the id below which the next page begins."""

    kind: str = ""
    text: str = ""
    from_at: datetime | None = None
    to_at: datetime | None = None
    before: int | None = None


def events(reach: Reach, asked: LogQuestion) -> tuple[list[SecurityEvent], bool]:
    """A page of the log, newest first, and whether older lines follow.

    Lines without an account (a name nobody bears) are the province's to see.
    """
    seen = Q(account__organisation__region__code__startswith=reach.prefix)
    if reach.level == "province":
        seen |= Q(account=None) | Q(account__organisation=None)
    wanted: dict[str, Any] = {"kind": asked.kind, "recorded_at__gte": asked.from_at, "recorded_at__lt": asked.to_at}
    wanted |= {"id__lt": asked.before}
    rows = SecurityEvent.objects.filter(seen, **{name: value for name, value in wanted.items() if value})
    if asked.text:
        rows = rows.filter(Q(account__username__icontains=asked.text) | Q(account__display_name__icontains=asked.text))
    found = list(rows.select_related("account__organisation", "by").order_by("-id")[: PAGE_ROWS + 1])
    return found[:PAGE_ROWS], len(found) > PAGE_ROWS


def events_of(account: Account, number: int = 20) -> list[SecurityEvent]:
    """The newest lines about one account."""
    return list(SecurityEvent.objects.filter(account=account).select_related("by").order_by("-id")[:number])
