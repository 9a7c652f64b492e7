"""A disk without room under PostgreSQL: the answer is a sentence, nothing is half there, the deed succeeds later."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from tools.faulting import tiny_disk

from jingtu.config.cluster import Cluster
from jingtu.land.models import Account
from jingtu.registers import clock, ledger
from jingtu.registers.models import Document, Dossier, LedgerEntry, Move
from tests.flows import world as worlds

TABLES = (Dossier, Document, Move, LedgerEntry)
CONTENT = b"code,name\r\nP-1,x\r\n"
TINY = "tiny_{pid}"
MOVE_IN = "CREATE TABLESPACE {name} LOCATION '{place}'; ALTER TABLE registers_dossier SET TABLESPACE {name};"
MOVE_OUT = "ALTER TABLE registers_dossier SET TABLESPACE pg_default; DROP TABLESPACE {name};"


@contextmanager
def full_disk() -> Iterator[None]:
    """The table of dossiers on a tiny disk of its own that has no room for another page."""
    cluster, name = Cluster(settings.HOME, throwaway=True), TINY.format(pid=os.getpid())
    place, database = cluster.base / name, connection.settings_dict["NAME"]
    place.mkdir(exist_ok=True)
    try:
        tiny_disk.mount(place, "1m")
    except tiny_disk.NoDisk as refusal:
        place.rmdir()
        pytest.skip(str(refusal))
    try:
        shutil.chown(place, "postgres")
        cluster.sql("VACUUM FULL registers_dossier", database)  # what tests took back still has room in its pages
        cluster.sql(MOVE_IN.format(name=name, place=place), database)
        tiny_disk.fill(place)
        yield
    finally:
        (place / "filler").unlink(missing_ok=True)
        cluster.sql(MOVE_OUT.format(name=name), database)
        tiny_disk.unmount(place)
        place.rmdir()


def hand_in(client: Client, by_api: bool) -> HttpResponse:
    """Hand in a file on the page, or by the API."""
    said = {"sheet": "monitoring.point", "region": "140000", "on": clock.today().isoformat(), "reason": ""}
    address = "/api/v1/dossiers" if by_api else "/dossiers/new/"
    return client.post(address, {**said, "file": SimpleUploadedFile("points.csv", CONTENT)})


def counts() -> list[int]:
    """How many dossiers, documents, moves and entries of the ledger there are."""
    return [model.objects.count() for model in TABLES]


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_under_the_database_is_said_and_leaves_everything_as_it_was() -> None:
    worlds.build()
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.get(username="province"))
    before = counts()
    with full_disk():
        answers = {by_api: hand_in(client, by_api) for by_api in (True, False)}
        assert counts() == before
    for by_api, answer in answers.items():
        assert answer.status_code == 507
        assert answer["Content-Type"].startswith("application/problem+json" if by_api else "text/html")
        assert "存储空间已满" in answer.content.decode()
    assert ledger.verify()[1] == []
    assert hand_in(client, by_api=True).status_code == 201
    assert counts()[0] == before[0] + 1
