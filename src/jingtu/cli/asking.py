"""What the commands that work on files share: understanding their options, reading a file, handing out a result."""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from jingtu.plain.days import SHANGHAI, parse_day
from jingtu.plain.numbers import parse_decimal

JUDGED, OPEN, UNREADABLE = 0, 1, 2
FORMATS: Final = ("table", "json", "csv", "xlsx")
EPILOG: Final = "退出码：0 全部判定；1 有问题或有样品不能判定；2 文件或命令无法识别。"


class Stopped(Exception):
    """Nothing could be done; the message says why and what to do."""


def add_output(parser: argparse.ArgumentParser) -> None:
    """Declare how the result is handed out."""
    parser.add_argument("--format", choices=FORMATS, default="table", help="输出格式，默认 table")
    parser.add_argument("--out", type=Path, metavar="输出文件", help="写入文件；xlsx 必须给出")


def add_contents(parser: argparse.ArgumentParser) -> None:
    """Declare a file of contents and how to read it."""
    parser.add_argument("file", type=Path, metavar="文件", help="CSV、XLSX 或 XLS；宽表或长表")
    parser.add_argument("--unit", default="", metavar="单位", help="文件里没有写单位时采用，如 mg/kg")
    parser.add_argument("--sheet", default="", metavar="工作表", help="工作簿里有几张表时指明")


def check_output(args: argparse.Namespace) -> None:
    """A workbook needs a file to go to."""
    if args.format == "xlsx" and args.out is None:
        raise Stopped("xlsx 不能显示在屏幕上，请用 --out 给出输出文件名。")


def asked_day(text: str | None) -> date:
    """The day of ``--on``, today in Shanghai when it is not given."""
    if text is None:
        return datetime.now(SHANGHAI).date()
    try:
        return parse_day(text)
    except ValueError as error:
        raise Stopped(f"--on 写的不是日期：{error}") from error


def asked_unit(text: str) -> str:
    """The unit of ``--unit`` in its one spelling; it must be one of contents in soil."""
    from jingtu.plain.units import canonical_unit, exponent_between

    if not text:
        return ""
    try:
        exponent_between(text, "mg/kg")
    except ValueError as error:
        raise Stopped(f"--unit 写的“{text}”不是土壤含量的单位，可以写 mg/kg、µg/kg、ng/g、g/kg、%。") from error
    return canonical_unit(text)


def asked_number(flag: str, text: str) -> Decimal:
    """A number of an option, not below zero."""
    try:
        value = parse_decimal(text)
    except ValueError as error:
        raise Stopped(f"{flag} 写的“{text}”不是数字。") from error
    if value < 0:
        raise Stopped(f"{flag} 写的“{text}”是负数，请核对。")
    return value


def asked_positive(flag: str, text: str | None) -> float:
    """A number of an option that must be given and above zero."""
    if text is None:
        raise Stopped(f"还须给出 {flag}。")
    value = float(asked_number(flag, text))
    if value == 0:
        raise Stopped(f"{flag} 须大于 0。")
    return value


def asked_share(flag: str, text: str) -> float:
    """A percentage strictly between nothing and everything, as a fraction."""
    value = float(asked_number(flag, text)) / 100
    if not 0 < value < 1:
        raise Stopped(f"{flag} 写的“{text}”须大于 0、小于 100，如 95。")
    return value


def file_trouble(error: OSError) -> str:
    """Why a file cannot be had, in words where they are known."""
    reasons = {FileNotFoundError: "没有这个文件或文件夹", IsADirectoryError: "是文件夹", PermissionError: "没有权限"}
    return reasons.get(type(error), error.strerror or str(error))


def file_bytes(path: Path) -> bytes:
    """The content of the file asked about."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Stopped(f"文件 {path} 打不开（{file_trouble(error)}），请检查文件名和权限。") from error


def deliver(content: bytes, out: Path | None) -> None:
    """To the screen, or into the file asked for."""
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise Stopped(f"写不了文件 {out}（{file_trouble(error)}），请检查文件夹和权限。") from error
    print(f"已写入 {out}。", file=sys.stderr)
