"""The goal of the rate as a query: every place with polluted farmland reaches its target."""

from __future__ import annotations

from collections.abc import Sequence

from jingtu import law
from jingtu.chapters.farmland.duties.terms import due_of, terms
from jingtu.chapters.farmland.facts.rate import terms_of
from jingtu.chapters.farmland.models import RateTarget
from jingtu.registers.duties import Binding, Evidence, Obligation, bind

TARGET = "farmland.rate_target"

_GOAL = """
WITH evidence AS MATERIALIZED (
  SELECT region_code, area, counted, last_on
  FROM farmland_rate_evidence(%(G_03_prefix)s, %(G_03_year)s, %(G_03_safe)s, %(G_03_strict)s, %(G_03_periods)s)
  WHERE land_class IN ('II', 'III')
), held AS MATERIALIZED (
  SELECT region_code::text AS region_code, sum(area) AS area, sum(counted) AS counted, max(last_on) AS last_on
  FROM evidence GROUP BY 1
  UNION ALL
  SELECT left(region_code, 4) || '00', sum(area), sum(counted), max(last_on) FROM evidence GROUP BY 1
  UNION ALL
  SELECT left(region_code, 2) || '0000', sum(area), sum(counted), max(last_on) FROM evidence GROUP BY 1
), target AS MATERIALIZED (
  SELECT DISTINCT ON (t.region_id) t.id, t.region_id, t.percent
  FROM farmland_ratetarget t
  WHERE t.year = %(G_03_year)s AND t.set_on <= jingtu_on() AND t.recorded_at < jingtu_known()
  ORDER BY t.region_id, t.set_on DESC
)
SELECT h.region_code AS key, h.region_code AS region_code, {due} AS due_on,
       CASE WHEN 100 * h.counted >= t.percent * h.area THEN h.last_on END AS done_on,
       'farmland.rate_target'::text AS subject_register, t.id AS subject_id,
       (g.name || ' 安全利用率 ' || round(100 * h.counted / h.area, 2) || '%%')::text AS label,
       CASE WHEN t.id IS NULL THEN '目标值未下达，现为 ' || round(100 * h.counted / h.area, 2) || '%%'
            WHEN 100 * h.counted >= t.percent * h.area THEN ''
            ELSE '安全利用率 ' || round(100 * h.counted / h.area, 2) || '%%，目标 ' || t.percent || '%%' END AS missing
FROM held h JOIN land_region g ON g.code = h.region_code LEFT JOIN target t ON t.region_id = h.region_code
WHERE h.area > 0
"""


def prove(obligations: Sequence[Obligation]) -> dict[str, tuple[Evidence, ...]]:
    """The target of each place."""
    wanted = {each.subject_id: each.key for each in obligations if each.subject_id is not None}
    rows = RateTarget.objects.filter(pk__in=wanted)
    return {
        wanted[row.pk]: (Evidence(f"目标 {row.percent}%（{row.document_number}）", TARGET, row.pk),) for row in rows
    }


_TERMS = terms("G-03", prefix=law.plan().region[:2], **terms_of(law.plan().period_to))
bind(Binding("G-03", _GOAL.format(due=due_of("G-03")), prove, _TERMS))
