-- The state of records as of the asked day, within reach. The words of the policy of moves, since a view looks as its owner;
-- what the session says is read once, not for every move.
CREATE OR REPLACE VIEW registers_standing AS
SELECT DISTINCT ON (register, subject_id) id, register, subject_id, to_state AS state, "on" AS since_on
FROM registers_move
WHERE "on" <= (SELECT jingtu_on()) AND recorded_at < (SELECT jingtu_known())
  AND (region_code >= (SELECT nullif(current_setting('jingtu.region_from', true), ''))
         AND region_code < (SELECT nullif(current_setting('jingtu.region_to', true), ''))
       OR organisation_id = (SELECT jingtu_organisation())
       OR jingtu_shares(register))
ORDER BY register, subject_id, "on" DESC, id DESC;
