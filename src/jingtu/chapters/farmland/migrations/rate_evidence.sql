-- What was carried out on each unit in a year: its measures, and the ground under accepted measures of safe use or of
-- strict control. Measures of one unit may lie over each other, so the largest counts: the one way of counting ground
-- that the rate and the duty of carrying out share. Measures are named by code, or code:variant where one code covers
-- two kinds. What was carried out on a unit that was split or merged since falls to its heirs by their share of it;
-- on ground of different sources it adds up.
DROP FUNCTION IF EXISTS farmland_rate_evidence(text, integer, text[], text[], integer);
CREATE OR REPLACE FUNCTION farmland_measured(prefix text, of_year integer, safe text[], strict text[])
RETURNS TABLE (unit_id bigint, measures jsonb, safe_area numeric, strict_area numeric, safe_on date, last_on date)
LANGUAGE sql STABLE AS $$
WITH told AS MATERIALIZED (
  SELECT m.id, l.unit_id, l.source_id, m.code, m.variant, round(m.area_mu * l.of_source, 4) AS area_mu,
         k.state = 'accepted' AS accepted, k.since_on, ARRAY[m.code, m.code || ':' || m.variant]::text[] AS names
  FROM farmland_measure m
  JOIN farmland_line(prefix) l ON l.source_id = m.unit_id
  JOIN registers_standing k ON k.register = 'farmland.measure' AND k.subject_id = m.id
       AND k.state IN ('recorded', 'accepted')
  WHERE m.region_id ^@ prefix AND m.year = of_year AND m.carried_out_on <= (SELECT jingtu_on())
), ground AS MATERIALIZED (
  SELECT t.unit_id, t.source_id = t.unit_id AS own,
         jsonb_agg(jsonb_build_array(t.code, t.area_mu::text, t.accepted, t.variant,
                                     CASE WHEN t.source_id = t.unit_id THEN '' ELSE t.source_id::text END)
                   ORDER BY t.id) AS measures,
         max(t.area_mu) FILTER (WHERE t.accepted AND t.names && safe) AS safe_area,
         max(t.area_mu) FILTER (WHERE t.accepted AND t.names && strict) AS strict_area,
         max(t.since_on) FILTER (WHERE t.accepted AND t.names && safe) AS safe_on,
         max(t.since_on) FILTER (WHERE t.accepted) AS last_on
  FROM told t GROUP BY t.unit_id, t.source_id
)
SELECT g.unit_id, jsonb_path_query_array(jsonb_agg(g.measures ORDER BY g.own DESC), '$[*][*]'),
       greatest(max(g.safe_area) FILTER (WHERE g.own), sum(g.safe_area) FILTER (WHERE NOT g.own)),
       greatest(max(g.strict_area) FILTER (WHERE g.own), sum(g.strict_area) FILTER (WHERE NOT g.own)),
       max(g.safe_on), max(g.last_on)
FROM ground g GROUP BY 1
$$;

-- What is on record of each farmland unit for the safe-use rate of a year, as of jingtu_on() and as known before
-- jingtu_known(): measures, changes of use, zones, effect on crops; and the area that counts by class, for the board.
-- Each step is worked out once (MATERIALIZED): a plan without statistics must not work it out again for every unit.
-- ``counted`` repeats the rules of assess.safe_use_counting for the way by class; a test holds the two together.
CREATE FUNCTION farmland_rate_evidence(prefix text, of_year integer, safe text[], strict text[], periods_needed integer)
RETURNS TABLE (
  unit_id bigint, version_id bigint, region_code varchar, land_class varchar, soil_class varchar, area numeric,
  measures jsonb, effect varchar, periods integer, controlled numeric,
  edible_found boolean, counted numeric, last_on date
) LANGUAGE sql STABLE AS $$
WITH standing AS MATERIALIZED (
  SELECT s.unit_id, s.version_id, s.region_code, s.land_class, s.stated_area_mu AS area
  FROM farmland_standing s WHERE s.region_code ^@ prefix
), line AS MATERIALIZED (
  SELECT * FROM farmland_line(prefix)
), evaluated AS MATERIALIZED (
  SELECT DISTINCT ON (e.unit_id) e.unit_id, e.soil_class
  FROM farmland_evaluation e
  WHERE e.region_id ^@ prefix AND e.evaluated_on <= jingtu_on() AND e.recorded_at < jingtu_known()
  ORDER BY e.unit_id, e.evaluated_on DESC, e.id DESC
), carried AS MATERIALIZED (
  SELECT * FROM farmland_measured(prefix, of_year, safe, strict)
), turned AS MATERIALIZED (
  SELECT l.unit_id, sum(round(c.area_mu * l.of_source, 4)) AS area, max(k.since_on) AS last_on
  FROM farmland_controluse c
  JOIN line l ON l.source_id = c.unit_id
  JOIN registers_standing k ON k.register = 'farmland.control_use' AND k.subject_id = c.id AND k.state = 'confirmed'
  WHERE c.region_id ^@ prefix AND c.done_on <= jingtu_on()
    AND (c.year = of_year OR (c.year < of_year AND c.kind IN ('forest', 'wetland')))
  GROUP BY 1
), zoned AS MATERIALIZED (
  SELECT l.unit_id, least(1, sum(l.of_own)) AS share, min(k.since_on) AS last_on
  FROM farmland_zoneunit u
  JOIN line l ON l.source_id = u.unit_id
  JOIN farmland_zone z ON z.id = u.zone_id AND z.region_id ^@ prefix
  JOIN registers_standing k ON k.register = 'farmland.zone' AND k.subject_id = z.id AND k.state = 'in_force'
  GROUP BY 1
), growing AS MATERIALIZED (
  SELECT DISTINCT s.unit_id
  FROM farmland_planting g
  JOIN registers_standing k ON k.register = 'farmland.planting' AND k.subject_id = g.id AND k.state <> 'verified'
  JOIN farmland_unitversion v ON ST_Covers(v.geom, g.place)
  JOIN standing s ON s.version_id = v.id
  WHERE g.region_id ^@ prefix
), harvest AS MATERIALIZED (
  SELECT e.unit_id, e.year, e.outcome, e.evaluated_on,
         row_number() OVER newest AS place, lag(e.year) OVER newest AS later
  FROM farmland_harvests(prefix) e
  WHERE e.year <= of_year
  WINDOW newest AS (PARTITION BY e.unit_id ORDER BY e.year DESC, e.season = 'autumn' DESC)
), row_of_seasons AS MATERIALIZED (
  SELECT h.unit_id, h.year, h.place, h.outcome, h.evaluated_on,
         bool_and(h.outcome = 'reached' AND coalesce(h.later - h.year <= 1, true))
           OVER (PARTITION BY h.unit_id ORDER BY h.place) AS unbroken
  FROM harvest h
), reached AS MATERIALIZED (
  SELECT r.unit_id, count(*) FILTER (WHERE r.unbroken)::integer AS periods,
         max(r.outcome) FILTER (WHERE r.place = 1 AND r.year = of_year) AS effect,
         max(r.evaluated_on) AS last_on
  FROM row_of_seasons r GROUP BY 1
), whole AS MATERIALIZED (
  SELECT s.*, coalesce(e.soil_class, '') AS soil_class, c.measures, c.safe_area, r.effect, r.periods,
         greatest(round(s.area * z.share, 4), t.area, 0) AS controlled,
         c.strict_area, g.unit_id IS NOT NULL AS edible_found,
         greatest(c.last_on, t.last_on, z.last_on, r.last_on) AS last_on
  FROM standing s
  LEFT JOIN evaluated e ON e.unit_id = s.unit_id
  LEFT JOIN carried c ON c.unit_id = s.unit_id
  LEFT JOIN turned t ON t.unit_id = s.unit_id
  LEFT JOIN zoned z ON z.unit_id = s.unit_id
  LEFT JOIN growing g ON g.unit_id = s.unit_id
  LEFT JOIN reached r ON r.unit_id = s.unit_id
)
SELECT w.unit_id, w.version_id, w.region_code, w.land_class, w.soil_class, w.area, coalesce(w.measures, '[]'),
       coalesce(w.effect, ''), coalesce(w.periods, 0), w.controlled,
       w.edible_found,
       CASE WHEN w.land_class = 'II' AND w.effect = 'reached' AND w.periods >= periods_needed
              THEN least(coalesce(w.safe_area, 0), w.area)
            WHEN w.land_class = 'III' AND NOT w.edible_found
              THEN least(greatest(coalesce(w.strict_area, 0), w.controlled), w.area)
            ELSE 0 END,
       w.last_on
FROM whole w
$$;
