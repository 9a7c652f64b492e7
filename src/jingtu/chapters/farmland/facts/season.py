"""A county's season at a glance: pairs and how far they are, crops that exceed, measures, plan, grain, effect."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from jingtu.chapters.farmland.facts.safe_use import plan_of
from jingtu.chapters.farmland.models import EffectEvaluation, Exceedance, Measure, Pair, SafeUsePlan
from jingtu.plain.identifiers import region_prefix
from jingtu.registers.clock import Clock
from jingtu.registers.models import Standing

BY_CROP = """
SELECT p.crop, s.state, count(*)
FROM farmland_pair_states(ARRAY(
  SELECT id FROM farmland_pair WHERE region_id ^@ %s AND year = %s AND season = %s
)) s
JOIN farmland_pair p ON p.id = s.pair_id
GROUP BY 1, 2
ORDER BY 1
"""
STEPS = ("sampled", "handed", "analysed", "complete")
NO_PAIR = ("missing_soil", "missing_crop", "apart", "quality_failed")


@dataclass(frozen=True)
class Glance:
    """What a place's season looks like on a day."""

    by_crop: dict[str, Counter[str]]
    exceeding: Counter[str]
    cases: Counter[str]
    grain_kg: dict[str, Decimal]
    measures: dict[str, dict[str, Decimal]]
    plan: SafeUsePlan | None
    plan_state: str
    effects: Counter[str]

    @property
    def pairs(self) -> Counter[str]:
        """All pairs by how far they are."""
        return sum(self.by_crop.values(), Counter())

    def reached(self, step: str) -> int:
        """How many pairs came to a step or beyond."""
        return sum(self.pairs[each] for each in STEPS[STEPS.index(step) :])


def glance(region: str, year: int, season: str, clock: Clock) -> Glance:
    """A place's season as of the asked day."""
    prefix = region_prefix(region)
    pairs = Pair.objects.filter(region__code__startswith=prefix, year=year, season=season)
    cases = _known(Exceedance.objects.filter(pair__in=pairs), "found_on", clock)
    plan = plan_of(region, year)
    return Glance(
        by_crop=_by_crop(prefix, year, season),
        exceeding=Counter(dict(cases.values_list("crop").annotate(n=Count("pk")))),
        cases=Counter(_standing_of("farmland.exceedance", cases).values_list("standing", flat=True)),
        grain_kg=_grain(cases, clock),
        measures=_measures(prefix, year, season, clock),
        plan=plan,
        plan_state=_state_of("farmland.safe_use_plan", plan),
        effects=_effects(prefix, year, season, clock),
    )


def _known(rows: QuerySet[Any], day: str, clock: Clock) -> QuerySet[Any]:
    return rows.filter(**{f"{day}__lte": clock.on, "recorded_at__lt": clock.known_until})


def _by_crop(prefix: str, year: int, season: str) -> dict[str, Counter[str]]:
    """The pairs of each crop by how far they are; what was not known on the asked day is not among them."""
    found: dict[str, Counter[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(BY_CROP, [prefix, year, season])
        for crop, state, number in cursor.fetchall():
            found.setdefault(crop, Counter())[state] = number
    return found


def _standing_of(register: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    standing = Standing.objects.filter(register=register, subject_id=OuterRef("pk"))
    return rows.annotate(standing=Subquery(standing.values("state")[:1])).filter(standing__isnull=False)


def _state_of(register: str, record: Any) -> str:
    found = Standing.objects.filter(register=register, subject_id=record.pk).first() if record else None
    return found.state if found else ""


def _grain(cases: QuerySet[Exceedance], clock: Clock) -> dict[str, Decimal]:
    """The grain by what became of it, in kilograms."""
    handled = cases.filter(handled_on__lte=clock.on).exclude(handling="")
    return dict(handled.values_list("handling").annotate(kg=Sum("amount_kg")).order_by("handling"))


def _measures(prefix: str, year: int, season: str, clock: Clock) -> dict[str, dict[str, Decimal]]:
    """The area of each measure by whether it is accepted."""
    rows = Measure.objects.filter(region__code__startswith=prefix, year=year, season=season)
    found: dict[str, dict[str, Decimal]] = {}
    known = _standing_of("farmland.measure", _known(rows, "carried_out_on", clock))
    for code, state, area in known.values_list("code", "standing", "area_mu"):
        own = found.setdefault(code, {})
        own[state] = own.get(state, Decimal(0)) + area
    return found


def _effects(prefix: str, year: int, season: str, clock: Clock) -> Counter[str]:
    rows = EffectEvaluation.objects.filter(region__code__startswith=prefix, year=year, season=season)
    return Counter(_known(rows, "evaluated_on", clock).values_list("outcome", flat=True))
