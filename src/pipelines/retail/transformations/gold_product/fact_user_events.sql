CREATE OR REFRESH STREAMING TABLE gold_product.fact_user_events (
  event_id BIGINT NOT NULL COMMENT 'Event number',
  event_timestamp TIMESTAMP COMMENT 'When it happened (UTC)',
  user_id BIGINT COMMENT 'User',
  event_type STRING COMMENT 'What happened',
  feature_flag STRING COMMENT 'Feature flag that was on; NULL when none',
  session_id STRING COMMENT 'Session',
  device_type STRING COMMENT 'Device',
  country STRING COMMENT 'Country of the user',
  _updated_at TIMESTAMP COMMENT 'When the source last changed the row (UTC)',
  event_date DATE GENERATED ALWAYS AS (CAST(event_timestamp AS DATE)) COMMENT 'UTC day of event_timestamp',
  CONSTRAINT fact_user_events_key PRIMARY KEY (event_id)
)
PARTITIONED BY (event_date)
COMMENT 'Events of the product, each in its latest state.'
TBLPROPERTIES (
  'team' = 'product-analytics',
  'refresh_frequency' = 'hourly',
  'refresh_sla_minutes' = '60',
  'sla_freshness_hours' = '1',
  'pii_columns' = 'user_id, session_id',
  'sensitivity' = 'confidential',
  'retention_days' = '90',
  'version' = '1.0.0',
  'metric_definitions' = '',
  'grain' = 'one row per event (event_id)',
  'public_contract' = 'event_id, event_timestamp, event_date, user_id, event_type, feature_flag, session_id, device_type, country',
  'consumers' = 'gold_product.feature_adoption_daily, dashboards'
);

-- A later row replaces the event.
CREATE FLOW event_changes AS AUTO CDC INTO gold_product.fact_user_events
FROM STREAM(silver.user_events)
KEYS (event_id)
SEQUENCE BY _updated_at
STORED AS SCD TYPE 1;
