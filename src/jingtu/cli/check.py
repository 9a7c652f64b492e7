"""``jingtu check SHEET FILE``: the platform's own checker for a file to be handed in, without account or database.

Exit codes: 0 nothing stops acceptance, 1 something must be mended, 2 the file or the command could not be understood.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jingtu.cli.asking import UNREADABLE, Stopped, asked_day, deliver, file_bytes

if TYPE_CHECKING:
    from jingtu.plain.issues import Issue
    from jingtu.sheets.checked import FileSheet
    from jingtu.sheets.reading import Reading

CLEAN, FAULTY = 0, 1
SCHEMA: Final = "jingtu.check/1"
_EPILOG: Final = "退出码：0 可以提交；1 有必须改正的问题；2 文件或命令无法识别。"
_WEIGHT: Final = {"blocking": "必须改正", "warning": "请核对", "note": "提示"}
_ROOM: Final = "checking"


def add(subparsers: Any) -> None:
    """Declare the command."""
    check = subparsers.add_parser("check", help="提交前核对一份表（不需要账号和数据库）", epilog=_EPILOG)
    check.add_argument("sheet", metavar="表单", help="表单名称或代码，如 检测结果表、evidence.result")
    check.add_argument("file", type=Path, metavar="文件", help="CSV、XLSX 或 XLS")
    check.add_argument("--on", metavar="日期", help="提交之日，默认今天")
    check.add_argument("--worksheet", default="", metavar="工作表", help="工作簿里有几张表时指明")
    check.add_argument("--marked", type=Path, metavar="标注文件.xlsx", help="另存一份工作簿，标出有问题的单元格")
    check.add_argument("--format", choices=("table", "json"), default="table", help="输出格式，默认 table")


def run(args: argparse.Namespace) -> int:
    """Do the command; what stands in the way is said in one sentence on the error stream."""
    try:
        return _check(args)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return UNREADABLE


def sheets() -> dict[str, FileSheet]:
    """Every sheet that may be checked, by its dotted name: of the evidence room and of each chapter."""
    import jingtu.chapters

    folders = sorted(Path(path) for root in jingtu.chapters.__path__ for path in Path(root).iterdir() if path.is_dir())
    rooms = ["jingtu.evidence", *(f"jingtu.chapters.{folder.name}" for folder in folders)]
    named = [f"{room}.{_ROOM}" for room in rooms if find_spec(room) and find_spec(f"{room}.{_ROOM}")]
    return {sheet.name: sheet for name in named for sheet in import_module(name).SHEETS}


def _check(args: argparse.Namespace) -> int:
    from jingtu.sheets.marked import marked_workbook
    from jingtu.sheets.reading import Options

    sheet, on = _sheet(args.sheet), asked_day(args.on)
    data, options = file_bytes(args.file), Options(sheet=args.worksheet)
    reading = sheet.read_and_check(data, args.file.name, on, options)
    found = [*reading.issues, *reading.notes]
    if args.marked is not None:
        deliver(marked_workbook(sheet.spec, data, args.file.name, found, options), args.marked)
    show = _json if args.format == "json" else _table
    deliver(show(sheet, reading, found).encode(), None)
    if not reading.rows and not reading.headings:
        return UNREADABLE
    return CLEAN if reading.is_clean() else FAULTY


def _sheet(text: str) -> FileSheet:
    known = sheets()
    by_title = {sheet.title: sheet for sheet in known.values()}
    found = known.get(text) or by_title.get(text)
    if found is None:
        names = "、".join(f"{sheet.title}（{name}）" for name, sheet in known.items())
        raise Stopped(f"没有“{text}”这种表，可以写：{names}。")
    return found


def _json(sheet: FileSheet, reading: Reading, found: Sequence[Issue]) -> str:
    content = {
        "schema": SCHEMA,
        "sheet": sheet.name,
        "file": reading.file,
        "rows": len(reading),
        "blocking": _count(found, "blocking"),
        "issues": [issue.as_dict() for issue in found],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _table(sheet: FileSheet, reading: Reading, found: Sequence[Issue]) -> str:
    lines = [f"[{_WEIGHT[issue.severity]}] {issue.sentence()}" for issue in found]
    blocking = _count(found, "blocking")
    verdict = f"有 {blocking} 处必须改正，改正前提交不能接收。" if blocking else "没有必须改正的问题，可以提交。"
    counted = f"{sheet.title} {reading.file}：读到 {len(reading)} 行，{verdict}"
    rest = "编码是否已登记、资质和管辖范围等须与登记册核对的，提交后由平台核对。"
    return "\n".join([*lines, counted, rest, ""])


def _count(found: Sequence[Issue], severity: str) -> int:
    return sum(issue.severity == severity for issue in found)
