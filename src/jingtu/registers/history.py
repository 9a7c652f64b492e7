"""Row history by database triggers, bulk and SQL included; and reading it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import pghistory
from django.db.models import Model
from django.db.models.functions import Length
from django.utils.dateparse import parse_datetime
from pghistory.models import Events


def tracked(*, inserts: bool = True) -> Callable[[type[Model]], type[Model]]:
    """Class decorator: keep every change of a model's rows.

    ``inserts=False`` is for mass tables that are seldom changed: nothing is kept of a new row, and a change keeps the
    row as it was before, so that no value is ever lost.
    """
    if inserts:
        trackers = [pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()]
    else:
        trackers = [pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent()]
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
    if "insert" not in type(record).pgh_event_models:  # type: ignore[attr-defined]
        return _from_before(record)[:limit]
    # The slug ends in a number: within one transaction the longer one is the later.
    newest = ("-pgh_created_at", Length("pgh_slug").desc(), "-pgh_slug")
    events = Events.objects.tracks(record).order_by(*newest)[:limit]
    return [_change(type(record), event) for event in events]


def _change(model: type[Model], event: Any) -> Change:
    metadata = event.pgh_context or {}
    names = {field.attname: str(field.verbose_name) for field in model._meta.concrete_fields}
    pairs = [(names.get(name, name), before, after) for name, (before, after) in (event.pgh_diff or {}).items()]
    return _told(event.pgh_label, event.pgh_created_at, metadata, pairs)


def _told(label: str, created_at: datetime, metadata: Any, pairs: list[tuple[str, Any, Any]]) -> Change:
    return Change(
        label=label,
        at=parse_datetime(metadata.get("recorded_at", "")) or created_at,
        account=metadata.get("account", ""),
        organisation=metadata.get("organisation", ""),
        deed=metadata.get("deed", ""),
        fields=pairs,
    )


def _from_before(record: Model) -> list[Change]:
    """The changes of a record whose events hold the row before each change, newest first."""
    events = type(record).pgh_event_models["update"].objects  # type: ignore[attr-defined]
    versions = list(events.filter(pgh_obj_id=record.pk).select_related("pgh_context").order_by("pgh_id"))
    if versions:
        versions.append(type(record)._default_manager.get(pk=record.pk))
    return [_between(*pair) for pair in pairwise(versions)][::-1]


def _between(before: Any, after: Any) -> Change:
    metadata = before.pgh_context.metadata if before.pgh_context else {}
    tracked_fields = [field for field in before._meta.concrete_fields if not field.name.startswith("pgh_")]
    pairs = [
        (str(field.verbose_name), getattr(before, field.attname), getattr(after, field.attname))
        for field in tracked_fields
        if getattr(before, field.attname) != getattr(after, field.attname)
    ]
    return _told(before.pgh_label, before.pgh_created_at, metadata, pairs)
