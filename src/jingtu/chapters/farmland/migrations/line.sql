-- Every unit of a region with the units its ground came from, itself among them: which share of the source lies in the
-- unit, and which share of the unit came from the source. Both by stated areas, which a split divides and a merge adds
-- up without a rest, so that nothing is lost by rounding. Shares multiply along the line and add up over its branches.
CREATE OR REPLACE FUNCTION farmland_line(prefix text)
RETURNS TABLE (unit_id bigint, source_id bigint, of_source numeric, of_own numeric)
LANGUAGE sql STABLE AS $$
WITH RECURSIVE step AS MATERIALIZED (
  SELECT l.descendant_id, l.ancestor_id,
         CASE l.change WHEN 'split' THEN became.area / was.area ELSE 1 END AS of_source,
         CASE l.change WHEN 'split' THEN 1 ELSE was.area / became.area END AS of_own
  FROM farmland_lineage l
  JOIN farmland_unit u ON u.id = l.descendant_id AND u.region_id ^@ prefix
  JOIN LATERAL (
    SELECT v.stated_area_mu AS area FROM farmland_unitversion v
    WHERE v.unit_id = l.ancestor_id ORDER BY v.version DESC LIMIT 1
  ) was ON true
  JOIN LATERAL (
    SELECT v.stated_area_mu AS area FROM farmland_unitversion v
    WHERE v.unit_id = l.descendant_id ORDER BY v.version LIMIT 1
  ) became ON true
), path AS (
  SELECT s.descendant_id AS unit_id, s.ancestor_id AS source_id, s.of_source, s.of_own FROM step s
  UNION ALL
  SELECT p.unit_id, s.ancestor_id, p.of_source * s.of_source, p.of_own * s.of_own
  FROM path p JOIN step s ON s.descendant_id = p.source_id
)
SELECT u.id, u.id, 1::numeric, 1::numeric FROM farmland_unit u WHERE u.region_id ^@ prefix
UNION ALL
SELECT p.unit_id, p.source_id, least(1, sum(p.of_source)), least(1, sum(p.of_own)) FROM path p GROUP BY 1, 2
$$;

-- The seasons of the units of a region whose effect was evaluated. A season of a unit itself goes before those of the
-- units it came from; these hold for it where they were reached on all of its ground, and fail it where one failed.
CREATE OR REPLACE FUNCTION farmland_harvests(prefix text)
RETURNS TABLE (unit_id bigint, year integer, season varchar, outcome varchar, evaluated_on date)
LANGUAGE sql STABLE AS $$
SELECT l.unit_id, e.year, e.season,
       CASE WHEN bool_or(l.source_id = l.unit_id) THEN max(e.outcome) FILTER (WHERE l.source_id = l.unit_id)
            WHEN bool_or(e.outcome = 'not_reached') THEN 'not_reached'
            WHEN bool_and(e.outcome = 'reached') AND round(sum(l.of_own), 2) >= 1 THEN 'reached'
            ELSE 'not_judged' END,
       max(e.evaluated_on)
FROM farmland_effectevaluation e
JOIN farmland_line(prefix) l ON l.source_id = e.unit_id
WHERE e.region_id ^@ prefix AND e.evaluated_on <= jingtu_on() AND e.recorded_at < jingtu_known()
GROUP BY 1, 2, 3
$$;
