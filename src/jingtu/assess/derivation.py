"""The national table of construction land computed again from the model, cell by cell.

*Source*: GB 36600-2018 tables 1 and 2, HJ 25.3-2019. The rule that reproduces the table: a screening value is the
smaller of the carcinogenic and the non-carcinogenic control value (with allocation factor); a control value is the
smaller of ten times the carcinogenic one and the non-carcinogenic one without allocation; volatile organic compounds
stop at saturation; then the value is rounded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jingtu import law
from jingtu.assess.risk_parameters import GROUPS, LAND_CLASSES, MODEL, ChemicalSet, Setting, chemical_set, rule, setting
from jingtu.science.risk import GROUNDWATER_ROUTES, SOIL_ROUTES, control_values

Floats = NDArray[np.float64]

PLAIN, ADJUSTED = "plain", "adjusted"
TOXICITIES: Final = (PLAIN, ADJUSTED)
LIMITS: Final = ("screening", "control")
CANCER, HAZARD, SATURATION, NOTHING = "cancer", "hazard", "saturation", ""
_DECIDERS: Final = (CANCER, HAZARD, SATURATION)


class Verdict(StrEnum):
    """How a printed value stands to the computed one."""

    REPRODUCED = "reproduced"
    ONE_DIGIT = "rounding.one_digit"
    NEAR = "rounding.near"
    DEVIATION = "deviation"
    NOT_MODEL_BASED = "not_model_based"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of the national table beside the model.

    ``decided_by`` says which of the carcinogenic value, the non-carcinogenic value or saturation the model took;
    ``computed_mg_kg`` is not rounded, and is ``None`` where the chemical is not in this model.
    """

    analyte: str
    chemical: str
    land_class: str
    limit: str
    printed_mg_kg: Decimal
    computed_mg_kg: float | None
    decided_by: str
    verdict: Verdict
    reason_zh: str
    table_row: str

    @property
    def off(self) -> float | None:
        """Relative difference of the computed from the printed value."""
        return None if self.computed_mg_kg is None else self.computed_mg_kg / float(self.printed_mg_kg) - 1


@dataclass(frozen=True, slots=True)
class Derivation:
    """All cells, those of the model first counted; and those that were never the model's."""

    on: date
    toxicity: str
    cells: tuple[Cell, ...]
    outside: tuple[Cell, ...]

    @property
    def equal(self) -> int:
        """Number of cells equal after rounding, whatever is known of how the value was set."""
        return self.counted()[Verdict.REPRODUCED]

    @property
    def near(self) -> int:
        """Number of cells equal after rounding or within the tolerance that still counts as near."""
        return self.equal + self.counted()[Verdict.NEAR]

    def counted(self) -> Counter[Verdict]:
        """Cells by verdict; those set by background count by their number, so that nothing is hidden."""
        return Counter(cell.verdict for cell in self.cells)


def derive(on: date, toxicity: str, changes: Mapping[str, float] | None = None) -> Derivation:
    """Compute the national table again; ``toxicity`` is ``plain`` (published values) or ``adjusted`` (twelve changed).

    ``changes`` departs from parameters of HJ 25.3 by symbol, to see how many cells still come out; those of children
    only touch class 1.

    >>> from datetime import date
    >>> again = derive(date(2021, 9, 15), "adjusted")
    >>> len(again.cells), again.equal, again.near
    (336, 261, 268)

    The published values are those of EPA's table alone; what the law holds from memory (Kd) is left out.
    """
    if toxicity not in TOXICITIES:
        raise ValueError(f"unknown toxicity {toxicity!r}")
    listed = law.at(on).table("hj253_chemicals")
    modelled = tuple(row.text("analyte") for row in listed.where(model=MODEL))
    chemicals = chemical_set(on, modelled, adjustments(on) if toxicity == ADJUSTED else {}, published_only=True)
    limit_of = {row.text("analyte"): row.text("limit_analyte") for row in listed}
    found: dict[tuple[str, str, str], tuple[float, str]] = {}
    for land_class in LAND_CLASSES:
        for limit in LIMITS:
            values, deciders = model_values(
                setting(on, land_class, _holding(on, land_class, changes or {})), limit, chemicals
            )
            for analyte, value, decider in zip(modelled, values, deciders, strict=True):
                found[analyte, land_class, limit] = (float(value), decider)
    cells = tuple(_cell(on, limit_of[key[0]], *key, *computed) for key, computed in found.items())
    outside = tuple(
        _outside(on, row.text("analyte"), land_class, limit)
        for row in listed
        if row.text("model") != MODEL
        for land_class in LAND_CLASSES
        for limit in LIMITS
    )
    return Derivation(on, toxicity, tuple(sorted(cells, key=_printed_order(modelled))), outside)


def adjustments(on: date) -> dict[str, dict[str, float]]:
    """The adjusted toxicity values by chemical; NaN takes a value away.

    >>> from datetime import date
    >>> len(adjustments(date(2021, 9, 15)))
    12
    """
    found: dict[str, dict[str, float]] = {}
    for row in law.at(on).table("gb36600_adjustments"):
        value = row.number("value")
        found.setdefault(row.text("analyte"), {})[row.text("property")] = np.nan if value is None else float(value)
    return found


def model_values(here: Setting, limit: str, chemicals: ChemicalSet) -> tuple[Floats, tuple[str, ...]]:
    """Screening or control values of chemicals by the rule that reproduces the table, mg/kg, and what decided each.

    *Source*: GB 36600-2018, re-derived. NaN where a chemical has no toxicity value at all.
    """
    target = here.target(chemicals.groups)
    if limit != LIMITS[0]:
        target = replace(
            target,
            risk=target.risk * rule(here.on, "control.risk_multiple"),
            soil_allocation_ratio=rule(here.on, "control.allocation_ratio"),
        )
    control = control_values(here.scene(), chemicals.chemicals, target, SOIL_ROUTES, GROUNDWATER_ROUTES)
    volatile = np.array([group == GROUPS[0] for group in chemicals.groups])
    full = np.where(volatile, control.soil_saturation, np.nan)
    stack = np.stack(
        [np.where(np.isnan(part), np.inf, part) for part in (control.soil_cancer, control.soil_hazard, full)]
    )
    known = np.isfinite(stack[:-1]).any(axis=0)
    decided = tuple(_DECIDERS[at] if ok else NOTHING for at, ok in zip(stack.argmin(axis=0), known, strict=True))
    return np.where(known, stack.min(axis=0), np.nan), decided


def equal_after_rounding(on: date, computed: float, printed: Decimal) -> bool:
    """Whether a computed value, rounded as the printed one may have been, equals it.

    Decimals are rounded to the digits printed. Whole numbers may end in zeros that only hold the place, so any
    rounding that leaves two significant digits counts. Equality at a single digit counts only when the value also
    lies close, for one digit may hide half the value.

    >>> from datetime import date
    >>> day = date(2021, 9, 15)
    >>> [equal_after_rounding(day, *pair) for pair in ((838.6, Decimal("840")), (2.08, Decimal("2.0")))]
    [True, False]
    """
    fewest = len(printed.as_tuple().digits) if printed.as_tuple().exponent != 0 else 1
    most = fewest if printed.as_tuple().exponent != 0 else int(rule(on, "digits.most"))
    kept = [digits for digits in range(fewest, most + 1) if rounded(computed, digits) == printed]
    if any(digits >= rule(on, "digits.least") for digits in kept):
        return True
    return bool(kept) and abs(computed / float(printed) - 1) <= rule(on, "digits.one_tolerance")


def rounded(value: float, digits: int) -> Decimal:
    """A value rounded to significant digits.

    >>> rounded(0.97592, 1), rounded(838.6, 2)
    (Decimal('1'), Decimal('8.4E+2'))
    """
    return Decimal(f"{value:.{digits - 1}e}")


def _holding(on: date, land_class: str, changes: Mapping[str, float]) -> dict[str, float]:
    """The changes that have a parameter in this class of land: children only live in class 1."""
    rows = law.at(on).table("hj253_parameters").where(land_class=land_class)
    known = {name for row in rows for name in (row.text("symbol"), row.text("parameter"))}
    return {name: value for name, value in changes.items() if land_class != LAND_CLASSES[1] or name in known}


def _cell(
    on: date, limit_analyte: str, analyte: str, land_class: str, limit: str, computed: float, decided_by: str
) -> Cell:
    row = law.at(on).table("gb36600").one(analyte=limit_analyte, land_class=land_class, limit=limit)
    printed = row.required_number("value_mg_kg")
    reason, never = _reason(on, limit_analyte, land_class, limit)
    verdict = _verdict(on, computed, printed)
    if verdict is Verdict.DEVIATION and never:
        verdict = Verdict.NOT_MODEL_BASED
    told = reason if verdict in (Verdict.DEVIATION, Verdict.NOT_MODEL_BASED) else ""
    name = law.analyte(analyte).name_zh
    return Cell(analyte, name, land_class, limit, printed, computed, decided_by, verdict, told, row.row_id)


def _outside(on: date, analyte: str, land_class: str, limit: str) -> Cell:
    row = law.at(on).table("gb36600").one(analyte=analyte, land_class=land_class, limit=limit)
    note = law.at(on).table("hj253_chemicals").one(analyte=analyte).text("note")
    name, printed = law.analyte(analyte).name_zh, row.required_number("value_mg_kg")
    return Cell(analyte, name, land_class, limit, printed, None, NOTHING, Verdict.NOT_MODEL_BASED, note, row.row_id)


def _verdict(on: date, computed: float, printed: Decimal) -> Verdict:
    if equal_after_rounding(on, computed, printed):
        return Verdict.REPRODUCED
    single = printed.as_tuple().exponent == 0 or len(printed.as_tuple().digits) == 1
    if single and rounded(computed, 1) == printed:
        return Verdict.ONE_DIGIT
    near = abs(computed / float(printed) - 1) <= rule(on, "near.tolerance")
    return Verdict.NEAR if near else Verdict.DEVIATION


def _reason(on: date, analyte: str, land_class: str, limit: str) -> tuple[str, bool]:
    """Why a cell may differ, and whether its value was never the model's."""
    for row in law.at(on).table("gb36600_derivation_reasons").where(analyte=analyte):
        if row.text("land_class") in ("", land_class) and row.text("limit") in ("", limit):
            return row.text("reason_zh"), row.text("verdict") == Verdict.NOT_MODEL_BASED
    return "", False


def _printed_order(analytes: Sequence[str]):  # type: ignore[no-untyped-def]
    place = {analyte: at for at, analyte in enumerate(analytes)}
    return lambda cell: (place[cell.analyte], LAND_CLASSES.index(cell.land_class), LIMITS.index(cell.limit))
