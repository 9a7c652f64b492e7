"""Levels of single results against GB 15618: a blocked look-up over arrays, exact at the edges."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from jingtu.assess.limits import FarmlandLimits
from jingtu.plain.blocks import blocks

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Per result: level (0 not judged, 1, 2, 3) and the number of the table row that decided."""

    level: NDArray[np.int8]
    row: NDArray[np.int16]


def look_up(
    limits: FarmlandLimits, analyte: Numbers, land_use: Numbers, ph: Floats, value: Floats, threads: int = 1
) -> Levels:
    """Level and deciding table row of each result.

    *Source*: GB 15618-2018 tables 1 and 3. All arrays have shape (results,); ``analyte`` and ``land_use`` are numbers
    of ``limits``, ``value`` is in mg/kg. Level 1: not above the screening value, 2: above it, 3: above the control
    value; 0 and row -1 where value, pH or land use is missing. Floats compare as floats; take them from
    :func:`exact_floats` when results are decimals.

    >>> from datetime import date
    >>> from jingtu.assess.limits import farmland_limits
    >>> limits = farmland_limits(date(2021, 9, 15))
    >>> got = look_up(limits, limits.analyte_numbers(["Cd"]), limits.land_use_numbers(["other"]),
    ...               np.array([5.5]), np.array([0.3]))
    >>> got.level.tolist(), limits.rows[got.row[0]].row_id
    ([1], 'gb15618_2018.t1.cd.other.ph1')
    """
    found = Levels(np.empty(len(value), dtype=np.int8), np.empty(len(value), dtype=np.int16))

    def judge(part: slice) -> None:
        _judge_block(limits, analyte[part], land_use[part], ph[part], value[part], found.level[part], found.row[part])

    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(judge, blocks(len(value))))
    else:
        for part in blocks(len(value)):
            judge(part)
    return found


def _judge_block(
    limits: FarmlandLimits,
    analyte: Numbers,
    land_use: Numbers,
    ph: Floats,
    value: Floats,
    level: NDArray[np.int8],
    row: NDArray[np.int16],
) -> None:
    """Judge one block into ``level`` and ``row``; a missing number compares as false and so ends as level 0."""
    cell = cells(limits, analyte, land_use, ph)
    screening = limits.screening.take(cell)
    above = value > screening
    over = value > limits.control.take(cell)
    judged = value <= screening
    judged |= above
    judged &= ~np.isnan(ph)
    np.add(above.view(np.int8), over.view(np.int8), out=level)
    level += judged.view(np.int8)
    level *= judged.view(np.int8)
    cell += over * len(limits.screening)
    decided = limits.row_number.take(cell)
    decided[~judged] = -1
    row[:] = decided


def cells(limits: FarmlandLimits, analyte: Numbers, land_use: Numbers, ph: Floats) -> Numbers:
    """Cell of the limits each result belongs to; meaningless where pH is missing."""
    cell = limits.base(analyte, land_use)
    band = np.zeros(len(ph), dtype=np.int8)
    for edge in limits.edges:
        band += (ph > edge).view(np.int8)
    cell += band
    return cell


def exact_floats(values: Sequence[Decimal | None], edges: Sequence[Decimal]) -> Floats:
    """Decimals as floats that compare to each edge as the decimals do; ``None`` becomes NaN.

    A decimal that is not an edge but rounds to one moves to the next float on its side.

    >>> got = exact_floats([Decimal("0.30000000000000000001"), Decimal("0.300"), None], [Decimal("0.3")])
    >>> (got > 0.3).tolist()
    [True, False, False]
    """
    floats = np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
    for edge in edges:
        for place in np.flatnonzero(floats == float(edge)):
            value = values[int(place)]
            if value is not None and value != edge:
                floats[place] = np.nextafter(float(edge), np.inf if value > edge else -np.inf)
    return floats
