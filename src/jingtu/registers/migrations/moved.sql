-- The moves there are get the place of the records they moved, where their tables exist already.
-- Dossiers and batches are closed to the owner too, unless the session says that it sees every region.
SELECT set_config('jingtu.region_from', '0', true), set_config('jingtu.region_to', 'z', true);
ALTER TABLE registers_move DISABLE TRIGGER for_ever;
UPDATE registers_move SET region_code = '140000';
UPDATE registers_move m SET region_code = d.region_id, organisation_id = d.organisation_id
FROM registers_dossier d WHERE m.register = 'registers.dossier' AND d.id = m.subject_id;
UPDATE registers_move m SET region_code = p.region_id
FROM registers_package p WHERE m.register = 'registers.package' AND p.id = m.subject_id;
DO $$ BEGIN
  IF to_regclass('evidence_batch') IS NOT NULL THEN
    UPDATE registers_move m SET region_code = b.region_id, organisation_id = l.organisation_id
    FROM evidence_batch b JOIN evidence_laboratory l ON l.id = b.laboratory_id
    WHERE m.register = 'evidence.batch' AND b.id = m.subject_id;
    UPDATE registers_move m SET region_code = h.region_id, organisation_id = l.organisation_id
    FROM evidence_handover h JOIN evidence_laboratory l ON l.id = h.laboratory_id
    WHERE m.register = 'evidence.handover' AND h.id = m.subject_id;
  END IF;
END $$;
-- Rows written twice are checked for their keys at the end of the transaction, unless told now.
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE registers_move ENABLE TRIGGER for_ever;
SET CONSTRAINTS ALL DEFERRED;
