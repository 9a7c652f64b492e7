"""The sheet of results: what the file alone tells, before an account or a database is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from jingtu.evidence.normalise import WHO, Normalised, normalise
from jingtu.plain.issues import Issue, Severity
from jingtu.sheets.checked import FileSheet, placed
from jingtu.sheets.reading import Reading


def check(reading: Reading, on: date) -> list[Issue]:
    """Issues of a report handed in on a day: analytes, units, values, one report, dates, doubles."""
    normalised = normalise(reading)
    found = [*normalised.issues, *_one_report(reading), *_dates(reading, on), *_doubles(reading, normalised)]
    return placed(found, reading)


def fault(code: str, message: str, cure: str, row: int | None = None, column: str = "", value: str = "") -> Issue:
    """What the laboratory must mend before the report can be taken."""
    return Issue(code, Severity.BLOCKING, message, cure, row=row, column=column, value=value, who=WHO)


def _one_report(reading: Reading) -> Iterator[Issue]:
    numbers = reading.columns["report_number"]
    if len(set(numbers)) == 1:
        return
    for row, number in zip(reading.rows, numbers, strict=True):
        if number and number != numbers[0]:
            yield fault(
                "evidence.report.several",
                f"本文件含有不止一个检测报告编号：“{numbers[0]}”与“{number}”。",
                "一份报告是一个批次，请按报告分成几个文件提交。",
                row,
                "report_number",
                str(number),
            )
            return


def _dates(reading: Reading, on: date) -> Iterator[Issue]:
    pairs = list(zip(reading.columns["analysed_on"], reading.columns["reported_on"], strict=True))
    wrong = {pair for pair in set(pairs) if _is_wrong(*pair, on)}
    if not wrong:
        return
    for row, pair in zip(reading.rows, pairs, strict=True):
        if pair in wrong:
            yield _wrong_date(row, *pair, on)


def _is_wrong(analysed: Any, reported: Any, on: date) -> bool:
    return bool(reported and (reported > on or (analysed and analysed > reported)))


def _wrong_date(row: int, analysed: Any, reported: Any, on: date) -> Issue:
    if analysed and analysed > reported:
        return fault(
            "evidence.date.order",
            f"分析日期 {analysed} 晚于报告日期 {reported}。",
            "请按原始记录更正其中一个日期。",
            row,
            "analysed_on",
            str(analysed),
        )
    return fault(
        "evidence.date.future",
        f"报告日期 {reported} 晚于提交日期 {on}。",
        "请更正报告日期。",
        row,
        "reported_on",
        str(reported),
    )


def _doubles(reading: Reading, normalised: Normalised) -> Iterator[Issue]:
    codes, methods = reading.columns["sample_code"], reading.columns["method"]
    keys = list(zip(codes, normalised.analytes, methods, normalised.replicates, strict=True))
    if len(set(keys)) == len(keys):
        return
    first: dict[tuple[Any, ...], int] = {}
    for row, key in zip(reading.rows, keys, strict=True):
        if all(key[:2]) and first.setdefault(key, row) != row:
            yield fault(
                "evidence.result.double",
                f"样品 {key[0]} 的同一项目、方法、平行号与第 {first[key]} 行重复。",
                "是室内平行的请填写不同的平行号；否则请删去一行。",
                row,
                "sample_code",
                str(key[0]),
            )


RESULTS: Final = FileSheet("evidence.result", "检测结果表", Path(__file__).parent / "sheets" / "result.csv", check)
SHEETS: Final = (RESULTS,)
