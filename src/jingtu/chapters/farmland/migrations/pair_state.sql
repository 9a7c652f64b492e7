-- How far one half of a pair is: handed over, analysed, reviewed in every analyte of its handover; failed by quality
-- control. As of jingtu_on() and as known before jingtu_known().
CREATE FUNCTION farmland_half(half bigint)
RETURNS TABLE (is_handed boolean, is_analysed boolean, reviewed_on date, failed boolean) LANGUAGE sql STABLE AS $$
  WITH wanted AS (
    SELECT unnest(o.analytes) AS analyte, bool_or(s.id IS NOT NULL) AS is_sent
    FROM evidence_handoveritem i JOIN evidence_handover o ON o.id = i.handover_id
    LEFT JOIN registers_move s ON s.register = 'evidence.handover' AND s.subject_id = o.id AND s.arrow = 'send'
         AND s."on" <= jingtu_on() AND s.recorded_at < jingtu_known()
    WHERE i.sample_id = half AND o.recorded_at < jingtu_known()
    GROUP BY 1
  ), batches AS (
    SELECT own.batch_id, v.to_state, v."on" AS since_on
    FROM (SELECT DISTINCT batch_id FROM evidence_result WHERE sample_id = half) own
    CROSS JOIN LATERAL (
      SELECT m.to_state, m."on" FROM registers_move m
      WHERE m.register = 'evidence.batch' AND m.subject_id = own.batch_id
        AND m."on" <= jingtu_on() AND m.recorded_at < jingtu_known()
      ORDER BY m."on" DESC, m.id DESC LIMIT 1
    ) v
    WHERE v.to_state IN ('accepted', 'reviewed')
  ), found AS (
    SELECT r.analyte, max(b.since_on) FILTER (WHERE b.to_state = 'reviewed') AS reviewed_on,
           bool_or(r.flag <> '') FILTER (WHERE b.to_state = 'reviewed') AS failed
    FROM evidence_result r JOIN batches b ON b.batch_id = r.batch_id
    WHERE r.sample_id = half AND r.recorded_at < jingtu_known() AND r.analysed_on <= jingtu_on()
    GROUP BY r.analyte
  )
  SELECT coalesce(bool_and(w.is_sent), false), coalesce(bool_and(f.analyte IS NOT NULL), false),
         CASE WHEN bool_and(f.reviewed_on IS NOT NULL) THEN max(f.reviewed_on) END, coalesce(bool_or(f.failed), false)
  FROM wanted w LEFT JOIN found f ON f.analyte = w.analyte
$$;

-- How far each pair is. Worked out pair by pair (LATERAL), each step by an index: who asks for the pairs of a few units
-- must not pay for all the others.
CREATE VIEW farmland_pair_state AS
SELECT p.id AS pair_id, p.region_id AS region_code, p.unit_id,
       CASE WHEN soil.sample_id IS NULL THEN 'missing_soil'
            WHEN crop.sample_id IS NULL THEN 'missing_crop'
            WHEN p.fault <> '' THEN 'apart'
            WHEN soil.failed OR crop.failed THEN 'quality_failed'
            WHEN soil.reviewed_on IS NOT NULL AND crop.reviewed_on IS NOT NULL THEN 'complete'
            WHEN soil.is_analysed AND crop.is_analysed THEN 'analysed'
            WHEN soil.is_handed AND crop.is_handed THEN 'handed'
            ELSE 'sampled' END AS state,
       CASE WHEN p.fault = '' AND NOT soil.failed AND NOT crop.failed
                 AND soil.reviewed_on IS NOT NULL AND crop.reviewed_on IS NOT NULL
            THEN greatest(soil.reviewed_on, crop.reviewed_on) END AS completed_on
FROM farmland_pair p
LEFT JOIN LATERAL (
  SELECT s.id AS sample_id, h.* FROM evidence_sample s CROSS JOIN LATERAL farmland_half(s.id) h
  WHERE s.id = p.soil_sample_id AND s.taken_on <= jingtu_on() AND s.recorded_at < jingtu_known()
) soil ON true
LEFT JOIN LATERAL (
  SELECT s.id AS sample_id, h.* FROM evidence_sample s CROSS JOIN LATERAL farmland_half(s.id) h
  WHERE s.id = p.crop_sample_id AND s.taken_on <= jingtu_on() AND s.recorded_at < jingtu_known()
) crop ON true
WHERE p.recorded_at < jingtu_known();
