"""``jingtu ledger verify | heads | export``: recompute the chains, print their newest entries, or all entries."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from jingtu.config.refusal import Refusal


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("ledger", help="台账：核验哈希链，导出各链的最新一条，或导出全部条目")
    parser.add_argument("deed", choices=["verify", "heads", "export"])


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when every chain holds, 1 when one is broken, 2 when the instance cannot be reached."""
    try:
        _set_up()
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return {"verify": _verify, "heads": _heads, "export": _export}[args.deed]()


def _set_up() -> None:
    from jingtu.config import instance as instances
    from jingtu.config.cluster import Cluster
    from jingtu.config.database import external
    from jingtu.config.manage import prepare_environment

    prepare_environment("ledger")
    if not external():
        Cluster(instances.home()).start()
    import django

    django.setup()


def _verify() -> int:
    from jingtu.registers import ledger

    count, breaks = ledger.verify()
    for fault in breaks:
        print(f"台账“{fault.stream}”第 {fault.seq} 条：{fault.fault}")
    if breaks:
        print(f"核验 {count} 条，发现 {len(breaks)} 处不符。请停止写入，保留现场并与安全管理员联系。")
        return 1
    print(f"核验 {count} 条，各链完整，未发现改动。")
    return 0


def _heads() -> int:
    from jingtu.registers import ledger

    print(json.dumps(ledger.heads(), ensure_ascii=False, indent=1, default=str))
    return 0


def _export() -> int:
    from jingtu.registers import ledger

    for entry in ledger.entries():
        print(json.dumps(entry, ensure_ascii=False))
    return 0
