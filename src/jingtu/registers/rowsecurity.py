"""Row-level security: the belt under every query that forgets to ask ``within(reach)``.

A model that holds results or persons states as ``row_reach`` which of its rows a session may see, as SQL over the
session's reach. The policies are made anew after each migrate, forced on the owner too, and cover the model's history.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection
from django.db.models import Model

from jingtu.registers.reach import Reach

EVERYTHING = ("0", "z", "")
NOTHING = ("", "", "")

_POLICY = """
ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS reach ON "{table}";
CREATE POLICY reach ON "{table}" USING ({using}) WITH CHECK ({check});
"""


def secured_models() -> list[type[Model]]:
    """The models that state who sees which of their rows."""
    return [model for model in apps.get_models() if getattr(model, "row_reach", "") and not _tracks(model)]


def _tracks(model: type[Model]) -> bool:
    return hasattr(model, "pgh_tracked_model")


def policies() -> Iterator[tuple[str, str]]:
    """Each secured table with the SQL of its policy; a table's history is seen as the table itself."""
    for model in secured_models():
        using = str(model.row_reach)  # type: ignore[attr-defined]
        yield model._meta.db_table, _POLICY.format(table=model._meta.db_table, using=using, check=using)
        for event in getattr(model, "pgh_event_models", {}).values():
            yield event._meta.db_table, _POLICY.format(table=event._meta.db_table, using=using, check="true")


def of(reach: Reach | None) -> tuple[str, str, str]:
    """What a reach sets on the session: first region, first region beyond, organisation of a laboratory."""
    if reach is None:
        return NOTHING
    if reach.role == "system":
        return EVERYTHING
    if reach.is_laboratory:
        return "", "", str(reach.organisation_id)
    return reach.prefix, reach.prefix + "z", ""


@contextmanager
def entering(reach: Reach | None) -> Iterator[None]:
    """Let the transaction see what a reach sees; what stood before is put back at the end."""
    before = _current()
    _set(of(reach))
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _set(before)


def _current() -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('jingtu.region_from', true), ''),"
            " coalesce(current_setting('jingtu.region_to', true), ''),"
            " coalesce(current_setting('jingtu.organisation', true), '')"
        )
        return cursor.fetchone()


def _set(values: tuple[str, str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('jingtu.region_from', %s, true), set_config('jingtu.region_to', %s, true),"
            " set_config('jingtu.organisation', %s, true)",
            values,
        )
