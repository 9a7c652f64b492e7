"""``jingtu sampling hotspot|number``: what a layout can find, and how many samples a wanted precision asks for."""

from __future__ import annotations

import argparse
import csv
import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jingtu.cli.asking import (
    JUDGED,
    Stopped,
    add_output,
    asked_positive,
    asked_share,
    check_output,
    deliver,
    file_bytes,
)

if TYPE_CHECKING:
    from jingtu.cli.report_forms import Forms

SUBJECTS: Final = ("hotspot", "number")
SCHEMA: Final = "jingtu.sampling.design/1"
METHODS: Final = {
    "lattice_probability": "网格布点的发现概率",
    "lattice_spacing": "达到发现概率的网格间距",
    "random_probability": "随机布点的发现概率",
    "layout_probability": "实际点位的发现概率",
    "number_for_mean": "达到给定误差的样品数",
    "number_for_decision": "判断均值是否超过标准值的样品数",
}
_SOURCES: Final = {
    "lattice_probability": "Gilbert 1987 第 10 章",
    "lattice_spacing": "Gilbert 1987 第 10 章",
    "random_probability": "Gilbert 1987 第 10 章",
    "layout_probability": "定义：地块内离点位不超过半径的面积所占比例",
    "number_for_decision": "EPA QA/G-4",
}
_OPTIONS: Final = (
    *("layout", "radius", "shape", "spacing", "probability", "count", "area"),
    *("spread", "error", "confidence", "power"),
)
_UNITS: Final = {"share": "比例", "m": "米", "samples": "个"}
_NONE_SHOWN: Final = ("",)  # on the screen the sentence says it all
_MOST: Final = 1_000_000
_EPILOG: Final = "退出码：0 已算出；2 命令或文件无法识别。"


@dataclass(frozen=True, slots=True)
class Design:
    """One answer: how it was found, what it is, and the sentence; ``unit`` is ``share``, ``m`` or ``samples``."""

    method: str
    value: float
    unit: str
    sentence: str
    source: str = ""


def add(subjects: Any) -> None:
    """Declare both commands."""
    hotspot = subjects.add_parser("hotspot", help="一种布点发现热点的概率，或达到某概率所需的间距", epilog=_EPILOG)
    _add_hotspot(hotspot)
    number = subjects.add_parser("number", help="达到给定误差所需的样品数", epilog=_EPILOG)
    _add_number(number)
    for parser in (hotspot, number):
        add_output(parser)


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
    """Work out the answer and hand it out."""
    from jingtu.cli.report_forms import render

    check_output(args)
    subjects: dict[str, Callable[[argparse.Namespace], Design]] = {"hotspot": _hotspot, "number": _number}
    found = subjects[args.subject](args)
    deliver(render(_forms(args, found), args.format), args.out)
    return JUDGED


def _forms(args: argparse.Namespace, found: Design) -> Forms:
    from jingtu.assess.finding import code_version
    from jingtu.cli.report_forms import Forms, Page

    source = found.source or _SOURCES[found.method]
    given = {name: str(getattr(args, name)) for name in _OPTIONS if getattr(args, name, None) is not None}
    given |= {name: getattr(args, name).name for name in ("points", "boundary") if getattr(args, name, None)}
    data = {
        "schema": SCHEMA,
        "code_version": code_version(),
        "subject": args.subject,
        "method": found.method,
        "inputs": given,
        "value": found.value,
        "unit": found.unit,
        "source": source,
        "sentence": found.sentence,
    }
    row = [METHODS[found.method], f"{found.value:.6g}", _UNITS[found.unit], source, found.sentence]
    page = Page("布点设计", ["方法", "数值", "单位", "来源", "说明"], [row])
    return Forms(data, [page], "布点设计", [found.sentence], _NONE_SHOWN)


def _hotspot(args: argparse.Namespace) -> Design:
    from jingtu.science import hotspot

    radius, shape = asked_positive("--radius", args.radius), asked_positive("--shape", args.shape)
    if shape > 1:
        raise Stopped("--shape 是短轴与长轴之比，须大于 0、不大于 1。")
    if args.layout in hotspot.LATTICES:
        return _lattice(args, radius, shape)
    if shape != 1:
        raise Stopped("随机布点和实际点位只能按圆形热点计算，请不要写 --shape。")
    if args.layout == "points":
        return _as_it_is(args, radius)
    count, area = asked_positive("--count", args.count), asked_positive("--area", args.area)
    if count != int(count):
        raise Stopped(f"--count 写的“{args.count}”不是整数。")
    found = hotspot.random_probability(int(count), area, radius)
    told = f"面积 {args.area} 平方米随机布 {int(count)} 个点，发现半径 {args.radius} 米圆形热点的概率为 {found:.1%}。"
    return Design("random_probability", found, "share", told)


def _lattice(args: argparse.Namespace, radius: float, shape: float) -> Design:
    from jingtu.science import hotspot

    name = {"square": "正方形", "triangular": "三角形"}[args.layout]
    kind = "圆形热点" if shape == 1 else f"椭圆热点（短长轴比 {args.shape}）"
    if args.spacing is not None:
        found = hotspot.lattice_probability(args.layout, asked_positive("--spacing", args.spacing), radius, shape)
        told = f"{name}网格间距 {args.spacing} 米，发现半径（长半轴）{args.radius} 米{kind}的概率为 {found:.1%}。"
        return Design("lattice_probability", found, "share", told)
    if args.probability is None:
        raise Stopped("网格布点须给出 --spacing（求概率）或 --probability（求间距）。")
    spacing = hotspot.spacing_for(args.layout, radius, asked_share("--probability", args.probability), shape)
    wanted = f"以 {args.probability}% 的概率发现半径（长半轴）{args.radius} 米{kind}"
    return Design("lattice_spacing", spacing, "m", f"{wanted}，{name}网格间距不大于 {spacing:.2f} 米。")


def _as_it_is(args: argparse.Namespace, radius: float) -> Design:
    from jingtu.science import hotspot

    if args.points is None or args.boundary is None:
        raise Stopped("按实际点位计算须给出 --points 和 --boundary 两个坐标文件。")
    points, ring = _coordinates(args.points), _coordinates(args.boundary)
    try:
        found = hotspot.layout_probability(points, ring, radius)
    except ValueError as error:
        raise Stopped(f"文件 {args.boundary} 里的拐点围不成地块，须不少于三个、不在一条直线上。") from error
    area = hotspot.ring_area_m2(ring)
    told = (
        f"面积 {area:.0f} 平方米的地块布 {len(points)} 个点，"
        f"发现中心在地块内、半径 {args.radius} 米圆形热点的概率为 {found:.1%}。"
    )
    return Design("layout_probability", found, "share", told)


def _coordinates(path: Path) -> list[tuple[float, float]]:
    """Two columns x,y in metres; the first row may be a heading."""
    try:
        text = file_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Stopped(f"文件 {path} 不是 UTF-8 编码的 CSV，请另存后再试。") from error
    found: list[tuple[float, float]] = []
    for number, row in enumerate(csv.reader(io.StringIO(text)), start=1):
        if not any(cell.strip() for cell in row):
            continue
        try:
            place = (float(row[0]), float(row[1]))
            if not all(map(math.isfinite, place)):
                raise ValueError(place)
            found.append(place)
        except (ValueError, IndexError) as error:
            if found or number > 1:
                raise Stopped(f"文件 {path} 第 {number} 行不是两个坐标（x,y，单位米）。") from error
    return found


def _number(args: argparse.Namespace) -> Design:
    from jingtu import law
    from jingtu.science.sample_number import number_for_decision, number_for_mean

    spread, error = asked_positive("--spread", args.spread), asked_positive("--error", args.error)
    if spread / error > _MOST:
        raise Stopped("--spread 比 --error 大得太多，算出的样品数没有意义；请核对两者的单位是否相同。")
    confidence = asked_share("--confidence", args.confidence)
    if args.power is None:
        found = number_for_mean(spread, error, confidence)
        source = "、".join(law.cite(f"hjt166-2004#sample-number{part}") for part in ("", "-relative"))
        told = (
            f"标准差（变异系数）{args.spread}、可接受偏差 {args.error}、置信水平 {args.confidence}%："
            f"样品数不少于 {found} 个（N = t²s²/D²，t 随 N 取值；{source}）。"
        )
        return Design("number_for_mean", found, "samples", told, source)
    found = number_for_decision(spread, error, 1 - confidence, 1 - asked_share("--power", args.power))
    told = (
        f"标准差 {args.spread}、灰区宽度 {args.error}、置信水平 {args.confidence}%、把握 {args.power}%："
        f"样品数不少于 {found} 个（单样本 t 检验，EPA QA/G-4）。"
    )
    return Design("number_for_decision", found, "samples", told)
