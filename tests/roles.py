"""Entering the database as its owner, behind the application's back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from jingtu.config.cluster import OWNER_ROLE


@contextmanager
def as_owner() -> Iterator[Any]:
    """A cursor of a second connection under the owner's role; commits at the end."""
    place = connection.settings_dict
    with (
        psycopg.connect(host=place["HOST"], port=place["PORT"], dbname=place["NAME"], user=OWNER_ROLE) as second,
        second.cursor() as cursor,
    ):
        yield cursor
