"""``jingtu assess farmland FILE``: judge soil contents against GB 15618 on this machine, without a database.

Exit codes: 0 every sample was judged, 1 issues exist or a sample could not be judged, 2 the file or the command
could not be understood.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from jingtu.plain.days import SHANGHAI, parse_day

JUDGED, OPEN, UNREADABLE = 0, 1, 2
FORMATS: Final = ("table", "json", "csv", "xlsx")
_EPILOG: Final = "退出码：0 全部判定；1 有问题或有样品不能判定；2 文件或命令无法识别。"


def add(subparsers: Any) -> None:
    """Declare the command."""
    assess = subparsers.add_parser("assess", help="按标准评价数据文件（不需要数据库）")
    subjects = assess.add_subparsers(dest="subject", metavar="对象", required=True)
    farmland = subjects.add_parser("farmland", help="农用地土壤（GB 15618）", epilog=_EPILOG)
    farmland.add_argument("file", type=Path, metavar="文件", help="CSV、XLSX 或 XLS；宽表或长表")
    farmland.add_argument("--on", metavar="日期", help="评价之日，默认今天；按这一天施行的标准判定")
    farmland.add_argument("--elements", choices=("five", "eight"), default="five", help="五项或八项，默认五项")
    farmland.add_argument("--land-use", default="", metavar="土地利用", help="文件里没有写土地利用时采用")
    farmland.add_argument("--unit", default="", metavar="单位", help="文件里没有写单位时采用，如 mg/kg")
    farmland.add_argument("--sheet", default="", metavar="工作表", help="工作簿里有几张表时指明")
    farmland.add_argument("--format", choices=FORMATS, default="table", help="输出格式，默认 table")
    farmland.add_argument("--out", type=Path, metavar="输出文件", help="写入文件；xlsx 必须给出")


def run(args: argparse.Namespace) -> int:
    """Do the command; what stands in the way is said in one sentence on the error stream."""
    try:
        return _farmland(args)
    except _Stopped as stopped:
        print(stopped, file=sys.stderr)
        return UNREADABLE


class _Stopped(Exception):
    """Nothing could be done; the message says why and what to do."""


def _farmland(args: argparse.Namespace) -> int:
    from jingtu.assess import farmland
    from jingtu.cli import farmland_report
    from jingtu.law import LawError
    from jingtu.sheets.concentrations import Contents
    from jingtu.sheets.contents import read_contents
    from jingtu.sheets.faults import FileRefused
    from jingtu.sheets.reading import Options

    if args.format == "xlsx" and args.out is None:
        raise _Stopped("xlsx 不能显示在屏幕上，请用 --out 给出输出文件名。")
    on, land_use, unit = _day(args.on), _land_use(args.land_use), _unit(args.unit)
    wanted = _elements()
    try:
        contents: Contents = read_contents(_bytes(args.file), args.file.name, wanted, unit, Options(sheet=args.sheet))
    except FileRefused as refused:
        raise _Stopped(refused.issue.sentence()) from refused
    uses = [code or land_use for code in contents.land_use]
    try:
        assessment = farmland.assess(
            farmland.Samples(contents.subjects, contents.ph, uses, contents.results), on, args.elements
        )
    except LawError as error:
        raise _Stopped(str(error)) from error
    report = farmland_report.build(contents, assessment, args.elements)
    _deliver(farmland_report.render(report, args.format), args.out)
    return JUDGED if report["summary"]["judged"] == len(contents) and not contents.issues else OPEN


def _elements() -> tuple[str, ...]:
    from jingtu import law

    return law.analytes().element_set("eight")


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(SHANGHAI).date()
    try:
        return parse_day(text)
    except ValueError as error:
        raise _Stopped(f"--on 写的不是日期：{error}") from error


def _land_use(text: str) -> str:
    from jingtu import law
    from jingtu.sheets.codes import find_code

    code = find_code("land_use", text) if text else ""
    if code is None:
        known = "、".join(f"{entry.code}（{entry.label_zh}）" for entry in law.codes("land_use"))
        raise _Stopped(f"--land-use 写的“{text}”不认识，可以写：{known}。")
    return code


def _unit(text: str) -> str:
    from jingtu.plain.units import canonical_unit, exponent_between

    if not text:
        return ""
    try:
        exponent_between(text, "mg/kg")
    except ValueError as error:
        raise _Stopped(f"--unit 写的“{text}”不是土壤含量的单位，可以写 mg/kg、µg/kg、ng/g、g/kg、%。") from error
    return canonical_unit(text)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _Stopped(f"文件 {path} 打不开（{error.strerror}），请检查文件名和权限。") from error


def _deliver(content: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise _Stopped(f"写不了文件 {out}（{error.strerror}），请检查文件夹和权限。") from error
    print(f"已写入 {out}。", file=sys.stderr)
