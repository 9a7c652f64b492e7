#!/usr/bin/env python3
"""Try point-in-time recovery once, on a throw-away cluster: a mistake is made, and the minute before it comes back.

    .venv/bin/python tools/point_in_time.py

Archives the write-ahead log, takes a base backup, writes a row, notes the instant, writes a mistake, then recovers a
second data folder to the instant. Prints one sentence; exit code 0 when the row is there and the mistake is not.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from jingtu.config.cluster import SUPERUSER, Cluster, program, run_as_server

ARCHIVING = """
archive_mode = on
archive_command = 'cp %p {archive}/%f'
archive_timeout = 10
"""
RECOVERY = """
restore_command = 'cp {archive}/%f %p'
recovery_target_time = '{instant}'
recovery_target_action = 'promote'
archive_mode = off
"""


def main() -> int:
    """Do the whole rehearsal in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="jingtu-pitr-") as name:
        home = Path(name)
        home.chmod(0o755)
        cluster = Cluster(home)
        try:
            return rehearse(cluster)
        finally:
            cluster.stop()


def rehearse(cluster: Cluster) -> int:
    """Archive, back up, write, err, recover, look."""
    cluster.start()
    archive, base = cluster.base / "archive", cluster.base / "basebackup"
    run_as_server(["mkdir", "-p", str(archive)])
    configure(cluster, ARCHIVING.format(archive=archive))
    with (cluster.data / "pg_hba.conf").open("a", encoding="utf-8") as rules:
        rules.write("local replication all peer map=house\n")
    restart(cluster)
    cluster.sql("CREATE TABLE deed (word text)")
    place = ["-h", str(cluster.socket_dir), "-p", str(cluster.port), "-U", SUPERUSER]
    done = run_as_server([program("pg_basebackup"), *place, "-D", str(base), "-X", "stream", "-c", "fast"])
    if done.returncode:
        print(f"pg_basebackup failed: {done.stderr.strip()}")
        return 1
    cluster.sql("INSERT INTO deed VALUES ('kept')")
    time.sleep(1)
    instant = cluster.sql("SELECT clock_timestamp()").strip()
    time.sleep(1)
    cluster.sql("INSERT INTO deed VALUES ('mistake')")
    cluster.sql("SELECT pg_switch_wal()")
    time.sleep(2)
    cluster.stop()
    recover(cluster, base, archive, instant)
    words = cluster.sql("SELECT string_agg(word, ',') FROM deed").strip()
    print(f"Recovered to {instant}: the table holds “{words}”.")
    return 0 if words == "kept" else 1


def configure(cluster: Cluster, text: str) -> None:
    """Add settings to the cluster's own."""
    with (cluster.data / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write(text)


def restart(cluster: Cluster) -> None:
    """Stop and start, so that settings take hold."""
    cluster.stop()
    cluster.start()


def recover(cluster: Cluster, base: Path, archive: Path, instant: str) -> None:
    """Put the base backup in place of the data and let the server replay the log up to the instant."""
    shutil.rmtree(cluster.data)
    run_as_server(["mv", str(base), str(cluster.data)])
    configure(cluster, RECOVERY.format(archive=archive, instant=instant))
    run_as_server(["touch", str(cluster.data / "recovery.signal")])
    cluster.start()


if __name__ == "__main__":
    sys.exit(main())
