"""``jingtu sampling survey|pit|pile|wells|hotspot|number``: how many points are asked for, and what a layout can find.

Exit codes: 0 nothing is short, 1 a planned number is short or the rules leave a gap, 2 the command could not be
understood.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jingtu.cli.asking import (
    JUDGED,
    OPEN,
    UNREADABLE,
    Stopped,
    add_output,
    asked_day,
    check_output,
    deliver,
    file_bytes,
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
    _add_hotspot(subjects.add_parser("hotspot", help="一种布点发现热点的概率，或达到某概率所需的间距"))
    _add_number(subjects.add_parser("number", help="达到给定误差所需的样品数"))


def _add_hotspot(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--layout", choices=("square", "triangular", "random", "points"), default="square",
                        help="正方形网格（默认）、三角形网格、随机布点、或文件里的实际点位")  # fmt: skip
    parser.add_argument("--radius", required=True, metavar="米", help="热点半径；椭圆写长半轴")
    parser.add_argument("--shape", default="1", metavar="比", help="椭圆短轴与长轴之比，默认 1（圆）；只用于网格")
    parser.add_argument("--spacing", metavar="米", help="网格间距")
    parser.add_argument("--probability", metavar="百分数", help="不给间距时，求达到这一发现概率的最大间距")
    parser.add_argument("--count", metavar="个", help="随机布点的点数")
    parser.add_argument("--area", metavar="平方米", help="随机布点的地块面积")
    parser.add_argument("--points", type=Path, metavar="文件", help="点位坐标 CSV，两列 x,y，单位米")
    parser.add_argument("--boundary", type=Path, metavar="文件", help="地块边界拐点 CSV，两列 x,y，单位米")


def _add_number(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--spread", required=True, metavar="数", help="标准差（或变异系数）")
    parser.add_argument("--error", required=True, metavar="数", help="可接受的绝对偏差（或相对偏差），与前者同单位")
    parser.add_argument("--confidence", default="95", metavar="百分数", help="置信水平，默认 95")
    parser.add_argument("--power", metavar="百分数", help="给出时按判断均值是否超过标准值计算：灰区宽度取 --error，"
                        "把超标误判为不超标的概率不大于 100 减置信水平，反向误判的概率不大于 100 减此数")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Do the command; what stands in the way is said in one sentence on the error stream."""
    subjects: dict[str, Callable[[argparse.Namespace], int]] = {"hotspot": _hotspot, "number": _number}
    try:
        return subjects.get(args.subject, _rules)(args)
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
    given = {target: _decimal(flag, text) for target, (flag, text) in options.items() if text is not None}
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


def _decimal(flag: str, text: str) -> Decimal:
    from jingtu.plain.numbers import parse_decimal

    try:
        value = parse_decimal(text)
    except ValueError as error:
        raise Stopped(f"{flag} 写的“{text}”不是数字。") from error
    if value < 0:
        raise Stopped(f"{flag} 写的“{text}”是负数，请核对。")
    return value


def _positive(flag: str, text: str | None) -> float:
    if text is None:
        raise Stopped(f"还须给出 {flag}。")
    value = float(_decimal(flag, text))
    if value == 0:
        raise Stopped(f"{flag} 须大于 0。")
    return value


def _share(flag: str, text: str) -> float:
    """A percentage strictly between nothing and everything, as a fraction."""
    value = float(_decimal(flag, text)) / 100
    if not 0 < value < 1:
        raise Stopped(f"{flag} 写的“{text}”须大于 0、小于 100，如 95。")
    return value


def _planned(texts: list[str]) -> dict[str, Decimal]:
    pairs = (text.partition("=") for text in texts)
    return {name.strip(): _decimal("--planned", number) for name, _, number in pairs}


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


def _hotspot(args: argparse.Namespace) -> int:
    from jingtu.science import hotspot

    radius, shape = _positive("--radius", args.radius), _positive("--shape", args.shape)
    if shape > 1:
        raise Stopped("--shape 是短轴与长轴之比，须大于 0、不大于 1。")
    if args.layout in hotspot.LATTICES:
        print(_lattice(args, radius, shape))
        return JUDGED
    if shape != 1:
        raise Stopped("随机布点和实际点位只能按圆形热点计算，请不要写 --shape。")
    if args.layout == "random":
        count, area = int(_positive("--count", args.count)), _positive("--area", args.area)
        found = hotspot.random_probability(count, area, radius)
        print(f"面积 {args.area} 平方米随机布 {count} 个点，发现半径 {args.radius} 米圆形热点的概率为 {found:.1%}。")
        return JUDGED
    print(_as_it_is(args, radius))
    return JUDGED


def _lattice(args: argparse.Namespace, radius: float, shape: float) -> str:
    from jingtu.science import hotspot

    name = {"square": "正方形", "triangular": "三角形"}[args.layout]
    kind = "圆形热点" if shape == 1 else f"椭圆热点（短长轴比 {args.shape}）"
    if args.spacing is not None:
        found = hotspot.lattice_probability(args.layout, _positive("--spacing", args.spacing), radius, shape)
        return f"{name}网格间距 {args.spacing} 米，发现半径（长半轴）{args.radius} 米{kind}的概率为 {found:.1%}。"
    if args.probability is None:
        raise Stopped("网格布点须给出 --spacing（求概率）或 --probability（求间距）。")
    spacing = hotspot.spacing_for(args.layout, radius, _share("--probability", args.probability), shape)
    wanted = f"以 {args.probability}% 的概率发现半径（长半轴）{args.radius} 米{kind}"
    return f"{wanted}，{name}网格间距不大于 {spacing:.2f} 米。"


def _as_it_is(args: argparse.Namespace, radius: float) -> str:
    from jingtu.science import hotspot

    if args.points is None or args.boundary is None:
        raise Stopped("按实际点位计算须给出 --points 和 --boundary 两个坐标文件。")
    points, ring = _coordinates(args.points), _coordinates(args.boundary)
    try:
        found = hotspot.layout_probability(points, ring, radius)
    except ValueError as error:
        raise Stopped(f"文件 {args.boundary} 里的拐点围不成地块，须不少于三个、不在一条直线上。") from error
    area = hotspot.ring_area_m2(ring)
    return (
        f"面积 {area:.0f} 平方米的地块布 {len(points)} 个点，"
        f"发现中心在地块内、半径 {args.radius} 米圆形热点的概率为 {found:.1%}。"
    )


def _coordinates(path: Path) -> list[tuple[float, float]]:
    """Two columns x,y in metres; the first row may be a heading."""
    import csv
    import io

    try:
        text = file_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Stopped(f"文件 {path} 不是 UTF-8 编码的 CSV，请另存后再试。") from error
    found: list[tuple[float, float]] = []
    for number, row in enumerate(csv.reader(io.StringIO(text)), start=1):
        if not any(cell.strip() for cell in row):
            continue
        try:
            found.append((float(row[0]), float(row[1])))
        except (ValueError, IndexError) as error:
            if found or number > 1:
                raise Stopped(f"文件 {path} 第 {number} 行不是两个坐标（x,y，单位米）。") from error
    return found


def _number(args: argparse.Namespace) -> int:
    from jingtu import law
    from jingtu.science.sample_number import number_for_decision, number_for_mean

    spread, error = _positive("--spread", args.spread), _positive("--error", args.error)
    confidence = _share("--confidence", args.confidence)
    if args.power is None:
        found = number_for_mean(spread, error, confidence)
        print(
            f"标准差（变异系数）{args.spread}、可接受偏差 {args.error}、置信水平 {args.confidence}%："
            f"样品数不少于 {found} 个（N = t²s²/D²，t 随 N 取值；{law.cite('hjt166-2004#sample-number')}、"
            f"{law.cite('hjt166-2004#sample-number-relative')}）。"
        )
        return JUDGED
    found = number_for_decision(spread, error, 1 - confidence, 1 - _share("--power", args.power))
    print(
        f"标准差 {args.spread}、灰区宽度 {args.error}、置信水平 {args.confidence}%、把握 {args.power}%："
        f"样品数不少于 {found} 个（单样本 t 检验，EPA QA/G-4）。"
    )
    return JUDGED
