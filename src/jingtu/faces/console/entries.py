"""Ledger entries as a page shows them."""

from __future__ import annotations

import json
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jingtu.faces.console.cells import register_title, subject_url
from jingtu.registers.models import LedgerEntry


def shown(entry: LedgerEntry) -> dict[str, Any]:
    """One entry: the sentence, who, when, and its place in the chain."""
    body = json.loads(entry.body)
    by = body.get("by", {})
    return {
        "pk": entry.pk,
        "seq": entry.seq,
        "on": entry.on,
        "recorded_at": entry.recorded_at,
        "sentence": entry.sentence,
        "reason": body.get("reason", ""),
        "is_late": body.get("late", False),
        "who": _who(by),
        "hash": entry.hash,
        "register_title": register_title(entry.register),
        "subject_url": subject_url(entry.register, entry.subject_id),
        "documents": [(digest, reverse("document", args=[digest])) for digest in body.get("documents", [])],
        "url": f"{reverse('ledger')}?register={entry.register}&subject={entry.subject_id}",
    }


def _who(by: dict[str, Any]) -> str:
    name, holder = by.get("name"), by.get("on_behalf_of")
    said = _("%(name)s（代 %(holder)s）") % {"name": name, "holder": holder} if holder else name
    return " ".join(dict.fromkeys(part for part in (by.get("organisation"), said) if part))
