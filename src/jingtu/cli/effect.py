"""``jingtu effect FILE --target …``: whether remediation reached its target (HJ 25.5), without a database.

Exit codes: 0 every range was judged, 1 issues exist or a range could not be judged, 2 the file or the command could
not be understood.
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
    from jingtu.assess.effect import Range
    from jingtu.assess.finding import Finding
    from jingtu.cli.report_forms import Forms
    from jingtu.sheets.concentrations import Contents

SCHEMA: Final = "jingtu.effect/1"
_EPILOG: Final = (
    "文件须有样品编号和各检测项目；可有“基坑”（或“修复范围”“堆体”）一列，分别评估；可有“原样编号”一列，写明这一行是"
    "哪个样品的平行样（只用于 t 检验，不计入样品数）。"
    "退出码：0 全部判定；1 有问题或有不能判定的；2 文件或命令无法识别。"
)


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("effect", help="修复效果评估（HJ 25.5，不需要数据库）", epilog=_EPILOG)
    add_contents(parser)
    parser.add_argument(
        "--target", action="append", required=True, metavar="项目=值", help="评估标准值，mg/kg，如 As=60；可以写几次"
    )
    parser.add_argument("--on", metavar="日期", help="评估之日，默认今天")
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Do the command; what stands in the way is said in one sentence on the error stream."""
    try:
        return _effect(args)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return UNREADABLE


def _effect(args: argparse.Namespace) -> int:
    from jingtu import law
    from jingtu.assess import effect
    from jingtu.cli import report_forms

    check_output(args)
    on, unit, targets = asked_day(args.on), asked_unit(args.unit), _targets(args.target)
    wanted = tuple(entry.code for entry in law.analytes(law.CONSTRUCTION) if entry.standard_unit == "mg/kg")
    contents = _contents(args, wanted, unit)
    try:
        judged = [(held, effect.assess(held, on)) for held in _ranges(contents, targets)]
    except law.LawError as error:
        raise Stopped(str(error)) from error
    absent = [code for code in targets if not any(held.analyte == code for held, _ in judged)]
    if absent:
        names = "、".join(law.analyte(code).name_zh for code in absent)
        raise Stopped(f"文件里没有 {names} 的检测结果，请核对表头或 --target。")
    deliver(
        report_forms.render(_forms(contents, judged, on.isoformat(), args.format == "table"), args.format), args.out
    )
    settled = all(found[3].outcome != effect.UNDECIDED for _, found in judged)
    return JUDGED if settled and not contents.issues else OPEN


def _targets(texts: list[str]) -> dict[str, Decimal]:
    from jingtu import law
    from jingtu.plain.numbers import parse_decimal

    found: dict[str, Decimal] = {}
    for text in texts:
        name, _, number = text.rpartition("=")
        analyte = law.analytes(law.CONSTRUCTION).find(name)
        if analyte is None:
            raise Stopped(
                f"--target 里的“{name}”不认识，可以写 GB 36600 项目的中文名、英文名或 CAS 号，如 As=60、苯=1。"
            )
        try:
            found[analyte.code] = parse_decimal(number)
        except ValueError as error:
            raise Stopped(f"--target 写的“{text}”应写成 As=60 这样，单位 mg/kg。") from error
        if found[analyte.code] <= 0:
            raise Stopped(f"--target 写的“{text}”不是大于 0 的标准值，单位 mg/kg。")
    return found


def _contents(args: argparse.Namespace, wanted: tuple[str, ...], unit: str) -> Contents:
    from jingtu import law
    from jingtu.sheets.contents import read_contents
    from jingtu.sheets.faults import FileRefused
    from jingtu.sheets.reading import Options

    data = file_bytes(args.file)
    try:
        return read_contents(data, args.file.name, wanted, unit, Options(sheet=args.sheet), law.CONSTRUCTION)
    except FileRefused as refused:
        raise Stopped(refused.issue.sentence()) from refused


def _ranges(contents: Contents, targets: dict[str, Decimal]) -> list[Range]:
    """One range per part of the file and analyte; rows that repeat another become pairs of duplicates."""
    from jingtu.assess.effect import Range

    place = {name: at for at, name in enumerate(contents.subjects)}
    unknown = next((name for name in contents.duplicate_of if name and name not in place), None)
    if unknown is not None:
        raise Stopped(f"平行样所对应的样品“{unknown}”不在文件里，请核对“原样编号”一列。")
    found = []
    for part in dict.fromkeys(contents.part):
        own = [at for at, name in enumerate(contents.part) if name == part and not contents.duplicate_of[at]]
        for code, target in targets.items():
            column = contents.results.get(code, [])
            measured = [at for at in own if column and column[at].qualifier != "NM"]
            if measured:
                names, items = [contents.subjects[at] for at in measured], [column[at] for at in measured]
                pairs = _pairs(contents, code, part, place)
                found.append(Range(part or "全部样品", code, target, names, items, pairs))
    return found


def _pairs(contents: Contents, code: str, part: str, place: dict[str, int]) -> list[tuple[Decimal, Decimal]]:
    column = contents.results[code]
    found = []
    for at, name in enumerate(contents.duplicate_of):
        if name and contents.part[place[name]] == part:
            first, second = column[place[name]].value, column[at].value
            if first is not None and second is not None:
                found.append((first, second))
    return found


def _forms(contents: Contents, judged: list[tuple[Range, list[Finding]]], on: str, screen: bool) -> Forms:
    from jingtu import law
    from jingtu.assess.effect_sentences import METHOD_NAMES, OUTCOME_NAMES
    from jingtu.assess.finding import code_version
    from jingtu.cli.report_forms import Forms, Page, issue_line, issue_page

    issues = [issue.as_dict() for issue in (*contents.issues, *contents.notes)]
    rows = [
        [held.name, law.analyte(held.analyte).name_zh, f"{held.target_mg_kg:f}", str(len(held.results)),
         METHOD_NAMES[one.measure], OUTCOME_NAMES[one.outcome], one.sentence()]
        for held, found in judged for one in found
    ]  # fmt: skip
    data = {
        "schema": SCHEMA,
        "file": contents.file,
        "law_on": on,
        "code_version": code_version(),
        "findings": [one.as_dict() for _, found in judged for one in found],
        "issues": [issue.as_dict() for issue in contents.issues],
        "notes": [note.as_dict() for note in contents.notes],
    }
    titles = ["范围", "检测项目", "评估标准值(mg/kg)", "样品数", "方法", "结果", "说明"]
    brief = Page("摘要", titles[:-1], [row[:-1] for row in rows])
    closing = [*(issue_line(issue) for issue in issues), *(row[-1] for row in rows)] if screen else []
    return Forms(data, [brief, Page("评估", titles, rows), issue_page(issues)], "评估", closing)
