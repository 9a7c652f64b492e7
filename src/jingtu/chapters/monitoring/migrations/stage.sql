-- How far each planned point of an issued campaign is, as of jingtu_on() and as known before jingtu_known().
-- Each step is worked out once (MATERIALIZED): a plan without statistics must not work it out again for every point.
CREATE VIEW monitoring_stage AS
WITH batches AS MATERIALIZED (
  SELECT subject_id, state, since_on FROM registers_standing
  WHERE register = 'evidence.batch' AND state IN ('accepted', 'reviewed')
), handed AS MATERIALIZED (
  SELECT s.origin_id, min(m."on") AS handed_on
  FROM registers_move m
  JOIN evidence_handoveritem i ON i.handover_id = m.subject_id
  JOIN evidence_sample s ON s.id = i.sample_id AND s.kind = 'routine' AND s.origin_register = 'monitoring.planned_point'
  WHERE m.register = 'evidence.handover' AND m.arrow = 'send' AND m."on" <= jingtu_on() AND m.recorded_at < jingtu_known()
  GROUP BY s.origin_id
), measured AS MATERIALIZED (
  SELECT s.origin_id, r.analyte, min(r.analysed_on) AS analysed_on,
         min(b.since_on) FILTER (WHERE b.state = 'reviewed') AS reviewed_on
  FROM evidence_result r
  JOIN batches b ON b.subject_id = r.batch_id
  JOIN evidence_sample s ON s.id = r.sample_id AND s.kind = 'routine' AND s.origin_register = 'monitoring.planned_point'
  WHERE r.recorded_at < jingtu_known() AND r.analysed_on <= jingtu_on()
  GROUP BY s.origin_id, r.analyte
), complete AS MATERIALIZED (
  SELECT p.id AS planned_point_id,
         CASE WHEN bool_and(m.analysed_on IS NOT NULL) THEN max(m.analysed_on) END AS analysed_on,
         CASE WHEN bool_and(m.reviewed_on IS NOT NULL) THEN max(m.reviewed_on) END AS reviewed_on
  FROM monitoring_plannedpoint p
  JOIN monitoring_campaign c ON c.id = p.campaign_id
  CROSS JOIN LATERAL unnest(c.analytes) AS wanted(analyte)
  LEFT JOIN measured m ON m.origin_id = p.id AND m.analyte = wanted.analyte
  GROUP BY p.id
), sent AS MATERIALIZED (
  SELECT i.subject_id, min(k.sent_on) AS uploaded_on
  FROM registers_packageitem i
  JOIN registers_package k ON k.id = i.package_id
  WHERE i.register = 'monitoring.planned_point' AND i.accepted
    AND k.sent_on <= jingtu_on() AND i.answered_at < jingtu_known()
  GROUP BY i.subject_id
), facts AS MATERIALIZED (
  SELECT p.id AS planned_point_id, p.campaign_id, p.point_id, o.region_id AS region_code,
         (SELECT min(f.taken_on) FROM monitoring_fieldrecord f
          WHERE f.planned_point_id = p.id AND f.taken_on <= jingtu_on() AND f.recorded_at < jingtu_known()) AS sampled_on,
         h.handed_on, c.analysed_on, c.reviewed_on, s.uploaded_on
  FROM monitoring_plannedpoint p
  JOIN monitoring_point o ON o.id = p.point_id
  JOIN registers_standing g ON g.register = 'monitoring.campaign' AND g.subject_id = p.campaign_id AND g.state <> 'draft'
  LEFT JOIN handed h ON h.origin_id = p.id
  LEFT JOIN complete c ON c.planned_point_id = p.id
  LEFT JOIN sent s ON s.subject_id = p.id
)
SELECT facts.*,
       CASE WHEN uploaded_on IS NOT NULL THEN 'uploaded'
            WHEN reviewed_on IS NOT NULL THEN 'reviewed'
            WHEN analysed_on IS NOT NULL THEN 'analysed'
            WHEN handed_on IS NOT NULL THEN 'handed'
            WHEN sampled_on IS NOT NULL THEN 'sampled'
            ELSE 'planned' END AS stage
FROM facts;
