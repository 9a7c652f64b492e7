"""Farmland samples against GB 15618: level per element, class per sample, indices, each with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jingtu import law
from jingtu.assess.levels import Floats, cells, exact_floats, look_up
from jingtu.assess.limits import FarmlandLimits, farmland_limits
from jingtu.plain.reported import NOT_MEASURED, Reported
from jingtu.science.indices import half_limit, nemerow_index, single_index

NEMEROW_SCHEME: Final = "PN_hjt166"
REASONS: Final = (
    "",
    "value.not_measured",
    "ph.missing",
    "land_use.missing",
    "threshold.none",
    "limit.unknown",
    "limit.above_screening",
)


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples column by column: subject, pH, land use code (blank when unknown) and results in mg/kg by analyte."""

    subjects: Sequence[str]
    ph: Sequence[Decimal | None]
    land_use: Sequence[str]
    results: Mapping[str, Sequence[Reported]]

    def __len__(self) -> int:
        return len(self.subjects)

    def column(self, analyte: str) -> Sequence[Reported]:
        """Results of one analyte, not measured throughout when the samples do not have it."""
        return self.results.get(analyte) or [NOT_MEASURED] * len(self)


@dataclass(frozen=True, eq=False)
class Assessment:
    """What was concluded about samples; arrays are (samples, elements) or (samples,).

    ``level`` is 0 where nothing can be judged and ``reason`` then points into ``REASONS``; ``cell`` is the cell of
    the limits; ``index`` the single index against the screening value, non-detects at half their limit.
    """

    samples: Samples
    limits: FarmlandLimits
    elements: tuple[str, ...]
    level: NDArray[np.int8]
    reason: NDArray[np.int8]
    cell: NDArray[np.intp]
    index: Floats

    @cached_property
    def sample_class(self) -> NDArray[np.int8]:
        """Class of each sample: the worst level among the elements judged, 0 when none could be."""
        return np.asarray(self.level.max(axis=1, initial=0))

    @cached_property
    def complete(self) -> NDArray[np.bool_]:
        """Whether every element of the set could be judged."""
        return np.asarray((self.level > 0).all(axis=1))

    @cached_property
    def nemerow(self) -> Floats:
        """Nemerow index over the elements judged."""
        return nemerow_index(self.index)

    def __len__(self) -> int:
        return len(self.samples)

    def judged(self, sample: int) -> tuple[str, ...]:
        """The elements of a sample that could be judged."""
        return tuple(code for code, level in zip(self.elements, self.level[sample], strict=True) if level)

    def missing(self, sample: int) -> tuple[str, ...]:
        """The elements of a sample that could not be judged."""
        return tuple(code for code, level in zip(self.elements, self.level[sample], strict=True) if not level)

    def counts(self) -> dict[int, int]:
        """How many samples have each class; 0 counts those without one."""
        classes, numbers = np.unique(self.sample_class, return_counts=True)
        return {int(name): int(number) for name, number in zip(classes, numbers, strict=True)}


def assess(samples: Samples, on: date, elements: str = "five") -> Assessment:
    """Judge samples by the standard in force on the day of evaluation.

    *Source*: GB 15618-2018 tables 1 and 3, 6.1 to 6.4; the class is the worst of ``five`` (Cd Hg As Pb Cr) or
    ``eight`` elements. Contents in mg/kg. Raises ``LawNotInForce`` for a day without the standard.

    >>> cadmium = [Reported(Decimal("0.61"), None, "")]
    >>> got = assess(Samples(["Y1"], [Decimal("7.6")], ["other"], {"Cd": cadmium}), date(2021, 9, 15))
    >>> got.sample_class.tolist(), got.complete.tolist(), got.missing(0)
    ([2], [False], ('Hg', 'As', 'Pb', 'Cr'))
    """
    limits = farmland_limits(on)
    codes = law.analytes().element_set(elements)
    ph = exact_floats(samples.ph, limits.edges_exact)
    land_use = limits.land_use_numbers(samples.land_use)
    parts = [_element(limits, code, samples.column(code), ph, land_use) for code in codes]
    level, reason, cell, index = (np.stack(list(arrays), axis=1) for arrays in zip(*parts, strict=True))
    return Assessment(samples, limits, codes, level, reason, cell, index)


def _element(
    limits: FarmlandLimits, code: str, column: Sequence[Reported], ph: Floats, land_use: NDArray[np.intp]
) -> tuple[NDArray[np.int8], NDArray[np.int8], NDArray[np.intp], Floats]:
    """Level, reason, cell and single index of one element over all samples."""
    analyte = np.full(len(ph), int(limits.analyte_numbers([code])[0]), dtype=np.intp)
    edges = {row.required_number("value_mg_kg") for row in limits.rows if row.text("analyte") == code}
    value = exact_floats([item.value for item in column], sorted(edges))
    limit = exact_floats([item.limit for item in column], sorted(edges))
    undetected = np.array([item.qualifier == "ND" for item in column], dtype=bool)
    level = look_up(limits, analyte, land_use, ph, np.where(undetected, limit, value)).level
    cell = cells(limits, analyte, land_use, ph)
    screening = limits.screening[cell]
    hidden = undetected & (level > 1)
    conditions = [
        np.isnan(value) & ~undetected,
        np.isnan(ph),
        land_use == limits.unknown_land_use,
        np.isnan(screening),
        undetected & np.isnan(limit),
        hidden,
    ]
    reason = np.select(conditions, [np.int8(number) for number, _ in enumerate(conditions, start=1)], np.int8(0))
    level = np.where(hidden, np.int8(0), level)
    content = np.where(undetected, half_limit(limit), value)
    index = np.where(level > 0, single_index(content, np.where(np.isnan(screening), 1, screening)), np.nan)
    return level, reason.astype(np.int8), cell, index


def one_sample(subject: str, ph: Decimal | None, land_use: str, results: Mapping[str, Reported]) -> Samples:
    """A single sample as columns of one row."""
    return Samples([subject], [ph], [land_use], {code: [item] for code, item in results.items()})
