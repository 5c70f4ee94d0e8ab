-- Speeds, counts and jams per road site (ident_8, kmp_rsys) and minute.
CREATE TABLE IF NOT EXISTS sites (
  ident_8 string,
  kmp_rsys double,
  tijd_waarneming timestamp,
  lanes int,
  traffic_intensity_class2 int,
  traffic_intensity_class3 int,
  traffic_intensity_class4 int,
  traffic_intensity_class5 int,
  current_speed double,
  previous_speed double,
  bezettingsgraad double,
  avg_speed_3_minutes double,
  avg_speed_20_minutes double,
  speed_diff_indicator int,
  traffic_jam_indicator int,
  traffic_jam_indicator_long int,
  hour timestamp)
PARTITIONED BY (hour)
LOCATION '{}sites/'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet')
