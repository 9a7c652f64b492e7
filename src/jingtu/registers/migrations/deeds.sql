-- Where the session may do deeds, and as which organisation; the platform anywhere, as whoever it is. Nothing set means nowhere.
CREATE FUNCTION jingtu_does(region text, organisation bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT region LIKE current_setting('jingtu.does_in', true)
     AND (current_setting('jingtu.does_in', true) = '%'
          OR organisation = nullif(current_setting('jingtu.does_as', true), '')::bigint)
$$;
