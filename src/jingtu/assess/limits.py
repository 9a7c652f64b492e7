"""The limits of GB 15618 as arrays, each cell tied to the row of the table it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jingtu import law
from jingtu.law import Interval, LawView, Row
from jingtu.plain.numbers import plain

TABLES = ("gb15618_screening", "gb15618_rotation")
CONTROL = "gb15618_control"
MAP = "gb15618_landuse_map"
BAND_ENDS = "表 {table} 的 {row} 与其余各行的 pH 档端点规则不一致，无法判级。"
NO_CELL = "表 {table} 中 {analyte}、{column} 一栏没有覆盖 pH 各档。"


@dataclass(frozen=True, eq=False)
class FarmlandLimits:
    """Screening and control values by analyte × land use × pH band on one day, in mg/kg.

    Arrays are flat; :meth:`cell` gives the index. The last land use stands for "not known" and has no limits, so
    that nothing can be judged with it. ``edges`` are the inner ends of the pH bands, each belonging to the band below.
    """

    on: date
    analytes: tuple[str, ...]
    land_uses: tuple[str, ...]
    edges_exact: tuple[Decimal, ...]
    edges: NDArray[np.float64]
    screening: NDArray[np.float64]
    control: NDArray[np.float64]
    rows: tuple[Row, ...]
    row_texts: tuple[str, ...]
    row_number: NDArray[np.int16]

    @property
    def bands(self) -> int:
        """Number of pH bands."""
        return len(self.edges) + 1

    @property
    def unknown_land_use(self) -> int:
        """Number of the land use that is not known."""
        return len(self.land_uses)

    def analyte_numbers(self, codes: Iterable[str]) -> NDArray[np.intp]:
        """Analyte codes as numbers; ``KeyError`` for one the standard has no value for."""
        number = {code: at for at, code in enumerate(self.analytes)}
        return np.array([number[code] for code in codes], dtype=np.intp)

    def land_use_numbers(self, codes: Iterable[str]) -> NDArray[np.intp]:
        """Land use codes as numbers; blank or unknown codes become the number that has no limits."""
        number = {code: at for at, code in enumerate(self.land_uses)}
        return np.array([number.get(code, self.unknown_land_use) for code in codes], dtype=np.intp)

    def base(self, analyte: NDArray[np.intp] | int, land_use: NDArray[np.intp]) -> NDArray[np.intp]:
        """First cell of an analyte and land use; the pH band is added to it."""
        cell = analyte * (len(self.land_uses) + 1) + land_use
        cell *= self.bands
        return cell

    def screening_row(self, cell: int) -> Row | None:
        """Row of the table that sets the screening value of a cell."""
        return self._row(int(self.row_number[cell]))

    def control_row(self, cell: int) -> Row | None:
        """Row of the table that sets the control value of a cell; copper, nickel and zinc have none."""
        return self._row(int(self.row_number[len(self.screening) + cell]))

    def value_texts(self, cell: int) -> dict[str, str]:
        """Screening and control value of a cell as text, as far as the standard sets them."""
        numbers = {
            "screening_mg_kg": int(self.row_number[cell]),
            "control_mg_kg": int(self.row_number[len(self.screening) + cell]),
        }
        return {name: self.row_texts[number] for name, number in numbers.items() if number >= 0}

    def _row(self, number: int) -> Row | None:
        return self.rows[number] if number >= 0 else None


@cache
def farmland_limits(on: date) -> FarmlandLimits:
    """The limits of the standard in force on a day; raises ``LawNotInForce`` when there is none.

    *Source*: GB 15618-2018 tables 1 and 3; columns by land use as in table 1, rotation by its note b.
    """
    view = law.at(on)
    edges = _edges(view)
    columns = {(row.text("analyte"), row.text("land_use")): row.text("land_column") for row in view.table(MAP)}
    analytes = tuple(dict.fromkeys(analyte for analyte, _ in columns))
    land_uses = tuple(dict.fromkeys(use for _, use in columns))
    rows: list[Row] = [row for name in (*TABLES, CONTROL) for row in view.table(name)]
    number_of = {row: number for number, row in enumerate(rows)}
    shape = (len(analytes), len(land_uses) + 1, len(edges) + 1)
    screening, control = np.full(shape, -1, dtype=np.int16), np.full(shape, -1, dtype=np.int16)
    for (analyte, use), column in columns.items():
        place = (analytes.index(analyte), land_uses.index(use))
        screening[place] = _bands(view, TABLES, analyte, column, edges, number_of)
        control[place] = _bands(view, (CONTROL,), analyte, "", edges, number_of)
    number = np.concatenate([screening.ravel(), control.ravel()])
    values = np.array([*(float(row.required_number("value_mg_kg")) for row in rows), np.nan])
    exact = tuple(edges)
    return FarmlandLimits(
        on=on,
        analytes=analytes,
        land_uses=land_uses,
        edges_exact=exact,
        edges=np.array([float(edge) for edge in exact]),
        screening=values[screening.ravel()],
        control=values[control.ravel()],
        rows=tuple(rows),
        row_texts=tuple(plain(row.required_number("value_mg_kg")) for row in rows),
        row_number=number,
    )


def _edges(view: LawView) -> list[Decimal]:
    """Inner ends of the pH bands of all tables; every band must leave out its lower end and take in its upper."""
    found: set[Decimal] = set()
    for name in (*TABLES, CONTROL):
        table = view.table(name)
        for row in table:
            band = table.interval(row)
            if band.low_included or (band.high is not None and not band.high_included):
                raise law.BrokenTable(BAND_ENDS.format(table=name, row=row.row_id))
            found.update(end for end in (band.low, band.high) if end is not None)
    return sorted(found)


def _bands(
    view: LawView,
    tables: Sequence[str],
    analyte: str,
    column: str,
    edges: Sequence[Decimal],
    number_of: Mapping[Row, int],
) -> list[int]:
    """Number of the row that rules each pH band; -1 throughout when the analyte is not in the table at all."""
    wanted = [(table, row) for table in map(view.table, tables) for row in table.where(analyte=analyte)]
    if column:
        wanted = [(table, row) for table, row in wanted if row.text("land_column") == column]
    if not wanted:
        return [-1] * (len(edges) + 1)
    found: list[int] = []
    for low, high in zip([None, *edges], [*edges, None], strict=True):
        held = [row for table, row in wanted if _covers(table.interval(row), low, high)]
        if len(held) != 1:
            raise law.BrokenTable(NO_CELL.format(table=tables[0], analyte=analyte, column=column))
        found.append(number_of[held[0]])
    return found


def _covers(band: Interval, low: Decimal | None, high: Decimal | None) -> bool:
    starts = band.low is None or (low is not None and band.low <= low)
    ends = band.high is None or (high is not None and high <= band.high)
    return starts and ends
