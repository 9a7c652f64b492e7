"""Looking things up within reach: ledger entries and kept files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jingtu.registers.clock import Clock
from jingtu.registers.declare import all_registers
from jingtu.registers.models import Document, DocumentLink, Dossier, LedgerEntry, Package
from jingtu.registers.reach import Reach

PAGE_ROWS = 50


@dataclass(frozen=True)
class LedgerQuestion:
    """Which entries are looked for; ``before`` is the id below which the next page begins."""

    register: str = ""
    subject: str = ""
    text: str = ""
    from_on: date | None = None
    to_on: date | None = None
    before: int | None = None


def ledger_entries(reach: Reach, clock: Clock, asked: LedgerQuestion) -> tuple[list[LedgerEntry], bool]:
    """A page of the ledger, newest first, as of a day and within reach; and whether older ones follow."""
    rows = LedgerEntry.objects.filter(
        region_code__startswith=reach.prefix, on__lte=clock.on, recorded_at__lt=clock.known_until
    )
    wanted = {
        "register": asked.register,
        "subject_id": asked.subject,
        "sentence__icontains": asked.text,
        "on__gte": asked.from_on,
        "on__lte": asked.to_on,
        "id__lt": asked.before,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    found = list(rows.order_by("-id")[: PAGE_ROWS + 1])
    return found[:PAGE_ROWS], len(found) > PAGE_ROWS


def document(digest: str, reach: Reach) -> Document | None:
    """A kept file, if it is evidence of something within reach."""
    if reach.is_administrator:
        return None
    found = Document.objects.filter(sha256=digest).first()
    return found if found is not None and _is_within(found, reach) else None


def _is_within(found: Document, reach: Reach) -> bool:
    dossiers = Dossier.objects.filter(document=found)
    if reach.is_laboratory:
        return dossiers.filter(organisation_id=reach.organisation_id).exists() or _is_on_a_record(found, reach)
    return (
        dossiers.filter(region__code__startswith=reach.prefix).exists()
        or Package.objects.filter(document=found, region__code__startswith=reach.prefix).exists()
        or DocumentLink.objects.filter(document=found, region_code__startswith=reach.prefix).exists()
    )


def _is_on_a_record(found: Document, reach: Reach) -> bool:
    """Whether the file is attached to a record that the post sees, such as a handover to its laboratory."""
    seen = {each.name: each for each in all_registers() if each.sees(reach)}
    links = DocumentLink.objects.filter(document=found, register__in=seen).values_list("register", "subject_id")
    return any(
        seen[register].reach.within(seen[register].queryset(), reach).filter(pk=subject).exists()
        for register, subject in links
    )
