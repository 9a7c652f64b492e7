-- Who took an earlier step with a record takes none of those that another must take; which, the arrows say.
CREATE FUNCTION jingtu_bars(register text, arrow text) RETURNS text[] LANGUAGE sql STABLE AS $$ SELECT NULL::text[] $$;
-- It looks at all moves of the record, also those that the session may not see.
CREATE FUNCTION registers_guard_eyes() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  barring text[] := public.jingtu_bars(NEW.register, NEW.arrow);
BEGIN
  IF barring IS NOT NULL AND EXISTS (
    SELECT FROM public.registers_move WHERE register = NEW.register AND subject_id = NEW.subject_id
      AND account_id = NEW.account_id AND arrow = ANY (barring)
  ) THEN
    RAISE EXCEPTION '% of % % needs four eyes: the same account took an earlier step', NEW.arrow, NEW.register, NEW.subject_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'four_eyes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER four_eyes BEFORE INSERT ON registers_move FOR EACH ROW
  WHEN (NEW.arrow <> 'begin' AND NEW.account_id IS NOT NULL) EXECUTE FUNCTION registers_guard_eyes();
