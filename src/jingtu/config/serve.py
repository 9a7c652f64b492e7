"""The foreground supervisor: web and worker as children, the database with them, all ended together."""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from jingtu.config.cluster import Cluster
from jingtu.config.database import external
from jingtu.config.refusal import Refusal

WEB_WORKERS = 2
THREADS = 4
PATIENCE_SECONDS = 120
GRACE_SECONDS = 15
MOST_SHORT_LIVES = 5
SHORT_LIFE_SECONDS = 10
LONGEST_PAUSE_SECONDS = 16
DATABASE_SECONDS = 3
PR_SET_PDEATHSIG = 1


def address(port: int) -> str:
    """Where the browser finds the instance."""
    return f"http://127.0.0.1:{port}/"


def web_command(port: int) -> list[str]:
    """The web server."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", str(WEB_WORKERS)),
        *("--blocking-threads", str(THREADS), "--respawn-failed-workers", "jingtu.config.wsgi:application"),
    ]


def worker_command() -> list[str]:
    """The worker of background tasks."""
    return [
        *(sys.executable, "-m", "jingtu.config.manage", "procrastinate", "worker"),
        *("--concurrency", "2", "--shutdown-graceful-timeout", "10"),
    ]


# -- who is running -------------------------------------------------------------------------------


@contextmanager
def sole(home: Path) -> Iterator[None]:
    """Hold the right to run this home; refused while another process holds it."""
    home.mkdir(parents=True, exist_ok=True)
    with open(home / "supervisor.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refusal(
                f"Jingtu is already starting or running from {home}. Stop it with `make down`. "
                "净土已在运行，如需停止请用 make down。"
            ) from error
        yield


def held(home: Path) -> bool:
    """True while a supervisor starts, serves or ends in this home."""
    try:
        with open(home / "supervisor.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def running(home: Path) -> tuple[int, int] | None:
    """Process and port of the running supervisor, if there is one."""
    if not held(home):
        return None
    try:
        facts = json.loads((home / "supervisor.json").read_text(encoding="utf-8"))
        return int(facts["pid"]), int(facts["port"])
    except (OSError, ValueError, KeyError):
        return None


def need_port(port: int) -> None:
    """Refuse at once when another program listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Refusal(
                f"Port {port} is taken by another program. Choose another: `make up PORT={_free_port()}`. "
                f"端口 {port} 已被占用，请换一个端口。"
            ) from error


def answers(port: int) -> bool:
    """True when the instance says it is well."""
    try:
        with urllib.request.urlopen(f"{address(port)}healthz", timeout=2) as reply:  # noqa: S310
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


# -- the supervisor -------------------------------------------------------------------------------


@dataclass
class Supervisor:
    """Keeps the children alive until told to stop."""

    home: Path
    port: int
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    started: dict[str, float] = field(default_factory=dict)
    short_lives: dict[str, int] = field(default_factory=dict)
    restart_at: dict[str, float] = field(default_factory=dict)
    stopping: bool = False
    database_seen: float = 0.0

    def run(self) -> None:
        """Start all, wait for the first answer, then watch until a signal comes."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        (self.home / "supervisor.json").write_text(json.dumps({"pid": os.getpid(), "port": self.port}) + "\n")
        try:
            self._start("web", web_command(self.port))
            self._start("worker", worker_command())
            self._await_answer()
            self._announce()
            while not self.stopping:
                self._watch()
                time.sleep(0.3)
        finally:
            self._end()

    def _announce(self) -> None:
        if not self.stopping:
            print(f"净土已启动：{address(self.port)}（按 Ctrl-C 停止）", flush=True)

    def _start(self, name: str, command: list[str]) -> None:
        environment = {**os.environ, "JINGTU_POOL": str(THREADS + 1)} if name == "web" else dict(os.environ)
        environment["DJANGO_SETTINGS_MODULE"] = "jingtu.config.settings"
        self.started[name] = time.monotonic()
        self.children[name] = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - this process has one thread
        )

    def _await_answer(self) -> None:
        begun = time.monotonic()
        while not self.stopping and not answers(self.port):
            dead = [name for name, child in self.children.items() if child.poll() is not None]
            if dead or time.monotonic() - begun > PATIENCE_SECONDS:
                why = f"the {dead[0]} process ended" if dead else f"no answer within {PATIENCE_SECONDS} s"
                raise Refusal(f"Jingtu did not start: {why}; the lines above say why.")
            time.sleep(0.1)

    def _watch(self) -> None:
        """Restart what died, the database too."""
        for name, child in list(self.children.items()):
            if child.poll() is not None and not self.stopping:
                self._restart(name, child)
        if not external() and time.monotonic() - self.database_seen > DATABASE_SECONDS:
            self.database_seen = time.monotonic()
            if not Cluster(self.home).answers():
                self._raise_database()

    def _restart(self, name: str, child: subprocess.Popen[bytes]) -> None:
        """Start a child again: at once when it lived, with pauses when it never does; a web server only so often."""
        now = time.monotonic()
        if name not in self.restart_at:
            lived = now - self.started[name]
            self.short_lives[name] = self.short_lives.get(name, 0) + 1 if lived < SHORT_LIFE_SECONDS else 0
            if name == "web" and self.short_lives[name] > MOST_SHORT_LIVES:
                raise Refusal("The web process keeps ending as soon as it is started; Jingtu stops.")
            print(f"The {name} process ended with code {child.returncode}; starting it again.", flush=True)
            _kill_group(child)
            pause = 2 ** (self.short_lives[name] - 1) if self.short_lives[name] else 0
            self.restart_at[name] = now + min(pause, LONGEST_PAUSE_SECONDS)
        if now >= self.restart_at[name]:
            del self.restart_at[name]
            self._start(name, web_command(self.port) if name == "web" else worker_command())

    def _raise_database(self) -> None:
        """Start the database again; one that recovers slowly is asked again later."""
        print("The database went away; starting it again.", flush=True)
        try:
            Cluster(self.home).start()
        except Refusal as refusal:
            print(f"{refusal} Trying again.", flush=True)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _end(self) -> None:
        """Children first, then the database; who does not go within the grace period is killed."""
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            _kill_group(child)
        (self.home / "supervisor.json").unlink(missing_ok=True)
        if not external():
            Cluster(self.home).stop()
        print("净土已停止。", flush=True)


def stop(home: Path) -> bool:
    """End the running instance; False when nothing ran."""
    found = running(home)
    if found:
        os.kill(found[0], signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS + 40
        while held(home):
            if time.monotonic() > deadline:
                raise Refusal(f"Process {found[0]} does not end; its log is {home / 'log' / 'supervisor.log'}.")
            time.sleep(0.1)
    cluster = Cluster(home)
    stray = not external() and cluster.exists() and cluster.answers()
    if stray:
        cluster.stop()
    return bool(found) or stray


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    """End what an ended child left behind: a killed web server's processes would go on answering at its port."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _die_with_parent() -> None:
    """In the child: end when the supervisor is killed without a chance to say so."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
