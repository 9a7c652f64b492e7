"""How guessing is slowed: after some failures signing in is closed for a while, longer each time.

Three counts run side by side, each under a keyed digest: a name from one address, a name from anywhere, an address.
The first is the strict one, so that a stranger elsewhere cannot shut a colleague out by typing the name; the others
stop guessing that is spread out. Names that no account bears are counted alike.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac

from jingtu.land.models import Throttle

LIMITS = {"pair": 5, "name": 20, "address": 60}
WINDOW = timedelta(minutes=15)
FIRST_CLOSURE = timedelta(minutes=15)
LONGEST_CLOSURE = timedelta(minutes=60)
FORGOTTEN_AFTER = timedelta(hours=24)


def _keys(name: str, address: str) -> dict[str, str]:
    name = name.casefold().strip()
    told = {"pair": f"{name}\n{address}", "name": name, "address": address}
    return {kind: _digest(f"{kind}\n{text}") for kind, text in told.items()}


def _digest(text: str) -> str:
    return str(salted_hmac("jingtu.throttle", text, algorithm="sha256").hexdigest())


def _rows(name: str, address: str) -> dict[str, Throttle]:
    """The three counts, locked until the end of the transaction so that attempts side by side count one by one."""
    now = timezone.now()
    keys = _keys(name, address)
    Throttle.objects.bulk_create(
        [Throttle(key=key, last_failed_at=now) for key in sorted(keys.values())], ignore_conflicts=True
    )
    rows = {row.key: row for row in Throttle.objects.select_for_update().filter(key__in=keys.values()).order_by("key")}
    return {kind: rows[key] for kind, key in keys.items()}


def closed_until(name: str, address: str) -> datetime | None:
    """Until when signing in is closed for this name from this address; None when it is open."""
    now = timezone.now()
    ends = [row.closed_until_at for row in _rows(name, address).values() if row.closed_until_at]
    return max((end for end in ends if end > now), default=None)


def failed(name: str, address: str) -> datetime | None:
    """Count a failure; returns until when that closes signing in, if it does."""
    now = timezone.now()
    ends = [_count(row, LIMITS[kind], now) for kind, row in _rows(name, address).items()]
    Throttle.objects.filter(last_failed_at__lt=now - FORGOTTEN_AFTER).delete()
    return max((end for end in ends if end), default=None)


def _count(row: Throttle, limit: int, now: datetime) -> datetime | None:
    if now - row.last_failed_at > FORGOTTEN_AFTER:
        row.rounds = 0
    row.failures = 1 if now - row.last_failed_at > WINDOW else row.failures + 1
    row.last_failed_at = now
    closed = row.failures >= limit
    if closed:
        row.closed_until_at = now + min(FIRST_CLOSURE * 2**row.rounds, LONGEST_CLOSURE)
        row.failures, row.rounds = 0, min(row.rounds + 1, 8)
    row.save()
    return row.closed_until_at if closed else None


def succeeded(name: str, address: str) -> None:
    """Forget the failures of a name after it came in; those of the address stay, or one account would clear them."""
    keys = _keys(name, address)
    Throttle.objects.filter(key__in=(keys["pair"], keys["name"])).delete()
    Throttle.objects.filter(key=keys["address"], failures=0, closed_until_at=None).delete()


def reopen(name: str, addresses: set[str]) -> None:
    """Let a name in again at once, from everywhere it was tried."""
    keys = {_keys(name, address)["pair"] for address in addresses} | {_keys(name, "")["name"]}
    Throttle.objects.filter(key__in=keys).delete()


def is_closed(name: str, addresses: set[str]) -> bool:
    """Whether a name is shut out now, from anywhere it was tried."""
    keys = {_keys(name, address)["pair"] for address in addresses} | {_keys(name, "")["name"]}
    return Throttle.objects.filter(key__in=keys, closed_until_at__gt=timezone.now()).exists()
