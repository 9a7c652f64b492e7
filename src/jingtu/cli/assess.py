"""``jingtu assess farmland|construction|crops FILE``: judge soil and crops on this machine, without a database.

Exit codes: 0 every sample was judged, 1 issues exist or a sample could not be judged, 2 the file or the command
could not be understood.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from jingtu.cli.asking import (
    EPILOG,
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
from jingtu.cli.spread import add_scheduler, partition_size, spread_over

if TYPE_CHECKING:
    from jingtu.sheets.concentrations import Contents

_STAGES: Final = ("preliminary", "detailed")


def add(subparsers: Any) -> None:
    """Declare the command."""
    assess = subparsers.add_parser("assess", help="按标准评价数据文件（不需要数据库）")
    subjects = assess.add_subparsers(dest="subject", metavar="对象", required=True)
    farmland = subjects.add_parser("farmland", help="农用地土壤（GB 15618）", epilog=EPILOG)
    add_contents(farmland)
    farmland.add_argument("--on", metavar="日期", help="评价之日，默认今天；按这一天施行的标准判定")
    farmland.add_argument("--elements", choices=("five", "eight"), default="five", help="五项或八项，默认五项")
    farmland.add_argument("--land-use", default="", metavar="土地利用", help="文件里没有写土地利用时采用")
    add_scheduler(farmland)
    add_output(farmland)
    _add_construction(subjects.add_parser("construction", help="建设用地土壤（GB 36600）", epilog=EPILOG))
    _add_crops(subjects.add_parser("crops", help="农产品（GB 2762）", epilog=EPILOG))


def _add_crops(parser: argparse.ArgumentParser) -> None:
    add_contents(parser)
    parser.add_argument("--crop", default="", metavar="作物", help="文件里没有写作物时采用，如 谷子、玉米")
    parser.add_argument(
        "--harvested-on", default="", metavar="日期", help="文件里没有写收获日期时采用；按这一天的限量判定"
    )
    add_output(parser)


def _add_construction(parser: argparse.ArgumentParser) -> None:
    add_contents(parser)
    parser.add_argument("--on", metavar="日期", help="评价之日，默认今天；按这一天施行的标准判定")
    parser.add_argument(
        "--land-use",
        default="",
        metavar="规划用途",
        help="文件里没有写规划用途时采用：GB 50137 代码（R、A33、M…）、用地用海分类代码（0701、080403…）、用途名称、"
        "“第一类用地”或“第二类用地”；不写即用途不明确，适用第一类用地",
    )
    parser.add_argument("--stage", choices=_STAGES, default=_STAGES[0], help="初步调查（默认）或详细调查")
    parser.add_argument("--soil-type", default="", metavar="土类", help="文件里没有写土壤类型时采用，如 褐土、栗钙土")
    parser.add_argument(
        "--background", default="", metavar="值", help="当地背景调查值，如 As=25,Co=18（mg/kg），优先于附录A"
    )
    add_scheduler(parser)
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Do the command; what stands in the way is said in one sentence on the error stream."""
    subjects: dict[str, Callable[[argparse.Namespace], int]] = {
        "farmland": _farmland,
        "construction": _construction,
        "crops": _crops,
    }
    try:
        return subjects[args.subject](args)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return UNREADABLE


def _farmland(args: argparse.Namespace) -> int:
    from jingtu import law
    from jingtu.assess import farmland
    from jingtu.cli import farmland_report

    check_output(args)
    on, land_use, unit = asked_day(args.on), _land_use(args.land_use), asked_unit(args.unit)
    contents = _contents(args, law.analytes().element_set("eight"), unit, law.FARMLAND)
    uses = [code or land_use for code in contents.land_use]
    samples = farmland.Samples(contents.subjects, contents.ph, uses, contents.results)
    try:
        parts = _judged(args, contents, samples, partial(farmland_report.judge, on=on, elements=args.elements))
        report = farmland_report.build(contents, [sample for part in parts for sample in part], on, args.elements)
    except law.LawError as error:
        raise Stopped(str(error)) from error
    deliver(farmland_report.render(report, args.format), args.out)
    return JUDGED if report["summary"]["judged"] == len(contents) and not contents.issues else OPEN


def _construction(args: argparse.Namespace) -> int:
    from jingtu import law
    from jingtu.assess import construction
    from jingtu.cli import construction_report

    check_output(args)
    on, unit = asked_day(args.on), asked_unit(args.unit)
    try:
        local = _background(args.background, on)
    except law.LawError as error:
        raise Stopped(str(error)) from error
    wanted = tuple(entry.code for entry in law.analytes(law.CONSTRUCTION) if entry.standard_unit == "mg/kg")
    contents = _contents(args, wanted, unit, law.CONSTRUCTION)
    uses = [text or args.land_use for text in contents.land_use]
    soil_types = [text or args.soil_type for text in contents.soil_type]
    try:
        _check_soil_types(soil_types, on)
        samples = construction.Samples(contents.subjects, uses, soil_types, contents.results)
        judge = partial(construction_report.judge, on=on, stage=args.stage, local=local)
        report = construction_report.build(contents, _judged(args, contents, samples, judge), on, args.stage)
    except (law.LawError, ValueError) as error:
        raise Stopped(str(error)) from error
    deliver(construction_report.render(report, args.format), args.out)
    return JUDGED if report["summary"]["judged"] == len(contents) and not contents.issues else OPEN


def _crops(args: argparse.Namespace) -> int:
    from jingtu import law
    from jingtu.assess.crops import CropSample
    from jingtu.cli import crops_report
    from jingtu.sheets.crop_columns import crops_of, harvest_days_of

    check_output(args)
    on, unit = asked_day(None), asked_unit(args.unit)
    contents = _contents(args, law.analytes(law.CROPS).codes, unit, law.CROPS)
    crops, days = crops_of(contents, _crop(args.crop)), harvest_days_of(contents, _harvest(args.harvested_on))
    samples = [
        CropSample(subject, crop, day, {code: column[at] for code, column in contents.results.items()})
        for at, (subject, crop, day) in enumerate(zip(contents.subjects, crops, days, strict=True))
    ]
    report = crops_report.build(contents, samples, on)
    deliver(crops_report.render(report, args.format), args.out)
    return OPEN if report["summary"]["not_judged"] or contents.issues else JUDGED


def _crop(text: str) -> str:
    from jingtu import law
    from jingtu.sheets.crop_columns import crop_names

    found = law.codes("crop").find(text) if text else None
    if text and found is None:
        raise Stopped(f"--crop 写的“{text}”不在作物表中，可以写：{crop_names()}。")
    return found.code if found else ""


def _harvest(text: str) -> date | None:
    from jingtu.plain.days import parse_day

    try:
        return parse_day(text) if text else None
    except ValueError as error:
        raise Stopped(f"--harvested-on 写的不是日期：{error}") from error


def _judged(args: argparse.Namespace, contents: Contents, samples: Any, judge: Callable[[Any], Any]) -> list[Any]:
    """What ``judge`` says of each partition, in order, from this process or the workers of a scheduler."""
    from jingtu.assess.partitions import partitions
    from jingtu.plain.blocks import blocks

    size = partition_size(args, len(samples))
    rows = (contents.rows[part] for part in blocks(len(samples), size))
    with spread_over(args.scheduler) as spread:
        return list(spread(judge, zip(rows, partitions(samples, size), strict=True)))


def _contents(args: argparse.Namespace, wanted: tuple[str, ...], unit: str, listing: str) -> Contents:
    from jingtu.sheets.contents import read_contents
    from jingtu.sheets.faults import FileRefused
    from jingtu.sheets.reading import Options

    data = file_bytes(args.file)
    try:
        return read_contents(data, args.file.name, wanted, unit, Options(sheet=args.sheet), listing)
    except FileRefused as refused:
        raise Stopped(refused.issue.sentence()) from refused


def _land_use(text: str) -> str:
    from jingtu import law
    from jingtu.sheets.codes import find_code

    code = find_code("land_use", text) if text else ""
    if code is None:
        known = "、".join(f"{entry.code}（{entry.label_zh}）" for entry in law.codes("land_use"))
        raise Stopped(f"--land-use 写的“{text}”不认识，可以写：{known}。")
    return code


def _background(text: str, on: date) -> dict[str, Decimal]:
    """Local background contents as ``As=25,Co=18``; only for the items the standard's note names."""
    from jingtu import law
    from jingtu.assess.construction_limits import background_items
    from jingtu.plain.numbers import parse_decimal

    allowed = background_items(on)
    found: dict[str, Decimal] = {}
    for part in filter(None, (piece.strip() for piece in text.replace("，", ",").split(","))):
        name, _, number = part.partition("=")
        known = law.analytes(law.CONSTRUCTION).find(name)
        if known is None or known.code not in allowed:
            raise Stopped(
                f"--background 里的“{name}”没有背景值规则，只有砷 As、钴 Co、钒 V 有（GB 36600-2018 表1注①）。"
            )
        try:
            value = parse_decimal(number)
        except ValueError as error:
            raise Stopped(f"--background 里的“{part}”应写成 As=25 这样，单位 mg/kg。") from error
        if value <= 0:
            raise Stopped(f"--background 里的“{part}”不是大于 0 的含量，应写成 As=25 这样，单位 mg/kg。")
        found[known.code] = value
    return found


def _check_soil_types(soil_types: list[str], on: date) -> None:
    from jingtu.assess.construction_limits import soil_types as printed

    known = printed(on)
    unknown = next((text for text in dict.fromkeys(soil_types) if text and text not in known), None)
    if unknown is not None:
        raise Stopped(f"土壤类型“{unknown}”不在 GB 36600-2018 附录A 之内，可以写：{'、'.join(known)}。")
