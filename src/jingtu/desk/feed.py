"""The calendar feed: what the posts of an account still owe, by due day, under an address that can be revoked.

The address is a secret; only its digest is kept. What it answers names duties and numbers, no person.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jingtu.land import facts as land
from jingtu.registers import clock, duties, rowsecurity
from jingtu.registers.models import CalendarFeed
from jingtu.registers.reach import Reach

TOKEN_BYTES = 24


@dataclass(frozen=True)
class Deadline:
    """What a region still owes of a duty by a day."""

    duty: str
    region_code: str
    due_on: date
    open: int
    total: int


def opened_at(account_id: int) -> datetime | None:
    """Since when the account has a feed; None without one."""
    row = CalendarFeed.objects.filter(account_id=account_id).first()
    return row.recorded_at if row else None


def open_feed(account_id: int) -> str:
    """Give the account a new secret token, told this once; an earlier one ends."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    CalendarFeed.objects.update_or_create(
        account_id=account_id, defaults={"digest": _digest(token), "recorded_at": clock.now()}
    )
    return token


def close_feed(account_id: int) -> None:
    """End the account's feed."""
    CalendarFeed.objects.filter(account_id=account_id).delete()


def deadlines(token: str) -> list[Deadline] | None:
    """What the posts of the token's account owe today; None when the token opens nothing."""
    row = CalendarFeed.objects.filter(digest=_digest(token), account__is_active=True).first()
    if row is None:
        return None
    today = clock.today()
    reaches = [Reach.of(post) for post in land.posts_acted_from(row.account_id, today)]
    found = {each.prefix: each for each in reaches if not (each.is_laboratory or each.is_administrator)}
    return [deadline for reach in found.values() for deadline in _owed(reach, today)]


def _owed(reach: Reach, today: date) -> list[Deadline]:
    with rowsecurity.entering(reach):
        counts = duties.counts(today, today, reach.prefix, len(reach.prefix))
    own = [_of(duty, reach, [each for each in counts if each.duty == duty]) for duty in duties.bound()]
    return [each for each in own if each is not None]


def _of(duty: str, reach: Reach, counts: Sequence[duties.Count]) -> Deadline | None:
    due = [each.due_on for each in counts if each.due_on and each.state != duties.DONE]
    if not due:
        return None
    owing = sum(each.number for each in counts if each.state != duties.DONE)
    return Deadline(duty, reach.region_code, min(due), owing, sum(each.number for each in counts))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
