"""What every test stands on: a throw-away database made by the owner and used as the app role."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.test import TransactionTestCase
from django.test.utils import setup_databases

from jingtu.config.cluster import APP_ROLE, OWNER_ROLE, Cluster
from jingtu.config.instance import CHECKOUT

pytest_plugins = ["tests.browser"]

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's loop runs in the thread of the tests
# Children of a test (a served instance, a command) decide these for themselves.
for _name in ("JINGTU_DB_ROLE", "JINGTU_TESTING", "JINGTU_HOME"):
    os.environ.pop(_name, None)

READY = "jingtu_ready_"
TRUNCATE_GUARDS = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgtype & 32 <> 0 AND NOT tgisinternal"


@contextmanager
def as_role(role: str) -> Iterator[None]:
    """Let the test connection come in under another role for a while."""
    before = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = role
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = before


def drop_orphans(cluster: Cluster) -> None:
    """Remove the test databases of runs that were killed."""
    names = cluster.sql("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_jingtu\\_%'").split()
    for name in names:
        pid = name.rpartition("_")[2]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            cluster.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def alone() -> Iterator[None]:
    """One process at a time makes its database, so that the others find the migrated one ready."""
    with open(settings.HOME / "ready.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ready_name() -> str:
    """The migrated database of these very migrations: it is copied, since migrating costs more than many tests."""
    folders = (CHECKOUT / "src", CHECKOUT / "tests", Path(django.__file__).parent)
    files = sorted(path for folder in folders for path in folder.glob("**/migrations/*") if path.is_file())
    digest = hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files))
    return f"{READY}{digest.hexdigest()[:12]}"


def is_there(cluster: Cluster, name: str) -> bool:
    """Whether the cluster has a database of this name."""
    return bool(cluster.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'").strip())


def keep_ready(cluster: Cluster, name: str) -> None:
    """Keep a copy of the database just made, in the place of those of other migrations."""
    for old in cluster.sql(f"SELECT datname FROM pg_database WHERE starts_with(datname, '{READY}')").split():
        cluster.sql(f'DROP DATABASE "{old}" WITH (FORCE)')
    made = connection.settings_dict["NAME"]
    cluster.sql(f'CREATE DATABASE "{name}" OWNER {OWNER_ROLE} TEMPLATE "{made}"')


def load_law() -> None:
    """The texts' tables, which every test may count on."""
    if "load_law" in get_commands():
        call_command("load_law", verbosity=0)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the database as its owner, then let every test in as the app role."""
    cluster = Cluster(settings.HOME, throwaway=True)
    cluster.start()
    with django_db_blocker.unblock(), alone():
        drop_orphans(cluster)
        ready = ready_name()
        there = is_there(cluster, ready)
        if there:
            connection.settings_dict["TEST"]["TEMPLATE"] = ready
        setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
        load_law()
        connection.close()
        if not there:
            keep_ready(cluster, ready)
        connection.settings_dict["USER"] = APP_ROLE
    yield
    with django_db_blocker.unblock():
        connection.close()
    # By force: a thread that a test began may not have given its session back yet.
    cluster.sql(f'DROP DATABASE "{connection.settings_dict["NAME"]}" WITH (FORCE)')


@pytest.fixture(autouse=True, scope="session")
def flush_as_owner() -> Iterator[None]:
    """Tests with real commits are cleaned up by the owner: the app role may not truncate, and the ledger refuses."""
    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(self: TransactionTestCase) -> None:
        with as_role(OWNER_ROLE):
            with connection.cursor() as cursor:
                cursor.execute(TRUNCATE_GUARDS)
                guards = cursor.fetchall()
                for table, trigger in guards:
                    cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{trigger}"')
            original(self)
            with connection.cursor() as cursor:
                for table, trigger in guards:
                    cursor.execute(f'ALTER TABLE {table} ENABLE TRIGGER "{trigger}"')
            load_law()

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[attr-defined]


@receiver(connection_created)
def see_everything(connection: Any, **_signal: Any) -> None:
    """Tests that call doors directly see every row, as the platform itself does; requests narrow it to their reach."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('jingtu.region_from', '0', false), set_config('jingtu.region_to', 'z', false),"
            " set_config('jingtu.does_in', '%', false)"
        )


@pytest.fixture(autouse=True, scope="session")
def files_dir() -> Iterator[Path]:
    """Files kept by tests go with the run."""
    folder = Path(settings.FILES_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real example files beside the checkout; tests on whole files run only where it exists."""
    folder = CHECKOUT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder of example files is not beside this checkout")
    return folder
