CREATE TABLE silver.user_events (
  event_id BIGINT NOT NULL COMMENT 'Event number',
  event_timestamp TIMESTAMP COMMENT 'When it happened (UTC)',
  user_id BIGINT COMMENT 'User',
  event_type STRING COMMENT 'What happened',
  feature_flag STRING COMMENT 'Feature flag that was on; NULL when none',
  session_id STRING COMMENT 'Session',
  device_type STRING COMMENT 'Device',
  country STRING COMMENT 'Country of the user',
  _updated_at TIMESTAMP COMMENT 'When the source last changed the row (UTC)',
  PRIMARY KEY (event_id)
)
COMMENT 'Events of the product. A later row with the same event_id replaces the event.'
TBLPROPERTIES (
  'source.optional' = 'true',
  'source.sequence_by' = '_updated_at'
);
