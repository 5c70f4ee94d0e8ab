-- Marks the executions whose observations sites.sql has computed.
INSERT INTO batches
SELECT DISTINCT batch FROM observations WHERE batch NOT IN (SELECT batch FROM batches)
