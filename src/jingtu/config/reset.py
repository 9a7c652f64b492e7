"""Deleting an instance: only a folder that is one, only after a yes."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from jingtu.config import instance as instances
from jingtu.config.cluster import Cluster
from jingtu.config.refusal import Refusal
from jingtu.config.serve import stop


def reset(force: bool) -> None:
    """Stop the instance and delete its database, files, logs and secrets."""
    home = instances.home()
    cluster = Cluster(home)
    if not instances.record(home).exists() and not cluster.exists():
        print(f"There is no instance in {home}; nothing to delete. 没有可删除的实例。")
        return
    if not force:
        _ask(home)
    stop(home)
    for made in [*home.glob("*/cluster/made"), *home.glob("*/*/cluster/made")]:
        Cluster(made.parents[1]).remove()
    cluster.remove()
    for entry in home.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    print(f"The instance in {home} is deleted. 实例已删除。")


def _ask(home: Path) -> None:
    if not sys.stdin.isatty():
        raise Refusal(f"Deleting {home} needs a yes from a person; without a terminal use `make reset FORCE=1`.")
    reply = input(f"Delete the database, files and secrets in {home}? Type yes 确认删除请输入 yes: ")
    if reply.strip() != "yes":
        raise Refusal("Nothing was deleted. 未删除任何内容。")
