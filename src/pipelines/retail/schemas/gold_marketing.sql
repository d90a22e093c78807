CREATE SCHEMA IF NOT EXISTS gold_marketing
COMMENT 'Customers, their history and what reaches them, for marketing.'
WITH DBPROPERTIES (
  'domain' = 'marketing',
  'team' = 'marketing-analytics',
  'sla_freshness_hours' = '4'
);
