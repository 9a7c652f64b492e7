"""The store of sessions: rows that say whose they are, so that a person can see and end them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

BEGAN, SEEN, ADDRESS, AGENT = "began_at", "seen_at", "address", "agent"
MOST_AGENT = 200


class SessionStore(DatabaseStore):
    """Django's own database store, with the account and the times beside the data."""

    @classmethod
    def get_model_class(cls) -> type[Any]:
        """The rows."""
        from jingtu.land.models import BrowserSession

        return BrowserSession

    def create_model_instance(self, data: Mapping[str, Any]) -> Any:
        """The row for this data; whoever is not signed in has no account in it."""
        row = super().create_model_instance(data)
        row.account_id = data.get(SESSION_KEY) or None
        row.began_at, row.seen_at = instant(data.get(BEGAN)), instant(data.get(SEEN))
        row.address, row.agent = str(data.get(ADDRESS, "")), str(data.get(AGENT, ""))[:MOST_AGENT]
        return row


def instant(seconds: float | None) -> datetime | None:
    """An instant kept in a session, which holds only JSON."""
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
