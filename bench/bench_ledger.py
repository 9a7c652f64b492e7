"""Deeds a second, appended by four writers, beside bare inserts of the same rows into a table without a chain.

    .venv/bin/python bench/bench_ledger.py [--deeds 2000] [--writers 4]

Runs on a private cluster of its own with durable commits; every deed is a transaction of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import tempfile
import time
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path

BODY = '{"deed":"bench.noted","sentence":"演示"}'


def _writer(home: str, deeds: int, stream: str, bare: bool, ready: Barrier) -> None:
    os.environ.update(JINGTU_HOME=home, DJANGO_SETTINGS_MODULE="jingtu.config.settings")
    import django

    django.setup()
    write = partial(_bare) if bare else partial(_deeds, stream)
    write(1)
    ready.wait()
    write(deeds)
    ready.wait()  # the processes' own ending is not counted


def _deeds(stream: str, deeds: int) -> None:
    from django.db import connection

    from jingtu.registers import clock
    from jingtu.registers.ledger import deed
    from jingtu.registers.reach import Reach

    by, today = Reach.system(), clock.today()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jingtu.does_in', '%', false)")
    for _number in range(deeds):
        with deed("bench.noted", by=by, on=today, register=stream, region="140000") as doing:
            doing.sentence = "演示"


def _bare(deeds: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for _number in range(deeds):
            cursor.execute("INSERT INTO bench_bare (body) VALUES (%s)", [BODY])


def _run(home: str, deeds: int, writers: int, bare: bool) -> float:
    share = deeds // writers
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(writers + 1)
    work = [context.Process(target=_writer, args=(home, share, f"bench.{n}", bare, ready)) for n in range(writers)]
    for process in work:
        process.start()
    ready.wait()
    begun = time.perf_counter()
    ready.wait()
    taken = time.perf_counter() - begun
    for process in work:
        process.join()
    return deeds / taken


def main() -> None:
    """Three rounds of both in turn; medians and their ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--deeds", type=int, default=2000)
    parser.add_argument("--writers", type=int, default=4)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jingtu-bench-") as folder:
        _measure(Path(folder), args.deeds, args.writers)


def _measure(home: Path, deeds: int, writers: int) -> None:
    os.environ["JINGTU_HOME"] = str(home)
    home.chmod(0o755)
    before = os.getloadavg()[0]
    from jingtu.config.cluster import Cluster
    from jingtu.config.manage import execute

    cluster = Cluster(home)
    cluster.start()
    try:
        os.environ["JINGTU_DB_ROLE"] = "owner"
        execute(["migrate", "-v0"])
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_bare (id bigserial PRIMARY KEY, body text)")
            cursor.execute("GRANT ALL ON bench_bare, bench_bare_id_seq TO jingtu_app")
        connection.close()
        del os.environ["JINGTU_DB_ROLE"]
        rounds = [
            (_run(str(home), deeds, writers, False), _run(str(home), deeds, writers, True)) for _round in range(3)
        ]
    finally:
        cluster.stop()
    columns = list(zip(*rounds, strict=True))
    ours, bare = (statistics.median(column) for column in columns)
    best = " and ".join(f"{max(column):.0f}" for column in columns)
    print(f"{writers} writers: {ours:.0f} deeds/s; bare inserts {bare:.0f}/s; ratio {ours / bare:.2f}; best {best}")
    print(f"load {before:.1f} before, {os.getloadavg()[0]:.1f} after, of {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
