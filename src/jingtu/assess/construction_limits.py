"""The values of GB 36600 as arrays, each cell tied to its row, and the look-up of many results against them."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jingtu import law
from jingtu.assess.land_use import CLASSES
from jingtu.assess.levels import Floats, Levels, Numbers
from jingtu.law import Row
from jingtu.plain.blocks import blocks

TABLE: Final = "gb36600"
SUMS: Final = "gb36600_sums"
BACKGROUND: Final = "gb36600_background"
BASIC_CLAUSE: Final = "gb36600-2018#t1"


@dataclass(frozen=True, eq=False)
class ConstructionLimits:
    """Screening and control values by item × class on one day, in mg/kg; arrays are flat, item by item.

    ``rows`` holds the rows of the screening values and then those of the control values, cell by cell, so that the
    number of a row tells its cell. ``parts`` names the components of the items that are judged as sums.
    """

    on: date
    analytes: tuple[str, ...]
    basic: tuple[str, ...]
    screening: Floats
    control: Floats
    rows: tuple[Row, ...]
    row_number: NDArray[np.int16]
    parts: dict[str, tuple[Row, ...]]

    def analyte_numbers(self, codes: Iterable[str]) -> Numbers:
        """Analyte codes as numbers; ``KeyError`` for one the standard does not list."""
        number = {code: at for at, code in enumerate(self.analytes)}
        return np.array([number[code] for code in codes], dtype=np.intp)

    def class_numbers(self, names: Iterable[str]) -> Numbers:
        """Classes as numbers."""
        return np.array([CLASSES.index(name) for name in names], dtype=np.intp)

    def cell(self, analyte: str, land_class: str) -> int:
        """The cell of an item and a class."""
        return self.analytes.index(analyte) * len(CLASSES) + CLASSES.index(land_class)

    def screening_row(self, cell: int) -> Row:
        """Row of the table that sets the screening value of a cell."""
        return self.rows[cell]

    def control_row(self, cell: int) -> Row:
        """Row of the table that sets the control value of a cell."""
        return self.rows[cell + len(self.screening)]


@cache
def construction_limits(on: date) -> ConstructionLimits:
    """The values of the standard in force on a day; raises ``LawNotInForce`` when there is none.

    *Source*: GB 36600-2018 tables 1 and 2 with their notes.
    """
    view = law.at(on)
    table = view.table(TABLE)
    analytes = tuple(dict.fromkeys(row.text("analyte") for row in table))
    held = {(row.text("limit"), row.text("analyte"), row.text("land_class")): row for row in table}
    rows = tuple(held[kind, code, name] for kind in ("screening", "control") for code in analytes for name in CLASSES)
    values = np.array([float(row.required_number("value_mg_kg")) for row in rows])
    cells = len(analytes) * len(CLASSES)
    parts: dict[str, tuple[Row, ...]] = {}
    for row in view.table(SUMS):
        parts[row.text("analyte")] = (*parts.get(row.text("analyte"), ()), row)
    return ConstructionLimits(
        on=on,
        analytes=analytes,
        basic=tuple(code for code in analytes if held["screening", code, CLASSES[0]].clause == BASIC_CLAUSE),
        screening=values[:cells],
        control=values[cells:],
        rows=rows,
        row_number=np.arange(len(rows), dtype=np.int16),
        parts=parts,
    )


def look_up(
    limits: ConstructionLimits, analyte: Numbers, land_class: Numbers, value: Floats, threads: int = 1
) -> Levels:
    """Level and deciding table row of each result.

    *Source*: GB 36600-2018 tables 1 and 2, 5.3. All arrays have shape (results,); ``analyte`` and ``land_class`` are
    numbers of ``limits``, ``value`` is in mg/kg. Level 1: not above the screening value, 2: above it, 3: above the
    control value; 0 and row -1 where the value is missing.

    >>> limits = construction_limits(date(2021, 9, 15))
    >>> got = look_up(limits, limits.analyte_numbers(["As", "As"]), limits.class_numbers(["class1", "class2"]),
    ...               np.array([20.5, 20.5]))
    >>> got.level.tolist(), limits.rows[got.row[0]].row_id
    ([2, 1], 'gb36600_2018.t1.as.class1.screening')
    """
    found = Levels(np.empty(len(value), dtype=np.int8), np.empty(len(value), dtype=np.int16))

    def judge(part: slice) -> None:
        _judge_block(limits, analyte[part], land_class[part], value[part], found.level[part], found.row[part])

    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(judge, blocks(len(value))))
    else:
        for part in blocks(len(value)):
            judge(part)
    return found


def _judge_block(
    limits: ConstructionLimits,
    analyte: Numbers,
    land_class: Numbers,
    value: Floats,
    level: NDArray[np.int8],
    row: NDArray[np.int16],
) -> None:
    """Judge one block into ``level`` and ``row``; the rows of control values follow those of screening values."""
    cell = analyte * len(CLASSES)
    cell += land_class
    above = value > limits.screening.take(cell, mode="clip")
    over = value > limits.control.take(cell, mode="clip")
    np.add(above.view(np.int8), over.view(np.int8), out=level)
    level += 1
    np.multiply(over.view(np.int8), np.int16(len(limits.screening)), out=row)
    row += cell.astype(np.int16)
    missing = np.isnan(value)
    if missing.any():
        level[missing] = 0
        row[missing] = -1


@cache
def soil_types(on: date) -> tuple[str, ...]:
    """The soil types for which the standard prints a background content, in the order of the table."""
    return tuple(dict.fromkeys(row.text("soil_type_zh") for row in law.at(on).table(BACKGROUND)))


@cache
def background_items(on: date) -> tuple[str, ...]:
    """The items a background content may excuse.

    >>> background_items(date(2021, 9, 15))
    ('As', 'Co', 'V')
    """
    return tuple(dict.fromkeys(row.text("analyte") for row in law.at(on).table(TABLE) if row.flag("background_rule")))


def background_row(on: date, analyte: str, soil_type: str) -> Row | None:
    """Row of appendix A for an analyte and a soil type, ``None`` when it has none.

    >>> background_row(date(2021, 9, 15), "As", "栗钙土")["value_mg_kg"]
    Decimal('40')
    """
    found = law.at(on).table(BACKGROUND).where(analyte=analyte, soil_type_zh=soil_type)
    return found[0] if found else None


def printed_edges(limits: ConstructionLimits, analyte: str) -> list[Decimal]:
    """All values the standard prints for an item, so that decimals can be compared exactly as floats."""
    first, last = limits.cell(analyte, CLASSES[0]), limits.cell(analyte, CLASSES[-1]) + 1
    cells = range(first, last)
    return [row(cell).required_number("value_mg_kg") for row in (limits.screening_row, limits.control_row)
            for cell in cells]  # fmt: skip
