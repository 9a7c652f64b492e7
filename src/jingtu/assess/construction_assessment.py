"""Construction land against GB 36600: level per item and sample, with sums, backgrounds and what bars a judgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jingtu.assess.construction_limits import (
    ConstructionLimits,
    background_row,
    construction_limits,
    look_up,
    printed_edges,
)
from jingtu.assess.land_use import LandUse, land_use
from jingtu.assess.levels import Floats, exact_floats
from jingtu.assess.parts import CONTRADICTS, INCOMPLETE, LIMIT_UNKNOWN, NOTHING, SUMMED, Content, whole
from jingtu.plain.reported import NOT_MEASURED, Reported

OUTCOMES: Final = ("not_judged", "within_screening", "exceeds_screening", "exceeds_control")
NOT_JUDGED, WITHIN, ABOVE, OVER = OUTCOMES
WITHIN_BACKGROUND: Final = "within_background"
FIRST, SECOND, THIRD = (OUTCOMES.index(name) for name in (WITHIN, ABOVE, OVER))
STAGES: Final = ("preliminary", "detailed")
LOCAL: Final = "local"
NOT_LISTED: Final = "threshold.none"
HIDDEN, UNKNOWN_LIMIT, CONTROL_OPEN = "limit.above_screening", "limit.unknown", "control.open"
SUM_HIDDEN: Final = "sum.hidden"


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples column by column: subject, planned use and soil type as written, results in mg/kg by analyte."""

    subjects: Sequence[str]
    land_use: Sequence[str]
    soil_type: Sequence[str]
    results: Mapping[str, Sequence[Reported]]

    def __len__(self) -> int:
        return len(self.subjects)

    def result(self, analyte: str, sample: int) -> Reported:
        """One result, not measured when the samples do not have the analyte."""
        column = self.results.get(analyte)
        return column[sample] if column else NOT_MEASURED


@dataclass(frozen=True, eq=False)
class Item:
    """One item over all samples: content, level, whether the background excuses it, and why it was not judged."""

    code: str
    listed: bool
    content: tuple[Content, ...]
    level: NDArray[np.int8]
    excused: NDArray[np.bool_]
    reason: tuple[str, ...]

    @cached_property
    def unjudged(self) -> NDArray[np.bool_]:
        """Where the standard has a value and something was measured, but no judgement is possible."""
        measured = np.array([one.low is not None for one in self.content], dtype=bool)
        return np.asarray(measured & (self.level == 0) & ~self.excused & self.listed, dtype=bool)


@dataclass(frozen=True, eq=False)
class Assessment:
    """What was concluded about samples of construction land; ``items`` hold one column per item measured."""

    samples: Samples
    limits: ConstructionLimits
    uses: tuple[LandUse, ...]
    stage: str
    local_background: Mapping[str, Decimal] = field(default_factory=dict)
    items: tuple[Item, ...] = ()

    def __len__(self) -> int:
        return len(self.samples)

    @cached_property
    def sample_level(self) -> NDArray[np.int8]:
        """Worst level of each sample; what the background excuses counts as the first level.

        0 when nothing was judged, or when nothing judged is above and something measured could not be judged.
        """
        worst = np.zeros(len(self), dtype=np.int8)
        hidden = np.zeros(len(self), dtype=bool)
        for item in self.items:
            worst = np.maximum(worst, np.where(item.excused, np.int8(FIRST), item.level))
            hidden |= item.unjudged
        return np.where(hidden & (worst == FIRST), np.int8(0), worst)

    @cached_property
    def parcel_level(self) -> int:
        """Worst level of all samples; 0 when none is above and some sample could not be judged."""
        return worst_level(self.sample_level.tolist())

    def judged(self, sample: int) -> tuple[str, ...]:
        """The items of a sample that could be judged."""
        return tuple(item.code for item in self.items if item.level[sample] or item.excused[sample])

    def open(self, sample: int) -> tuple[str, ...]:
        """The listed items of a sample that were measured and could not be judged."""
        return tuple(item.code for item in self.items if item.unjudged[sample])

    def missing(self, sample: int) -> tuple[str, ...]:
        """The basic items (table 1) of a sample that could not be judged."""
        judged = set(self.judged(sample))
        return tuple(code for code in self.limits.basic if code not in judged)


def worst_level(levels: Sequence[int]) -> int:
    """Worst level of samples; 0 when none is above and some sample could not be judged.

    *Source*: GB 36600-2018 5.3: a parcel is within the screening values when all of its samples are.

    >>> worst_level([1, 0, 1]), worst_level([1, 0, 2]), worst_level([1, 1]), worst_level([])
    (0, 2, 1, 0)
    """
    worst = max(levels, default=0)
    return 0 if worst == FIRST and 0 in levels else worst


def background(assessment_on: date, item: str, soil_type: str, local: Mapping[str, Decimal]) -> tuple[Decimal, str]:
    """Background content that counts for an item, and the row it comes from: the local survey first, else appendix A.

    *Source*: GB 36600-2018 table 1 note 1, appendix A. ``(NaN, "")`` when neither tells.

    >>> background(date(2021, 9, 15), "As", "褐土", {})
    (Decimal('20'), 'gb36600_2018.a.as.10')
    """
    if item in local:
        return local[item], LOCAL
    row = background_row(assessment_on, item, soil_type) if soil_type else None
    return (row.required_number("value_mg_kg"), row.row_id) if row else (Decimal("NaN"), "")


def assess(
    samples: Samples,
    on: date,
    stage: str = STAGES[0],
    local_background: Mapping[str, Decimal] | None = None,
) -> Assessment:
    """Judge samples by the standard in force on a day.

    *Source*: GB 36600-2018 5.3, tables 1 and 2 with notes. Contents in mg/kg; ``local_background`` holds contents of a
    local survey by analyte. Raises ``ValueError`` for a planned use that is not known.

    >>> arsenic = [Reported(Decimal("25"), None, "")]
    >>> got = assess(Samples(["S1"], ["A33"], ["栗钙土"], {"As": arsenic}), date(2021, 9, 15))
    >>> got.items[0].level.tolist(), got.items[0].excused.tolist(), got.sample_level.tolist()
    ([2], [True], [1])
    """
    limits = construction_limits(on)
    uses = tuple(land_use(text, on) for text in samples.land_use)
    local = dict(local_background or {})
    known = [code for code in limits.analytes if _is_measured(limits, samples, code)]
    parts = {row.text("component") for rows in limits.parts.values() for row in rows}
    others = [code for code in samples.results if code not in limits.analytes and code not in parts]
    items = [_item(limits, samples, uses, local, code) for code in known]
    items += [_unlisted(samples, code) for code in others]
    return Assessment(samples, limits, uses, stage, local, tuple(items))


def _is_measured(limits: ConstructionLimits, samples: Samples, code: str) -> bool:
    own = [code, *_own_parts(limits, code)]
    return any(item.qualifier != "NM" for name in own for item in samples.results.get(name, ()))


def _own_parts(limits: ConstructionLimits, code: str) -> list[str]:
    """Components of an item that the standard does not list by themselves.

    PCB 126 and 169 have values of their own; measured alone they do not mean that the total was asked for.
    """
    components = (row.text("component") for row in limits.parts.get(code, ()))
    return [part for part in components if part not in limits.analytes]


def _content(
    limits: ConstructionLimits, samples: Samples, code: str, components: Sequence[str], sample: int
) -> Content:
    measured = [name for name in (code, *_own_parts(limits, code)) if samples.result(name, sample).qualifier != "NM"]
    if not measured:
        return NOTHING
    return whole(samples.result(code, sample), [samples.result(part, sample) for part in components])


def _item(
    limits: ConstructionLimits,
    samples: Samples,
    uses: Sequence[LandUse],
    local: Mapping[str, Decimal],
    code: str,
) -> Item:
    components = [row.text("component") for row in limits.parts.get(code, ())]
    content = tuple(_content(limits, samples, code, components, at) for at in range(len(samples)))
    ground = [background(limits.on, code, soil_type, local)[0] for soil_type in samples.soil_type]
    edges = [*printed_edges(limits, code), *(value for value in ground if value.is_finite())]
    low, high = _bounds(content, edges)
    land_class = limits.class_numbers(use.land_class for use in uses)
    analyte = np.full(len(samples), limits.analytes.index(code), dtype=np.intp)
    lowest = look_up(limits, analyte, land_class, low).level
    highest = look_up(limits, analyte, land_class, high).level
    flagged = np.array(
        [limits.screening_row(limits.cell(code, use.land_class)).flag("background_rule") for use in uses]
    )
    excused = flagged & (highest > FIRST) & (high <= exact_floats(ground, edges))
    hidden = (lowest == FIRST) & (highest > FIRST)
    level = np.where(hidden | _contradicted(content), np.int8(0), lowest)
    reason = tuple(_reasons(content, level, highest, excused))
    return Item(code, True, content, level, excused & ~_contradicted(content), reason)


def _bounds(content: Sequence[Content], edges: Sequence[Decimal]) -> tuple[Floats, Floats]:
    """Lower and upper ends as floats; NaN where nothing was measured, infinite where nothing bounds it."""
    low = exact_floats([one.low for one in content], edges)
    high = exact_floats([one.high for one in content], edges)
    return low, np.where(np.isnan(high) & ~np.isnan(low), np.inf, high)


def _contradicted(content: Sequence[Content]) -> NDArray[np.bool_]:
    return np.array([one.basis == CONTRADICTS for one in content], dtype=bool)


def _reasons(
    content: Sequence[Content], level: NDArray[np.int8], highest: NDArray[np.int8], excused: NDArray[np.bool_]
) -> list[str]:
    return [
        _reason(one, int(own), int(top), bool(free))
        for one, own, top, free in zip(content, level, highest, excused, strict=True)
    ]


def _reason(content: Content, level: int, highest: int, excused: bool) -> str:
    """Why there is no level, or only a lower bound of it."""
    if content.low is None or content.basis == CONTRADICTS:
        return content.basis
    if excused:
        return ""
    if level:
        return CONTROL_OPEN if level < highest else ""
    if content.basis in (INCOMPLETE, LIMIT_UNKNOWN):
        return content.basis
    if content.basis == SUMMED:
        return SUM_HIDDEN
    return UNKNOWN_LIMIT if content.high is None else HIDDEN


def _unlisted(samples: Samples, code: str) -> Item:
    """An analyte the standard sets no value for: nothing to judge, but a value has to be derived."""
    content = tuple(whole(samples.result(code, at), ()) for at in range(len(samples)))
    nothing = np.zeros(len(samples), dtype=np.int8)
    reason = tuple(one.basis if one.low is None else NOT_LISTED for one in content)
    return Item(code, False, content, nothing, np.zeros(len(samples), dtype=bool), reason)
