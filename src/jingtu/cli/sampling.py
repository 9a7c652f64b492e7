"""``jingtu sampling survey|pit|pile|wells``: how many points the rules ask for, and whether a plan has them.

Exit codes: 0 nothing is short, 1 a planned number is short or the rules leave a gap, 2 the command could not be
understood.
"""

from __future__ import annotations

import argparse
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from jingtu.cli import sampling_design
from jingtu.cli.asking import (
    JUDGED,
    OPEN,
    UNREADABLE,
    Stopped,
    add_output,
    asked_day,
    asked_number,
    check_output,
    deliver,
)

if TYPE_CHECKING:
    from jingtu.assess.finding import Finding

SCHEMA: Final = "jingtu.sampling/1"
_EPILOG: Final = "退出码：0 没有不足；1 计划数量不足，或标准没有规定；2 命令无法识别。"
_OPTIONS: Final[dict[str, tuple[tuple[str, str, bool, str], ...]]] = {
    "survey": (
        ("--area", "area_m2", True, "地块面积，平方米"),
        ("--suspected", "suspected_m2", False, "其中涉嫌污染区域的面积，平方米；给出时计算详细调查点位"),
        ("--depth", "depth_m", False, "钻孔深度，米；给出时计算每孔样品数"),
        ("--layers", "layers", False, "土层数，默认 1"),
    ),
    "pit": (
        ("--area", "area_m2", True, "坑底面积，平方米"),
        ("--wall", "wall_m", False, "侧壁总长，米；坑底大于表中各档时需要"),
        ("--depth", "depth_m", False, "坑深，米"),
    ),
    "pile": (
        ("--volume", "volume_m3", True, "土方量，立方米"),
        ("--cv", "cv", False, "差变系数，（修复目标值－估计均值）÷估计标准差"),
    ),
    "wells": (("--area", "area_m2", True, "地下水修复范围面积，平方米"),),
}
_HELP: Final = {
    "survey": "土壤污染状况调查的点位数量",
    "pit": "修复后基坑的采样点数量（HJ 25.5）",
    "pile": "异位修复后土壤的样品数量（HJ 25.5）",
    "wells": "地下水修复效果评估的点位和批次（HJ 25.6）",
}


def add(subparsers: Any) -> None:
    """Declare the command."""
    sampling = subparsers.add_parser("sampling", help="布点是否足够（不需要数据库）")
    subjects = sampling.add_subparsers(dest="subject", metavar="对象", required=True)
    for name, options in _OPTIONS.items():
        parser = subjects.add_parser(name, help=_HELP[name], epilog=_EPILOG)
        for flag, target, needed, text in options:
            parser.add_argument(flag, dest=target, required=needed, metavar="数", help=text)
        if name == "wells":
            parser.add_argument("--fine", action="store_true", help="有非水溶性有机物或污染物浓度高的区域")
        parser.add_argument(
            "--planned", action="append", default=[], metavar="名称=数", help="计划数量，如 preliminary=6；可以写几次"
        )
        parser.add_argument("--on", metavar="日期", help="按哪一天施行的规定，默认今天")
        add_output(parser)
    sampling_design.add(subjects)


def run(args: argparse.Namespace) -> int:
    """Do the command; what stands in the way is said in one sentence on the error stream."""
    try:
        return sampling_design.run(args) if args.subject in sampling_design.SUBJECTS else _rules(args)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return UNREADABLE


def _rules(args: argparse.Namespace) -> int:
    from jingtu import law
    from jingtu.assess import sampling
    from jingtu.cli import report_forms

    check_output(args)
    on = asked_day(args.on)
    options = {target: (flag, getattr(args, target)) for flag, target, _, _ in _OPTIONS[args.subject]}
    given = {target: asked_number(flag, text) for target, (flag, text) in options.items() if text is not None}
    if getattr(args, "fine", False):
        given["fine"] = Decimal(1)
    try:
        found = sampling.findings(args.subject, given, on, _planned(args.planned))
    except law.LawError as error:
        raise Stopped(str(error)) from error
    except ValueError as error:
        raise Stopped("给出的面积、体积或深度不合理：不能为负，涉嫌污染区域不能大于地块面积。") from error
    _check_planned(args.planned, found)
    deliver(report_forms.render(_forms(found, on.isoformat(), args.format == "table"), args.format), args.out)
    return OPEN if any(one.outcome in (sampling.SHORT, sampling.GAP) for one in found) else JUDGED


def _planned(texts: list[str]) -> dict[str, Decimal]:
    pairs = (text.partition("=") for text in texts)
    return {name.strip(): asked_number("--planned", number) for name, _, number in pairs}


def _check_planned(texts: list[str], found: list[Finding]) -> None:
    known = [one.measure.partition(".")[-1] for one in found]
    wrong = next((text for text in texts if text.partition("=")[0].strip() not in known), None)
    if wrong is not None:
        raise Stopped(f"--planned 写的“{wrong}”没有对应的规定，可以写：{'、'.join(known)}。")


def _forms(found: list[Finding], on: str, screen: bool) -> Any:
    from jingtu.assess.finding import code_version
    from jingtu.assess.sampling_sentences import NAMES
    from jingtu.cli.report_forms import Forms, Page

    outcomes = {"least": "—", "enough": "满足", "short": "不足", "gap": "标准没有规定"}
    rows = [
        [NAMES[one.measure], one.measure.partition(".")[-1], "—" if one.threshold is None else f"{one.threshold:f}",
         "—" if one.value is None else f"{one.value:f}", outcomes[one.outcome], one.sentence()]
        for one in found
    ]  # fmt: skip
    data = {
        "schema": SCHEMA,
        "law_on": on,
        "code_version": code_version(),
        "findings": [one.as_dict() for one in found],
    }
    titles = ["对象", "名称", "不少于", "计划", "结果", "说明"]
    brief = Page("摘要", titles[:-1], [row[:-1] for row in rows])
    closing = [row[-1] for row in rows] if screen else []
    closing.append("标注“凭记忆录入”的数值，使用前请与标准原文核对。")
    return Forms(data, [brief, Page("布点", titles, rows)], "布点", closing)
