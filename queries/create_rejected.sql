-- Unusable events, and versions of a minute that a later one supersedes.
CREATE OR REPLACE VIEW rejected AS
SELECT
  beschrijvende_id, unieke_id, lve_nr, tijd_waarneming, tijd_laatst_gewijzigd,
  actueel_publicatie, beschikbaar, defect, geldig,
  verkeersintensiteit_klasse1, voertuigsnelheid_rekenkundig_klasse1, voertuigsnelheid_harmonisch_klasse1,
  verkeersintensiteit_klasse2, voertuigsnelheid_rekenkundig_klasse2, voertuigsnelheid_harmonisch_klasse2,
  verkeersintensiteit_klasse3, voertuigsnelheid_rekenkundig_klasse3, voertuigsnelheid_harmonisch_klasse3,
  verkeersintensiteit_klasse4, voertuigsnelheid_rekenkundig_klasse4, voertuigsnelheid_harmonisch_klasse4,
  verkeersintensiteit_klasse5, voertuigsnelheid_rekenkundig_klasse5, voertuigsnelheid_harmonisch_klasse5,
  rekendata_bezettingsgraad, rekendata_beschikbaarheidsgraad, rekendata_onrustigheid,
  if(outcome = 'rejected', reason, 'duplicate') AS reason, record, arrival, hour
FROM (
  SELECT *, row_number() OVER (
    -- hour is in it, so that a filter on hour reads only the partitions of those hours
    PARTITION BY outcome, hour, unieke_id, tijd_waarneming
    ORDER BY tijd_laatst_gewijzigd DESC NULLS LAST, arrival, source) AS place
  FROM observations)
WHERE outcome = 'rejected' OR place > 1
