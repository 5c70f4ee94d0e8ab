-- Adds the events of files that no execution has read yet, among those that arrived in the last hours before a time.
-- One statement, one commit of the table: killed or repeated, it neither loses nor doubles an event.
-- Arguments: the execution's name, the time, the hours, the time again.
INSERT INTO observations
WITH typed AS (
  SELECT
    nullif(trim(beschrijvende_id), '') AS beschrijvende_id,
    nullif(trim(unieke_id), '') AS unieke_id,
    try_cast(trim(lve_nr) AS integer) AS lve_nr,
    -- Devices without time synchronization can claim any year: from 1970 to 2100 is possible.
    if(try_cast(trim(tijd_waarneming) AS bigint) BETWEEN 0 AND 4102444800,
      CAST(from_unixtime(try_cast(trim(tijd_waarneming) AS bigint)) AT TIME ZONE 'UTC' AS timestamp(6))) AS tijd_waarneming,
    -- The publisher's clock is UTC+1 all year; a time without an offset uses it.
    CAST(try(from_iso8601_timestamp(if(
      regexp_like(trim(tijd_laatst_gewijzigd), '(Z|[+-]\d\d:\d\d)$'),
      trim(tijd_laatst_gewijzigd),
      trim(tijd_laatst_gewijzigd) || '+01:00'))) AT TIME ZONE 'UTC' AS timestamp(6)) AS tijd_laatst_gewijzigd,
    try_cast(trim(actueel_publicatie) AS integer) AS actueel_publicatie,
    try_cast(trim(beschikbaar) AS integer) AS beschikbaar,
    try_cast(trim(defect) AS integer) AS defect,
    try_cast(trim(geldig) AS integer) AS geldig,
    try_cast(trim(verkeersintensiteit_klasse1) AS integer) AS verkeersintensiteit_klasse1,
    if(try_cast(trim(voertuigsnelheid_rekenkundig_klasse1) AS integer) NOT IN (251, 252, 254) AND NOT (try_cast(trim(voertuigsnelheid_rekenkundig_klasse1) AS integer) = 0 AND coalesce(try_cast(trim(verkeersintensiteit_klasse1) AS integer), 0) = 0), try_cast(trim(voertuigsnelheid_rekenkundig_klasse1) AS integer)) AS voertuigsnelheid_rekenkundig_klasse1,
    if(try_cast(trim(voertuigsnelheid_harmonisch_klasse1) AS integer) NOT IN (251, 252, 254) AND NOT (try_cast(trim(voertuigsnelheid_harmonisch_klasse1) AS integer) = 0 AND coalesce(try_cast(trim(verkeersintensiteit_klasse1) AS integer), 0) = 0), try_cast(trim(voertuigsnelheid_harmonisch_klasse1) AS integer)) AS voertuigsnelheid_harmonisch_klasse1,
    try_cast(trim(verkeersintensiteit_klasse2) AS integer) AS verkeersintensiteit_klasse2,
    if(try_cast(trim(voertuigsnelheid_rekenkundig_klasse2) AS integer) NOT IN (251, 252, 254) AND NOT (try_cast(trim(voertuigsnelheid_rekenkundig_klasse2) AS integer) = 0 AND coalesce(try_cast(trim(verkeersintensiteit_klasse2) AS integer), 0) = 0), try_cast(trim(voertuigsnelheid_rekenkundig_klasse2) AS integer)) AS voertuigsnelheid_rekenkundig_klasse2,
    if(try_cast(trim(voertuigsnelheid_harmonisch_klasse2) AS integer) NOT IN (251, 252, 254) AND NOT (try_cast(trim(voertuigsnelheid_harmonisch_klasse2) AS integer) = 0 AND coalesce(try_cast(trim(verkeersintensiteit_klasse2) AS integer), 0) = 0), try_cast(trim(voertuigsnelheid_harmonisch_klasse2) AS integer)) AS voertuigsnelheid_harmonisch_klasse2,
    try_cast(trim(verkeersintensiteit_klasse3) AS integer) AS verkeersintensiteit_klasse3,
    if(try_cast(trim(voertuigsnelheid_rekenkundig_klasse3) AS integer) NOT IN (251, 252, 254) AND NOT (try_cast(trim(voertuigsnelheid_rekenkundig_klasse3) AS integer) = 0 AND coalesce(try_cast(trim(verkeersintensiteit_klasse3) AS integer), 0) = 0), try_cast(trim(voertuigsnelheid_rekenkundig_klasse3) AS integer)) AS voertuigsnelheid_rekenkundig_klasse3,
    if(try_cast(trim(voertuigsnelheid_harmonisch_klasse3) AS integer) NOT IN (251, 252, 254) AND NOT (try_cast(trim(voertuigsnelheid_harmonisch_klasse3) AS integer) = 0 AND coalesce(try_cast(trim(verkeersintensiteit_klasse3) AS integer), 0) = 0), try_cast(trim(voertuigsnelheid_harmonisch_klasse3) AS integer)) AS voertuigsnelheid_harmonisch_klasse3,
    try_cast(trim(verkeersintensiteit_klasse4) AS integer) AS verkeersintensiteit_klasse4,
    if(try_cast(trim(voertuigsnelheid_rekenkundig_klasse4) AS integer) NOT IN (251, 252, 254) AND NOT (try_cast(trim(voertuigsnelheid_rekenkundig_klasse4) AS integer) = 0 AND coalesce(try_cast(trim(verkeersintensiteit_klasse4) AS integer), 0) = 0), try_cast(trim(voertuigsnelheid_rekenkundig_klasse4) AS integer)) AS voertuigsnelheid_rekenkundig_klasse4,
    if(try_cast(trim(voertuigsnelheid_harmonisch_klasse4) AS integer) NOT IN (251, 252, 254) AND NOT (try_cast(trim(voertuigsnelheid_harmonisch_klasse4) AS integer) = 0 AND coalesce(try_cast(trim(verkeersintensiteit_klasse4) AS integer), 0) = 0), try_cast(trim(voertuigsnelheid_harmonisch_klasse4) AS integer)) AS voertuigsnelheid_harmonisch_klasse4,
    try_cast(trim(verkeersintensiteit_klasse5) AS integer) AS verkeersintensiteit_klasse5,
    if(try_cast(trim(voertuigsnelheid_rekenkundig_klasse5) AS integer) NOT IN (251, 252, 254) AND NOT (try_cast(trim(voertuigsnelheid_rekenkundig_klasse5) AS integer) = 0 AND coalesce(try_cast(trim(verkeersintensiteit_klasse5) AS integer), 0) = 0), try_cast(trim(voertuigsnelheid_rekenkundig_klasse5) AS integer)) AS voertuigsnelheid_rekenkundig_klasse5,
    if(try_cast(trim(voertuigsnelheid_harmonisch_klasse5) AS integer) NOT IN (251, 252, 254) AND NOT (try_cast(trim(voertuigsnelheid_harmonisch_klasse5) AS integer) = 0 AND coalesce(try_cast(trim(verkeersintensiteit_klasse5) AS integer), 0) = 0), try_cast(trim(voertuigsnelheid_harmonisch_klasse5) AS integer)) AS voertuigsnelheid_harmonisch_klasse5,
    try_cast(trim(rekendata_bezettingsgraad) AS integer) AS rekendata_bezettingsgraad,
    try_cast(trim(rekendata_beschikbaarheidsgraad) AS integer) AS rekendata_beschikbaarheidsgraad,
    try_cast(trim(rekendata_onrustigheid) AS integer) AS rekendata_onrustigheid,
    json_format(CAST(map_filter(map(
      ARRAY[
        'beschrijvende_id', 'unieke_id', 'lve_nr', 'tijd_waarneming',
        'tijd_laatst_gewijzigd', 'actueel_publicatie', 'beschikbaar', 'defect',
        'geldig', 'verkeersintensiteit_klasse1', 'voertuigsnelheid_rekenkundig_klasse1', 'voertuigsnelheid_harmonisch_klasse1',
        'verkeersintensiteit_klasse2', 'voertuigsnelheid_rekenkundig_klasse2', 'voertuigsnelheid_harmonisch_klasse2', 'verkeersintensiteit_klasse3',
        'voertuigsnelheid_rekenkundig_klasse3', 'voertuigsnelheid_harmonisch_klasse3', 'verkeersintensiteit_klasse4', 'voertuigsnelheid_rekenkundig_klasse4',
        'voertuigsnelheid_harmonisch_klasse4', 'verkeersintensiteit_klasse5', 'voertuigsnelheid_rekenkundig_klasse5', 'voertuigsnelheid_harmonisch_klasse5',
        'rekendata_bezettingsgraad', 'rekendata_beschikbaarheidsgraad', 'rekendata_onrustigheid'],
      ARRAY[
        beschrijvende_id, unieke_id, lve_nr, tijd_waarneming,
        tijd_laatst_gewijzigd, actueel_publicatie, beschikbaar, defect,
        geldig, verkeersintensiteit_klasse1, voertuigsnelheid_rekenkundig_klasse1, voertuigsnelheid_harmonisch_klasse1,
        verkeersintensiteit_klasse2, voertuigsnelheid_rekenkundig_klasse2, voertuigsnelheid_harmonisch_klasse2, verkeersintensiteit_klasse3,
        voertuigsnelheid_rekenkundig_klasse3, voertuigsnelheid_harmonisch_klasse3, verkeersintensiteit_klasse4, voertuigsnelheid_rekenkundig_klasse4,
        voertuigsnelheid_harmonisch_klasse4, verkeersintensiteit_klasse5, voertuigsnelheid_rekenkundig_klasse5, voertuigsnelheid_harmonisch_klasse5,
        rekendata_bezettingsgraad, rekendata_beschikbaarheidsgraad, rekendata_onrustigheid]),
      (name, value) -> value IS NOT NULL) AS json)) AS record,
    concat_ws('/', year, month, day, hour) AS arrival,
    "$path" AS source,
    '{}' AS batch
  FROM traffic.raw_events
  -- Conditions only on partition keys, so that only these hours are read.
  WHERE concat_ws('/', year, month, day, hour)
      BETWEEN date_format(from_iso8601_timestamp('{}') - INTERVAL '{}' HOUR, '%Y/%m/%d/%H')
      AND date_format(from_iso8601_timestamp('{}'), '%Y/%m/%d/%H')
    AND "$path" NOT IN (SELECT source FROM observations)),
aged AS (
  SELECT *, floor(to_unixtime(with_timezone(tijd_laatst_gewijzigd, 'UTC')))
    - floor(to_unixtime(with_timezone(tijd_waarneming, 'UTC'))) AS age -- seconds
  FROM typed),
judged AS (
  SELECT *, CASE
    WHEN unieke_id IS NULL OR tijd_waarneming IS NULL THEN 'malformed'
    WHEN actueel_publicatie IS DISTINCT FROM 1 OR age > 60 * 60 THEN 'frozen'
    WHEN age < -5 * 60 THEN 'future'
    WHEN defect IS DISTINCT FROM 0 THEN 'defect'
    WHEN rekendata_beschikbaarheidsgraad IS DISTINCT FROM 100 THEN 'unavailable'
    WHEN geldig >= 2 THEN 'irregular' -- 1 is kept: unusually fast lanes
    END AS reason
  FROM aged)
SELECT
  beschrijvende_id, unieke_id, lve_nr, tijd_waarneming, tijd_laatst_gewijzigd,
  actueel_publicatie, beschikbaar, defect, geldig,
  verkeersintensiteit_klasse1, voertuigsnelheid_rekenkundig_klasse1, voertuigsnelheid_harmonisch_klasse1,
  verkeersintensiteit_klasse2, voertuigsnelheid_rekenkundig_klasse2, voertuigsnelheid_harmonisch_klasse2,
  verkeersintensiteit_klasse3, voertuigsnelheid_rekenkundig_klasse3, voertuigsnelheid_harmonisch_klasse3,
  verkeersintensiteit_klasse4, voertuigsnelheid_rekenkundig_klasse4, voertuigsnelheid_harmonisch_klasse4,
  verkeersintensiteit_klasse5, voertuigsnelheid_rekenkundig_klasse5, voertuigsnelheid_harmonisch_klasse5,
  rekendata_bezettingsgraad, rekendata_beschikbaarheidsgraad, rekendata_onrustigheid,
  CASE WHEN reason IS NULL THEN 'events' WHEN reason IN ('frozen', 'future') THEN 'quarantine' ELSE 'rejected' END,
  reason,
  if(reason = 'malformed', record),
  arrival, source, batch,
  date_trunc('hour', tijd_waarneming)
FROM judged
