-- The chain of the ledger: each entry hashes the one before it in its stream, its own number and its body.
CREATE FUNCTION registers_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last record;
BEGIN
  PERFORM pg_advisory_xact_lock(7421, hashtext(NEW.stream));
  SELECT seq, hash INTO last FROM registers_ledgerentry WHERE stream = NEW.stream ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(last.seq, 0) + 1;
  NEW.previous := coalesce(last.hash, repeat('0', 64));
  NEW.hash := encode(sha256(convert_to(NEW.previous || NEW.seq || E'\n' || NEW.body, 'UTF8')), 'hex');
  RETURN NEW;
END $$;

-- Rows that are for ever: neither the application nor its owner changes them by ordinary means.
CREATE FUNCTION registers_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: its rows are kept for ever', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = 'for_ever';
END $$;

-- Arguments: initial state; allowed pairs "from>to,from>to".
CREATE FUNCTION registers_guard_arrows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state = TG_ARGV[0] THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'arrows';
  END IF;
  IF OLD.state || '>' || NEW.state = ANY (string_to_array(TG_ARGV[1], ',')) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.state, NEW.state
    USING ERRCODE = 'check_violation', CONSTRAINT = 'arrows';
END $$;

-- As of which day, and known until which instant, the session asks; nothing set means all that is recorded.
CREATE FUNCTION jingtu_on() RETURNS date LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('jingtu.on', true), '')::date, 'infinity'::date)
$$;
CREATE FUNCTION jingtu_known() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('jingtu.known', true), '')::timestamptz, 'infinity'::timestamptz)
$$;
