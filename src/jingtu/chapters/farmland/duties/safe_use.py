"""Task 3 as queries: a plan in every place with class II land, carried out, with preferred measures, with effect."""

from __future__ import annotations

from collections.abc import Sequence

from jingtu import law
from jingtu.chapters.farmland.duties.terms import by_region, due_of, plan_year, terms
from jingtu.chapters.farmland.facts.pairs import complete_pairs
from jingtu.chapters.farmland.facts.rate import terms_of
from jingtu.chapters.farmland.models import Exceedance, Measure, SafeUsePlan
from jingtu.registers.duties import Binding, Evidence, Obligation, bind

PLAN, CASE = "farmland.safe_use_plan", "farmland.exceedance"

_SAFE = """
  safe AS MATERIALIZED (
    SELECT unit_id, region_code, stated_area_mu FROM farmland_standing WHERE land_class = 'II'
  )
"""

_PLANS = f"""
WITH {_SAFE}, holder AS MATERIALIZED (
  SELECT region_code, region_code::text AS prefix, count(*) AS units, sum(stated_area_mu) AS area
  FROM safe GROUP BY 1, 2
  UNION ALL
  SELECT left(region_code, 4) || '00', left(region_code, 4), count(*), sum(stated_area_mu) FROM safe GROUP BY 1, 2
), plan AS MATERIALIZED (
  SELECT p.id, p.region_id, s.state, s.since_on
  FROM farmland_safeuseplan p
  JOIN registers_standing s ON s.register = '{PLAN}' AND s.subject_id = p.id AND s.state <> 'withdrawn'
  WHERE p.year = %(T03_01_year)s
), grown AS MATERIALIZED (
  SELECT DISTINCT region_id FROM farmland_cropping
  WHERE year = %(T03_01_year)s AND surveyed_on <= jingtu_on() AND recorded_at < jingtu_known()
)
SELECT h.region_code::text AS key, h.region_code::text AS region_code, {{due}} AS due_on,
       CASE WHEN p.state = 'issued' THEN p.since_on END AS done_on, '{PLAN}'::text AS subject_register,
       p.id AS subject_id,
       (g.name || ' 安全利用类 ' || h.units || ' 个单元 ' || round(h.area, 1) || ' 亩')::text AS label,
       CASE WHEN p.state = 'issued' THEN ''
            WHEN p.state = 'submitted' THEN '方案待批准印发'
            WHEN p.state = 'returned' THEN '方案已退回修改'
            WHEN p.state = 'draft' THEN '方案编制中，尚未报批'
            WHEN NOT EXISTS (SELECT 1 FROM grown c WHERE c.region_id ^@ h.prefix)
                 THEN '尚未登记主要作物与种植习惯，也未编制方案'
            ELSE '尚未编制方案' END AS missing
FROM holder h JOIN land_region g ON g.code = h.region_code LEFT JOIN plan p ON p.region_id = h.region_code
"""

_CARRIED = f"""
WITH {_SAFE}, accepted AS MATERIALIZED (
  SELECT unit_id, safe_area AS area, safe_on AS since_on
  FROM farmland_measured(%(T03_02_prefix)s, %(T03_02_year)s, %(T03_02_safe)s, '{{{{}}}}')
), counted AS MATERIALIZED (
  SELECT u.region_code, count(*) AS units, count(*) FILTER (WHERE a.area >= u.stated_area_mu) AS covered,
         sum(u.stated_area_mu) AS area, sum(least(coalesce(a.area, 0), u.stated_area_mu)) AS done_area,
         max(a.since_on) AS since_on
  FROM safe u LEFT JOIN accepted a ON a.unit_id = u.unit_id GROUP BY 1
)
SELECT c.region_code::text AS key, c.region_code::text AS region_code, {{due}} AS due_on,
       CASE WHEN c.covered = c.units THEN c.since_on END AS done_on, 'farmland.measure'::text AS subject_register,
       NULL::bigint AS subject_id,
       (g.name || ' 措施落实 ' || round(c.done_area, 1) || '/' || round(c.area, 1) || ' 亩')::text AS label,
       CASE WHEN c.covered = c.units THEN ''
            ELSE '还有 ' || (c.units - c.covered) || ' 个单元的措施没有验收或面积不足（几项措施取面积最大的一项）' END
            AS missing
FROM counted c JOIN land_region g ON g.code = c.region_code
"""

_PREFERRED = f"""
WITH {_SAFE}, holder AS MATERIALIZED (
  SELECT DISTINCT region_code FROM safe
), carried AS MATERIALIZED (
  SELECT m.region_id, sum(m.area_mu) AS area, max(m.carried_out_on) AS last_on,
         coalesce(sum(m.area_mu) FILTER (WHERE m.code = ANY(%(T03_03_codes)s)), 0) AS preferred,
         count(*) FILTER (WHERE NOT m.code = ANY(%(T03_03_codes)s) AND m.reason = '') AS bare
  FROM farmland_measure m
  JOIN registers_standing s ON s.register = 'farmland.measure' AND s.subject_id = m.id
       AND s.state IN ('recorded', 'accepted')
  WHERE m.year = %(T03_03_year)s AND m.carried_out_on <= jingtu_on()
  GROUP BY 1
)
SELECT h.region_code::text AS key, h.region_code::text AS region_code, {{due}} AS due_on,
       CASE WHEN c.bare = 0 AND c.preferred > 0 THEN c.last_on END AS done_on,
       'farmland.measure'::text AS subject_register, NULL::bigint AS subject_id,
       (g.name || CASE WHEN c.area > 0
          THEN ' 农艺调控和替代种植占措施面积 ' || round(100 * c.preferred / c.area, 1) || '%%'
          ELSE ' 尚无措施' END)::text AS label,
       CASE WHEN c.area IS NULL THEN '尚未登记措施'
            WHEN c.bare > 0 THEN c.bare || ' 条其他措施没有写明理由'
            WHEN c.preferred = 0 THEN '没有采取农艺调控或替代种植'
            ELSE '' END AS missing
FROM holder h JOIN land_region g ON g.code = h.region_code LEFT JOIN carried c ON c.region_id = h.region_code
"""

_EFFECT = f"""
WITH {_SAFE}, holder AS MATERIALIZED (
  SELECT DISTINCT region_code FROM safe
), paired AS MATERIALIZED (
  SELECT s.region_code AS region_id, count(*) AS pairs, max(s.completed_on) AS last_on
  FROM farmland_pair_states(ARRAY(SELECT id FROM farmland_pair WHERE year = %(T03_04_year)s)) s
  WHERE s.state = 'complete' GROUP BY 1
), cases AS MATERIALIZED (
  SELECT e.id, e.region_id, e.crop, p.code, s.state, s.since_on
  FROM farmland_exceedance e
  JOIN farmland_pair p ON p.id = e.pair_id AND p.year = %(T03_04_year)s
  JOIN registers_standing s ON s.register = '{CASE}' AND s.subject_id = e.id
)
SELECT ('monitored-' || h.region_code)::text AS key, h.region_code::text AS region_code, {{due}} AS due_on,
       m.last_on AS done_on, 'farmland.pair'::text AS subject_register, NULL::bigint AS subject_id,
       (g.name || ' 协同监测完成 ' || coalesce(m.pairs, 0) || ' 对')::text AS label,
       CASE WHEN m.pairs IS NULL THEN '本年度没有审核通过的协同监测点对' ELSE '' END AS missing
FROM holder h JOIN land_region g ON g.code = h.region_code LEFT JOIN paired m ON m.region_id = h.region_code
UNION ALL
SELECT ('case-' || c.id)::text, c.region_id::text, {{due}}, CASE WHEN c.state = 'closed' THEN c.since_on END,
       '{CASE}', c.id, ('超标农产品 点对 ' || c.code)::text,
       CASE c.state WHEN 'open' THEN '超标农产品待处置' WHEN 'handled' THEN '已处置，待办结' ELSE '' END
FROM cases c
"""


def prove_plans(obligations: Sequence[Obligation]) -> dict[str, tuple[Evidence, ...]]:
    """The plan itself."""
    wanted = {each.subject_id: each.key for each in obligations if each.subject_id is not None}
    plans = SafeUsePlan.objects.filter(pk__in=wanted).order_by("pk")
    return {
        wanted[plan.pk]: (Evidence(f"{plan.title} {plan.document_number}".strip(), PLAN, plan.pk),) for plan in plans
    }


def prove_measures(obligations: Sequence[Obligation]) -> dict[str, tuple[Evidence, ...]]:
    """The measures of each county."""
    rows = Measure.objects.filter(year=plan_year()).exclude(state__in=("withdrawn", "rejected")).select_related("unit")
    names = law.codes("measure")

    def said(measure: Measure) -> Evidence:
        return Evidence(
            f"{names.label(measure.code)} {measure.unit} {measure.area_mu:.1f} 亩", "farmland.measure", measure.pk
        )

    return by_region(obligations, rows, said)


def prove_effect(obligations: Sequence[Obligation]) -> dict[str, tuple[Evidence, ...]]:
    """The pairs of each county that are evidence, and each case itself."""
    complete = complete_pairs(year=plan_year())
    monitored = [each for each in obligations if each.key.startswith("monitored-")]
    found = by_region(monitored, complete, lambda pair: Evidence(f"点对 {pair.code}", "farmland.pair", pair.pk))
    wanted = {each.subject_id: each.key for each in obligations if each.subject_register == CASE}
    for case in Exceedance.objects.filter(pk__in=wanted).select_related("pair").order_by("pk"):
        found[wanted[case.pk]] = (Evidence(f"超标农产品 {case.pair.code}", CASE, case.pk),)
    return found


def _preferred() -> list[str]:
    """The codes of the measures that come first, by the table of the plan's last day."""
    rows = law.at(law.plan().period_to).table("safe_use_measures")
    return [row.text("measure") for row in rows if row.flag("preferred")]


_CARRYING = {"prefix": law.plan().region[:2], "safe": terms_of(law.plan().period_to)["safe"]}
bind(Binding("T03-01", _PLANS.format(due=due_of("T03-01")), prove_plans, terms("T03-01")))
bind(Binding("T03-02", _CARRIED.format(due=due_of("T03-02")), prove_measures, terms("T03-02", **_CARRYING)))
bind(Binding("T03-03", _PREFERRED.format(due=due_of("T03-03")), prove_measures, terms("T03-03", codes=_preferred())))
bind(Binding("T03-04", _EFFECT.format(due=due_of("T03-04")), prove_effect, terms("T03-04")))
