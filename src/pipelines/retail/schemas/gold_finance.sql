CREATE SCHEMA IF NOT EXISTS gold_finance
COMMENT 'Recognised revenue as finance reports it.'
WITH DBPROPERTIES (
  'domain' = 'finance',
  'team' = 'finance-analytics',
  'sla_freshness_hours' = '2'
);
