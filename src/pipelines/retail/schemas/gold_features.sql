CREATE SCHEMA IF NOT EXISTS gold_features
COMMENT 'Features for models: every row carries the day whose end it describes, and uses nothing later.'
WITH DBPROPERTIES (
  'domain' = 'data-science',
  'team' = 'data-science',
  'sla_freshness_hours' = '24'
);
