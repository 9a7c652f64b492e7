"""Row-level security: the belt under every query that forgets to ask ``within(reach)``.

A model that holds results or persons states as ``row_reach`` which of its rows a session may see, as SQL over the
session's reach. The policies are made anew after each migrate, forced on the owner too, and cover the model's history.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.apps import apps
from django.db import connection
from django.db.models import Model

from jingtu.land.models import Role
from jingtu.registers.reach import Reach

# What a session sees: regions from, regions below, a laboratory's organisation, digits of the regions it audits.
# What it may do: where (a pattern of region codes), and as which organisation.
Seen = tuple[str, str, str, str, str, str]
ANYWHERE = "%"
PROVINCE_DIGITS = 2
EVERYTHING: Seen = ("0", "z", "", "", ANYWHERE, "")
NOTHING: Seen = ("", "", "", "", "", "")
SETTINGS = (
    *("jingtu.region_from", "jingtu.region_to", "jingtu.organisation", "jingtu.audits"),
    *("jingtu.does_in", "jingtu.does_as"),
)

# What ``entering`` set last, so that nobody needs to ask the database.
_entered: ContextVar[Seen] = ContextVar("entered", default=NOTHING)

_POLICY = """
ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS reach ON "{table}";
CREATE POLICY reach ON "{table}" USING ({using}) WITH CHECK ({check});
"""
# For tables that the owner's own functions and views must read whole; nobody comes in as the owner but migrations.
_OWNER = """
DROP POLICY IF EXISTS owner ON "{table}";
CREATE POLICY owner ON "{table}" TO CURRENT_USER USING (true);
"""
_SHARES = """
CREATE OR REPLACE FUNCTION jingtu_shares(register text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT register = ANY ('{{{names}}}') AND nullif(current_setting('jingtu.region_from', true), '') IS NOT NULL
$$;
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
        table, check = model._meta.db_table, getattr(model, "row_check", using)
        yield table, _POLICY.format(table=table, using=using, check=check)
        if getattr(model, "owner_sees_all", False):
            yield table, _OWNER.format(table=table)
        for event in getattr(model, "pgh_event_models", {}).values():
            yield event._meta.db_table, _POLICY.format(table=event._meta.db_table, using=using, check="true")


def sharing() -> str:
    """The SQL of the function that tells which registers are shared by all offices, as declared now."""
    from jingtu.registers.declare import all_registers

    return _SHARES.format(names=",".join(sorted(each.name for each in all_registers() if each.reach.shared)))


def of(reach: Reach | None) -> Seen:
    """What a reach sets on the session. Administrators see none of the plan's rows, audit alone its region's ledger."""
    if reach is None:
        return NOTHING
    if reach.role == "system":
        return EVERYTHING
    office = "" if reach.organisation_id is None else str(reach.organisation_id)
    if reach.is_laboratory:
        return "", "", office, "", reach.submitting_prefix + ANYWHERE, office
    does = (reach.prefix + ANYWHERE, office)
    if reach.is_administrator:
        return "", "", "", reach.prefix if reach.role == Role.AUDIT else "", *does
    return reach.prefix, reach.prefix + "z", "", "", *does


@contextmanager
def entering(reach: Reach | None) -> Iterator[None]:
    """Let the transaction see what a reach sees; what stood before is put back at the end."""
    before = _current()
    seen = of(reach)
    _set(seen)
    token = _entered.set(seen)
    try:
        yield
    finally:
        _entered.reset(token)
        if not connection.needs_rollback:
            _set(before)


@contextmanager
def whole_of(prefix: str) -> Iterator[None]:
    """Let a question about a place look at every row, where the session sees the whole place.

    What a place owes may be done elsewhere: a county's point is measured in a batch of the city. The question must give
    back nothing but the place's own; where the session does not see the place, it sees no more than before.
    """
    seen = _entered.get()
    if not _is_part(seen) or not prefix.startswith(seen[0]):
        yield
        return
    _set(EVERYTHING)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _set(seen)


def _is_part(seen: Seen) -> bool:
    """Whether this is an office's reach below the province."""
    return len(seen[0]) > PROVINCE_DIGITS


def _current() -> Seen:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in SETTINGS))
        return cursor.fetchone()


def _set(values: Seen) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS), values)
