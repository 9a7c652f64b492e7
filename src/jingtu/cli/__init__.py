"""The command ``jingtu``: each sub-command is a module of this package with ``add(subparsers)`` and ``run(args)``.

Only the module of the command asked for is imported, so that ``jingtu assess`` starts without a database or Django.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

MODULES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("assess", ("assess",)),
    ("check", ("check",)),
    ("effect", ("effect",)),
    ("krige", ("krige",)),
    ("indices", ("indices", "rate")),
    ("sampling", ("sampling",)),
    ("stats", ("stats",)),
    ("review", ("review",)),
    ("instance", ("up", "down", "reset", "manage", "cluster")),
    ("ledger", ("ledger",)),
    ("risk", ("risk",)),
    ("backup", ("backup", "restore")),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a sub-command; returns its exit code (2 for a usage that cannot be understood)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="jingtu", description="净土：山西省土壤污染防治工作计划的运行系统")
    subparsers = parser.add_subparsers(dest="command", metavar="命令", required=True)
    asked = next((word for word in arguments if not word.startswith("-")), "")
    named = [module for module, commands in MODULES if asked in commands]
    for module in named or [module for module, _ in MODULES]:
        import_module(f"jingtu.cli.{module}").add(subparsers)
    args = parser.parse_args(arguments)
    module = next(module for module, commands in MODULES if args.command in commands)
    return int(import_module(f"jingtu.cli.{module}").run(args))
