"""What ``jingtu stats qc`` examines: a file of controls, pairs, repeated analyses or plain samples, as checks."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any, Final

from jingtu import law
from jingtu.assess import checks, controls, quality, result_signals
from jingtu.assess.checks import Check
from jingtu.assess.construction_limits import construction_limits
from jingtu.assess.land_use import land_use
from jingtu.assess.result_signals import Signal
from jingtu.cli.asking import Stopped, asked_unit, file_bytes
from jingtu.law import LawView
from jingtu.plain.issues import Issue
from jingtu.plain.reported import NOT_MEASURED, Reported
from jingtu.sheets import FileRefused, Options, SheetSpec, load_spec, read_sheet
from jingtu.sheets.concentrations import Contents, analyte_of
from jingtu.sheets.contents import read_contents
from jingtu.sheets.faults import Place, issue
from jingtu.sheets.pairs import Pairs, read_pairs
from jingtu.sheets.reading import Reading

STANDARD_UNIT: Final = "mg/kg"


@dataclass(slots=True)
class Examined:
    """What was found in a file: its form, checks in their own order, signals, issues of reading, and the law's day."""

    file: str
    form: str
    view: LawView
    checks: list[Check]
    signals: list[Signal] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    notes: list[Issue] = field(default_factory=list)


def control_spec() -> SheetSpec:
    """The sheet of controls: one row per control sample and analyte."""
    return load_spec(files("jingtu.cli") / "specifications" / "controls.csv", "质控表")


def examine(args: argparse.Namespace, on: date, wanted: Sequence[str]) -> Examined:
    """Read the file in the form asked for, or the first form it has, and check what it holds."""
    data, view = file_bytes(args.file), law.at(on)
    form = args.form if args.form != "auto" else _form_of(data, args, wanted)
    try:
        return _FORMS[form](data, args, view, wanted)
    except FileRefused as refused:
        raise Stopped(refused.issue.sentence()) from refused


def _form_of(data: bytes, args: argparse.Namespace, wanted: Sequence[str]) -> str:
    """A sheet of controls names the kind of control; pairs have two columns for one analyte; else samples."""
    reading = read_sheet(control_spec(), data, args.file.name, Options(sheet=args.sheet))
    if {"control", "analyte", "result"} <= reading.columns.keys():
        return "controls"
    try:
        read_pairs(data, args.file.name, wanted, STANDARD_UNIT, Options(sheet=args.sheet), law.CONSTRUCTION)
    except FileRefused:
        return "samples"
    return "pairs"


def _pairs(data: bytes, args: argparse.Namespace, view: LawView, wanted: Sequence[str]) -> Examined:
    pairs: Pairs = read_pairs(
        data, args.file.name, wanted, asked_unit(args.unit), Options(sheet=args.sheet), law.CONSTRUCTION
    )
    contents = pairs.contents
    places = list(zip(contents.subjects, contents.rows, strict=True))
    found = [
        one
        for code in pairs.first
        for one in checks.duplicate_checks(code, places, pairs.first[code], pairs.second[code], view)
    ]
    signals = result_signals.pair_signals(pairs.first, pairs.second)
    return _examined(contents, "pairs", view, found, signals)


def _replicates(data: bytes, args: argparse.Namespace, view: LawView, wanted: Sequence[str]) -> Examined:
    contents = _contents(data, args, wanted)
    found = []
    for code, column in contents.results.items():
        measured = [item for item in column if item.qualifier != "NM"]
        if measured:
            verdict = controls.judge_replicates(code, [item.value for item in measured], view)
            found.append(checks.check(checks.REPLICATES, (f"{len(measured)} 次测定", 0), code, (), verdict))
    return _examined(contents, "replicates", view, found, [])


def _samples(data: bytes, args: argparse.Namespace, view: LawView, wanted: Sequence[str]) -> Examined:
    contents = _contents(data, args, wanted)
    found = []
    for code, column in contents.results.items():
        threshold, clause = _threshold(code, args.land_use, view)
        hidden = [(place, item) for place, item in enumerate(column) if item.qualifier == "ND"]
        verdicts = controls.judge_limits([item.limit for _, item in hidden], threshold, clause)
        for (place, item), verdict in zip(hidden, verdicts, strict=True):
            where = (contents.subjects[place], contents.rows[place])
            found.append(checks.check(checks.LIMITS, where, code, (item,), verdict))
    signals = result_signals.sample_signals(contents.subjects, contents.results)
    return _examined(contents, "samples", view, found, signals)


def _contents(data: bytes, args: argparse.Namespace, wanted: Sequence[str]) -> Contents:
    return read_contents(
        data, args.file.name, wanted, asked_unit(args.unit), Options(sheet=args.sheet), law.CONSTRUCTION
    )


def _examined(contents: Contents, form: str, view: LawView, found: Sequence[Check], signals: list[Signal]) -> Examined:
    return Examined(
        contents.file, form, view, checks.in_order(found), signals, list(contents.issues), list(contents.notes)
    )


def _threshold(code: str, use: str, view: LawView) -> tuple[Decimal | None, str]:
    """The value a detection limit must not exceed, and its clause: the planned use's, else farmland's lowest."""
    if use:
        try:
            land_class = land_use(use, view.on).land_class
        except ValueError as error:
            raise Stopped(f"--land-use：{error}") from error
        limits = construction_limits(view.on)
        if code not in limits.analytes:
            return None, "gb36600-2018#t1"
        row = limits.screening_row(limits.cell(code, land_class))
        return row.required_number("value_mg_kg"), row.clause
    table = view.table("gb15618_screening")
    rows = table.where(analyte=code)
    if not rows:
        return None, table.clause
    strictest = min(rows, key=lambda row: row.required_number("value_mg_kg"))
    return strictest.required_number("value_mg_kg"), strictest.clause


def _controls(data: bytes, args: argparse.Namespace, view: LawView, wanted: Sequence[str]) -> Examined:
    reading = read_sheet(control_spec(), data, args.file.name, Options(sheet=args.sheet))
    if not {"control", "analyte", "result"} <= reading.columns.keys():
        raise Stopped(next(iter(reading.issues)).sentence())
    rows = _control_rows(reading)
    found = [one for row in rows for one in _row_checks(row, view)]
    return Examined(reading.file, "controls", view, checks.in_order(found), [], reading.issues, reading.notes)


@dataclass(frozen=True, slots=True)
class _Control:
    """One row of the sheet of controls, all contents in mg/kg."""

    place: tuple[str, int]
    control: str
    analyte: str
    reported: dict[str, Reported]
    numbers: dict[str, Decimal | None]
    sampled_on: date | None
    analysed_on: date | None


_REPORTED: Final = ("result", "second", "native")
_NUMBERS: Final = ("limit", "certified", "uncertainty", "added")


def _control_rows(reading: Reading) -> list[_Control]:
    """The rows that can be used; what cannot be told apart or converted becomes an issue."""
    rows = []
    for at in reading.good_places():
        cell = {name: column[at] for name, column in reading.columns.items()}
        analyte = analyte_of(str(cell["analyte"]), law.CONSTRUCTION)
        exponent = _exponent(str(cell.get("unit") or ""))
        if analyte is None or exponent is None:
            code, column = ("cell.analyte.unknown", "analyte") if analyte is None else ("cell.unit.unknown", "unit")
            place = Place(reading.file, reading.sheet, reading.rows[at], control_spec().column(column).label)
            reading.add(issue(code, place, str(cell[column]), "元素符号或标准里的中文名"))
            continue
        rows.append(_control(reading, at, cell, analyte, exponent))
    return rows


def _exponent(unit: str) -> int | None:
    from jingtu.plain.units import exponent_between

    try:
        return exponent_between(unit, STANDARD_UNIT)
    except ValueError:
        return None


def _control(reading: Reading, at: int, cell: dict[str, Any], analyte: str, exponent: int) -> _Control:
    from jingtu.plain.numbers import shift

    def reported(name: str) -> Reported:
        item = cell.get(name) or NOT_MEASURED
        value = None if item.value is None else shift(item.value, exponent)
        limit = None if item.limit is None else shift(item.limit, exponent)
        return Reported(value, limit, item.qualifier)

    numbers = {name: None if cell.get(name) is None else shift(cell[name], exponent) for name in _NUMBERS}
    name = str(cell.get("sample_code") or f"第 {reading.rows[at]} 行")
    return _Control(
        (name, reading.rows[at]),
        str(cell["control"]),
        analyte,
        {name: reported(name) for name in _REPORTED},
        numbers,
        cell.get("sampled_on"),
        cell.get("analysed_on"),
    )


def _row_checks(row: _Control, view: LawView) -> list[Check]:
    found = [_KINDS[row.control](row, view)] if row.control in _KINDS else []
    if row.sampled_on or row.analysed_on:
        verdict = controls.judge_holding([row.analyte], [row.sampled_on], [row.analysed_on], view)[0]
        found.append(checks.check(checks.HOLDING, row.place, row.analyte, (), verdict))
    return found


def _duplicate(row: _Control, view: LawView) -> Check:
    first, second = row.reported["result"], row.reported["second"]
    verdict = quality.judge_duplicates([first.value], [second.value], view)[0]
    if "NM" in (first.qualifier, second.qualifier):
        verdict = quality.Verdict(quality.UNDECIDED, "value.not_measured", None, None, verdict.clause)
    return checks.check(checks.DUPLICATES, row.place, row.analyte, (first, second), verdict)


def _blank(row: _Control, view: LawView) -> Check:
    item = row.reported["result"]
    limit = row.numbers["limit"] if row.numbers["limit"] is not None else item.limit
    verdict = quality.judge_blanks([item.value], [limit], view)[0]
    return checks.check(checks.BLANKS, row.place, row.analyte, (item,), verdict)


def _spike(row: _Control, view: LawView) -> Check:
    item, native = row.reported["result"], row.reported["native"]
    verdict = controls.judge_spikes([row.analyte], [item.value], [native.value], [row.numbers["added"]], view)[0]
    return checks.check(checks.SPIKES, row.place, row.analyte, (item, native), verdict)


def _reference(row: _Control, view: LawView) -> Check:
    item, target, spread = row.reported["result"], row.numbers["certified"], row.numbers["uncertainty"]
    if spread is None:
        verdict = controls.judge_relative_errors([row.analyte], [item.value], [target], view)[0]
    else:
        verdict = quality.judge_references([item.value], [target], [spread], view)[0]
    return checks.check(checks.REFERENCES, row.place, row.analyte, (item,), verdict)


_KINDS: Final[dict[str, Callable[[_Control, LawView], Check]]] = {
    "duplicate": _duplicate,
    "blank": _blank,
    "spike": _spike,
    "reference": _reference,
}
_FORMS: Final[dict[str, Callable[[bytes, argparse.Namespace, LawView, Sequence[str]], Examined]]] = {
    "controls": _controls,
    "pairs": _pairs,
    "replicates": _replicates,
    "samples": _samples,
}
