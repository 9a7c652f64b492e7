"""The processes of a running instance, and killing one of them without warning."""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

VICTIMS = ("web worker", "web", "worker", "backend", "database")


@dataclass(frozen=True)
class Processes:
    """The processes that belong to the instance of a home, found anew each time."""

    home: Path

    def supervisor(self) -> int:
        """The process that keeps the others alive."""
        try:
            return int(json.loads((self.home / "supervisor.json").read_text(encoding="utf-8"))["pid"])
        except OSError as error:
            raise SystemExit("The instance stopped; its log says why: log/supervisor.log in its home.") from error

    def web(self) -> list[int]:
        """The main process of the web server."""
        return [pid for pid in children(self.supervisor()) if "granian" in words(pid)]

    def web_workers(self) -> list[int]:
        """Its processes that answer requests."""
        return [pid for main in self.web() for pid in children(main) if "granian" in words(pid)]

    def worker(self) -> list[int]:
        """The worker of background tasks."""
        return [pid for pid in children(self.supervisor()) if "procrastinate" in words(pid)]

    def database(self) -> list[int]:
        """The main process of the database."""
        try:
            lines = (self.home / "cluster" / "data" / "postmaster.pid").read_text().split()
        except OSError:
            return []
        return [int(lines[0])] if lines and Path(f"/proc/{lines[0]}").exists() else []

    def backends(self) -> list[int]:
        """Its processes that serve the application; those in the middle of something when there are any."""
        own = [pid for main in self.database() for pid in children(main) if "jingtu_app" in words(pid)]
        busy = [pid for pid in own if not words(pid).strip().endswith("idle")]
        return busy or own

    def of(self, victim: str) -> list[int]:
        """The processes among which a kind of victim is chosen."""
        found: dict[str, Callable[[], list[int]]] = {
            "web worker": self.web_workers,
            "web": self.web,
            "worker": self.worker,
            "backend": self.backends,
            "database": self.database,
        }
        return found[victim]()

    def kill(self, victim: str, chance: random.Random) -> bool:
        """Kill one process of the kind; False when there is none at this moment."""
        for pid in chance.sample(found := self.of(victim), len(found)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            return True
        return False

    def all_there(self) -> bool:
        """Whether every kind of process runs."""
        return all(self.of(victim) for victim in ("web worker", "web", "worker", "database"))


def children(parent: int) -> list[int]:
    """The living children of a process."""
    found: list[int] = []
    for task in Path(f"/proc/{parent}/task").glob("*"):
        try:
            found += map(int, (task / "children").read_text().split())
        except OSError:  # the thread, or the whole process, has just ended
            continue
    return sorted(pid for pid in found if words(pid))


def words(pid: int) -> str:
    """How a process was started, or what it says of itself; nothing once it ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""
