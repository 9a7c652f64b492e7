"""Crops against one edition of GB 2762 as arrays, for a whole province in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jingtu import law
from jingtu.assess.crops import (
    EXCEEDS,
    INORGANIC,
    NO_LIMIT,
    NOT_JUDGED,
    OUTCOMES,
    WITHIN,
    CropSample,
    findings_of,
    limit_of,
)
from jingtu.assess.levels import exact_floats
from jingtu.law import LawNotInForce
from jingtu.plain.numbers import decimal_of
from jingtu.plain.reported import NOT_MEASURED, Reported
from jingtu.science.indices import half_limit

Floats = NDArray[np.float64]
Outcomes = NDArray[np.int8]
CODE: Final = {outcome: number for number, outcome in enumerate(OUTCOMES)}


@dataclass(frozen=True, eq=False)
class CropLimits:
    """Limits by crop × analyte of one edition, in mg/kg; NaN where there is none or none is on record.

    ``without`` marks cells for which the standard sets no limit, ``inorganic`` those whose limit is of inorganic
    content, so that a total above it does not decide. ``edges`` are the limits of each analyte, as they are printed.
    """

    crops: tuple[str, ...]
    analytes: tuple[str, ...]
    value: Floats
    without: NDArray[np.bool_]
    inorganic: NDArray[np.bool_]
    edges: tuple[tuple[Decimal, ...], ...]

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
    printed = [{cell.value for cell in own if cell.value is not None} for own in zip(*cells, strict=True)]
    return CropLimits(
        crops,
        analytes,
        np.array([[np.nan if cell.value is None else float(cell.value) for cell in row] for row in cells]),
        np.array([[cell.state == NO_LIMIT for cell in row] for row in cells]),
        np.array([[cell.row is not None and cell.row.text("form") == "inorganic" for cell in row] for row in cells]),
        tuple(tuple(sorted(own)) for own in printed),
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


def outcomes_of(samples: Sequence[CropSample], on: date, heavy: float) -> tuple[Outcomes, Floats]:
    """Outcome of each analyte (samples, analytes) and highest single index (samples,), NaN where there is none.

    What :func:`jingtu.assess.crops.findings_of` says of each sample, those of one day of harvest together by arrays.
    It is asked itself where arrays do not tell: limits of inorganic content, editions that are not on record, indices
    so near to ``heavy`` that a float may lie on the wrong side.

    >>> wheat = CropSample("N1", "wheat", date(2021, 6, 12), {"Cd": Reported(Decimal("0.1"), None, "")})
    >>> outcomes_of([wheat], date(2021, 9, 15), 1.5)[0].tolist()
    [[1, 0, 0, 0, 0]]
    """
    outcome = np.zeros((len(samples), len(law.analytes().element_set("five"))), dtype=np.int8)
    index = np.full(len(samples), np.nan)
    single: list[int] = []
    for harvested_on, places in _by_harvest(samples).items():
        together = [at for at in places if _is_of_total(samples[at], harvested_on)]
        single += set(places).difference(together)
        if harvested_on and together:
            outcome[together], index[together] = _judged(crop_limits(harvested_on), [samples[at] for at in together])
    for at in [*single, *np.flatnonzero(np.isclose(index, heavy)).tolist()]:
        outcome[at], index[at] = _one(samples[at], on, heavy)
    return outcome, index


def _by_harvest(samples: Sequence[CropSample]) -> dict[date | None, list[int]]:
    found: dict[date | None, list[int]] = {}
    for at, sample in enumerate(samples):
        found.setdefault(sample.harvested_on, []).append(at)
    return found


def _is_of_total(sample: CropSample, harvested_on: date | None) -> bool:
    """Whether all that decides about a sample are limits of total content of an edition on record."""
    return harvested_on is not None and sample.crop in _of_total(harvested_on) and INORGANIC not in sample.results


@cache
def _of_total(harvested_on: date) -> frozenset[str]:
    """The crops whose limits in the edition of a day are all of total content; none where no edition is on record."""
    try:
        limits = crop_limits(harvested_on)
    except LawNotInForce:
        return frozenset()
    return frozenset(crop for crop, own in zip(limits.crops, limits.inorganic, strict=True) if not own.any())


def _judged(limits: CropLimits, samples: Sequence[CropSample]) -> tuple[Outcomes, Floats]:
    """Outcomes and highest index of samples of one edition."""
    crop = limits.crop_numbers([sample.crop for sample in samples])
    limit = limits.value[crop]
    columns = [[sample.results.get(code, NOT_MEASURED) for sample in samples] for code in limits.analytes]
    value, least = (_contents(limits, columns, part) for part in ("value", "limit"))
    undetected, missing = (
        np.array([[item.qualifier == sign for item in column] for column in columns]).T for sign in ("ND", "NM")
    )
    found = look_up(limits, crop, np.where(undetected, np.where(least <= limit, least, np.nan), value))
    found[limits.without[crop] & ~missing] = CODE[NO_LIMIT]
    single = np.where(undetected, half_limit(least), value) / limit
    counts = np.isin(found, (CODE[WITHIN], CODE[EXCEEDS]))
    highest = np.where(counts, single, -np.inf).max(axis=1)
    return found, np.where(counts.any(axis=1), highest, np.nan)


def _contents(limits: CropLimits, columns: Sequence[Sequence[Reported]], part: str) -> Floats:
    """Values, or detection limits, as floats (samples, analytes) that stand to each limit as the decimals do."""
    exact = [
        exact_floats([getattr(item, part) for item in column], edges)
        for column, edges in zip(columns, limits.edges, strict=True)
    ]
    return np.stack(exact, axis=1)


def _one(sample: CropSample, on: date, heavy: float) -> tuple[list[int], float]:
    """Outcomes of one sample from its findings, and its highest index on the side of ``heavy`` where it is."""
    *levels, whole = findings_of(sample, on)
    found = {each.part("analyte"): CODE[each.outcome] for each in levels}
    outcome = [found.get(code, CODE[NOT_JUDGED]) for code in law.analytes().element_set("five")]
    return outcome, float(exact_floats([whole.value], [decimal_of(heavy)])[0])
