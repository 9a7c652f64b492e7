"""Questions about descent: what of the evidence of a unit that was split or merged belongs to which of its heirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Final

from django.db import connection

from jingtu.assess.effect_season import Harvest
from jingtu.chapters.farmland.facts import units
from jingtu.chapters.farmland.models import Season, Unit
from jingtu.registers import clock

# A pair stays with the unit on which it was taken, for ever. To an heir belongs what was taken on the ground it has.
INHERITED: Final = """
WITH RECURSIVE line (unit_id, source_id) AS (
  SELECT u, u FROM unnest(%(units)s::bigint[]) AS u
  UNION
  SELECT line.unit_id, l.ancestor_id FROM line JOIN farmland_lineage l ON l.descendant_id = line.source_id
), evidence (unit_id, pair_id) AS (
  SELECT line.unit_id, p.id
  FROM line
  JOIN farmland_pair p ON p.unit_id = line.source_id
  JOIN farmland_pair_states(ARRAY(
    SELECT q.id FROM farmland_pair q WHERE q.unit_id IN (SELECT source_id FROM line)
  )) s ON s.pair_id = p.id AND s.state = 'complete'
  WHERE line.source_id = line.unit_id OR EXISTS (
    SELECT 1 FROM farmland_unitversion v
    WHERE v.unit_id = line.unit_id AND v.until_on IS NULL AND ST_Covers(v.geom, p.soil_place))
)
"""
_HEIRS: Final = """
WITH RECURSIVE line (unit_id) AS (
  SELECT unnest(%(units)s::bigint[])
  UNION
  SELECT l.descendant_id FROM line JOIN farmland_lineage l ON l.ancestor_id = line.unit_id
)
SELECT unit_id FROM line ORDER BY unit_id
"""
_HARVESTS: Final = "SELECT unit_id, year, season, outcome FROM farmland_harvests(%s) WHERE unit_id = ANY(%s)"
Place = tuple[float, float]
SEASONS_IN_ORDER: Final = (Season.SUMMER, Season.AUTUMN)


def with_complete_pairs(unit_ids: Iterable[int]) -> set[int]:
    """Those of the units on whose ground a complete pair was taken, be it while the ground was another unit's."""
    return _keys(INHERITED + "SELECT DISTINCT unit_id FROM evidence", unit_ids)


def complete_pairs_on(unit: Unit) -> set[int]:
    """The complete pairs that were taken on the ground a unit has."""
    return set(complete_pairs_by_unit([unit.pk]))


def complete_pairs_by_unit(unit_ids: Iterable[int]) -> dict[int, int]:
    """The complete pairs that were taken on the ground of units, each with the unit that has it."""
    with connection.cursor() as cursor:
        cursor.execute(INHERITED + "SELECT pair_id, unit_id FROM evidence", {"units": list(unit_ids)})
        return dict(cursor.fetchall())


def sources(unit_id: int) -> set[int]:
    """A unit and those its ground came from."""
    return _keys(INHERITED + "SELECT source_id FROM line", [unit_id])


def harvests_of(region: str, unit_ids: Iterable[int]) -> dict[int, list[Harvest]]:
    """The seasons evaluated for effect that hold for units of a county, in order: their own, else of their ground."""
    found: dict[int, list[Harvest]] = {key: [] for key in unit_ids}
    with connection.cursor() as cursor:
        cursor.execute(_HARVESTS, [region, list(found)])
        for unit, year, season, outcome in cursor.fetchall():
            found[unit].append(Harvest(year, order_of(season), outcome))
    return {unit: sorted(own, key=attrgetter("year", "order")) for unit, own in found.items()}


def order_of(season: str) -> int:
    """The place of a season in its year."""
    return SEASONS_IN_ORDER.index(Season(season)) + 1


def heirs(unit_ids: Iterable[int]) -> set[int]:
    """These units and all that came from them by splitting or merging."""
    return _keys(_HEIRS, unit_ids)


def _keys(sql: str, unit_ids: Iterable[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"units": list(unit_ids)})
        return {key for (key,) in cursor.fetchall()}


def owners(found: Sequence[int | None], places: Sequence[Place]) -> list[int | None]:
    """For units found at places the one that has the ground now, where the unit of then has ended."""
    known = {key for key in found if key is not None}
    ended = set(Unit.objects.filter(pk__in=known, ended_on__isnull=False).values_list("pk", flat=True))
    at = [number for number, key in enumerate(found) if key in ended]
    now = dict(zip(at, units.units_at([places[number] for number in at], clock.today()), strict=True)) if at else {}
    return [now.get(number) or key for number, key in enumerate(found)]
