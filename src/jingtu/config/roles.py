"""Roles, template and database of a private cluster. Every step may run again.

``jingtu_owner`` owns the schema and runs migrations; ``jingtu_app`` serves, owns nothing, bypasses nothing.
The template carries the extensions only a superuser may create, so that the owner can clone it.
"""

from __future__ import annotations

from jingtu.config.cluster import APP_ROLE, DATABASE, OWNER_ROLE, TEMPLATE, Cluster

ROLES = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER_ROLE}') THEN
    CREATE ROLE {OWNER_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
    CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
END $$;
GRANT {APP_ROLE} TO {OWNER_ROLE};
"""

# The overlap test of boxes tells nothing about hidden rows beyond what the index walk already does;
# without LEAKPROOF no spatial index is used under row-level security.
FURNISH = f"""
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF;
GRANT USAGE ON SCHEMA public TO {APP_ROLE};
GRANT ALL ON SCHEMA public TO {OWNER_ROLE};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP_ROLE};
"""


def prepare(cluster: Cluster) -> None:
    """Roles, the template database and, unless it is for tests, the database itself."""
    if _ready(cluster):
        return
    cluster.sql(ROLES)
    if cluster.throwaway:
        cluster.sql(f"ALTER ROLE {OWNER_ROLE} CREATEDB")
    if not _has(cluster, TEMPLATE):
        cluster.sql(f"CREATE DATABASE {TEMPLATE} IS_TEMPLATE true")
    cluster.sql(FURNISH, TEMPLATE)
    if not cluster.throwaway:
        _make_database(cluster)
    cluster.sql(f"COMMENT ON ROLE {OWNER_ROLE} IS 'jingtu cluster ready'")


def _make_database(cluster: Cluster) -> None:
    if not _has(cluster, DATABASE):
        cluster.sql(f"CREATE DATABASE {DATABASE} TEMPLATE {TEMPLATE} OWNER {OWNER_ROLE}")
    cluster.sql(
        f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC; GRANT CONNECT, TEMP ON DATABASE {DATABASE} TO {APP_ROLE};"
    )
    cluster.sql(FURNISH, DATABASE)


def _ready(cluster: Cluster) -> bool:
    """True when the last step was reached once and the overlap test is still leakproof (an upgrade undoes it)."""
    made = cluster.sql(
        f"SELECT count(*) FROM pg_shdescription d JOIN pg_authid r ON r.oid = d.objoid "
        f"WHERE r.rolname = '{OWNER_ROLE}' AND d.description = 'jingtu cluster ready'"
    )
    if made.strip() != "1":
        return False
    database = TEMPLATE if cluster.throwaway else DATABASE
    if not _has(cluster, database):
        return False
    proof = cluster.sql("SELECT bool_and(proleakproof) FROM pg_proc WHERE proname = 'geometry_overlaps'", database)
    return proof.strip() == "t"


def _has(cluster: Cluster, database: str) -> bool:
    return cluster.sql(f"SELECT count(*) FROM pg_database WHERE datname = '{database}'").strip() == "1"
