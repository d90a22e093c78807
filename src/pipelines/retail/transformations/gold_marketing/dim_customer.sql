CREATE OR REFRESH STREAMING TABLE gold_marketing.dim_customer (
  customer_key BIGINT NOT NULL GENERATED ALWAYS AS (
    CAST(conv(substr(md5(concat(CAST(customer_id AS STRING), '|', date_format(__START_AT, 'yyyy-MM-dd HH:mm:ss.SSSSSS'))), 1, 15), 16, 10) AS BIGINT)
  ) COMMENT 'Surrogate key of the version: the first 15 hexadecimal digits of the MD5 of customer_id and __START_AT',
  customer_id BIGINT NOT NULL COMMENT 'Customer number; all versions of a customer share it',
  customer_name STRING COMMENT 'Full name in this version',
  email STRING COMMENT 'E-mail address in this version',
  country STRING COMMENT 'Country of residence in this version',
  segment STRING COMMENT 'Commercial segment in this version',
  acquisition_channel STRING COMMENT 'Channel that brought the customer',
  acquisition_date DATE COMMENT 'Day on which the account was opened, as last known in this version',
  _updated_at TIMESTAMP COMMENT 'When the source last changed the customer in this version (UTC)',
  __START_AT TIMESTAMP NOT NULL COMMENT 'When the version began to hold (UTC)',
  __END_AT TIMESTAMP COMMENT 'When the next version began or the customer was deleted (UTC); NULL while the version holds',
  CONSTRAINT dim_customer_key PRIMARY KEY (customer_id, __START_AT)
)
COMMENT 'Customers and their history: a version holds from __START_AT until before __END_AT. A version begins when name, e-mail, country, segment or channel changes.'
TBLPROPERTIES (
  'team' = 'marketing-analytics',
  'refresh_frequency' = 'daily',
  'refresh_time_utc' = '03:00',
  'sla_freshness_hours' = '4',
  'pii_columns' = 'customer_name, email',
  'sensitivity' = 'restricted',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = '',
  'grain' = 'one row per customer and version',
  'public_contract' = 'customer_key, customer_id, country, segment, acquisition_channel, acquisition_date, __START_AT, __END_AT',
  'consumers' = 'gold_marketing.dim_customer_current'
);

CREATE FLOW customer_history AS AUTO CDC INTO gold_marketing.dim_customer
FROM STREAM(customer_changes)
KEYS (customer_id)
SEQUENCE BY _updated_at
STORED AS SCD TYPE 2
TRACK HISTORY ON (customer_name, email, country, segment, acquisition_channel);
