CREATE SCHEMA IF NOT EXISTS pipeline
COMMENT 'What updates did, what they found, and whether the figures agree.'
WITH DBPROPERTIES (
  'domain' = 'operations',
  'team' = 'analytics-platform',
  'sla_freshness_hours' = '24'
);
