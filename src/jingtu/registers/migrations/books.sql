-- The chain looks for its last entry whoever writes, also where the writer may not see it: it works as the owner.
CREATE OR REPLACE FUNCTION registers_chain() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  last record;
BEGIN
  PERFORM pg_advisory_xact_lock(7421, hashtext(NEW.stream));
  SELECT seq, hash INTO last FROM public.registers_ledgerentry WHERE stream = NEW.stream ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(last.seq, 0) + 1;
  NEW.previous := coalesce(last.hash, repeat('0', 64));
  NEW.hash := encode(sha256(convert_to(NEW.previous || NEW.seq || E'\n' || NEW.body, 'UTF8')), 'hex');
  RETURN NEW;
END $$;

-- Which registers all offices share; made anew after each migrate from what is declared.
CREATE FUNCTION jingtu_shares(register text) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT false $$;
-- Which regions' ledger the session audits; nothing set means none.
CREATE FUNCTION jingtu_audits(region text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT starts_with(region, nullif(current_setting('jingtu.audits', true), ''))
$$;
