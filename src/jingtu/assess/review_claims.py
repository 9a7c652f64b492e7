"""What a report claims and what it rests on: the nouns of recomputing a report, and when two numbers agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from jingtu import law
from jingtu.assess.construction_limits import ConstructionLimits, construction_limits
from jingtu.assess.land_use import LandUse, land_use
from jingtu.plain.numbers import decimal_of
from jingtu.plain.reported import NOT_MEASURED, Reported

AGREES, DIFFERS, NOT_ALLOWED, NOT_CHECKED = "agrees", "differs", "not_allowed", "not_checked"
STAGES: Final = ("preliminary", "detailed", "risk", "effect")


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a claimed number may lie from the recomputed one, as a share of it; rounding as printed comes on top."""

    relative: Decimal
    bootstrap: Decimal


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence or cell of a report: what kind of number, about what, as printed, and by which method.

    ``target_mg_kg`` is the value the report compares with, ``content`` the content a risk was computed for, both where
    they are needed.
    """

    number: str
    place: str
    kind: str
    analyte: str
    claimed: str
    unit: str = ""
    method: str = ""
    target_mg_kg: Decimal | None = None
    content_mg_kg: Decimal | None = None
    row: int = 0


@dataclass(frozen=True, eq=False)
class Report:
    """A report to recompute: the parcel, the laboratory's results in mg/kg by analyte, and what is claimed."""

    name: str
    stage: str
    area_m2: Decimal | None
    planned_use: str
    on: date
    subjects: Sequence[str]
    points: Sequence[str]
    results: Mapping[str, Sequence[Reported]]
    claims: Sequence[Claim] = field(default_factory=tuple)

    @property
    def use(self) -> LandUse:
        """What the planned use means by GB 36600."""
        return land_use(self.planned_use, self.on)

    @property
    def limits(self) -> ConstructionLimits:
        """The values of GB 36600 in force on the day of the report."""
        return construction_limits(self.on)

    def column(self, analyte: str) -> list[Reported]:
        """The results of an analyte that were measured."""
        return [item for item in self.results.get(analyte, ()) if item.qualifier != NOT_MEASURED.qualifier]

    def limit_row(self, analyte: str, control: bool = False) -> law.Row | None:
        """Row of the screening or control value for the planned use; ``None`` for an item that is not listed."""
        limits = self.limits
        if analyte not in limits.analytes:
            return None
        cell = limits.cell(analyte, self.use.land_class)
        return limits.control_row(cell) if control else limits.screening_row(cell)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One claim after recomputing: outcome, what came out instead, why as code and parts, clause, row of the law."""

    claim: Claim
    outcome: str
    recomputed: str
    reason: str
    parts: tuple[tuple[str, str], ...] = ()
    clause: str = ""
    table_row: str = ""

    def part(self, name: str) -> str:
        """One of the parts of the reason; blank when there is none of that name."""
        return next((text for key, text in self.parts if key == name), "")


def agree(claimed: Decimal, recomputed: Decimal, share: Decimal) -> bool:
    """Whether a printed number agrees: by rounding to the digits printed, or within a share of the recomputed one.

    *Source*: GB/T 8170-2008 for rounding as printed; the share is stated with every review.

    >>> [agree(Decimal(claimed), Decimal("0.98333"), Decimal("0.01")) for claimed in ("0.93", "0.98")]
    [False, True]
    """
    apart = abs(claimed - recomputed)
    last_place = Decimal(1).scaleb(int(claimed.as_tuple().exponent))
    return apart + apart <= last_place or apart <= share * abs(recomputed)


def decimal_slip(claimed: Decimal, recomputed: Decimal) -> bool:
    """Whether two numbers differ by the place of the decimal point alone.

    >>> decimal_slip(Decimal("1.8"), Decimal("0.18")), decimal_slip(Decimal("1.8"), Decimal("0.19"))
    (True, False)
    """
    if not claimed or not recomputed or claimed == recomputed:
        return False
    return claimed.normalize().as_tuple().digits == recomputed.normalize().as_tuple().digits


def mean_of(values: Sequence[Decimal]) -> Decimal:
    """Plain mean, of 15 significant digits.

    >>> mean_of([Decimal("1"), Decimal("2")])
    Decimal('1.5')
    """
    return decimal_of(float(sum(values, Decimal(0)) / len(values)))
