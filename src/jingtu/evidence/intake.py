"""The sheet of results: what must be asked of the database before a batch is taken, and taking it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from jingtu import law
from jingtu.evidence import actions, checking, facts
from jingtu.evidence.checking import fault
from jingtu.evidence.models import Laboratory
from jingtu.evidence.normalise import measure, normalise
from jingtu.land.models import Role
from jingtu.plain.issues import Issue
from jingtu.registers.declare import Sheet, sheet
from jingtu.registers.ledger import Deed
from jingtu.registers.models import Dossier
from jingtu.registers.reach import Right
from jingtu.sheets.checked import placed
from jingtu.sheets.reading import Reading


def check_records(dossier: Dossier, reading: Reading) -> list[Issue]:
    """Issues of a batch that only the records can tell: laboratory, samples handed to it, its accreditation."""
    laboratory = Laboratory.objects.filter(organisation_id=dossier.organisation_id).first()
    if laboratory is None:
        unknown = fault("evidence.laboratory.unknown", "提交单位没有登记为检测机构。", "请由检测机构的账号提交结果表。")
        return placed([unknown], reading)
    found = [*_known_samples(reading, laboratory), *_accredited(reading, laboratory, dossier.on)]
    return placed([*found, *_too_early(reading, laboratory)], reading)


def _known_samples(reading: Reading, laboratory: Laboratory) -> Iterator[Issue]:
    codes = reading.columns["sample_code"]
    known = facts.handed_samples(laboratory, {str(code) for code in codes if code})
    if known.keys() >= set(codes):
        return
    for row, code in zip(reading.rows, codes, strict=True):
        if code and code not in known:
            yield fault(
                "evidence.sample.unknown",
                f"样品编码“{code}”不在送交本机构的流转单中。",
                "请核对样品标签；编码确实无误的，请送样单位补办流转单。",
                row,
                "sample_code",
                str(code),
            )


def _too_early(reading: Reading, laboratory: Laboratory) -> Iterator[Issue]:
    """Samples analysed before they left for the laboratory."""
    pairs = list(zip(reading.columns["sample_code"], reading.columns["analysed_on"], strict=True))
    sent = facts.sent_days(laboratory, {str(code) for code, _day in pairs if code})
    wrong = {(code, day) for code, day in set(pairs) if day and code in sent and day < sent[code]}
    for row, (code, day) in zip(reading.rows, pairs if wrong else (), strict=bool(wrong)):
        if (code, day) in wrong:
            yield fault(
                "evidence.date.order",
                f"分析日期 {day} 早于样品送出的日期 {sent[code]}。",
                "请按原始记录更正分析日期，注意年份。",
                row,
                "analysed_on",
                str(day),
            )


def _accredited(reading: Reading, laboratory: Laboratory, on: date) -> Iterator[Issue]:
    """Each analyte that the laboratory may not measure on the day of analysis, told once, where it first stands."""
    first: dict[tuple[str, str, Any], int] = {}
    names, units, days = reading.raw["analyte"], reading.raw["unit"], reading.columns["analysed_on"]
    for place, key in enumerate(zip(names, units, days, strict=True)):
        first.setdefault(key, place)
    scopes = {day: facts.accredited_analytes(laboratory, day or on) for day in {key[2] for key in first}}
    told = set()
    for (name, unit, day), place in first.items():
        analyte = measure(name, unit).code
        if analyte and analyte not in scopes[day] and analyte not in told:
            told.add(analyte)
            label = law.analytes()[analyte].name_zh
            yield fault(
                "evidence.analyte.not_accredited",
                f"分析日期 {day} 时，本机构的资质认定不含“{label}”。",
                "请由具备该项资质的机构检测，或先更新资质认定登记。",
                reading.rows[place],
                "analyte",
                label,
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
    samples = facts.handed_samples(laboratory, set(reading.columns["sample_code"]))
    normalised = normalise(reading)
    columns: actions.ResultColumns = {
        "sample_id": [samples[code] for code in reading.columns["sample_code"]],
        "analyte": normalised.analytes,
        "replicate": normalised.replicates,
        "method": reading.columns["method"],
        "reported": reading.raw["value"],
        "unit_reported": reading.raw["unit"],
        "value": normalised.values,
        "unit": normalised.units,
        "qualifier": normalised.qualifiers,
        "detection_limit": normalised.limits,
        "analysed_on": reading.columns["analysed_on"],
    }
    number, reported_on = reading.columns["report_number"][0], reading.columns["reported_on"][0]
    batch = actions.enter_batch(dossier, str(number), reported_on, columns, doing)
    return {"batch": batch.pk, "results": len(reading.rows)}


RESULTS = sheet(
    Sheet(
        file=checking.RESULTS,
        register="evidence.batch",
        clause="T02",
        rights=(Right(Role.LABORATORY, "submit"),),
        check_records=check_records,
        preview=preview,
        commit=commit,
        guidance="检测机构按流转单的样品编码填报；整批接收，有一处错误须更正后整批重新提交。",
    )
)
