CREATE SCHEMA IF NOT EXISTS gold_marketing
COMMENT 'Customers through time, and what campaigns cost and bring.'
WITH DBPROPERTIES (
  'domain' = 'marketing',
  'team' = 'marketing-analytics',
  'sla_freshness_hours' = '4'
);
