"""The safe-use rates: of contaminated farmland in its two ways of counting, and of contaminated parcels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from jingtu import law
from jingtu.assess.finding import Finding, draw
from jingtu.law import Row
from jingtu.plain.numbers import plain
from jingtu.plain.units import exponent_between

TABLE: Final = "rate_terms"
NAMES: Final = ("farmland.trial_2019", "farmland.class_based", "parcel.redeveloped")
COMPUTED, NO_OBJECT = "computed", "no_object"
PLACES: Final = exponent_between("kg/kg", "%")


def terms(name: str, on: date) -> tuple[Row, ...]:
    """The terms of a rate as the texts in force on a day give them; ``ValueError`` for a rate of another name.

    >>> [row.text("term") for row in terms("farmland.trial_2019", date(2021, 9, 15))]
    ['B', 'C', 'D', 'E']
    """
    found = law.at(on).table(TABLE).where(rate=name)
    if not found:
        raise ValueError(f"unknown rate {name!r}")
    return found


def rate(subject: str, name: str, areas: Mapping[str, Decimal], on: date) -> Finding:
    """A safe-use rate in percent from the areas of its terms, all in one unit.

    *Source*: trial method of counting the safe-use rate of contaminated farmland, A = (B+C+D)/E; by classes, areas of
    classes II and III; of parcels, redeveloped area fit for its use over all redeveloped contaminated area. A parcel
    with several measures counts once, in one term. Nothing over nothing is "no object", never 100 %. Raises
    ``ValueError`` for a term that is missing, unknown or negative, and when more is counted than there is.

    >>> areas = {"B": Decimal(100), "C": Decimal(700), "D": Decimal(100), "E": Decimal(1000)}
    >>> plain(rate("140100", "farmland.trial_2019", areas, date(2021, 9, 15)).value)
    '90'
    """
    rows = terms(name, on)
    wanted = [row.text("term") for row in rows]
    if sorted(wanted) != sorted(areas):
        raise ValueError(f"terms {wanted} are needed, found {sorted(areas)}")
    if any(not value.is_finite() or value < 0 for value in areas.values()):
        raise ValueError("an area cannot be negative")
    sums = {part: _sum(rows, areas, part) for part in ("numerator", "denominator")}
    if sums["numerator"] > sums["denominator"]:
        raise ValueError("more area is counted than there is; is a parcel counted twice?")
    value = _percent(sums["numerator"], sums["denominator"])
    return draw(
        subject=subject,
        measure=f"rate.{name}",
        outcome=NO_OBJECT if value is None else COMPUTED,
        law_on=on,
        given={f"area.{term}": plain(area) for term, area in areas.items()},
        drawn={part: plain(total) for part, total in sums.items()},
        value=value,
        unit="%",
        reason="" if value is not None else "rate.no_object",
        clause=rows[0].clause,
        rule_clause=rows[0].clause,
    )


def _sum(rows: tuple[Row, ...], areas: Mapping[str, Decimal], part: str) -> Decimal:
    return sum((areas[row.text("term")] for row in rows if row.text("counts_in") == part), Decimal(0))


def _percent(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    return None if denominator == 0 else numerator.scaleb(PLACES) / denominator


def replay(finding: Finding) -> Finding:
    """Reach a stored rate again."""
    name = finding.measure.removeprefix("rate.")
    if finding.law_on is None or name not in NAMES:
        raise ValueError(f"cannot replay {finding.measure}")
    areas = {key.removeprefix("area."): Decimal(text) for key, text in finding.inputs if key.startswith("area.")}
    return rate(finding.subject, name, areas, finding.law_on)
