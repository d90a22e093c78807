CREATE OR REFRESH MATERIALIZED VIEW gold_product.feature_adoption_daily (
  event_date DATE COMMENT 'UTC day of the events',
  feature_flag STRING COMMENT 'Feature flag; NULL is a group: the events without one',
  users BIGINT COMMENT 'Distinct users',
  sessions BIGINT COMMENT 'Distinct sessions',
  events BIGINT COMMENT 'Events'
)
COMMENT 'How many users, sessions and events saw each feature flag, by day.'
TBLPROPERTIES (
  'team' = 'product-analytics',
  'refresh_frequency' = 'hourly',
  'refresh_sla_minutes' = '60',
  'sla_freshness_hours' = '1',
  'pii_columns' = '',
  'sensitivity' = 'internal',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'users: distinct user_id; sessions: distinct session_id; events: events of any type',
  'grain' = 'one row per event_date and feature_flag (NULLs are values)',
  'public_contract' = 'event_date, feature_flag, users, sessions, events',
  'consumers' = 'product management, dashboards',
  'pipeline.key' = 'event_date, feature_flag'
)
AS SELECT
  event_date,
  feature_flag,
  count(DISTINCT user_id) AS users,
  count(DISTINCT session_id) AS sessions,
  count(*) AS events
FROM gold_product.fact_user_events
GROUP BY event_date, feature_flag;
