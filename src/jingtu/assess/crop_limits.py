"""Crops against one edition of GB 2762 as arrays, for a whole province in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jingtu import law
from jingtu.assess.crops import EXCEEDS, NO_LIMIT, NOT_JUDGED, OUTCOMES, WITHIN, limit_of

Floats = NDArray[np.float64]
CODE: Final = {outcome: number for number, outcome in enumerate(OUTCOMES)}


@dataclass(frozen=True, eq=False)
class CropLimits:
    """Limits by crop × analyte of one edition, in mg/kg; NaN where there is none or none is on record.

    ``without`` marks cells for which the standard sets no limit, ``inorganic`` those whose limit is of inorganic
    content, so that a total above it does not decide.
    """

    crops: tuple[str, ...]
    analytes: tuple[str, ...]
    value: Floats
    without: NDArray[np.bool_]
    inorganic: NDArray[np.bool_]

    def crop_numbers(self, codes: Iterable[str]) -> NDArray[np.intp]:
        """Crop codes as numbers; ``KeyError`` for one that is not on the list."""
        number = {code: at for at, code in enumerate(self.crops)}
        return np.array([number[code] for code in codes], dtype=np.intp)


@cache
def crop_limits(harvested_on: date) -> CropLimits:
    """The limits of the edition in force on a day of harvest; raises ``LawNotInForce`` when none is on record.

    >>> limits = crop_limits(date(2021, 9, 15))
    >>> limits.value[limits.crop_numbers(["rice", "wheat"]), limits.analytes.index("Cd")].tolist()
    [0.2, 0.1]
    """
    crops, analytes = law.codes("crop").codes, law.analytes().element_set("five")
    cells = [[limit_of(crop, analyte, harvested_on) for analyte in analytes] for crop in crops]
    return CropLimits(
        crops,
        analytes,
        np.array([[np.nan if cell.value is None else float(cell.value) for cell in row] for row in cells]),
        np.array([[cell.state == NO_LIMIT for cell in row] for row in cells]),
        np.array([[cell.row is not None and cell.row.text("form") == "inorganic" for cell in row] for row in cells]),
    )


def look_up(limits: CropLimits, crop: NDArray[np.intp], content: Floats) -> NDArray[np.int8]:
    """Outcome of each crop and analyte as a number of ``OUTCOMES``.

    *Source*: GB 2762, edition of the limits; equal is within. ``crop`` has shape (samples,), ``content`` (samples,
    analytes) in mg/kg of total content, NaN where not measured; a non-detect enters as its detection limit when that
    is within the limit, else as NaN.

    >>> limits = crop_limits(date(2021, 9, 15))
    >>> look_up(limits, limits.crop_numbers(["wheat"]), np.array([[0.1, 0.03, np.nan, 0.1, 0.5]])).tolist()
    [[1, 2, 0, 1, 1]]
    """
    limit = limits.value[crop]
    above = (content > limit) & ~limits.inorganic[crop]
    found = np.full(content.shape, CODE[NOT_JUDGED], dtype=np.int8)
    found[content <= limit] = CODE[WITHIN]
    found[above] = CODE[EXCEEDS]
    found[limits.without[crop] & ~np.isnan(content)] = CODE[NO_LIMIT]
    return found
