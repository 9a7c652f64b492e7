"""From an empty home to a database that can be served: each step once, and again only when it must."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from jingtu.config import instance as instances
from jingtu.config.cluster import Cluster
from jingtu.config.database import external
from jingtu.config.instance import Instance, Mode
from jingtu.config.refusal import Refusal
from jingtu.config.stamps import Stamps, database_mark, sources_digest, static_digest

NEEDED_BYTES = 1024**3
Say = Callable[[str], None]


def settle(home: Path, mode: Mode | None, port: int | None) -> Instance:
    """The instance of this home; made on the first run, never turned from one mode into the other."""
    _need_space(home)
    if not instances.record(home).exists():
        made = instances.fresh(mode or "demo", port or instances.DEFAULT_PORT)
        instances.save(home, made)
        return made
    found = instances.load(home)
    if mode and mode != found.mode:
        kind = {"demo": "a demonstration", "production": "a production instance"}
        raise Refusal(
            f"{home} holds {kind[found.mode]}, and you asked for {kind[mode]}. Choose another folder with "
            f"JINGTU_HOME=…, or delete this one with `make reset`. 已有实例的用途不能改变，请另设 JINGTU_HOME。"
        )
    return found


def prepare(home: Path, instance: Instance, say: Say) -> None:
    """Cluster up, schema current, law loaded, static files gathered, demonstration present."""
    if not external():
        cluster = Cluster(home)
        if cluster.base.parent != home:
            say(f"The folder {home} is closed to the system user postgres, so the database lives in {cluster.base}.")
        cluster.start()
    stamps = Stamps(home)
    sources = sources_digest()
    for step, words in (("migrate", "Bringing the database up to date"), ("load_law", "Loading plan, law and regions")):
        if not stamps.fresh(step, sources):
            say(f"{words} …")
            run_manage(step, *(("--no-input",) if step == "migrate" else ()))
            stamps.put(step, sources)
    static = static_digest()
    if not stamps.fresh("collectstatic", static):
        run_manage("collectstatic", "--no-input", "--clear")
        stamps.put("collectstatic", static)
    if instance.mode == "demo" and not stamps.fresh("demonstration", database_mark()):
        say("Playing the demonstration in …")
        run_manage("demonstration")
        if not external():
            Cluster(home).gather_statistics()
        stamps.put("demonstration", database_mark())


def run_manage(command: str, *arguments: str) -> str:
    """One management command in its own process, under its own role."""
    done = subprocess.run(
        [sys.executable, "-m", "jingtu.config.manage", command, *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        tail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-15:])
        raise Refusal(f"The step `jingtu manage {command}` failed:\n{tail}")
    return done.stdout


def _need_space(home: Path) -> None:
    place = home
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < NEEDED_BYTES:
        raise Refusal(
            f"Only {free // 1024**2} MB are free under {place}; Jingtu needs 1 GB to start. Make room, or choose "
            "another place with JINGTU_HOME=…. 磁盘空间不足 1 GB，请清理或另设 JINGTU_HOME。"
        )
