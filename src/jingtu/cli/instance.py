"""``jingtu up | down | reset | manage | cluster``: run an instance on this machine."""

from __future__ import annotations

import argparse
import subprocess
import sys
from typing import Any

from jingtu.config import instance as instances
from jingtu.config.cluster import DATABASE, Cluster, program
from jingtu.config.instance import CHECKOUT, Mode
from jingtu.config.refusal import Refusal

TESTING_HOME = CHECKOUT / "var" / "testing"


def add(subparsers: Any) -> None:
    """Declare the commands."""
    up = subparsers.add_parser("up", help="启动数据库、网站和后台任务（前台运行）")
    up.add_argument("--bg", action="store_true", help="后台运行，能访问后返回")
    up.add_argument("--port", type=int, help="127.0.0.1 上的端口，默认 8021")
    mode = up.add_mutually_exclusive_group()
    mode.add_argument("--demo", dest="mode", action="store_const", const="demo", help="演示实例（默认）")
    mode.add_argument("--production", dest="mode", action="store_const", const="production", help="空的正式实例")
    up.set_defaults(do=_up)
    subparsers.add_parser("down", help="停止运行中的实例").set_defaults(do=_down)
    reset = subparsers.add_parser("reset", help="删除实例，先询问")
    reset.add_argument("--force", action="store_true", help="不询问")
    reset.set_defaults(do=_reset)
    manage = subparsers.add_parser("manage", help="以相应的数据库角色运行 Django 命令", add_help=False)
    manage.add_argument("arguments", nargs=argparse.REMAINDER)
    manage.set_defaults(do=_manage)
    cluster = subparsers.add_parser("cluster", help="只管自带的数据库")
    cluster.add_argument("deed", choices=["start", "stop", "psql"])
    cluster.add_argument("--testing", action="store_true", help="测试用的一次性数据库")
    cluster.set_defaults(do=_cluster)


def run(args: argparse.Namespace) -> int:
    """Do one of the commands; what stands in the way is said in one sentence."""
    try:
        return int(args.do(args) or 0)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2


def _up(args: argparse.Namespace) -> None:
    from jingtu.config.up import up

    mode: Mode | None = args.mode
    up(mode, args.port, args.bg)


def _down(_args: argparse.Namespace) -> None:
    from jingtu.config.serve import stop

    print("净土已停止。" if stop(instances.home()) else "净土没有在运行。")


def _reset(args: argparse.Namespace) -> None:
    from jingtu.config.reset import reset

    reset(args.force)


def _manage(args: argparse.Namespace) -> None:
    from jingtu.config.manage import execute

    execute(args.arguments)


def _cluster(args: argparse.Namespace) -> int:
    cluster = Cluster(TESTING_HOME, throwaway=True) if args.testing else Cluster(instances.home())
    if args.deed == "stop":
        if cluster.exists() and cluster.answers() and (not args.testing or cluster.idle()):
            cluster.stop()
        return 0
    cluster.start()
    if args.deed == "start":
        print(f"PGHOST={cluster.socket_dir}")
        return 0
    database = "postgres" if args.testing else DATABASE
    command = [program("psql"), "-h", str(cluster.socket_dir), "-U", "postgres", "-d", database]
    return subprocess.run(command, check=False).returncode
