"""What the role of the web and worker processes may do in the database.

The app role owns nothing. It reads and writes rows, except where rows are for ever: the ledger, the moves of
state and the events of history take INSERT only.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections

from jingtu.registers.arrows import barring
from jingtu.registers.declare import all_registers
from jingtu.registers.rowsecurity import policies, sharing
from jingtu.registers.spatial import searches

APP_ROLE = "jingtu_app"
FOR_EVER = ("registers_ledgerentry", "registers_move", "land_securityevent")

_GRANT = f"""
GRANT USAGE ON SCHEMA public TO {APP_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP_ROLE};
"""

# Any session could otherwise silence history with set_config('pgtrigger.ignore', …).
_HEED_TRIGGERS = f"""
CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT current_user <> '{APP_ROLE}'
     AND trigger_name = ANY (nullif(current_setting('pgtrigger.ignore', true), '')::text[])
$$;
"""

# A session that first changes one row would keep, for its whole life, a plan that compares every old row with every
# new one, and take hours over a batch. Without nested loops the plan is a join by hash, for one row or many.
_STEADY_HISTORY = """
DO $$ DECLARE own record; BEGIN
  FOR own IN SELECT DISTINCT p.oid::regprocedure AS name FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
             WHERE p.proname LIKE 'pgtrigger\\_update\\_update\\_%' LOOP
    EXECUTE format('ALTER FUNCTION %s SET enable_nestloop = off', own.name);
  END LOOP;
END $$;
"""


def insert_only_tables() -> list[str]:
    """The tables that keep what was written: ledger, moves and the event tables of history."""
    events = [model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    return [*FOR_EVER, *sorted(events)]


def grant_app_role(using: str, **_signal: Any) -> None:
    """Give the app role its rights; does nothing when the connection is the app role itself."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, count(*) FROM pg_roles WHERE rolname = %s GROUP BY 1", [APP_ROLE])
        row = cursor.fetchone()
        if row is None or row[0] == APP_ROLE:
            return
        cursor.execute(_GRANT)
        existing = set(connection.introspection.table_names(cursor))
        for table in insert_only_tables():
            if table in existing:
                cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM {APP_ROLE}')
        cursor.execute(sharing())
        cursor.execute(barring(each.workflow for each in all_registers() if each.workflow))
        for table, policy in policies():
            if table in existing:
                cursor.execute(policy)
        for table, search in searches():
            if table in existing:
                cursor.execute(search)
        cursor.execute("SELECT 1 FROM pg_proc WHERE proname = '_pgtrigger_should_ignore'")
        if cursor.fetchone():
            cursor.execute(_HEED_TRIGGERS)
        cursor.execute(_STEADY_HISTORY)
