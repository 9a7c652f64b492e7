"""Task 4 as queries: zones over all class III land, no edible crop in them, its use changed."""

from __future__ import annotations

from collections.abc import Sequence

from jingtu import law
from jingtu.chapters.farmland.duties.terms import by_region, due_of, plan_year, terms
from jingtu.chapters.farmland.models import ControlUse, Patrol, Zone
from jingtu.registers.duties import Binding, Evidence, Obligation, bind

ZONE, PATROL, USE = "farmland.zone", "farmland.patrol", "farmland.control_use"

_STRICT = """
  strict AS MATERIALIZED (
    SELECT unit_id, region_code, stated_area_mu FROM farmland_standing WHERE land_class = 'III'
  )
"""

_ZONES = f"""
WITH {_STRICT}, covered AS MATERIALIZED (
  SELECT l.unit_id, min(s.since_on) AS since_on
  FROM farmland_zoneunit u
  JOIN farmland_line(%(T04_01_prefix)s) l ON l.source_id = u.unit_id
  JOIN registers_standing s ON s.register = '{ZONE}' AND s.subject_id = u.zone_id AND s.state = 'in_force'
  GROUP BY 1 HAVING round(sum(l.of_own), 2) >= 1
), counted AS MATERIALIZED (
  SELECT t.region_code, count(*) AS units, count(c.unit_id) AS inside, max(c.since_on) AS since_on,
         sum(t.stated_area_mu) AS area
  FROM strict t LEFT JOIN covered c ON c.unit_id = t.unit_id GROUP BY 1
)
SELECT c.region_code::text AS key, c.region_code::text AS region_code, {{due}} AS due_on,
       CASE WHEN c.inside = c.units THEN c.since_on END AS done_on, '{ZONE}'::text AS subject_register,
       NULL::bigint AS subject_id,
       (g.name || ' 严格管控类 ' || c.inside || '/' || c.units || ' 个单元已划入管控区')::text AS label,
       CASE WHEN c.inside = c.units THEN ''
            ELSE '还有 ' || (c.units - c.inside) || ' 个严格管控类单元未划入已生效的管控区' END AS missing
FROM counted c JOIN land_region g ON g.code = c.region_code
"""

_NOTHING_EDIBLE = f"""
WITH zone AS MATERIALIZED (
  SELECT z.id, z.region_id, z.name
  FROM farmland_zone z
  JOIN registers_standing s ON s.register = '{ZONE}' AND s.subject_id = z.id AND s.state = 'in_force'
), walked AS MATERIALIZED (
  SELECT zone_id, max(patrolled_on) AS last_on FROM farmland_patrol
  WHERE patrolled_on <= jingtu_on() AND recorded_at < jingtu_known()
    AND extract(year FROM patrolled_on) = %(T04_02_year)s
  GROUP BY 1
), growing AS MATERIALIZED (
  SELECT p.zone_id, count(*) FILTER (WHERE s.state <> 'verified') AS open,
         max(s.since_on) FILTER (WHERE s.state = 'verified') AS verified_on
  FROM farmland_planting g
  JOIN farmland_patrol p ON p.id = g.patrol_id
  JOIN registers_standing s ON s.register = 'farmland.planting' AND s.subject_id = g.id
  GROUP BY 1
)
SELECT z.id::text AS key, z.region_id::text AS region_code, {{due}} AS due_on,
       CASE WHEN coalesce(g.open, 0) = 0 THEN greatest(w.last_on, g.verified_on) END AS done_on,
       '{ZONE}'::text AS subject_register, z.id AS subject_id, z.name::text AS label,
       CASE WHEN g.open > 0 THEN g.open || ' 处违规种植未整改到位'
            WHEN w.last_on IS NULL THEN '本年度尚未巡查' ELSE '' END AS missing
FROM zone z LEFT JOIN walked w ON w.zone_id = z.id LEFT JOIN growing g ON g.zone_id = z.id
"""

_USES = f"""
WITH {_STRICT}, turned AS MATERIALIZED (
  SELECT l.unit_id, sum(round(c.area_mu * l.of_source, 4)) AS area, max(s.since_on) AS since_on
  FROM farmland_controluse c
  JOIN farmland_line(%(T04_03_prefix)s) l ON l.source_id = c.unit_id
  JOIN registers_standing s ON s.register = '{USE}' AND s.subject_id = c.id AND s.state = 'confirmed'
  WHERE c.year = %(T04_03_year)s AND c.done_on <= jingtu_on()
  GROUP BY 1
), counted AS MATERIALIZED (
  SELECT t.region_code, sum(t.stated_area_mu) AS area, max(u.since_on) AS since_on,
         sum(least(coalesce(u.area, 0), t.stated_area_mu)) AS done_area,
         count(*) FILTER (WHERE u.unit_id IS NULL) AS bare
  FROM strict t LEFT JOIN turned u ON u.unit_id = t.unit_id GROUP BY 1
)
SELECT c.region_code::text AS key, c.region_code::text AS region_code, {{due}} AS due_on,
       CASE WHEN c.bare = 0 THEN c.since_on END AS done_on, '{USE}'::text AS subject_register,
       NULL::bigint AS subject_id,
       (g.name || ' 采取措施 ' || round(c.done_area, 1) || '/' || round(c.area, 1) || ' 亩')::text AS label,
       CASE WHEN c.bare = 0 THEN '' ELSE c.bare || ' 个严格管控类单元尚无经确认的管控利用（鼓励性任务）' END AS missing
FROM counted c JOIN land_region g ON g.code = c.region_code
"""


def prove_zones(obligations: Sequence[Obligation]) -> dict[str, tuple[Evidence, ...]]:
    """The zones in force of each county."""
    zones = Zone.objects.filter(state="in_force")
    return by_region(obligations, zones, lambda zone: Evidence(f"{zone.name} {zone.approval_number}", ZONE, zone.pk))


def prove_patrols(obligations: Sequence[Obligation]) -> dict[str, tuple[Evidence, ...]]:
    """The year's patrols of each zone."""
    wanted = {each.subject_id: each.key for each in obligations if each.subject_id is not None}
    found: dict[str, list[Evidence]] = {key: [] for key in wanted.values()}
    rows = Patrol.objects.filter(zone_id__in=wanted, patrolled_on__year=plan_year())
    for patrol in rows.order_by("patrolled_on", "pk"):
        found[wanted[patrol.zone_id]].append(Evidence(f"巡查 {patrol.patrolled_on}", PATROL, patrol.pk))
    return {key: tuple(own) for key, own in found.items()}


def prove_uses(obligations: Sequence[Obligation]) -> dict[str, tuple[Evidence, ...]]:
    """The confirmed changes of use of each county."""
    uses = ControlUse.objects.filter(state="confirmed", year=plan_year()).select_related("unit")
    return by_region(
        obligations,
        uses,
        lambda use: Evidence(f"{use.get_kind_display()} {use.unit} {use.area_mu:.1f} 亩", USE, use.pk),
    )


_PREFIX = law.plan().region[:2]
bind(Binding("T04-01", _ZONES.format(due=due_of("T04-01")), prove_zones, terms("T04-01", prefix=_PREFIX)))
bind(Binding("T04-02", _NOTHING_EDIBLE.format(due=due_of("T04-02")), prove_patrols, terms("T04-02")))
bind(Binding("T04-03", _USES.format(due=due_of("T04-03")), prove_uses, terms("T04-03", prefix=_PREFIX)))
