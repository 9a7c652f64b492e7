"""A disk of its own for PostgreSQL's log (pg_wal), so small that the next deed finds no room on it."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg
from tools.faulting import tiny_disk

from jingtu.config.cluster import DATABASE, SUPERUSER, Cluster, program, run_as_server

SEGMENT = 16 * 1024 * 1024
TINY, ROOMY = "20m", "512m"  # one segment of the log, and many
LEFT_BYTES = 4096
MOST_BYTES = 1_000_000
FILL = "SELECT pg_logical_emit_message(false, 'fill', repeat('x', %s))"


@contextmanager
def _at_rest(cluster: Cluster) -> Iterator[None]:
    """The database stopped; the supervisor, who would start it again, waits for the lock of its setting up."""
    with open(cluster.home / "cluster.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run_as_server([program("pg_ctl"), "stop", "-D", str(cluster.data), "-m", "fast", "-w", "-t", "30"])
        yield


def _needed(cluster: Cluster) -> str:
    """The one segment that a database stopped in good order still needs."""
    told = run_as_server([program("pg_controldata"), str(cluster.data)]).stdout
    return next(line for line in told.splitlines() if "REDO WAL file" in line).split()[-1]


@contextmanager
def tiny_log(home: Path) -> Iterator[Callable[[], None]]:
    """The log on a tiny disk; call what this gives to make room. The log comes back to its own place in the end."""
    cluster = Cluster(home)
    log, disk = cluster.data / "pg_wal", cluster.base / "tiny"
    disk.mkdir()
    try:
        tiny_disk.mount(disk, TINY)
    except tiny_disk.NoDisk:
        disk.rmdir()
        raise
    try:
        cluster.sql("SELECT pg_switch_wal()")  # late in a segment the server wants the next one when it starts
        with _at_rest(cluster):
            needed = _needed(cluster)
            log.rename(cluster.base / "pg_wal_before")
            for part in (needed, "archive_status"):
                subprocess.run(["cp", "-a", str(cluster.base / "pg_wal_before" / part), str(disk)], check=True)
            shutil.chown(disk, "postgres")
            log.symlink_to(disk)
        yield partial(tiny_disk.enlarge, disk, ROOMY)
    finally:
        with _at_rest(cluster):
            if log.is_symlink():
                log.unlink()
                subprocess.run(["cp", "-a", str(disk), str(log)], check=True)
                shutil.rmtree(cluster.base / "pg_wal_before")
            tiny_disk.unmount(disk)
            disk.rmdir()


def fill(cluster: Cluster) -> None:
    """Write into the log until hardly anything fits into its segment any more."""
    place = {"host": str(cluster.socket_dir), "port": cluster.port, "user": SUPERUSER, "dbname": DATABASE}
    with psycopg.connect(**place, autocommit=True) as connection:
        while True:
            found = connection.execute("SELECT file_offset FROM pg_walfile_name_offset(pg_current_wal_insert_lsn())")
            row = found.fetchone()
            left = SEGMENT - (row[0] if row else 0) - LEFT_BYTES
            if left <= LEFT_BYTES:
                return
            connection.execute(FILL, [min(left, MOST_BYTES)])
