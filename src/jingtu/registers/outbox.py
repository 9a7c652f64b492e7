"""Packages for other systems: content by digest, sent, receipted, reconciled item by item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jingtu.registers import documents, ledger, workflow
from jingtu.registers.flows import PACKAGE
from jingtu.registers.models import Document, Package, PackageItem
from jingtu.registers.reach import Reach


@dataclass(frozen=True)
class Item:
    """A record to be sent, under the key by which the receiver names it."""

    key: str
    register: str
    subject_id: int


@dataclass(frozen=True)
class Answer:
    """What the receiver said of one item."""

    key: str
    accepted: bool
    message: str
    on: date


def make(
    content: bytes, filename: str, items: Sequence[Item], *, target: str, kind: str, field_map: str, by: Reach, on: date
) -> Package:
    """Make a package; the same content again returns the package already there, unless that one was given up."""
    document = documents.keep(content, filename)
    alike = Package.objects.filter(digest=document.sha256)
    if (known := alike.exclude(state="withdrawn").first()) is not None:
        return known
    with ledger.deed(
        "registers.package.made", by=by, on=on, register=PACKAGE.register, region=by.region_code, documents=[document]
    ) as doing:
        package = Package.objects.create(
            number=_number(document.sha256, on),
            target=target,
            kind=kind,
            field_map=field_map,
            digest=document.sha256,
            document=document,
            region_id=by.region_code,
            recorded_at=doing.recorded_at,
        )
        PackageItem.objects.bulk_create(
            [PackageItem(package=package, key=i.key, register=i.register, subject_id=i.subject_id) for i in items]
        )
        workflow.begin(PACKAGE, package, doing)
        doing.subject_id = str(package.pk)
        doing.sentence = _("生成上报包 %(number)s，%(count)d 项，报送%(target)s") % {
            "number": package.number,
            "count": len(items),
            "target": target,
        }
    return package


def _number(digest: str, on: date) -> str:
    """A number of day and content; the same content packed anew on the same day is counted on."""
    number = f"SB{on:%Y%m%d}-{digest[:8]}"
    earlier = Package.objects.filter(number__startswith=number).count()
    return f"{number}-{earlier + 1}" if earlier else number


def numbered(number: str) -> Package | None:
    """A package by its number."""
    return Package.objects.filter(number=number).first()


def send(package: Package, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()) -> Package:
    """Note that a package was sent on a day."""

    def effect(record: Any, doing: ledger.Deed) -> None:
        record.sent_on = on
        record.save(update_fields=["sent_on"])

    return workflow.move(
        PACKAGE, package, "send",
        by=by, on=on, region=package.region_id, reason=reason, documents=documents, effect=effect,
    )  # fmt: skip


def withdraw(package: Package, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()) -> Package:
    """Give up a package that was not sent."""
    return workflow.move(
        PACKAGE, package, "withdraw", by=by, on=on, region=package.region_id, reason=reason, documents=documents
    )


def reconcile(
    package: Package, receipt_number: str, receipt_on: date, answers: Sequence[Answer], doing: ledger.Deed
) -> dict[str, int]:
    """Write the receiver's answers to the items of a package, inside the deed that accepted the receipt."""
    items = {item.key: item for item in package.items.all()}
    for answer in answers:
        item = items[answer.key]
        item.accepted, item.message = answer.accepted, answer.message
        item.answered_on, item.answered_at = answer.on, doing.recorded_at
    PackageItem.objects.bulk_update(items.values(), ["accepted", "message", "answered_on", "answered_at"])

    def effect(record: Any, _doing: ledger.Deed) -> None:
        record.receipt_number, record.receipt_on = receipt_number, receipt_on
        record.save(update_fields=["receipt_number", "receipt_on"])

    workflow.move(
        PACKAGE, package, "reconcile", by=doing.by, on=doing.on, region=package.region_id, reason=doing.reason,
        documents=doing.documents, effect=effect,
    )  # fmt: skip
    refused = sum(not answer.accepted for answer in answers)
    silent = sum(item.accepted is None for item in items.values())
    return {"accepted": len(answers) - refused, "refused": refused, "unanswered": silent}
