"""The threshold of ``jingtu krige``: a number as given, or a value of GB 36600 or GB 15618 with its clause."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from jingtu import law
from jingtu.assess.construction_limits import construction_limits
from jingtu.assess.land_use import land_use
from jingtu.assess.levels import cells, exact_floats
from jingtu.assess.limits import farmland_limits
from jingtu.cli.asking import Stopped, asked_day
from jingtu.plain.numbers import parse_decimal
from jingtu.sheets.codes import find_code

SCREENING, CONTROL = "screening", "control"
LIMITS: Final = (SCREENING, CONTROL)
LIMIT_NAMES: Final = {SCREENING: "筛选值", CONTROL: "管制值"}
_HIGHEST_PH: Final = 14


@dataclass(frozen=True, slots=True)
class Threshold:
    """What contents are compared with, in mg/kg, what it is, and its clause and row (blank when it was given)."""

    value: float
    clause: str = ""
    table_row: str = ""
    words: str = ""


def asked_threshold(args: argparse.Namespace, analyte: str) -> Threshold | None:
    """The threshold asked for; ``None`` when there is none."""
    if args.threshold and (args.land_use or args.ph):
        raise Stopped("--threshold 和 --land-use 只写一个：前者直接给出界限，后者取标准的限值。")
    if args.threshold:
        return Threshold(args.threshold)
    if not args.land_use:
        if args.ph:
            raise Stopped("--ph 用来查 GB 15618 的限值，要与 --land-use（水田、旱地等）一起写。")
        return None
    on = asked_day(args.on)
    try:
        row, words = _farmland(args, analyte, on) if args.ph else _construction(args, analyte, on)
    except (law.LawError, ValueError) as error:
        raise Stopped(str(error)) from error
    limit, name = LIMIT_NAMES[args.limit], law.analyte(analyte).name_zh
    if row is None:
        raise Stopped(f"{words}没有{name}（{analyte}）的{limit}，请用 --threshold 给出界限。")
    return Threshold(float(row.required_number("value_mg_kg")), row.clause, row.row_id, f"{words} 的{limit}")


def _construction(args: argparse.Namespace, analyte: str, on: date) -> tuple[law.Row | None, str]:
    """The row of GB 36600 for a planned use, and what it is the value of."""
    limits, use = construction_limits(on), land_use(args.land_use, on)
    words = "GB 36600 第一类用地" if use.land_class == "class1" else "GB 36600 第二类用地"
    if analyte not in limits.analytes:
        return None, words
    cell = limits.cell(analyte, use.land_class)
    return (limits.control_row(cell) if args.limit == CONTROL else limits.screening_row(cell)), words


def _farmland(args: argparse.Namespace, analyte: str, on: date) -> tuple[law.Row | None, str]:
    """The row of GB 15618 for a land use and a pH, and what it is the value of."""
    limits, ph, code = farmland_limits(on), _ph(args.ph), find_code("land_use", args.land_use)
    if not code:
        known = "、".join(entry.label_zh for entry in law.codes("land_use"))
        raise Stopped(
            f"写了 --ph 时按农用地（GB 15618）查限值，--land-use 的“{args.land_use}”不认识，可以写：{known}。"
        )
    words = f"GB 15618 {law.codes('land_use').label(code)}、pH {args.ph}"
    if analyte not in limits.analytes:
        return None, words
    numbers, uses = limits.analyte_numbers([analyte]), limits.land_use_numbers([code])
    cell = int(cells(limits, numbers, uses, exact_floats([ph], limits.edges_exact))[0])
    return (limits.control_row(cell) if args.limit == CONTROL else limits.screening_row(cell)), words


def _ph(text: str) -> Decimal:
    try:
        value = parse_decimal(text)
    except ValueError as error:
        raise Stopped(f"--ph 写的“{text}”不是数字，请写成 7.6 这样。") from error
    if not 0 < value <= _HIGHEST_PH:
        raise Stopped(f"--ph 写的 {text} 不在 0 到 14 之间。")
    return value
