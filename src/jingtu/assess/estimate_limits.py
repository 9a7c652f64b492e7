"""Which screening value of GB 15618 an estimated content is held against, since pH and use differ from point to point.

An estimate is no evidence: the value only says of what the probability of exceedance is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np

from jingtu.assess.levels import cells, exact_floats
from jingtu.assess.limits import FarmlandLimits, farmland_limits
from jingtu.law import Row

NO_ROW: Final = -1


def analytes(on: date) -> tuple[str, ...]:
    """The analytes that GB 15618 sets screening values for on a day.

    *Source*: GB 15618-2018 table 1.

    >>> analytes(date(2021, 9, 15))[0]
    'Cd'
    """
    return farmland_limits(on).analytes


def strictest(analyte: str, ph: Sequence[Decimal | None], uses: Sequence[str], on: date) -> Row | None:
    """The row with the lowest screening value that applies at any of the points; ``None`` where none applies to any.

    *Source*: GB 15618-2018 table 1, by the pH and use of each point. The lowest never tells too small a probability.

    >>> both = [Decimal("7.8"), Decimal("6.0")], ["dryland", "dryland"]
    >>> strictest("Cd", *both, date(2021, 9, 15)).required_number("value_mg_kg")
    Decimal('0.3')
    """
    limits = farmland_limits(on)
    rows = [row for row in _rows(limits, analyte, ph, uses) if row is not None]
    return min(rows, key=lambda row: row.required_number("value_mg_kg"), default=None)


def told_of(analyte: str, ph: Sequence[Decimal | None], uses: Sequence[str], on: date) -> int:
    """At how many of the points a screening value applies: those with pH and a use the standard knows.

    *Source*: GB 15618-2018 table 1.

    >>> told_of("Cd", [Decimal("7.8"), None], ["dryland", "dryland"], date(2021, 9, 15))
    1
    """
    return sum(row is not None for row in _rows(farmland_limits(on), analyte, ph, uses))


def of_band(analyte: str, use: str, band: int, on: date) -> Row | None:
    """The row of a land use and the number of a pH band.

    *Source*: GB 15618-2018 table 1.

    >>> of_band("Cd", "paddy", 0, date(2021, 9, 15)).required_number("value_mg_kg")
    Decimal('0.3')
    """
    return _rows(farmland_limits(on), analyte, [_inside(farmland_limits(on), band)], [use])[0]


def bands(on: date) -> list[tuple[Decimal | None, Decimal | None]]:
    """The pH bands of the standard: above the first, up to and with the second.

    *Source*: GB 15618-2018 table 1.

    >>> [str(to) for _from, to in bands(date(2021, 9, 15))]
    ['5.5', '6.5', '7.5', 'None']
    """
    edges = farmland_limits(on).edges_exact
    return list(zip([None, *edges], [*edges, None], strict=True))


def _inside(limits: FarmlandLimits, band: int) -> Decimal:
    """A pH that lies in a band: its upper end, which it holds; beyond the last edge anything."""
    edges = limits.edges_exact
    return edges[band] if band < len(edges) else edges[-1] + 1


def _rows(limits: FarmlandLimits, analyte: str, ph: Sequence[Decimal | None], uses: Sequence[str]) -> list[Row | None]:
    known = exact_floats(ph, limits.edges_exact)
    numbers = np.repeat(limits.analyte_numbers([analyte]), len(known))
    found = cells(limits, numbers, limits.land_use_numbers(uses), known)
    number = np.where(np.isnan(known), NO_ROW, limits.row_number[found])
    return [limits.rows[at] if at >= 0 else None for at in number.tolist()]
