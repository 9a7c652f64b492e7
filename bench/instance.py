"""An instance for the benchmarks alone: its own home and private database (fsync on), migrated, the law loaded.

Import this before anything of Django. The instance lies in ``var/bench``; a started run leaves it stopped.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

HOME = Path(__file__).resolve().parents[1] / "var" / "bench"


@contextmanager
def served(*steps: str, apps: Sequence[str] = ()) -> Iterator[None]:
    """Django set up as the app role on the benchmark's own database, emptied of what an earlier run left.

    ``steps`` are further commands to run first, ``apps`` are peers that must be installed to render.
    """
    os.environ["JINGTU_HOME"] = str(HOME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "jingtu.config.settings"
    for name in ("DATABASE_URL", "JINGTU_TESTING", "JINGTU_TODAY", "JINGTU_DB_ROLE"):
        os.environ.pop(name, None)
    from jingtu.config.cluster import Cluster
    from jingtu.config.prepare import run_manage, settle

    settle(HOME, "demo", None)
    cluster = Cluster(HOME)
    cluster.stop()
    if cluster.exists():
        cluster.remove()
    cluster.start()
    try:
        run_manage("migrate", "--no-input")
        run_manage("load_law")
        for step in steps:
            run_manage(*step.split())
        cluster.gather_statistics()
        import django
        from django.conf import settings

        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, *apps]

        django.setup()
        from django.db import connections

        settings.TASKS_INLINE = True  # the worker's part is done, and timed, in this process
        yield
        connections.close_all()
    finally:
        cluster.stop()


def analyse() -> None:
    """Let the planner know how many rows there are."""
    from jingtu.config.cluster import Cluster

    Cluster(HOME).gather_statistics()


def spent() -> float:
    """Processor seconds of this process and of its database session: what others do on the machine does not count."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def machine() -> str:
    """The machine in one line: processors, memory, system."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    model = next((line.split(":")[1].strip() for line in _cpu() if line.startswith("model name")), "unknown")
    return f"{os.cpu_count()} × {model}, {pages / 1024**3:.0f} GiB"


def _cpu() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []
