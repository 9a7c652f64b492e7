"""The private PostgreSQL cluster: own data folder, socket only, no password, no port.

Run by root it belongs to the system user ``postgres``; run by anyone else it belongs to that user.
Every start asks ``pg_isready``: ``pg_ctl status`` believes a dead process while its lock file lies about.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jingtu.config.refusal import Refusal

SUPERUSER = "postgres"
OWNER_ROLE = "jingtu_owner"
APP_ROLE = "jingtu_app"
DATABASE = "jingtu"
TEMPLATE = "jingtu_template"
LONGEST_SOCKET_DIR = 93  # 107 bytes of a socket address less "/.s.PGSQL.5432"
START_SECONDS = 20
ZOMBIE_SECONDS = 5
SYSTEM_HOME = Path("/var/lib/jingtu")

SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket_dir}'
max_connections = 60
shared_buffers = 256MB
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_min_duration_statement = 2000
"""
# Tests empty tables: statistics gathered then would make the planner believe that what the next test fills is empty.
THROWAWAY_SETTINGS = """
autovacuum = off
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_connections = 100
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster of one home. ``throwaway`` trades durability for speed: only for tests."""

    home: Path
    throwaway: bool = False
    port: int = 5432

    @property
    def base(self) -> Path:
        """The folder of the cluster: in the home, or under /var/lib where postgres cannot reach the home."""
        inside, outside = self.home / "cluster", SYSTEM_HOME / _mark(self.home)
        if os.geteuid() != 0 or (inside / "data").exists():
            return inside
        return outside if outside.exists() or not _open_to_postgres(self.home) else inside

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def log(self) -> Path:
        return self.base / "postgresql.log"

    @property
    def socket_dir(self) -> Path:
        """Where the socket lies; paths too long for a socket address move to a short folder."""
        own = self.base / "run"
        if len(os.fsencode(own)) <= LONGEST_SOCKET_DIR:
            return own
        runtime = os.environ.get("XDG_RUNTIME_DIR") if os.geteuid() != 0 else None
        parent = Path(runtime or tempfile.gettempdir())
        return parent / f"jingtu-{os.geteuid()}-{_mark(self.home)}"

    # -- asking -----------------------------------------------------------------------------------

    def exists(self) -> bool:
        """True once the data folder was made whole."""
        return (self.base / "made").exists()

    def answers(self) -> bool:
        """True when the server accepts connections."""
        if not self.socket_dir.exists():
            return False
        asked = subprocess.run(
            [program("pg_isready"), "-q", "-h", str(self.socket_dir), "-p", str(self.port), "-t", "2"], check=False
        )
        return asked.returncode == 0

    # -- doing ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Make the cluster if need be, start it if need be, and see to roles and template."""
        with self._alone():
            self._make()
            self._prepare_socket_dir()
            if not self.answers():
                self._start_server()
            from jingtu.config.roles import prepare

            prepare(self)

    def stop(self) -> None:
        """Stop the server; those connected are rolled back and sent away."""
        if not self.exists() or not self._pid():
            return
        with self._alone():
            run_as_server([program("pg_ctl"), "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "30"])
            if self.answers():
                raise Refusal(f"The database of {self.home} does not stop; its log is {self.log}.")

    def remove(self) -> None:
        """Stop the server and delete all it kept."""
        self.stop()
        for folder in (self.base, self.socket_dir):
            if folder.exists():
                shutil.rmtree(folder)

    def idle(self) -> bool:
        """True when nobody is connected."""
        return self.sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'").strip() == "1"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the superuser and give back its bare output."""
        done = subprocess.run(
            [
                *(program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(self.socket_dir)),
                *("-p", str(self.port), "-U", SUPERUSER, "-d", database, "-f", "-"),
            ],
            input=statement,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Refusal(f"The private database refused a set-up statement: {done.stderr.strip()}")
        return done.stdout

    def gather_statistics(self, database: str = DATABASE) -> None:
        """Let the planner know how many rows there are; by itself the server gets to it only after a minute."""
        self.sql("ANALYZE", database)

    # -- steps ------------------------------------------------------------------------------------

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time sets the cluster up."""
        self.home.mkdir(parents=True, exist_ok=True)
        with open(self.home / "cluster.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make(self) -> None:
        if self.exists():
            return
        if self.data.exists():  # a set-up that was cut short
            shutil.rmtree(self.data)
        self.base.mkdir(parents=True, exist_ok=True)
        _give_to_server(self.base)
        made = run_as_server(
            [
                *(program("initdb"), "-D", str(self.data), "-U", SUPERUSER, "--auth=peer", "--encoding=UTF8"),
                *("--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C", "--no-instructions"),
                *(("--no-sync",) if self.throwaway else ()),
            ]
        )
        if made.returncode:
            raise Refusal(f"initdb could not make a database in {self.data}: {made.stderr.strip()}")
        self._configure()
        (self.base / "made").touch()

    def _configure(self) -> None:
        """Settings, and who may come in as whom: system users of this instance only, by peer."""
        text = SETTINGS.format(socket_dir=self.socket_dir) + (THROWAWAY_SETTINGS if self.throwaway else "")
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write(text)
        (self.data / "pg_hba.conf").write_text("local all all peer map=house\n", encoding="utf-8")
        users = {"root", server_user(), pwd.getpwuid(self.home.stat().st_uid).pw_name}
        lines = [f'house "{user}" {role}\n' for user in sorted(users) for role in (SUPERUSER, OWNER_ROLE, APP_ROLE)]
        (self.data / "pg_ident.conf").write_text("".join(lines), encoding="utf-8")

    def _prepare_socket_dir(self) -> None:
        folder = self.socket_dir
        folder.mkdir(parents=True, exist_ok=True)
        _give_to_server(folder)
        if folder.stat().st_uid != pwd.getpwnam(server_user()).pw_uid:
            raise Refusal(f"The socket folder {folder} belongs to another user; remove it, then start again.")

    def _start_server(self) -> None:
        """Start, with patience: a killed server leaves its lock file until its process is reaped."""
        begun = time.monotonic()
        last = ""
        while time.monotonic() - begun < START_SECONDS:
            done = run_as_server(
                [program("pg_ctl"), "start", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "60"]
            )
            if done.returncode == 0 or self.answers():
                return
            last = (done.stderr or done.stdout).strip()
            if time.monotonic() - begun > ZOMBIE_SECONDS:
                self._drop_lock_of_the_dead()
            time.sleep(0.3)
        raise Refusal(f"The private database does not start ({last}). Its log, {self.log}, says why.")

    def _pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _drop_lock_of_the_dead(self) -> None:
        """Remove ``postmaster.pid`` when its process is gone, a zombie, or no PostgreSQL at all."""
        pid = self._pid()
        if pid is None:
            return
        try:
            facts = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            facts = ""
        name, _, rest = facts.partition(") ")
        if not facts or rest.startswith("Z") or "postgres" not in name:
            (self.data / "postmaster.pid").unlink(missing_ok=True)


def server_user() -> str:
    """The system user the server runs under: never root."""
    return "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def run_as_server(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command as the server's user. Output goes through files, since a started server keeps pipes open."""
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            command, stdout=out, stderr=err, stdin=subprocess.DEVNULL, text=True, cwd="/", check=False, env=environment
        )
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, out.read(), err.read())


def program(name: str) -> str:
    """The path of a PostgreSQL program; Debian keeps them off PATH."""
    folders = [Path(os.environ["PG_BINDIR"])] if os.environ.get("PG_BINDIR") else []
    for pattern in ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin"):
        folders += sorted(Path("/").glob(pattern), key=_version, reverse=True)
    for folder in folders:
        if (folder / name).exists():
            return str(folder / name)
    on_path = shutil.which(name)
    if on_path:
        return on_path
    raise Refusal(
        f"PostgreSQL's program {name} is not on this machine. Run `make setup`, which installs it, or set PG_BINDIR. "
        "本机没有 PostgreSQL，请先运行 make setup。"
    )


def _version(folder: Path) -> tuple[int, ...]:
    digits = "".join(mark if mark.isdigit() else " " for mark in str(folder)).split()
    return tuple(int(part) for part in digits)


def _mark(home: Path) -> str:
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:12]


def _give_to_server(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    folder.chmod(0o700)


def _open_to_postgres(folder: Path) -> bool:
    """True when the user ``postgres`` can pass through every parent (root's own home is closed to it)."""
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        return True
    for parent in (folder, *folder.parents):
        if not parent.exists():
            continue
        facts = parent.stat()
        bit = stat.S_IXGRP if facts.st_gid == user.pw_gid else stat.S_IXOTH
        bit = stat.S_IXUSR if facts.st_uid == user.pw_uid else bit
        if not facts.st_mode & bit:
            return False
    return True
