CREATE SCHEMA IF NOT EXISTS gold_common
COMMENT 'Dimensions that every domain shares.'
WITH DBPROPERTIES (
  'domain' = 'data-engineering',
  'team' = 'data-engineering',
  'sla_freshness_hours' = '24'
);
