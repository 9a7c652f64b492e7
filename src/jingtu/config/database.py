"""Which database, under which role.

The web and the worker connect as ``jingtu_app``, which owns nothing and cannot bypass row-level
security. Migrations and the loaders of the law connect as ``jingtu_owner`` (``JINGTU_DB_ROLE=owner``).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from jingtu.config.cluster import APP_ROLE, DATABASE, OWNER_ROLE, TEMPLATE, Cluster
from jingtu.config.refusal import Refusal


def external() -> bool:
    """True when a server named by ``DATABASE_URL`` is used instead of the private cluster."""
    return bool(os.environ.get("DATABASE_URL"))


def as_owner() -> bool:
    """True when this process works as the owner of the schema."""
    return os.environ.get("JINGTU_DB_ROLE") == "owner"


def from_url(url: str) -> dict[str, Any]:
    """Connection facts of ``postgresql://user:password@host:port/name?option=value``.

    >>> from_url("postgresql://a:b%40c@db.example:5433/jingtu")["PASSWORD"]
    'b@c'
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres", "postgis"} or not parts.path.strip("/"):
        raise Refusal("DATABASE_URL must read postgresql://user:password@host:port/name; only PostgreSQL is served.")
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.pop("host", parts.hostname or "")),
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": dict(options),
    }


def _place(home: Path, testing: bool) -> dict[str, Any]:
    """Where the database is, and who knocks."""
    if external():
        owner_url = os.environ.get("DATABASE_OWNER_URL", "")
        return from_url(owner_url if as_owner() and owner_url else os.environ["DATABASE_URL"])
    cluster = Cluster(home, throwaway=testing)
    return {
        "NAME": DATABASE,
        "USER": OWNER_ROLE if as_owner() else APP_ROLE,
        "PASSWORD": "",
        "HOST": str(cluster.socket_dir),
        "PORT": str(cluster.port),
        "OPTIONS": {},
    }


def databases(home: Path, testing: bool) -> dict[str, Any]:
    """Django's ``DATABASES``: one PostGIS database, one transaction a request."""
    facts = _place(home, testing)
    if os.environ.get("JINGTU_POOL"):
        # A pool that lost the database doubles its pauses; giving up soon, it asks anew with the next request.
        patience = {"timeout": 10, "reconnect_timeout": 3}
        facts["OPTIONS"]["pool"] = {"min_size": 1, "max_size": int(os.environ["JINGTU_POOL"]), **patience}
    return {
        "default": facts
        | {
            "ENGINE": "django.contrib.gis.db.backends.postgis",
            "ATOMIC_REQUESTS": True,
            "CONN_MAX_AGE": 0,
            "CONN_HEALTH_CHECKS": True,  # pooled connections outlive a restart of the server
            "TEST": {"NAME": f"test_jingtu_{os.getpid()}", "TEMPLATE": None if external() else TEMPLATE},
        }
    }
