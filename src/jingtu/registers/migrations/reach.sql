-- Which regions and which organisation the session may see; nothing set means nothing seen.
CREATE FUNCTION jingtu_sees(region text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT region >= nullif(current_setting('jingtu.region_from', true), '')
     AND region < nullif(current_setting('jingtu.region_to', true), '')
$$;
CREATE FUNCTION jingtu_organisation() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('jingtu.organisation', true), '')::bigint
$$;
