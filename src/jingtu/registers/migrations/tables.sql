-- Which tables the kernel's triggers guard, and the view of states as of the asked day.
CREATE TRIGGER chain BEFORE INSERT ON registers_ledgerentry FOR EACH ROW EXECUTE FUNCTION registers_chain();
CREATE TRIGGER for_ever BEFORE UPDATE OR DELETE ON registers_ledgerentry FOR EACH ROW EXECUTE FUNCTION registers_for_ever();
CREATE TRIGGER for_ever_truncate BEFORE TRUNCATE ON registers_ledgerentry EXECUTE FUNCTION registers_for_ever();
CREATE TRIGGER for_ever BEFORE UPDATE OR DELETE ON registers_move FOR EACH ROW EXECUTE FUNCTION registers_for_ever();
CREATE TRIGGER for_ever_truncate BEFORE TRUNCATE ON registers_move EXECUTE FUNCTION registers_for_ever();

CREATE VIEW registers_standing AS
SELECT DISTINCT ON (register, subject_id) id, register, subject_id, to_state AS state, "on" AS since_on
FROM registers_move
WHERE "on" <= jingtu_on() AND recorded_at < jingtu_known()
ORDER BY register, subject_id, "on" DESC, id DESC;
