"""How many queries each page of each register takes: within a stored baseline, whatever the number of records.

``CONTRACT_REFRESH=1 make test ARGS=tests/contract/test_queries.py`` writes the baseline anew; read the difference.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingtu.registers.declare import Register, get_register
from tests.contract import kit
from tests.contract.people import PROVINCE, client_of

BASELINE = Path(__file__).parent / "queries.csv"
REFRESH = bool(os.environ.get("CONTRACT_REFRESH"))
KINDS = ("list", "record", "export", "api_list", "api_record")


def baseline() -> dict[tuple[str, str], int]:
    """The stored numbers."""
    with BASELINE.open(encoding="utf-8", newline="") as file:
        return {(row["register"], kind): int(row[kind]) for row in csv.DictReader(file) for kind in KINDS}


def counted(register: Register) -> Iterator[tuple[str, int]]:
    """The queries of each kind of page, the session's own left out by asking once before."""
    client, pk = client_of(PROVINCE), kit.rows(register).order_by("pk")[0].pk
    addresses = {
        "list": register.url(),
        "record": register.url(pk),
        "export": f"{register.url()}?format=csv",
        "api_list": kit.api(register),
        "api_record": kit.api(register, pk),
    }
    for kind, address in addresses.items():
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            response = client.get(address)
            if response.streaming:
                b"".join(response.streaming_content)
        assert response.status_code == 200
        yield kind, len(caught)


@pytest.mark.parametrize("name", kit.NAMES)
@pytest.mark.skipif(REFRESH, reason="the baseline is being written anew")
def test_pages_keep_within_the_baseline(name: str) -> None:
    stored = baseline()
    for kind, number in counted(get_register(name)):
        most = stored.get((name, kind))
        assert most is not None, f"{name} is not in {BASELINE.name}; {__doc__}"
        assert number <= most, f"{name} {kind}: {number} queries, {most} in {BASELINE.name}. {__doc__}"


@pytest.mark.skipif(REFRESH, reason="the baseline is being written anew")
def test_the_baseline_names_no_register_that_is_gone() -> None:
    assert {name for name, _kind in baseline()} == set(kit.NAMES)


@pytest.mark.parametrize("name", ["monitoring.planned_point", "evidence.result", "sample.permit"])
def test_the_number_of_rows_does_not_matter(name: str) -> None:
    register = get_register(name)
    client = client_of(PROVINCE)
    found = set()
    for limit in (2, 40):
        client.get(kit.api(register), {"limit": limit})
        with CaptureQueriesContext(connection) as caught:
            client.get(kit.api(register), {"limit": limit})
        found.add(len(caught))
    assert len(found) == 1


@pytest.mark.skipif(not REFRESH, reason="only when the baseline is to be written anew")
def test_write_the_baseline_anew(settings: Any) -> None:
    settings.PACES = dict.fromkeys(settings.PACES, (1_000_000, 1_000_000))
    with BASELINE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["register", *KINDS])
        for name in kit.NAMES:
            numbers = dict(counted(get_register(name)))
            writer.writerow([name, *(numbers[kind] for kind in KINDS)])
