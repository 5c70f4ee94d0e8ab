-- The executions whose observations are in sites: the bookmark of sites.sql.
CREATE TABLE IF NOT EXISTS batches (batch string)
LOCATION '{}batches/'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet')
