CREATE SCHEMA IF NOT EXISTS gold
COMMENT 'Core sales facts and the business metrics built on them.'
WITH DBPROPERTIES (
  'domain' = 'core',
  'team' = 'analytics-platform',
  'sla_freshness_hours' = '24'
);
