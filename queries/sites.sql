-- Computes the hours again that observations of unfinished executions touch, and the hour after each: windows look back.
-- MERGE is one commit: killed or repeated, it leaves every site and minute once.
MERGE INTO sites AS old
USING (
  WITH touched AS (
    SELECT DISTINCT hour FROM observations
    WHERE outcome = 'events' AND batch NOT IN (SELECT batch FROM batches)),
  wanted AS (
    SELECT hour FROM touched UNION SELECT hour + INTERVAL '1' HOUR FROM touched),
  looked_at AS (
    SELECT hour FROM wanted UNION SELECT hour - INTERVAL '1' HOUR FROM wanted),
  in_force AS (
    -- The first known configuration also applies to the time before it.
    SELECT unieke_id, ident_8, kmp_rsys, rijstrook,
      if(valid_from > min(valid_from) OVER (PARTITION BY unieke_id), valid_from, TIMESTAMP '1970-01-01 00:00:00') AS since,
      coalesce(valid_to, TIMESTAMP '9999-12-31 23:59:59') AS until
    FROM traffic.points),
  placed AS (
    SELECT * FROM in_force WHERE ident_8 IS NOT NULL AND kmp_rsys IS NOT NULL),
  lanes AS (
    SELECT *,
      if(verkeersintensiteit_klasse2 > 0 AND voertuigsnelheid_harmonisch_klasse2 > 0, verkeersintensiteit_klasse2, 0)
      + if(verkeersintensiteit_klasse3 > 0 AND voertuigsnelheid_harmonisch_klasse3 > 0, verkeersintensiteit_klasse3, 0)
      + if(verkeersintensiteit_klasse4 > 0 AND voertuigsnelheid_harmonisch_klasse4 > 0, verkeersintensiteit_klasse4, 0)
      + if(verkeersintensiteit_klasse5 > 0 AND voertuigsnelheid_harmonisch_klasse5 > 0, verkeersintensiteit_klasse5, 0) AS flow,
      if(verkeersintensiteit_klasse2 > 0 AND voertuigsnelheid_harmonisch_klasse2 > 0, CAST(verkeersintensiteit_klasse2 AS double) / voertuigsnelheid_harmonisch_klasse2, 0e0)
      + if(verkeersintensiteit_klasse3 > 0 AND voertuigsnelheid_harmonisch_klasse3 > 0, CAST(verkeersintensiteit_klasse3 AS double) / voertuigsnelheid_harmonisch_klasse3, 0e0)
      + if(verkeersintensiteit_klasse4 > 0 AND voertuigsnelheid_harmonisch_klasse4 > 0, CAST(verkeersintensiteit_klasse4 AS double) / voertuigsnelheid_harmonisch_klasse4, 0e0)
      + if(verkeersintensiteit_klasse5 > 0 AND voertuigsnelheid_harmonisch_klasse5 > 0, CAST(verkeersintensiteit_klasse5 AS double) / voertuigsnelheid_harmonisch_klasse5, 0e0) AS travel,
      coalesce(verkeersintensiteit_klasse2, 0)
      + coalesce(verkeersintensiteit_klasse3, 0)
      + coalesce(verkeersintensiteit_klasse4, 0)
      + coalesce(verkeersintensiteit_klasse5, 0) AS vehicles
    FROM events WHERE hour IN (SELECT hour FROM looked_at)),
  located AS (
    -- Regular lanes, and rush-hour lanes (S) in minutes in which a vehicle used them. TR is ghost traffic, not R.
    SELECT p.ident_8, p.kmp_rsys, l.tijd_waarneming, l.unieke_id, l.flow, l.travel, l.rekendata_bezettingsgraad,
      l.verkeersintensiteit_klasse2, l.verkeersintensiteit_klasse3, l.verkeersintensiteit_klasse4, l.verkeersintensiteit_klasse5
    FROM lanes l JOIN placed p ON l.unieke_id = p.unieke_id AND p.since <= l.tijd_waarneming AND l.tijd_waarneming < p.until
    WHERE substr(p.rijstrook, 1, 1) = 'R' OR (substr(p.rijstrook, 1, 1) = 'S' AND l.vehicles > 0)),
  minutes AS (
    SELECT DISTINCT tijd_waarneming FROM events WHERE hour IN (SELECT hour FROM wanted)),
  every_site AS (
    -- Every configured site has a row for every minute that was observed anywhere.
    SELECT DISTINCT p.ident_8, p.kmp_rsys, m.tijd_waarneming
    FROM minutes m JOIN placed p ON p.since <= m.tijd_waarneming AND m.tijd_waarneming < p.until),
  site_minutes AS (
    SELECT ident_8, kmp_rsys, tijd_waarneming,
      CAST(count(unieke_id) AS integer) AS lanes,
      CAST(sum(verkeersintensiteit_klasse2) AS integer) AS traffic_intensity_class2,
      CAST(sum(verkeersintensiteit_klasse3) AS integer) AS traffic_intensity_class3,
      CAST(sum(verkeersintensiteit_klasse4) AS integer) AS traffic_intensity_class4,
      CAST(sum(verkeersintensiteit_klasse5) AS integer) AS traffic_intensity_class5,
      round(avg(CAST(rekendata_bezettingsgraad AS double)), 3) AS bezettingsgraad,
      -- Flow-weighted harmonic mean; rounded, because the last digit of a sum depends on the order of its terms.
      round(sum(flow) / nullif(sum(travel), 0e0), 3) AS current_speed
    FROM (
      SELECT * FROM located
      UNION ALL
      SELECT ident_8, kmp_rsys, tijd_waarneming, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM every_site)
    GROUP BY ident_8, kmp_rsys, tijd_waarneming),
  windows AS (
    -- By time, not by row: a missing minute is not bridged by an older one.
    SELECT *,
      min(current_speed) OVER (site RANGE BETWEEN INTERVAL '60' SECOND PRECEDING AND INTERVAL '60' SECOND PRECEDING) AS previous_speed,
      round(avg(current_speed) OVER (site RANGE BETWEEN INTERVAL '179' SECOND PRECEDING AND CURRENT ROW), 3) AS avg_speed_3_minutes,
      round(avg(current_speed) OVER (site RANGE BETWEEN INTERVAL '1199' SECOND PRECEDING AND CURRENT ROW), 3) AS avg_speed_20_minutes
    FROM site_minutes
    WINDOW site AS (PARTITION BY ident_8, kmp_rsys ORDER BY tijd_waarneming))
  SELECT *,
    CASE WHEN current_speed - previous_speed >= 20 THEN 1 WHEN current_speed - previous_speed <= -20 THEN -1 ELSE 0 END AS speed_diff_indicator,
    CASE WHEN avg_speed_3_minutes <= 40 THEN 1 WHEN avg_speed_3_minutes > 40 THEN 0 ELSE -1 END AS traffic_jam_indicator,
    CASE WHEN avg_speed_20_minutes <= 40 THEN 1 WHEN avg_speed_20_minutes > 40 THEN 0 ELSE -1 END AS traffic_jam_indicator_long,
    date_trunc('hour', tijd_waarneming) AS hour
  FROM windows
  WHERE date_trunc('hour', tijd_waarneming) IN (SELECT hour FROM wanted)) AS new
ON old.hour = new.hour AND old.ident_8 = new.ident_8 AND old.kmp_rsys = new.kmp_rsys
  AND old.tijd_waarneming = new.tijd_waarneming
WHEN MATCHED THEN UPDATE SET
  lanes = new.lanes,
  traffic_intensity_class2 = new.traffic_intensity_class2,
  traffic_intensity_class3 = new.traffic_intensity_class3,
  traffic_intensity_class4 = new.traffic_intensity_class4,
  traffic_intensity_class5 = new.traffic_intensity_class5,
  current_speed = new.current_speed,
  previous_speed = new.previous_speed,
  bezettingsgraad = new.bezettingsgraad,
  avg_speed_3_minutes = new.avg_speed_3_minutes,
  avg_speed_20_minutes = new.avg_speed_20_minutes,
  speed_diff_indicator = new.speed_diff_indicator,
  traffic_jam_indicator = new.traffic_jam_indicator,
  traffic_jam_indicator_long = new.traffic_jam_indicator_long
WHEN NOT MATCHED THEN INSERT (
  ident_8, kmp_rsys, tijd_waarneming,
  lanes,
  traffic_intensity_class2,
  traffic_intensity_class3,
  traffic_intensity_class4,
  traffic_intensity_class5,
  current_speed,
  previous_speed,
  bezettingsgraad,
  avg_speed_3_minutes,
  avg_speed_20_minutes,
  speed_diff_indicator,
  traffic_jam_indicator,
  traffic_jam_indicator_long,
  hour)
VALUES (
  new.ident_8, new.kmp_rsys, new.tijd_waarneming,
  new.lanes,
  new.traffic_intensity_class2,
  new.traffic_intensity_class3,
  new.traffic_intensity_class4,
  new.traffic_intensity_class5,
  new.current_speed,
  new.previous_speed,
  new.bezettingsgraad,
  new.avg_speed_3_minutes,
  new.avg_speed_20_minutes,
  new.speed_diff_indicator,
  new.traffic_jam_indicator,
  new.traffic_jam_indicator_long,
  new.hour)
