"""Row history by database triggers, bulk and SQL included; and reading it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pghistory
from django.db.models import Model
from django.db.models.functions import Length
from django.utils.dateparse import parse_datetime
from pghistory.models import Events


def tracked(*, inserts: bool = True) -> Callable[[type[Model]], type[Model]]:
    """Class decorator: keep every change of a model's rows; ``inserts=False`` for insert-only mass tables."""
    trackers = [pghistory.UpdateEvent(), pghistory.DeleteEvent()]
    if inserts:
        trackers.insert(0, pghistory.InsertEvent())
    return pghistory.track(*trackers, level=pghistory.Statement, append_only=True)


@dataclass(frozen=True)
class Change:
    """One change of a record: when, by whom, in which deed, and before → after of each field."""

    label: str
    at: datetime
    account: str
    organisation: str
    deed: str
    fields: list[tuple[str, Any, Any]]


def changes(record: Model, limit: int = 50) -> list[Change]:
    """The changes of one record, newest first."""
    if not hasattr(type(record), "pgh_event_models"):
        return []
    # The slug ends in a number: within one transaction the longer one is the later.
    newest = ("-pgh_created_at", Length("pgh_slug").desc(), "-pgh_slug")
    events = Events.objects.tracks(record).order_by(*newest)[:limit]
    return [_change(type(record), event) for event in events]


def _change(model: type[Model], event: Any) -> Change:
    metadata = event.pgh_context or {}
    names = {field.attname: str(field.verbose_name) for field in model._meta.concrete_fields}
    pairs = [(names.get(name, name), before, after) for name, (before, after) in (event.pgh_diff or {}).items()]
    return Change(
        label=event.pgh_label,
        at=parse_datetime(metadata.get("recorded_at", "")) or event.pgh_created_at,
        account=metadata.get("account", ""),
        organisation=metadata.get("organisation", ""),
        deed=metadata.get("deed", ""),
        fields=pairs,
    )
