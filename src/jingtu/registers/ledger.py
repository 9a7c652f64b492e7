"""The ledger: every deed a typed entry, chained by hash; one door through which all writes go.

``deed`` opens the transaction, labels the row history with who and why, and appends the entry last, because the
chain's lock is held until commit. The chain itself is made by a trigger of the owner; ``verify`` recomputes it.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from jingtu.registers import clock, rowsecurity
from jingtu.registers.models import Document, LedgerEntry
from jingtu.registers.reach import Reach

GENESIS = "0" * 64
# Number and hashes are made by the chain's trigger.
_ENTRY = """
INSERT INTO registers_ledgerentry (stream, seq, algorithm, previous, hash, body, deed, register, subject_id,
                                   region_code, organisation_id, sentence, "on", recorded_at)
VALUES (%s, 0, 'sha256-1', '', '', %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


class DeedRefused(Exception):
    """A deed that the rules do not allow; the message is a full sentence for the officer."""


@dataclass
class Deed:
    """A deed under way: what the entry will say."""

    code: str
    by: Reach
    on: date
    register: str
    region_code: str
    recorded_at: datetime
    reason: str = ""
    subject_id: str = ""
    sentence: str = ""
    law_on: date | None = None
    documents: Sequence[Document] = ()
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def is_late(self) -> bool:
        """Recorded so long after the business day that it counts as 补录."""
        return (clock.today() - self.on).days > settings.LATE_RECORDING_DAYS

    def _who(self) -> dict[str, Any]:
        who = {
            "account": self.by.account_id,
            "name": self.by.account_name,
            "post": self.by.post_id,
            "organisation": self.by.organisation_name,
            "organisation_id": self.by.organisation_id,
            "role": self.by.role,
        }
        return who | ({"on_behalf_of": self.by.on_behalf_of} if self.by.on_behalf_of else {})

    def body(self) -> dict[str, Any]:
        """The entry's content, ready for canonical JSON."""
        return {
            "deed": self.code,
            "register": self.register,
            "subject": self.subject_id,
            "region": self.region_code,
            "by": self._who(),
            "on": self.on.isoformat(),
            "recorded_at": self.recorded_at.isoformat(),
            "law_on": (self.law_on or self.on).isoformat(),
            "late": self.is_late,
            "sentence": self.sentence,
            "reason": self.reason,
            "documents": [document.sha256 for document in self.documents],
            "data": self.data,
        }


@contextmanager
def deed(code: str, *, by: Reach, on: date, register: str, region: str, **more: Any) -> Iterator[Deed]:
    """Do one deed: one transaction, history labelled, reach and dates checked, ledger entry last.

    ``more`` holds reason, subject_id, sentence, law_on, documents, data; the block may still set them on the deed.
    Raises ``DeedRefused`` for a day in the future or a late record without reason and document.
    """
    doing = Deed(code, by, on, register, region, clock.now(), **more)
    _check(doing)
    with transaction.atomic():
        _label_history(doing)
        yield doing
        _append(doing)


def _check(doing: Deed) -> None:
    if doing.on > clock.today():
        raise DeedRefused(
            _("业务日期 %(on)s 晚于今天，不能办理尚未发生的事项。请改为实际发生的日期。") % {"on": doing.on.isoformat()}
        )
    if doing.by.role != "system" and not doing.by.covers(doing.region_code) and not doing.by.is_laboratory:
        raise DeedRefused(_("该记录不在您的岗位管辖范围内，不能办理。"))
    if doing.is_late and doing.by.role != "system" and not (doing.reason.strip() and doing.documents):
        raise DeedRefused(
            _("业务日期 %(on)s 距今超过 %(days)d 天，属于补录，须填写理由并附证明文件。")
            % {"on": doing.on.isoformat(), "days": settings.LATE_RECORDING_DAYS}
        )


def _label_history(doing: Deed) -> None:
    metadata = {
        "deed": doing.code,
        "account": doing.by.account_name,
        "organisation": doing.by.organisation_name,
        "recorded_at": doing.recorded_at.isoformat(),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)",
            [str(uuid.uuid4()), canonical(metadata)],
        )


def _append(doing: Deed) -> None:
    """Write the entry as plain SQL: every deed passes here, and the ORM costs as much as all the rest of a deed."""
    written = (
        doing.register,
        canonical(doing.body()),
        doing.code,
        doing.register,
        doing.subject_id,
        doing.region_code,
        doing.by.organisation_id,
        doing.sentence,
        doing.on,
        doing.recorded_at,
    )
    with connection.cursor() as cursor:
        cursor.execute(_ENTRY, written)


def canonical(content: dict[str, Any]) -> str:
    """JSON with sorted keys and no spaces: the same content is the same text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def link(previous: str, seq: int, body: str) -> str:
    """The hash of an entry, from the hash before it, its number and its body."""
    return hashlib.sha256(f"{previous}{seq}\n{body}".encode()).hexdigest()


@dataclass(frozen=True)
class Break:
    """A place where the ledger does not hold."""

    stream: str
    seq: int
    fault: str


@contextmanager
def _whole() -> Iterator[None]:
    """The ledger can only be held to account as a whole, whoever asks for it; no reach limits its verifying."""
    with transaction.atomic(), rowsecurity.entering(Reach.system()):
        yield


@_whole()
def verify() -> tuple[int, list[Break]]:
    """Recompute every chain; return how many entries were read and where they break."""
    count, breaks, stream, seq, previous = 0, [], None, 0, GENESIS
    rows = LedgerEntry.objects.order_by("stream", "seq")
    for entry in rows.iterator(chunk_size=5000):
        if entry.stream != stream:
            stream, seq, previous = entry.stream, 0, GENESIS
        breaks += [Break(entry.stream, entry.seq, fault) for fault in _faults(entry, seq, previous)]
        count, seq, previous = count + 1, entry.seq, entry.hash
    return count, breaks


def _faults(entry: LedgerEntry, seq: int, previous: str) -> Iterator[str]:
    if entry.seq != seq + 1:
        yield _("序号不连续：%(seq)d 之后是 %(next)d，其间的条目缺失。") % {"seq": seq, "next": entry.seq}
    if entry.previous != previous:
        yield _("与前一条的摘要不衔接。")
    if entry.hash != link(entry.previous, entry.seq, entry.body):
        yield _("内容与摘要不符，该条目被改动过。")
    if _told(entry.body) != (
        entry.deed,
        entry.register,
        entry.subject_id,
        entry.region_code,
        entry.organisation_id,
        entry.sentence,
        entry.on.isoformat(),
        entry.recorded_at,
    ):
        yield _("检索列与内容不符，该条目被改动过。")


def _told(body: str) -> tuple[Any, ...]:
    """What the body says of what the columns beside it repeat; nothing where it is no body of a deed."""
    try:
        said = json.loads(body)
        plain = [said[name] for name in ("deed", "register", "subject", "region")]
        rest = (said["by"].get("organisation_id"), said["sentence"], said["on"])
        return (*plain, *rest, datetime.fromisoformat(said["recorded_at"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return ()


@_whole()
def heads() -> list[dict[str, Any]]:
    """The newest entry of each chain: what is exported so that others can hold the ledger to it."""
    rows = LedgerEntry.objects.order_by("stream", "-seq").distinct("stream")
    return list(rows.values("stream", "seq", "hash", "recorded_at"))


def entries() -> Iterator[dict[str, Any]]:
    """Every entry with what a separate verifier needs, stream by stream in order."""
    rows = LedgerEntry.objects.order_by("stream", "seq").values(
        "stream", "seq", "algorithm", "previous", "hash", "body"
    )
    with _whole():
        yield from rows.iterator(chunk_size=5000)
