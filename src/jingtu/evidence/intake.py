"""The sheet of results: what must be asked of the database before a batch is taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from jingtu import law
from jingtu.evidence import actions, facts
from jingtu.evidence.models import Laboratory, Sample
from jingtu.evidence.normalise import Normalised, normalise
from jingtu.land.models import Role
from jingtu.plain.issues import Issue, Severity
from jingtu.registers.declare import Sheet, sheet
from jingtu.registers.ledger import Deed
from jingtu.registers.models import Dossier
from jingtu.registers.reach import Right
from jingtu.sheets.reading import Reading

LABORATORY = "检测机构"
STANDARD = "HJ/T 166-2004"


def check(dossier: Dossier, reading: Reading) -> list[Issue]:
    """Issues of a batch: laboratory, samples, analytes, units, dates, doubles."""
    laboratory = Laboratory.objects.filter(organisation_id=dossier.organisation_id).first()
    if laboratory is None:
        return [_issue("evidence.laboratory.unknown", "提交单位没有登记为检测机构。", "请由检测机构的账号提交结果表。")]
    normalised = normalise(reading)
    found = list(normalised.issues)
    found += _one_report(reading)
    found += _known_samples(reading, laboratory)
    found += _accredited(reading, normalised, laboratory, dossier.on)
    found += _dates(reading, dossier.on)
    found += _doubles(reading, normalised)
    return [_at(issue, dossier, reading) for issue in found]


def _issue(code: str, message: str, cure: str, row: int | None = None, column: str = "", value: str = "") -> Issue:
    return Issue(code, Severity.BLOCKING, message, cure, row=row, column=column, value=value, who=LABORATORY)


def _at(issue: Issue, dossier: Dossier, reading: Reading) -> Issue:
    heading = reading.headings.get(issue.column, issue.column)
    return replace(issue, file=dossier.filename, sheet=reading.sheet, column=heading)


def _one_report(reading: Reading) -> Iterator[Issue]:
    numbers = reading.columns["report_number"]
    for row, number in zip(reading.rows, numbers, strict=True):
        if number and number != numbers[0]:
            yield _issue(
                "evidence.report.several",
                f"本文件含有不止一个检测报告编号：“{numbers[0]}”与“{number}”。",
                "一份报告是一个批次，请按报告分成几个文件提交。",
                row,
                "report_number",
                str(number),
            )
            return


def _known_samples(reading: Reading, laboratory: Laboratory) -> Iterator[Issue]:
    codes = reading.columns["sample_code"]
    known = facts.handed_samples(laboratory, {str(code) for code in codes if code})
    for row, code in zip(reading.rows, codes, strict=True):
        if code and code not in known:
            yield _issue(
                "evidence.sample.unknown",
                f"样品编码“{code}”不在送交本机构的流转单中。",
                "请核对样品标签；编码确实无误的，请送样单位补办流转单。",
                row,
                "sample_code",
                str(code),
            )


def _accredited(reading: Reading, normalised: Normalised, laboratory: Laboratory, on: date) -> Iterator[Issue]:
    scopes: dict[date, set[str]] = {}
    told = set()
    for row, analyte, day in zip(reading.rows, normalised.analytes, reading.columns["analysed_on"], strict=True):
        scope = scopes.setdefault(day or on, facts.accredited_analytes(laboratory, day or on))
        if analyte and analyte not in scope and analyte not in told:
            told.add(analyte)
            name = law.analytes()[analyte].name_zh
            yield _issue(
                "evidence.analyte.not_accredited",
                f"分析日期 {day} 时，本机构的资质认定不含“{name}”。",
                "请由具备该项资质的机构检测，或先更新资质认定登记。",
                row,
                "analyte",
                name,
            )


def _dates(reading: Reading, on: date) -> Iterator[Issue]:
    pairs = zip(reading.rows, reading.columns["analysed_on"], reading.columns["reported_on"], strict=True)
    for row, analysed, reported in pairs:
        if analysed and reported and analysed > reported:
            yield _issue(
                "evidence.date.order",
                f"分析日期 {analysed} 晚于报告日期 {reported}。",
                "请按原始记录更正其中一个日期。",
                row,
                "analysed_on",
                str(analysed),
            )
        elif reported and reported > on:
            yield _issue(
                "evidence.date.future",
                f"报告日期 {reported} 晚于提交日期 {on}。",
                "请更正报告日期。",
                row,
                "reported_on",
                str(reported),
            )


def _doubles(reading: Reading, normalised: Normalised) -> Iterator[Issue]:
    first: dict[tuple[Any, ...], int] = {}
    codes, methods = reading.columns["sample_code"], reading.columns["method"]
    keys = zip(codes, normalised.analytes, methods, normalised.replicates, strict=True)
    for row, key in zip(reading.rows, keys, strict=True):
        if all(key[:2]) and first.setdefault(key, row) != row:
            yield _issue(
                "evidence.result.double",
                f"样品 {key[0]} 的同一项目、方法、平行号与第 {first[key]} 行重复。",
                "是室内平行的请填写不同的平行号；否则请删去一行。",
                row,
                "sample_code",
                str(key[0]),
            )


def preview(dossier: Dossier, reading: Reading) -> list[str]:
    """What acceptance will do, in sentences."""
    samples = {code for code in reading.columns["sample_code"] if code}
    number = reading.columns["report_number"][0]
    return [
        f"新增检测批次“{number}”：{len(reading.rows)} 条结果，{len(samples)} 件样品。",
        "入库后自动计算质量控制，并按报告日期的标准得出结论，等待审核。",
    ]


def commit(dossier: Dossier, reading: Reading, doing: Deed) -> dict[str, Any]:
    """Insert the batch."""
    laboratory = Laboratory.objects.get(organisation_id=dossier.organisation_id)
    samples: dict[str, Sample] = facts.handed_samples(laboratory, set(reading.columns["sample_code"]))
    normalised = normalise(reading)
    identities = [samples[code].pk for code in reading.columns["sample_code"]]
    rows = list(
        zip(
            identities,
            normalised.analytes,
            normalised.replicates,
            reading.columns["method"],
            reading.raw["value"],
            reading.raw["unit"],
            normalised.values,
            normalised.units,
            normalised.qualifiers,
            normalised.limits,
            reading.columns["analysed_on"],
            strict=True,
        )
    )
    number, reported_on = reading.columns["report_number"][0], reading.columns["reported_on"][0]
    batch = actions.enter_batch(dossier, str(number), reported_on, rows, doing)
    return {"batch": batch.pk, "results": len(rows)}


RESULTS = sheet(
    Sheet(
        name="evidence.result",
        title="检测结果表",
        register="evidence.batch",
        clause="T02",
        spec_path=Path(__file__).parent / "sheets" / "result.csv",
        rights=(Right(Role.LABORATORY, "submit"),),
        check=check,
        preview=preview,
        commit=commit,
        guidance="检测机构按流转单的样品编码填报；整批接收，有一处错误须更正后整批重新提交。",
    )
)
