"""From a sheet of results to columns in standard units: analytes by code, values and limits in the analyte's unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from jingtu import law
from jingtu.evidence.plausible import Range, ranges
from jingtu.plain.issues import Issue, Severity
from jingtu.plain.units import canonical_unit, exponent_between
from jingtu.sheets.reading import Reading

WHO = "检测机构"


@dataclass
class Normalised:
    """Columns of equal length, one entry a row of the sheet."""

    analytes: list[str] = field(default_factory=list)
    replicates: list[int] = field(default_factory=list)
    values: list[Decimal | None] = field(default_factory=list)
    limits: list[Decimal | None] = field(default_factory=list)
    qualifiers: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


@cache
def _analyte(text: str) -> law.Analyte | None:
    return law.analytes().find(text)


@cache
def _exponent(unit: str, standard: str) -> int | None:
    try:
        return exponent_between(canonical_unit(unit), standard)
    except ValueError:
        return None


def normalise(reading: Reading) -> Normalised:
    """Convert a whole sheet; what cannot be matched or converted is an issue, never a blank."""
    out = Normalised()
    size = len(reading.rows)
    reported = reading.reported["value"]
    stated = reading.columns.get("detection_limit") or [None] * size
    told = {*reported.faults, *(place for place, text in enumerate(reading.raw["value"]) if not text.strip())}
    out.replicates = [int(number or 1) for number in reading.columns.get("replicate") or [1] * size]
    columns = zip(
        reading.rows, reading.raw["analyte"], reading.raw["unit"], reported.value, reported.limit, reported.qualifier,
        stated, strict=True,
    )  # fmt: skip
    for row, name, unit, value, limit, qualifier, stated_limit in columns:
        analyte = _analyte(name)
        out.analytes.append(analyte.code if analyte else "")
        out.qualifiers.append(qualifier)
        if analyte is None:
            out.issues.append(_unknown_analyte(row, name))
            _append(out, None, None, "")
            continue
        exponent = _exponent(unit, analyte.standard_unit)
        if exponent is None:
            out.issues.append(_unknown_unit(row, unit, analyte))
            _append(out, None, None, "")
            continue
        lowest = limit if limit is not None else stated_limit
        _append(out, _shift(value, exponent), _shift(lowest, exponent), analyte.standard_unit)
        if len(out.values) - 1 not in told:  # the reader has said already what is wrong with the cell
            out.issues += _implausible(row, analyte, reading.raw["value"], out, qualifier, lowest)
    return out


def _append(out: Normalised, value: Decimal | None, limit: Decimal | None, unit: str) -> None:
    out.values.append(value)
    out.limits.append(limit)
    out.units.append(unit)


def _shift(value: Decimal | None, exponent: int) -> Decimal | None:
    return None if value is None else value.scaleb(exponent)


def _unknown_analyte(row: int, name: str) -> Issue:
    return Issue(
        "evidence.analyte.unknown", Severity.BLOCKING, f"不认识的检测项目“{name}”。",
        "请用元素符号或中文名，例如 Cd 或 镉。", row=row, column="analyte", value=name, who=WHO,
    )  # fmt: skip


def _unknown_unit(row: int, unit: str, analyte: law.Analyte) -> Issue:
    return Issue(
        "evidence.unit.unknown", Severity.BLOCKING,
        f"{analyte.name_zh}的单位“{unit}”不能换算为 {analyte.standard_unit}。",
        f"请填写能换算为 {analyte.standard_unit} 的单位。",
        row=row, column="unit", value=unit, expected=analyte.standard_unit, who=WHO,
    )  # fmt: skip


def _implausible(
    row: int, analyte: law.Analyte, raw: Sequence[str], out: Normalised, qualifier: str, lowest: Decimal | None
) -> list[Issue]:
    value = out.values[-1]
    text = raw[len(out.values) - 1]
    if qualifier == "NM":
        return [_fault("evidence.value.missing", row, text, "没有检测结果。", "未检测的项目请删去该行。")]
    if qualifier == "ND" and lowest is None:
        return [_fault("evidence.limit.missing", row, text, "报为未检出，但没有检出限。", "请填写该方法的检出限。")]
    if value is None or (known := ranges().get(analyte.code)) is None:
        return []
    return _out_of_range(row, analyte, value, known, text)


def _out_of_range(row: int, analyte: law.Analyte, value: Decimal, known: Range, text: str) -> list[Issue]:
    told = f"“{analyte.name_zh}”换算后为 {value.normalize():f} {analyte.standard_unit}"
    if not known.possible_from <= value <= known.possible_to:
        message = f"{told}，不可能出现，可能是单位误填。"
        return [_fault("evidence.value.impossible", row, text, message, "请核对检测报告后更正该单元格或其单位。")]
    if known.common_to is None or value <= known.common_to:
        return []
    message = f"{told}，为常见上限 {known.common_to} 的 {value / known.common_to:.1f} 倍。"
    cure = "请核对检测报告；确认无误的可以照常接收。"
    place = {"row": row, "column": "value", "value": text, "who": WHO}
    return [Issue("evidence.value.uncommon", Severity.WARNING, message, cure, **place)]


def _fault(code: str, row: int, text: str, message: str, cure: str) -> Issue:
    return Issue(code, Severity.BLOCKING, message, cure, row=row, column="value", value=text, who=WHO)
