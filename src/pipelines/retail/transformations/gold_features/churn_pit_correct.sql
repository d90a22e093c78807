CREATE OR REFRESH MATERIALIZED VIEW gold_features.churn_pit_correct (
  customer_id BIGINT NOT NULL COMMENT 'Customer',
  feature_timestamp DATE NOT NULL COMMENT 'The day at whose end the features hold; the label looks at the days after it',
  recency_days INT NOT NULL COMMENT 'Days from the latest order to feature_timestamp',
  frequency_12m BIGINT NOT NULL COMMENT 'Distinct orders of the last 365 days',
  monetary_value_12m DECIMAL(15,2) NOT NULL COMMENT 'Net revenue of the last 365 days',
  avg_order_value DECIMAL(20,2) COMMENT 'monetary_value_12m / frequency_12m; NULL without orders in the last 365 days',
  max_order_value DECIMAL(15,2) COMMENT 'Net revenue of the largest order of the last 365 days; NULL without one',
  min_order_value DECIMAL(15,2) COMMENT 'Net revenue of the smallest order of the last 365 days; NULL without one',
  total_items_purchased BIGINT NOT NULL COMMENT 'Units bought in the last 365 days',
  weekend_purchase_count BIGINT NOT NULL COMMENT 'Distinct orders of the last 365 days that were placed on a Saturday or Sunday',
  churn_label INT NOT NULL COMMENT '1 when no recognised order follows within label_horizon_days after feature_timestamp, else 0',
  CONSTRAINT churn_pit_correct_key PRIMARY KEY (customer_id, feature_timestamp)
)
COMMENT 'Training set for churn, correct at every point in time: features as of a day, and whether the customer ordered in the days after it.'
TBLPROPERTIES (
  'team' = 'data-science',
  'refresh_frequency' = 'daily',
  'refresh_time_utc' = '05:00',
  'sla_freshness_hours' = '24',
  'pii_columns' = '',
  'sensitivity' = 'confidential',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'churn_label: 1 without a shipped or delivered order in the label_horizon_days after feature_timestamp; snapshots whose horizon ends after the last recognised order are left out',
  'grain' = 'one row per customer and feature_timestamp whose label is known',
  'public_contract' = 'customer_id, feature_timestamp, recency_days, frequency_12m, monetary_value_12m, avg_order_value, max_order_value, min_order_value, total_items_purchased, weekend_purchase_count, churn_label',
  'consumers' = 'data science',
  'pipeline.configuration.training_start' = 'date from 1900-01-01 to 9999-12-31',
  'pipeline.configuration.training_end' = 'date from 1900-01-01 to 9999-12-31',
  'pipeline.configuration.label_horizon_days' = 'integer from 1 to 3650'
)
AS
WITH order_days AS (
  SELECT DISTINCT customer_id, order_date
  FROM gold_features.recognised_order_days
),
-- The snapshots after which a day is within the horizon.
horizons AS (
  SELECT days.order_date, snapshots.feature_timestamp
  FROM (SELECT DISTINCT order_date FROM order_days) AS days
  INNER JOIN training_snapshots AS snapshots
    ON days.order_date > snapshots.feature_timestamp
    AND days.order_date <= date_add(snapshots.feature_timestamp, ${label_horizon_days})
),
returning_customers AS (
  SELECT DISTINCT order_days.customer_id, horizons.feature_timestamp
  FROM order_days
  INNER JOIN horizons ON horizons.order_date = order_days.order_date
)
SELECT
  features.customer_id,
  features.feature_timestamp,
  features.recency_days,
  features.frequency_12m,
  features.monetary_value_12m,
  features.avg_order_value,
  features.max_order_value,
  features.min_order_value,
  features.total_items_purchased,
  features.weekend_purchase_count,
  CASE WHEN returning.customer_id IS NULL THEN 1 ELSE 0 END AS churn_label
FROM gold_features.customer_rfm_features AS features
INNER JOIN training_snapshots AS snapshots ON snapshots.feature_timestamp = features.feature_timestamp
LEFT JOIN returning_customers AS returning
  ON returning.customer_id = features.customer_id
  AND returning.feature_timestamp = features.feature_timestamp;
