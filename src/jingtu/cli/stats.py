"""``jingtu stats ucl|summary|qc FILE``: statistics and quality control of contents on this machine, without a database.

Exit codes: 0 all was computed (``qc``: nothing failed), 1 issues exist, something could not be computed or a control
failed, 2 the file or the command could not be understood.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jingtu.cli.asking import (
    JUDGED,
    OPEN,
    UNREADABLE,
    Stopped,
    add_contents,
    add_output,
    asked_day,
    asked_unit,
    check_output,
    deliver,
    file_bytes,
)

if TYPE_CHECKING:
    from jingtu.sheets.concentrations import Contents

_EPILOG: Final = (
    "退出码：0 全部算出；1 有问题或有项目不能计算；2 文件或命令无法识别。未检出不用任何数代替（Kaplan-Meier）。"
)
_QC_EPILOG: Final = (
    "退出码：0 没有不合格；1 有不合格、不能判定或读不出的；2 文件或命令无法识别。信号只供人查看，不是结论。"
)
FORMS: Final = ("auto", "controls", "pairs", "replicates", "samples")


def add(subparsers: Any) -> None:
    """Declare the command."""
    stats = subparsers.add_parser("stats", help="土壤数据的统计与质量控制（不需要数据库）")
    subjects = stats.add_subparsers(dest="subject", metavar="内容", required=True)
    for name, words in (("ucl", "平均值的置信上限，各种方法并列，并建议用哪一个"), ("summary", "汇总统计、离群值")):
        parser = subjects.add_parser(name, help=words, description=words, epilog=_EPILOG)
        add_contents(parser)
        parser.add_argument("--analytes", default="", metavar="项目", help="只算这些项目，如 Cd,Pb；默认全部")
        if name == "ucl":
            parser.add_argument("--confidence", type=_confidence, default=0.95, metavar="p", help="置信水平，默认 0.95")
        add_output(parser)
    blank = subjects.add_parser("qc-blank", help="写出空白的质控表（XLSX），填好后交给 jingtu stats qc")
    blank.add_argument("--out", type=Path, required=True, metavar="输出文件", help="写到哪里")
    _add_qc(
        subjects.add_parser("qc", help="质量控制：平行样、空白、加标、标准物质、保存时间、检出限", epilog=_QC_EPILOG)
    )


def _add_qc(parser: argparse.ArgumentParser) -> None:
    add_contents(parser)
    parser.add_argument(
        "--as",
        dest="form",
        choices=FORMS,
        default="auto",
        help="文件的样子：controls 质控表（每行一个质控样），pairs 平行结果左右并列，replicates 同一样品的重复测定，"
        "samples 一般样品（只看检出限和信号）；默认自动识别，重复测定须指明",
    )
    parser.add_argument("--on", metavar="日期", help="检测之日，默认今天；按这一天施行的标准判定")
    parser.add_argument("--land-use", default="", metavar="规划用途", help="检出限与 GB 36600 该用途的筛选值比较；"
                        "不写时与 GB 15618 最严的筛选值比较")  # fmt: skip
    add_output(parser)


def _confidence(text: str) -> float:
    value = float(text)
    if not 0.5 < value < 1:
        raise argparse.ArgumentTypeError(f"置信水平须大于 0.5、小于 1，现为 {text}")
    return value


def run(args: argparse.Namespace) -> int:
    """Do the command; what stands in the way is said in one sentence on the error stream."""
    subjects: dict[str, Callable[[argparse.Namespace], int]] = {
        "ucl": _statistics,
        "summary": _statistics,
        "qc": _qc,
        "qc-blank": _blank,
    }
    try:
        return subjects[args.subject](args)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return UNREADABLE


def _statistics(args: argparse.Namespace) -> int:
    from jingtu.cli import stats_report
    from jingtu.cli.report_forms import render

    check_output(args)
    contents = contents_of(args, _wanted(args.analytes))
    columns = stats_report.columns_of(contents)
    if not columns:
        first = f"第一个问题：{contents.issues[0].sentence()}" if contents.issues else "请检查表头和单位。"
        raise Stopped(f"文件 {args.file.name} 里没有一个检测项目有可用的结果。{first}")
    if args.subject == "ucl":
        report = stats_report.ucl_report(contents, columns, args.confidence)
    else:
        report = stats_report.summary_report(contents, columns)
    deliver(render(report, args.format), args.out)
    return OPEN if contents.issues or report.data["open"] else JUDGED


def _wanted(text: str) -> tuple[str, ...]:
    """Codes of the analytes asked for; all that are contents when none is named."""
    from jingtu import law

    listed = law.analytes(law.CONSTRUCTION)
    if not text:
        return tuple(entry.code for entry in listed if entry.standard_unit == "mg/kg")
    found = []
    for name in filter(None, (part.strip() for part in text.replace("，", ",").split(","))):
        entry = listed.find(name)
        if entry is None or entry.standard_unit != "mg/kg":
            raise Stopped(f"--analytes 里的“{name}”不认识，请写元素符号或标准里的中文名，如 Cd,铅,苯并[a]芘。")
        found.append(entry.code)
    return tuple(dict.fromkeys(found))


def contents_of(args: argparse.Namespace, wanted: tuple[str, ...]) -> Contents:
    """The samples of the file asked about, contents in mg/kg."""
    from jingtu import law
    from jingtu.sheets.contents import read_contents
    from jingtu.sheets.faults import FileRefused
    from jingtu.sheets.reading import Options

    unit, data = asked_unit(args.unit), file_bytes(args.file)
    try:
        return read_contents(data, args.file.name, wanted, unit, Options(sheet=args.sheet), law.CONSTRUCTION)
    except FileRefused as refused:
        raise Stopped(refused.issue.sentence()) from refused


def _qc(args: argparse.Namespace) -> int:
    from jingtu import law
    from jingtu.cli import qc, qc_report
    from jingtu.cli.report_forms import render

    check_output(args)
    on = asked_day(args.on)
    try:
        found = qc.examine(args, on, _wanted(""))
    except law.LawError as error:
        raise Stopped(str(error)) from error
    report = qc_report.build(found)
    deliver(render(report, args.format), args.out)
    return OPEN if report.data["open"] else JUDGED


def _blank(args: argparse.Namespace) -> int:
    from jingtu.cli.qc import control_spec
    from jingtu.sheets import blank_workbook

    deliver(blank_workbook(control_spec()), args.out)
    return JUDGED
