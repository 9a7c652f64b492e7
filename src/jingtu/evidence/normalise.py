"""From a sheet of results to columns in standard units: analytes by code, values and limits in the analyte's unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jingtu import law
from jingtu.evidence.plausible import Range, ranges
from jingtu.plain.issues import Issue, Severity
from jingtu.plain.numbers import plain, shift
from jingtu.plain.units import canonical_unit, exponent_between
from jingtu.sheets.faults import WORDINGS
from jingtu.sheets.reading import Reading

WHO: Final = "检测机构"
Values = list[Decimal | None]


@dataclass(frozen=True)
class Measure:
    """What a pair of analyte and unit, as written, stands for: no exponent where the unit does not convert."""

    analyte: law.Analyte | None
    exponent: int | None

    @property
    def code(self) -> str:
        """The analyte's code, blank when it is not known."""
        return self.analyte.code if self.analyte else ""

    @property
    def unit(self) -> str:
        """The analyte's standard unit, blank when nothing can be converted to it."""
        return self.analyte.standard_unit if self.analyte and self.exponent is not None else ""


@dataclass
class Normalised:
    """Columns of equal length, one entry a row of the sheet."""

    analytes: list[str] = field(default_factory=list)
    replicates: list[int] = field(default_factory=list)
    values: Values = field(default_factory=list)
    limits: Values = field(default_factory=list)
    qualifiers: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


@cache
def measure(name: str, unit: str) -> Measure:
    """What is measured under a name, and the power of ten to its standard unit."""
    analyte = law.analytes().find(name)
    if analyte is None:
        return Measure(None, None)
    try:
        return Measure(analyte, exponent_between(canonical_unit(unit), analyte.standard_unit))
    except ValueError:
        return Measure(analyte, None)


def normalise(reading: Reading) -> Normalised:
    """Convert a whole sheet; what cannot be matched or converted is an issue, never a blank."""
    size = len(reading.rows)
    reported = reading.reported["value"]
    pairs = list(zip(reading.raw["analyte"], reading.raw["unit"], strict=True))
    known = {pair: measure(*pair) for pair in set(pairs)}
    measures = [known[pair] for pair in pairs]
    stated = reading.columns.get("detection_limit") or [None] * size
    lowest = [found if limit is None else limit for limit, found in zip(reported.limit, stated, strict=True)]
    out = Normalised(
        analytes=[each.code for each in measures],
        replicates=[int(number or 1) for number in reading.columns.get("replicate") or [1] * size],
        values=_converted(reported.value, measures),
        limits=_converted(lowest, measures),
        qualifiers=list(reported.qualifier),
        units=[each.unit for each in measures],
    )
    found = [*_unmatched(reading, known, pairs), *_implausible(reading, measures, out)]
    out.issues = sorted(found, key=lambda issue: issue.row or 0)
    return out


def _converted(values: Sequence[Decimal | None], measures: Sequence[Measure]) -> Values:
    """Values in the standard units; none where the analyte or its unit is not known."""
    exponents = [each.exponent for each in measures]
    if not any(exponents) and None not in exponents:
        return list(values)
    return [
        None if value is None or exponent is None else shift(value, exponent)
        for value, exponent in zip(values, exponents, strict=True)
    ]


Pair = tuple[str, str]


def _unmatched(reading: Reading, known: dict[Pair, Measure], pairs: Sequence[Pair]) -> Iterator[Issue]:
    strange = {pair: each for pair, each in known.items() if each.exponent is None}
    if not strange:
        return
    for row, pair in zip(reading.rows, pairs, strict=True):
        analyte = strange[pair].analyte if pair in strange else None
        blank = not pair[0 if analyte is None else 1].strip()  # the reader has said already that it must be filled
        if pair in strange and not blank:
            yield _unknown_analyte(row, pair[0]) if analyte is None else _unknown_unit(row, pair[1], analyte)


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


def _implausible(reading: Reading, measures: Sequence[Measure], out: Normalised) -> Iterator[Issue]:
    """Missing results and limits, and values out of range: exact, but only where floats see a reason to look."""
    raw = reading.raw["value"]
    told = {*reading.reported["value"].faults, *(place for place, text in enumerate(raw) if not text.strip())}
    for place in np.flatnonzero(_suspect(measures, out)).tolist():
        analyte = measures[place].analyte
        if place in told or analyte is None or measures[place].exponent is None:
            continue  # the reader, or the check of analytes and units, has said already what is wrong
        row, text, value = reading.rows[place], raw[place], out.values[place]
        if out.qualifiers[place] == "NM":
            yield _fault("evidence.value.missing", row, text, "没有检测结果。", "未检测的项目请删去该行。")
        elif out.qualifiers[place] == "ND" and out.limits[place] is None:
            yield _fault("evidence.limit.missing", row, text, "报为未检出，但没有检出限。", "请填写该方法的检出限。")
        elif value is not None and (known := ranges().get(analyte.code)) is not None:
            yield from _out_of_range(row, analyte, value, known, text)


def _suspect(measures: Sequence[Measure], out: Normalised) -> NDArray[np.bool_]:
    """Rows worth an exact look. Turning decimals into floats keeps their order, so what lies strictly inside does."""
    inner = {code: _inner(known) for code, known in ranges().items()}
    free = (-np.inf, np.inf)
    bounds = np.array([inner.get(each.code, free) for each in measures], dtype=np.float64).reshape(-1, 2)
    value = np.array([np.nan if each is None else each for each in out.values], dtype=np.float64)
    no_limit = np.array([each is None for each in out.limits], dtype=bool)
    qualifier = np.array(out.qualifiers, dtype="U2")
    outside = (value <= bounds[:, 0]) | (value >= bounds[:, 1])
    return np.asarray(outside | (qualifier == "NM") | ((qualifier == "ND") & no_limit))


def _inner(known: Range) -> tuple[float, float]:
    top = known.possible_to if known.common_to is None else min(known.common_to, known.possible_to)
    return float(known.possible_from), float(top)


def _out_of_range(row: int, analyte: law.Analyte, value: Decimal, known: Range, text: str) -> list[Issue]:
    if value == 0 and known.possible_from == 0:
        zero, place = WORDINGS["cell.reported.zero"], {"row": row, "column": "value", "value": text, "who": WHO}
        return [Issue("cell.reported.zero", zero.severity, zero.message, zero.cure, **place)]
    told = f"“{analyte.name_zh}”换算后为 {plain(value)} {analyte.standard_unit}"
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
