-- How far many pairs are: what the view farmland_pair_state says of each, worked out for all of them together, each step
-- once. The view is for a page of pairs, this for a county's season or the board; a test holds the two together.
-- EXECUTE: planned each time for the pairs that are asked for, since a plan for a few would walk ten thousand in circles.
CREATE OR REPLACE FUNCTION farmland_pair_states(pairs bigint[])
RETURNS TABLE (pair_id bigint, region_code varchar, unit_id bigint, state text, completed_on date)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY EXECUTE $states$
WITH pair AS MATERIALIZED (
  SELECT p.id, p.region_id, p.unit_id, p.soil_sample_id, p.crop_sample_id, p.fault
  FROM farmland_pair p
  WHERE p.id = ANY($1) AND p.recorded_at < (SELECT jingtu_known())
), half AS MATERIALIZED (
  SELECT s.id
  FROM pair p
  CROSS JOIN LATERAL (VALUES (p.soil_sample_id), (p.crop_sample_id)) AS own (id)
  JOIN evidence_sample s ON s.id = own.id
  WHERE s.taken_on <= (SELECT jingtu_on()) AND s.recorded_at < (SELECT jingtu_known())
), sent AS MATERIALIZED (
  SELECT DISTINCT m.subject_id AS handover_id FROM registers_move m
  WHERE m.register = 'evidence.handover' AND m.arrow = 'send'
    AND m."on" <= (SELECT jingtu_on()) AND m.recorded_at < (SELECT jingtu_known())
), asked AS MATERIALIZED (
  SELECT i.sample_id, o.analytes::text[] AS analytes, t.handover_id IS NOT NULL AS is_sent
  FROM half h
  JOIN evidence_handoveritem i ON i.sample_id = h.id
  JOIN evidence_handover o ON o.id = i.handover_id AND o.recorded_at < (SELECT jingtu_known())
  LEFT JOIN sent t ON t.handover_id = o.id
), batches AS MATERIALIZED (
  SELECT b.subject_id AS batch_id, b.state = 'reviewed' AS is_reviewed, b.since_on FROM registers_standing b
  WHERE b.register = 'evidence.batch' AND b.state IN ('accepted', 'reviewed')
), told AS MATERIALIZED (
  SELECT r.sample_id, array_agg(r.analyte)::text[] AS analysed,
         array_agg(r.analyte) FILTER (WHERE b.is_reviewed)::text[] AS reviewed,
         max(b.since_on) FILTER (WHERE b.is_reviewed) AS reviewed_on,
         bool_or(r.flag <> '') FILTER (WHERE b.is_reviewed) AS failed
  FROM asked a
  JOIN evidence_result r ON r.sample_id = a.sample_id AND r.analyte = ANY(a.analytes)
  JOIN batches b ON b.batch_id = r.batch_id
  WHERE r.recorded_at < (SELECT jingtu_known()) AND r.analysed_on <= (SELECT jingtu_on())
  GROUP BY 1
), handed_in_parts AS MATERIALIZED (
  SELECT a.sample_id, array_agg(part.analyte) AS analytes
  FROM asked a CROSS JOIN LATERAL unnest(a.analytes) AS part (analyte)
  WHERE a.is_sent AND a.sample_id IN (SELECT u.sample_id FROM asked u WHERE NOT u.is_sent)
  GROUP BY 1
), far AS MATERIALIZED (
  SELECT a.sample_id, bool_and(a.is_sent OR coalesce(p.analytes @> a.analytes, false)) AS is_handed,
         bool_and(coalesce(t.analysed @> a.analytes, false)) AS is_analysed,
         CASE WHEN bool_and(coalesce(t.reviewed @> a.analytes, false)) THEN max(t.reviewed_on) END AS reviewed_on,
         coalesce(bool_or(t.failed), false) AS failed
  FROM asked a
  LEFT JOIN told t ON t.sample_id = a.sample_id
  LEFT JOIN handed_in_parts p ON p.sample_id = a.sample_id
  GROUP BY 1
), halves AS MATERIALIZED (
  SELECT h.id AS sample_id, coalesce(f.is_handed, false) AS is_handed, coalesce(f.is_analysed, false) AS is_analysed,
         f.reviewed_on, coalesce(f.failed, false) AS failed
  FROM half h LEFT JOIN far f ON f.sample_id = h.id
)
SELECT p.id, p.region_id, p.unit_id,
       CASE WHEN soil.sample_id IS NULL THEN 'missing_soil'
            WHEN crop.sample_id IS NULL THEN 'missing_crop'
            WHEN p.fault <> '' THEN 'apart'
            WHEN soil.failed OR crop.failed THEN 'quality_failed'
            WHEN soil.reviewed_on IS NOT NULL AND crop.reviewed_on IS NOT NULL THEN 'complete'
            WHEN soil.is_analysed AND crop.is_analysed THEN 'analysed'
            WHEN soil.is_handed AND crop.is_handed THEN 'handed'
            ELSE 'sampled' END,
       CASE WHEN p.fault = '' AND NOT soil.failed AND NOT crop.failed
                 AND soil.reviewed_on IS NOT NULL AND crop.reviewed_on IS NOT NULL
            THEN greatest(soil.reviewed_on, crop.reviewed_on) END
FROM pair p
LEFT JOIN halves soil ON soil.sample_id = p.soil_sample_id
LEFT JOIN halves crop ON crop.sample_id = p.crop_sample_id
  $states$ USING pairs;
END
$$;
