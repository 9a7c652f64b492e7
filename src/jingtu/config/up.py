"""``up`` in the foreground or the background, with what is printed to the person who started it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jingtu.config import instance as instances
from jingtu.config.cluster import Cluster
from jingtu.config.database import external
from jingtu.config.instance import Instance, Mode
from jingtu.config.prepare import prepare, settle
from jingtu.config.refusal import Refusal
from jingtu.config.serve import PATIENCE_SECONDS, Supervisor, address, answers, need_port, running, sole


def up(mode: Mode | None, port: int | None, background: bool) -> None:
    """Start the instance of this home and say where it is and who can sign in."""
    home = instances.home()
    found = running(home)
    if found:
        _say_already(home, found, port)
        return
    with sole(home):
        instance = settle(home, mode, port)
        chosen = port or instance.port
        need_port(chosen)
        with _nothing_left_behind(home):
            prepare(home, instance, _say)
            _say_accounts(instance)
        if not background:
            Supervisor(home, chosen).run()
            return
    _detach(home, chosen)


@contextmanager
def _nothing_left_behind(home: Path) -> Iterator[None]:
    """Stop the database again when a step before serving fails."""
    try:
        yield
    except BaseException:
        if not external():
            Cluster(home).stop()
        raise


def _say_already(home: Path, found: tuple[int, int], port: int | None) -> None:
    pid, taken = found
    if port and port != taken:
        raise Refusal(
            f"Jingtu already runs at {address(taken)} (process {pid}). Stop it with `make down`, then start it on "
            f"port {port}. 净土已在 {taken} 端口运行，请先 make down。"
        )
    _say(f"净土已在运行：{address(taken)}（停止：make down）")
    _say_accounts(instances.load(home))


def _say_accounts(instance: Instance) -> None:
    """The demonstration's accounts, or once the first administrators' passwords."""
    if instance.mode == "demo":
        _say(f"演示实例，今天是 {instance.demo_today}。下列账号的密码都是 {instance.demo_password}")
        for line in _accounts("list"):
            _say(f"  {line}")
        return
    made = _accounts("first")
    if made:
        _say("正式实例。下列管理员由三个不同的人担任，首次登录须修改密码并启用动态口令：")
    for line in made:
        _say(f"  首位{line}（只显示这一次）")


def _accounts(what: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "jingtu.config.accounts", what], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Refusal(f"The accounts cannot be read:\n{done.stderr.strip()[-800:]}")
    return [line for line in done.stdout.splitlines() if line.strip()]


def _detach(home: Path, port: int) -> None:
    """Leave a supervisor behind and return once it answers."""
    log = home / "log" / "supervisor.log"
    with open(log, "ab") as stream:
        child = subprocess.Popen(
            [sys.executable, "-m", "jingtu.config.up", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
            cwd="/",
            env={**os.environ, "JINGTU_HOME": str(home)},
        )
    begun = time.monotonic()
    while not (running(home) and answers(port)):
        if child.poll() is not None or time.monotonic() - begun > PATIENCE_SECONDS:
            tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])
            raise Refusal(f"Jingtu did not start; the end of {log} reads:\n{tail}")
        time.sleep(0.1)
    _say(f"净土已在后台启动：{address(port)}（停止：make down；日志：{log}）")


def _serve_detached(port: int) -> None:
    home = instances.home()
    with sole(home):
        prepare(home, instances.load(home), _say)
        Supervisor(home, port).run()


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    try:
        _serve_detached(int(sys.argv[1]))
    except Refusal as refusal:
        raise SystemExit(str(refusal)) from None
