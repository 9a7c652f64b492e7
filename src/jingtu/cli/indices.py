"""``jingtu indices FILE`` and ``jingtu rate …``: indices of accumulation and the safe-use rates, without a database.

Exit codes: 0 computed, 1 issues exist or there is nothing to compute, 2 the file or the command could not be
understood.
"""

from __future__ import annotations

import argparse
import sys
from decimal import Decimal
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
    from jingtu.assess.finding import Finding
    from jingtu.cli.report_forms import Forms
    from jingtu.sheets.concentrations import Contents

INDEX_SCHEMA: Final = "jingtu.indices/1"
RATE_SCHEMA: Final = "jingtu.rate/1"
_EPILOG: Final = "退出码：0 已计算；1 有问题或没有可计算的；2 文件或命令无法识别。"
_RATES: Final = {
    "farmland-trial": "farmland.trial_2019",
    "farmland-class": "farmland.class_based",
    "parcel": "parcel.redeveloped",
}


def add(subparsers: Any) -> None:
    """Declare the commands."""
    indices = subparsers.add_parser("indices", help="土壤指数：累积、内梅罗、地累积、潜在生态风险", epilog=_EPILOG)
    add_contents(indices)
    indices.add_argument("--base", choices=("shanxi", "china"), default="shanxi", help="背景值：山西（默认）或全国")
    indices.add_argument("--background", default="", metavar="值", help="自行给出的背景值，如 Cd=0.11,Hg=0.03，mg/kg")
    indices.add_argument("--on", metavar="日期", help="按哪一天的分级，默认今天")
    add_output(indices)
    rate = subparsers.add_parser("rate", help="安全利用率：受污染耕地（两种口径）、污染地块", epilog=_EPILOG)
    rate.add_argument("name", choices=tuple(_RATES), metavar="口径", help="、".join(_RATES))
    rate.add_argument(
        "--area", action="append", default=[], metavar="项=面积",
        help="各项面积，单位一致：farmland-trial 写 B C D E；farmland-class 写 safe_done strict_done safe strict；"
        "parcel 写 fit redeveloped。同一地块有几类措施的，面积只计一次",
    )  # fmt: skip
    rate.add_argument("--subject", default="全部", metavar="名称", help="核算对象，如 某县")
    rate.add_argument("--on", metavar="日期", help="核算之日，默认今天")
    add_output(rate)


def run(args: argparse.Namespace) -> int:
    """Do the command; what stands in the way is said in one sentence on the error stream."""
    try:
        return _indices(args) if args.command == "indices" else _rate(args)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return UNREADABLE


def _indices(args: argparse.Namespace) -> int:
    from jingtu import law
    from jingtu.assess import indices
    from jingtu.cli import report_forms

    check_output(args)
    on, unit = asked_day(args.on), asked_unit(args.unit)
    own = _pairs("--background", args.background.replace("，", ",").split(","))
    contents = _contents(args, law.analytes().element_set("eight"), unit)
    known = {law.analytes().find(name): value for name, value in own.items()}
    if None in known or any(value <= 0 for value in own.values()):
        raise Stopped("--background 里的元素须是 Cd、Hg、As、Pb、Cr、Cu、Ni、Zn，背景值须大于 0，如 Cd=0.11。")
    ground = {entry.code: value for entry, value in known.items() if entry is not None}
    try:
        computed = indices.compute(contents.subjects, contents.results, on, args.base, ground or None)
    except law.LawError as error:
        raise Stopped(str(error)) from error
    found = list(indices.findings(computed))
    deliver(report_forms.render(_index_forms(contents, found, on.isoformat()), args.format), args.out)
    return JUDGED if found and not contents.issues else OPEN


def _contents(args: argparse.Namespace, wanted: tuple[str, ...], unit: str) -> Contents:
    from jingtu.sheets.contents import read_contents
    from jingtu.sheets.faults import FileRefused
    from jingtu.sheets.reading import Options

    try:
        return read_contents(file_bytes(args.file), args.file.name, wanted, unit, Options(sheet=args.sheet))
    except FileRefused as refused:
        raise Stopped(refused.issue.sentence()) from refused


def _index_forms(contents: Contents, found: list[Finding], on: str) -> Forms:
    from jingtu import law
    from jingtu.assess.finding import code_version
    from jingtu.assess.index_sentences import BASE_NAMES, MEASURE_NAMES
    from jingtu.cli.report_forms import Forms, Page, issue_line, issue_page
    from jingtu.plain.numbers import display

    classes = law.at(found[0].law_on).table("index_classes") if found and found[0].law_on else None
    rows = [
        [one.subject, "、".join(one.part("elements").split()), MEASURE_NAMES[one.measure],
         "—" if one.value is None else display(one.value, 3),
         classes.row(one.table_row).text("class_zh") if classes else "",
         one.part("scheme"), one.part("base"), one.sentence()]
        for one in found
    ]  # fmt: skip
    issues = [issue.as_dict() for issue in (*contents.issues, *contents.notes)]
    bases = dict.fromkeys(one.part("base") for one in found)
    data = {
        "schema": INDEX_SCHEMA,
        "file": contents.file,
        "law_on": on,
        "code_version": code_version(),
        "findings": [one.as_dict() for one in found],
        "issues": [issue.as_dict() for issue in contents.issues],
        "notes": [note.as_dict() for note in contents.notes],
    }
    titles = ["样品", "项目", "指数", "数值", "分级", "分级方案", "基准", "说明"]
    closing = [
        *(issue_line(issue) for issue in issues),
        *(f"基准 {base}：{BASE_NAMES[base]}。" for base in bases),
        "未检出按二分之一检出限计（HJ/T 166-2004），没有检出限的不计。不同分级方案的等级不能互相比较。",
    ]
    brief = Page("摘要", titles[:-1], [row[:-1] for row in rows])
    return Forms(data, [brief, Page("指数", titles, rows), issue_page(issues)], "指数", closing)


def _rate(args: argparse.Namespace) -> int:
    from jingtu import law
    from jingtu.assess import rates
    from jingtu.assess.finding import code_version
    from jingtu.cli import report_forms
    from jingtu.cli.report_forms import Forms, Page

    check_output(args)
    on, areas = asked_day(args.on), _pairs("--area", args.area)
    wanted = [row.text("term") for row in rates.terms(_RATES[args.name], on)]
    if sorted(wanted) != sorted(areas):
        raise Stopped(f"{args.name} 须给出这些面积：{'、'.join(wanted)}，如 --area {wanted[0]}=100。")
    try:
        found = rates.rate(args.subject, _RATES[args.name], areas, on)
    except (ValueError, law.LawError) as error:
        raise Stopped("分子大于分母或面积为负：请核对各项面积，同一地块的面积只计一次。") from error
    data = {"schema": RATE_SCHEMA, "code_version": code_version(), "findings": [found.as_dict()]}
    page = Page(
        "安全利用率",
        ["对象", "口径", "分子", "分母", "率(%)"],
        [[found.subject, args.name, found.part("numerator"), found.part("denominator"),
          "无对象" if found.value is None else f"{float(found.value):.2f}"]],
    )  # fmt: skip
    deliver(report_forms.render(Forms(data, [page], page.name, [found.sentence()]), args.format), args.out)
    return JUDGED if found.value is not None else OPEN


def _pairs(flag: str, texts: list[str]) -> dict[str, Decimal]:
    from jingtu.plain.numbers import parse_decimal

    found: dict[str, Decimal] = {}
    for text in filter(None, (piece.strip() for piece in texts)):
        name, _, number = text.partition("=")
        try:
            found[name.strip()] = parse_decimal(number)
        except ValueError as error:
            raise Stopped(f"{flag} 写的“{text}”应写成“名称=数”，如 Cd=0.11。") from error
    return found
