"""``jingtu backup DIR`` and ``jingtu restore DIR``: keep an instance, bring it back, and prove that it came back."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jingtu.config.refusal import Refusal


def add(subparsers: Any) -> None:
    """Declare the commands."""
    backup = subparsers.add_parser("backup", help="备份：数据库、文件和设置，连同每张表的摘要")
    backup.add_argument("folder", type=Path, help="备份文件夹")
    restore = subparsers.add_parser("restore", help="恢复到新的实例；--check 只演练并比对，不留下")
    restore.add_argument("folder", type=Path, help="备份文件夹")
    where = restore.add_mutually_exclusive_group(required=True)
    where.add_argument("--check", action="store_true", help="恢复到临时的第二个数据库，比对后删除")
    where.add_argument("--home", type=Path, help="恢复到这个空文件夹，作为新的实例")


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when all is proved, 1 when something did not come back as it was, 2 when it could not be done."""
    try:
        return _backup(args.folder) if args.command == "backup" else _restore(args)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2


def _backup(folder: Path) -> int:
    from jingtu.config import instance as instances
    from jingtu.config.backup import backup

    manifest = backup(instances.home(), folder.resolve())
    rows = sum(int(found[0]) for found in manifest.tables.values())
    print(f"已备份到 {folder}：{len(manifest.tables)} 张表 {rows} 行，{manifest.files} 个文件。")
    print(_age(manifest.newest_deed_at))
    print("备份与实例同样机密，请妥善保管，并用 jingtu restore --check 验证。")
    return 0


def _restore(args: argparse.Namespace) -> int:
    from jingtu.config.backup import rehearse, restore

    folder = args.folder.resolve()
    outcome = rehearse(folder) if args.check else restore(folder, args.home.resolve())
    for fault in outcome.faults:
        print(fault)
    tables, files = len(outcome.manifest.tables), outcome.manifest.files
    if outcome.faults:
        print(f"恢复后有 {len(outcome.faults)} 处与备份不符，不能使用。")
        return 1
    print(f"恢复后 {tables} 张表、{files} 个文件与备份一致，台账 {outcome.ledger_entries} 条各链完整。")
    print(_age(outcome.manifest.newest_deed_at))
    return 0


def _age(newest: str) -> str:
    if not newest:
        return "其中还没有办理记录。"
    instant = datetime.fromisoformat(newest)
    days = (datetime.now(UTC) - instant).days
    return f"最新一条办理记录于 {instant:%Y-%m-%d %H:%M}（{days} 天前）。"
