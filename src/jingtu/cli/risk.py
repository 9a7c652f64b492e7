"""``jingtu risk FILE``: risk assessment by HJ 25.3; ``jingtu risk derive gb36600``: the national table computed again.

Exit codes: 0 everything was assessed, 1 something could not be assessed, 2 the file or the command could not be
understood.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from jingtu.cli.asking import JUDGED, OPEN, UNREADABLE, Stopped, asked_day, deliver, file_trouble

TOXICITIES: Final = ("plain", "adjusted")
_EPILOG: Final = (
    "运行文件是 TOML，写法见 docs/risk.md。“jingtu risk derive gb36600”按同一模型重新推算 GB 36600 的 336 个数值。"
    "退出码：0 全部评估；1 有未评估的；2 文件或命令无法识别。"
)


def add(subparsers: Any) -> None:
    """Declare the command."""
    risk = subparsers.add_parser("risk", help="按 HJ 25.3 评估建设用地健康风险（不需要数据库）", epilog=_EPILOG)
    risk.add_argument("what", nargs="+", metavar="运行文件", help="地块的 TOML 文件；或者写 derive gb36600")
    risk.add_argument("--on", metavar="日期", help="按这一天施行的标准，默认运行文件所写的日期或今天")
    risk.add_argument("--format", choices=("table", "json"), default="table", help="屏幕输出的格式，默认 table")
    risk.add_argument("--xlsx", type=Path, metavar="文件", help="另写一个带图的工作簿")
    risk.add_argument("--pdf", type=Path, metavar="文件", help="另写一份带表和图的 PDF 报告")
    risk.add_argument("--figures", type=Path, metavar="文件夹", help="把图写成 SVG 文件")
    risk.add_argument("--draws", metavar="次数", help="另做随机模拟；参数的分布写在运行文件中")
    risk.add_argument("--seed", metavar="种子", help="随机模拟的种子，默认运行文件所写的或 1；同一种子结果相同")
    risk.add_argument("--toxicity", choices=TOXICITIES, help="derive：只用公布的毒性参数，或用经调整的；默认两种都算")
    risk.add_argument("--docs", type=Path, metavar="文件夹", help="derive：把逐格对照和图写成文档")


def run(args: argparse.Namespace) -> int:
    """Do the command; what stands in the way is said in one sentence on the error stream."""
    try:
        return _derive(args) if args.what[0] == "derive" else _assess(args)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return UNREADABLE


def _assess(args: argparse.Namespace) -> int:
    from jingtu.assess.risk import assess_risk
    from jingtu.cli import risk_report, risk_workbook
    from jingtu.cli.risk_draws_report import drawn_part
    from jingtu.cli.risk_file import read_run_file
    from jingtu.law import LawError

    if len(args.what) > 1:
        raise Stopped("一次只评估一个地块：请只给一个运行文件。")
    if args.toxicity or args.docs:
        raise Stopped("--toxicity 和 --docs 只用于 jingtu risk derive gb36600。")
    try:
        asked = read_run_file(Path(args.what[0]), args.on)
        assessment = assess_risk(asked.case)
        wanted = asked_draws(args, asked.draws)
        drawn = drawn_part(assessment, wanted) if wanted.count else None
        report = risk_report.build(asked, assessment, drawn)
    except (ValueError, LawError) as error:
        raise Stopped(str(error)) from error
    deliver(risk_report.as_json(report) if args.format == "json" else risk_report.as_text(report), None)
    if args.xlsx:
        deliver(risk_workbook.workbook(report), args.xlsx)
    if args.pdf:
        from jingtu.cli.risk_pdf import document

        deliver(document(report), args.pdf)
    if args.figures:
        _figures(report, args.figures)
    return JUDGED if report.complete else OPEN


def _figures(report: Any, folder: Path) -> None:
    from jingtu.cli.risk_figures import figures

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stopped(f"文件夹 {folder} 建不了（{file_trouble(error)}），请检查路径和权限。") from error
    for name, picture in figures(report).items():
        deliver(picture.encode(), folder / f"{name}.svg")


def asked_draws(args: argparse.Namespace, written: Any) -> Any:
    """The draws a run file asks for, with what the command line says instead."""
    from jingtu.cli.risk_distributions import whole

    def number(text: str, flag: str, least: int) -> int:
        digits = text.replace("_", "").replace(",", "")
        return whole(int(digits) if digits.lstrip("-").isdecimal() else text, flag, least)

    given = {}
    if args.draws is not None:
        given["count"] = number(args.draws, "--draws", 1)
    if args.seed is not None:
        given["seed"] = number(args.seed, "--seed", 0)
    return replace(written, **given)


def _derive(args: argparse.Namespace) -> int:
    from jingtu.assess.derivation import derive
    from jingtu.cli import derivation_report
    from jingtu.law import LawError

    if args.what[1:] != ["gb36600"]:
        raise Stopped("能重新推算的表只有 gb36600：请写 jingtu risk derive gb36600。")
    if args.pdf or args.figures or args.draws is not None or args.seed is not None:
        raise Stopped("--pdf、--figures、--draws 和 --seed 只用于评估一个地块：请去掉，或给出运行文件。")
    chosen = (args.toxicity,) if args.toxicity else TOXICITIES
    try:
        found = [derive(asked_day(args.on), toxicity) for toxicity in chosen]
    except LawError as error:
        raise Stopped(str(error)) from error
    deliver(derivation_report.as_text(found), None)
    if args.xlsx:
        deliver(derivation_report.workbook(found), args.xlsx)
    if args.docs:
        if args.toxicity:
            raise Stopped("文档要同时写两种毒性参数的结果：请去掉 --toxicity。")
        for name, content in derivation_report.documents(found).items():
            deliver(content, args.docs / name)
    return JUDGED
