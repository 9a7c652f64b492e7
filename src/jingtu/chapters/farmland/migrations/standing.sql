-- The version of each unit that stands on jingtu_on() as known before jingtu_known(). The marks of an end that was
-- recorded later are not known yet. Without an asked day it is what stands by all that is recorded.
CREATE VIEW farmland_standing AS
SELECT id AS version_id, unit_id, region_id AS region_code, land_class, stated_area_mu, computed_area_m2
FROM farmland_unitversion
WHERE from_on <= jingtu_on() AND recorded_at < jingtu_known()
  AND (until_on IS NULL OR until_on > jingtu_on() OR until_recorded_at >= jingtu_known());
