"""``jingtu review REPORT.xlsx``: recompute what a report claims from the laboratory's results, without a database.

Exit codes: 0 every claim agrees, 1 a claim differs, is not allowed or could not be checked, or the file has issues,
2 the file or the command could not be understood.
"""

from __future__ import annotations

import argparse
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from jingtu.cli.asking import JUDGED, OPEN, UNREADABLE, Stopped, add_output, check_output, deliver, file_bytes

_EPILOG: Final = "退出码：0 全部一致；1 有不一致、不能这样用、无法核对的，或文件有问题；2 文件或命令无法识别。"
_ABOUT: Final = (
    "工作簿含三张工作表：地块情况（一行）、检测结果（每个结果一行）、结论（每个要核对的数一行）。"
    "空白工作簿用 jingtu review --blank 文件.xlsx 取得。"
)


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "review", help="用检测结果复算报告里的数（不需要数据库）", description=_ABOUT, epilog=_EPILOG
    )
    parser.add_argument("file", type=Path, nargs="?", metavar="报告.xlsx", help="要复核的工作簿")
    parser.add_argument("--blank", type=Path, metavar="文件.xlsx", help="写出空白工作簿，不复核")
    parser.add_argument(
        "--tolerance", type=_share, default=Decimal("0.01"), metavar="份额",
        help="置信上限、风险等计算值允许相差的份额，默认 0.01（百分之一）；直接得自数据和标准的数只容许修约之差",
    )  # fmt: skip
    parser.add_argument(
        "--bootstrap-tolerance", type=_share, default=Decimal("0.05"), metavar="份额",
        help="自助法结果允许相差的份额，默认 0.05（每次抽样不同）",
    )  # fmt: skip
    add_output(parser)


def _share(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError(f"“{text}”不是数") from error
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"须不小于 0、小于 1，现为 {text}")
    return value


def run(args: argparse.Namespace) -> int:
    """Do the command; what stands in the way is said in one sentence on the error stream."""
    try:
        return _blank(args.blank) if args.blank else _review(args)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return UNREADABLE


def _blank(out: Path) -> int:
    from jingtu.cli.review_file import blank_report

    deliver(blank_report(), out)
    return JUDGED


def _review(args: argparse.Namespace) -> int:
    from jingtu import law
    from jingtu.assess.review import review
    from jingtu.assess.review_claims import Tolerance
    from jingtu.cli import review_report
    from jingtu.cli.report_forms import render
    from jingtu.cli.review_file import read_report

    if args.file is None:
        raise Stopped("请给出要复核的工作簿；空白工作簿用 jingtu review --blank 文件.xlsx 取得。")
    check_output(args)
    tolerance = Tolerance(args.tolerance, args.bootstrap_tolerance)
    held = read_report(file_bytes(args.file), args.file.name)
    try:
        found = review(held.report, tolerance)
    except (law.LawError, ValueError) as error:
        raise Stopped(str(error)) from error
    forms = review_report.build(args.file.name, held, found, tolerance)
    deliver(render(forms, args.format), args.out)
    return OPEN if forms.data["open"] else JUDGED
