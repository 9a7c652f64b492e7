"""Days with something to do, as a calendar that any calendar program subscribes to (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MOST_OCTETS = 75


@dataclass(frozen=True, slots=True)
class Event:
    """Something that falls on a whole day; the same ``uid`` again replaces what was told before."""

    uid: str
    day: date
    summary: str
    description: str = ""
    url: str = ""


def calendar(name: str, events: Iterable[Event], stamp: datetime) -> bytes:
    r"""A calendar of whole-day events.

    Source: RFC 5545, 3.1 (lines of at most 75 octets, folded), 3.3.11 (escapes), 3.4, 3.6.1. ``stamp`` is the instant
    at which the calendar was drawn up.

    >>> event = Event("T02-04@jingtu", date(2021, 9, 30), "数据上传；还差 3 项")
    >>> told = calendar("期限", [event], datetime(2021, 9, 1, tzinfo=UTC))
    >>> [line for line in told.decode().split("\r\n") if line.startswith("DT")]
    ['DTSTAMP:20210901T000000Z', 'DTSTART;VALUE=DATE:20210930', 'DTEND;VALUE=DATE:20211001']
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Jingtu//Duties//ZH", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{_escaped(name)}")
    for event in events:
        lines += _lines(event, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _lines(event: Event, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(event.uid)}"
    yield f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_escaped(event.description)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """Parts of at most 75 octets that break between characters, each but the first led by a space."""
    part = b""
    for sign in line:
        octets = sign.encode()
        if len(part) + len(octets) > MOST_OCTETS:
            yield part
            part = b" "
        part += octets
    yield part
