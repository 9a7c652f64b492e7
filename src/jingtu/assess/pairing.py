"""Whether a soil and a crop sample stand for the same place and season, so that they are evidence together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from jingtu import law
from jingtu.assess.finding import Finding, draw
from jingtu.law import Row
from jingtu.plain.numbers import plain

TABLE: Final = "farmland_numbers"
MEASURE: Final = "pair.halves"
PAIRED, APART = "paired", "apart"
TOO_FAR, TOO_LATE = "pair.too_far", "pair.days_apart"


def judge(subject: str, soil_on: date, harvested_on: date, apart_m: Decimal, law_on: date) -> Finding:
    """Whether two halves make a pair: taken within so many days and metres of each other; equal is still within.

    *Source*: point to point in one plot, soil taken with the harvest or right after it; the numbers of days and
    metres are settings of the table ``farmland_numbers``, each with its certainty. Distances in metres.

    >>> day = date(2021, 9, 20)
    >>> judge("D1", day, date(2021, 9, 22), Decimal(8), day).outcome
    'paired'
    >>> judge("D1", day, date(2021, 9, 22), Decimal(1200), day).reason
    'pair.too_far'
    """
    days = Decimal(abs((harvested_on - soil_on).days))
    most_days, most_m = (rule(name, law_on) for name in ("pair.days", "pair.distance_m"))
    reason, value, row = "", apart_m, most_m
    if apart_m > most_m.required_number("value"):
        reason = TOO_FAR
    elif days > most_days.required_number("value"):
        reason, value, row = TOO_LATE, days, most_days
    return draw(
        subject=subject,
        measure=MEASURE,
        outcome=APART if reason else PAIRED,
        law_on=law_on,
        given={
            "soil_on": soil_on.isoformat(),
            "harvested_on": harvested_on.isoformat(),
            "apart_m": plain(apart_m),
        },
        drawn={"days": plain(days), "certainty": str(row.certainty), "note": row.text("note")},
        value=value,
        operator=">" if reason else "<=",
        threshold=row.required_number("value"),
        unit=row.text("unit"),
        reason=reason,
        clause=row.clause,
        rule_clause=row.clause,
        table_row=row.row_id,
    )


def rule(name: str, on: date) -> Row:
    """One number of the rules of farmland, as a row with its certainty."""
    return law.at(on).table(TABLE).one(rule=name)


def replay(finding: Finding) -> Finding:
    """Reach a stored conclusion about a pair again."""
    if finding.law_on is None or finding.measure != MEASURE:
        raise ValueError(f"cannot replay {finding.measure}")
    soil_on, harvested_on = (date.fromisoformat(finding.part(name)) for name in ("soil_on", "harvested_on"))
    return judge(finding.subject, soil_on, harvested_on, Decimal(finding.part("apart_m")), finding.law_on)


def _said(finding: Finding) -> str:
    citation, basis = law.cite(finding.clause), law.codes("certainty").label(finding.part("certainty"))
    days, metres = finding.part("days"), finding.part("apart_m")
    taken = f"点对 {finding.subject} 的土壤与农产品采样相差 {days} 天、相距 {metres} m"
    ground = f"（{citation}，{basis}；{finding.part('note')}）"
    threshold = "" if finding.threshold is None else plain(finding.threshold)
    if finding.reason == TOO_FAR:
        return f"{taken}，超过 {threshold} m，不作为成对证据{ground}。"
    if finding.reason == TOO_LATE:
        return f"{taken}，超过 {threshold} 天，不作为成对证据{ground}。"
    return f"{taken}，可以成对{ground}。"


OUTCOME_NAMES: Final = {PAIRED: "成对", APART: "不成对"}
RENDERERS: Final = {MEASURE: _said}
