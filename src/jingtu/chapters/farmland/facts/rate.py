"""The safe-use rate of polluted farmland: what is on record of each unit, counted by the rules of the asked day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection

from jingtu import law
from jingtu.assess import safe_use_counting as counting
from jingtu.assess.finding import Finding
from jingtu.assess.measures import FALLOW, REMEDIATE, SAFE_USE, STRICT, TILLAGE, group_of
from jingtu.assess.rates import rate
from jingtu.assess.safe_use_counting import Contribution, Done, Field
from jingtu.chapters.farmland.models import RateTarget
from jingtu.registers.clock import Clock

EVIDENCE = """
WITH paired AS MATERIALIZED (
  SELECT l.unit_id, count(*)::integer AS pairs,
         count(*) FILTER (WHERE x.found_on <= jingtu_on() AND x.recorded_at < jingtu_known())::integer AS exceeding
  FROM farmland_pair_states(
    ARRAY(SELECT id FROM farmland_pair WHERE region_id ^@ %(prefix)s AND year = %(year)s AND unit_id IS NOT NULL)
  ) s
  JOIN farmland_pair p ON p.id = s.pair_id
  JOIN farmland_line(%(prefix)s) l ON l.source_id = p.unit_id
  LEFT JOIN farmland_exceedance x ON x.pair_id = s.pair_id
  WHERE s.state = 'complete' AND (l.source_id = l.unit_id OR EXISTS (
    SELECT 1 FROM farmland_standing t JOIN farmland_unitversion v ON v.id = t.version_id
    WHERE t.unit_id = l.unit_id AND ST_Covers(v.geom, p.soil_place)))
  GROUP BY 1
)
SELECT r.unit_id, u.number, r.region_code, v.village, r.land_class, r.soil_class, r.area, r.measures, r.effect,
       r.periods, coalesce(p.pairs, 0), coalesce(p.exceeding, 0), r.controlled, r.edible_found, r.counted, r.last_on,
       v.pollution_degree
FROM farmland_rate_evidence(%(prefix)s, %(year)s, %(safe)s, %(strict)s, %(periods)s) r
LEFT JOIN paired p ON p.unit_id = r.unit_id
JOIN farmland_unit u ON u.id = r.unit_id
JOIN farmland_unitversion v ON v.id = r.version_id
WHERE r.land_class IN ('II', 'III') OR r.soil_class IN ('II', 'III') OR v.pollution_degree <> ''
ORDER BY u.number
"""
PROVINCE = "140000"


@dataclass(frozen=True)
class OnRecord:
    """What is on record of one unit for the rate of a year."""

    unit: int
    number: str
    region_code: str
    village: str
    land_class: str
    soil_class: str
    area: Decimal
    measures: list[list[Any]]
    effect: str
    periods: int
    pairs: int
    exceeding: int
    controlled: Decimal
    edible_found: bool
    counted: Decimal
    last_on: date | None
    degree: str

    def as_field(self) -> Field:
        """The unit as counting sees it: its degree as the census has it, else class I of polluted soil as slight."""
        slight = self.land_class == "I" and self.soil_class in ("II", "III")
        passing = Decimal(self.pairs - self.exceeding) / self.pairs if self.pairs else None
        return Field(
            subject=self.number,
            land_class=self.land_class,
            area=self.area,
            degree=self.degree or (counting.SLIGHT if slight else ""),
            measures=tuple(
                Done(code, Decimal(area), accepted, variant, ground)
                for code, area, accepted, variant, ground in self.measures
            ),
            effect=self.effect,
            periods=self.periods,
            passing=passing,
            controlled=self.controlled,
            edible_found=self.edible_found,
        )


@cache
def names_of(group: str, on: date) -> tuple[str, ...]:
    """The measures of a group as the records name them: by code, or by code and variant."""
    rows = law.at(on).table("safe_use_measures")
    names = [(row.text("measure"), variant) for row in rows for variant in ("", TILLAGE, FALLOW)]
    return tuple(
        f"{code}:{variant}" if variant else code
        for code, variant in names
        if group_of(code, on, variant) == group and (not variant or not group_of(code, on))
    )


def terms_of(on: date) -> dict[str, Any]:
    """What the function of evidence must be told of the rules of a day."""
    periods = law.at(on).table("farmland_numbers").one(rule=counting.PERIODS).required_number("value")
    safe = [*names_of(SAFE_USE, on), *names_of(REMEDIATE, on)]
    return {"safe": safe, "strict": list(names_of(STRICT, on)), "periods": int(periods)}


def on_record(prefix: str, on: date) -> list[OnRecord]:
    """The units that may count within a region prefix, as of the asked day; ``on`` gives year and rules."""
    with connection.cursor() as cursor:
        cursor.execute(EVIDENCE, {"prefix": prefix, "year": on.year, **terms_of(on)})
        rows = cursor.fetchall()
    return [OnRecord(*[*row[:7], _listed(row[7]), *row[8:]]) for row in rows]


def _listed(measures: Any) -> list[list[Any]]:
    return json.loads(measures) if isinstance(measures, str) else measures


@dataclass(frozen=True)
class Counted:
    """A unit and what it adds to the rate."""

    record: OnRecord
    contribution: Contribution


def counted(records: Iterable[OnRecord], mode: str, on: date, by: str = counting.WHOLE) -> list[Counted]:
    """The units that are objects of a way of counting, each with what it adds."""
    found = [Counted(each, counting.contribution(each.as_field(), mode, on, by)) for each in records]
    return [each for each in found if each.contribution.denominator]


def rate_of(subject: str, units: Sequence[Counted], mode: str, on: date) -> Finding:
    """The rate over some units."""
    areas = counting.areas([each.contribution for each in units], mode, on)
    return rate(subject, mode, areas, on)


@dataclass(frozen=True)
class Target:
    """What must be reached: in percent, by which document; ``percent`` is ``None`` while none was set down."""

    percent: Decimal | None
    basis: str
    note: str = ""


def targets(regions: Sequence[str], clock: Clock) -> dict[str, Target]:
    """The target of each region for the year of the asked day: as set down by an office, else as the texts say."""
    rows = RateTarget.objects.filter(
        region_id__in=regions, year=clock.on.year, set_on__lte=clock.on, recorded_at__lt=clock.known_until
    )
    own = {row.region_id: Target(row.percent, f"{row.set_by} {row.document_number}") for row in rows.order_by("set_on")}
    return {region: own.get(region) or _by_the_texts(region, clock.on) for region in regions}


def _by_the_texts(region: str, on: date) -> Target:
    """The target that a text states for the province and the year, or that none is stated."""
    rows = law.at(on).table("rate_targets").where(scope=region, target_of="farmland", stated="target")
    row = next((each for each in rows if each.integer("year") == on.year), None)
    if row is None:
        return Target(None, "")
    return Target(row.number("value"), row.citation, row.text("note"))
