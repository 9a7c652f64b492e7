"""``jingtu krige FILE --analyte Cd``: a map of contents with its uncertainty on this machine, without a database.

Exit codes: 0 the map was made, 1 it was made but the file has issues, 2 the file or the command could not be
understood, or the data allow no map.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jingtu.cli.asking import JUDGED, OPEN, UNREADABLE, Stopped, deliver, file_trouble

if TYPE_CHECKING:
    from jingtu.cli.krige_work import Wanted

_MODELS: Final = ("auto", "spherical", "exponential", "gaussian")
_EPILOG: Final = (
    "例：jingtu krige 样品.csv --analyte 镉 --unit mg/kg --threshold 0.6 --to 图。"
    "坐标列自动识别（经度、纬度，或 x、y），也可用 --x、--y 指明。"
    "退出码：0 已成图；1 已成图但文件有问题；2 文件或命令无法识别，或数据不能成图。方法见 docs/kriging.md。"
)


def add(subparsers: Any) -> None:
    """Declare the command."""
    words = "克里金插值：变异函数、估计值与不确定度、交叉验证、超标概率"
    krige = subparsers.add_parser("krige", help=words + "（不需要数据库）", description=words, epilog=_EPILOG)
    krige.add_argument("file", type=Path, metavar="文件", help="CSV、XLSX 或 XLS；宽表或长表，带坐标")
    krige.add_argument("--analyte", required=True, metavar="项目", help="检测项目，如 Cd、铅")
    krige.add_argument("--unit", default="", metavar="单位", help="文件里没有写含量单位时采用，如 mg/kg")
    krige.add_argument("--sheet", default="", metavar="工作表", help="工作簿里有几张表时指明")
    _add_places(krige)
    _add_variogram(krige)
    _add_map(krige)
    krige.add_argument("--format", choices=("table", "json"), default="table", help="屏幕输出的格式，默认 table")
    krige.add_argument("--out", type=Path, metavar="输出文件", help="把屏幕输出写入文件")


def _add_places(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("坐标")
    group.add_argument("--x", default="", metavar="列名", help="东向坐标（或经度）所在的列")
    group.add_argument("--y", default="", metavar="列名", help="北向坐标（或纬度）所在的列")
    group.add_argument(
        "--crs",
        default="",
        metavar="坐标系",
        help="EPSG 代码：经纬度 EPSG:4490（CGCS2000，我国境内默认）、EPSG:4326（WGS 84）；平面坐标如 EPSG:4546；"
        "当地平面坐标写 local",
    )
    group.add_argument("--coordinate-unit", choices=("m", "km"), default="", help="平面坐标的单位，默认按表头或米")
    group.add_argument(
        "--same-place", choices=("stop", "mean"), default="stop", help="坐标相同的样品：停下（默认）或取平均"
    )


def _add_variogram(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("变异函数")
    group.add_argument("--model", choices=_MODELS, default="auto", help="球状、指数、高斯；auto（默认）取拟合最好的")
    group.add_argument("--log", action="store_true", help="含量取自然对数后插值（偏斜大时用）；估计值是中位数")
    group.add_argument("--cutoff", type=_positive, metavar="米", help="最大滞后距离，默认外包矩形对角线的三分之一")
    group.add_argument("--lags", type=_count, default=15, metavar="个数", help="滞后个数，默认 15")
    group.add_argument("--estimator", choices=("matheron", "cressie"), default="matheron", help="cressie 较耐离群值")
    group.add_argument("--range", type=_positive, metavar="米", help="变程；与 --partial-sill 一起给出时不再拟合")
    group.add_argument(
        "--partial-sill", type=_positive, metavar="值", help="偏基台值，单位 (mg/kg)²，用 --log 时无单位"
    )
    group.add_argument("--nugget", type=_nonnegative, default=None, metavar="值", help="块金值，单位同上，默认 0")


def _add_map(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("插值与成图")
    group.add_argument("--cell", type=_positive, metavar="米", help="格网边长，默认使长边约 150 格")
    group.add_argument("--neighbours", type=_neighbours, metavar="个数", help="只用最近的若干点；all 为全部点。"
                       "默认 2000 点以内用全部，超过用 32 个")  # fmt: skip
    group.add_argument("--threshold", type=_positive, metavar="mg/kg", help="求超过此值的概率")
    group.add_argument(
        "--land-use",
        default="",
        metavar="用途",
        help="以标准的限值为界：规划用途（R、A33、0701……）取 GB 36600；与 --ph 一起写水田、旱地等，取 GB 15618",
    )
    group.add_argument("--ph", default="", metavar="pH", help="GB 15618 按这个 pH 查限值")
    group.add_argument("--limit", choices=("screening", "control"), default="screening", help="筛选值（默认）或管制值")
    group.add_argument("--on", metavar="日期", help="按这一天施行的标准取限值，默认今天")
    group.add_argument("--to", type=Path, metavar="文件夹", help="写出 GeoTIFF、图（PNG）、变异函数图和 JSON")


def _positive(text: str) -> float:
    value = _nonnegative(text)
    if not value > 0:
        raise argparse.ArgumentTypeError(f"须大于 0，现为 {text}")
    return value


def _nonnegative(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}”不是数字") from error
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"须是不小于 0 的数，现为 {text}")
    return value


def _count(text: str) -> int:
    if not text.isdecimal() or not 3 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"须是 3 到 1000 之间的整数，现为 {text}")
    return int(text)


def _neighbours(text: str) -> int:
    """0 stands for all points."""
    if text == "all":
        return 0
    if not text.isdecimal() or int(text) < 2:
        raise argparse.ArgumentTypeError(f"须是不小于 2 的整数或 all，现为 {text}")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Do the command; what stands in the way is said in one sentence on the error stream."""
    try:
        return _krige(args)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return UNREADABLE


def _krige(args: argparse.Namespace) -> int:
    from jingtu.cli import krige_report
    from jingtu.cli.krige_file import read_points
    from jingtu.cli.krige_work import work

    points = read_points(args)
    try:
        found = work(points, _wanted(args, points.analyte))
    except ValueError as error:
        raise Stopped(str(error)) from error
    report = krige_report.build(found)
    if args.to:
        report["files"] = _write(args.to, found, report)
    deliver(krige_report.as_json(report) if args.format == "json" else krige_report.as_text(report), args.out)
    return OPEN if report["issues"] else JUDGED


def _wanted(args: argparse.Namespace, analyte: str) -> Wanted:
    from jingtu.cli.krige_threshold import asked_threshold
    from jingtu.cli.krige_work import Wanted
    from jingtu.science.variogram import MODELS, Variogram

    if (args.range is None) != (args.partial_sill is None) or (args.nugget is not None and args.range is None):
        raise Stopped("直接给出变异函数时，--range 和 --partial-sill 要一起写（--nugget 可不写，按 0）。")
    given = None
    if args.range is not None:
        if args.model == "auto":
            raise Stopped("直接给出变程和偏基台值时，还要用 --model 指明模型（spherical、exponential、gaussian）。")
        given = Variogram(args.model, args.partial_sill, args.range, args.nugget or 0.0)
    return Wanted(
        models=MODELS if args.model == "auto" else (args.model,),
        given=given,
        cutoff_m=args.cutoff,
        lags=args.lags,
        estimator=args.estimator,
        cell_m=args.cell,
        neighbours=args.neighbours,
        threshold=asked_threshold(args, analyte),
        logged=args.log,
    )


def _write(folder: Path, found: Any, report: dict[str, Any]) -> list[str]:
    """The files of a map, named after the analyte; their names."""
    from jingtu.cli import krige_pictures, krige_raster, krige_report

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stopped(f"建不了文件夹 {folder}（{file_trouble(error)}），请检查名称和权限。") from error
    stem = "".join(sign if sign.isalnum() else "_" for sign in found.points.analyte)
    names = [f"{stem}.tif", f"{stem}_map.png", f"{stem}_variogram.png", f"{stem}.json"]
    report["files"] = names
    deliver(krige_raster.geotiff(found), folder / names[0])
    deliver(krige_pictures.map_png(found), folder / names[1])
    deliver(krige_pictures.variogram_png(found), folder / names[2])
    deliver(krige_report.as_json(report), folder / names[3])
    return names
