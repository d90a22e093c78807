CREATE OR REFRESH MATERIALIZED VIEW gold_features.customer_rfm_features (
  customer_id BIGINT NOT NULL COMMENT 'Customer',
  feature_timestamp DATE NOT NULL COMMENT 'The day at whose end the features hold; no later order is used',
  recency_days INT NOT NULL COMMENT 'Days from the latest order to feature_timestamp',
  frequency_12m BIGINT NOT NULL COMMENT 'Distinct orders of the last 365 days',
  monetary_value_12m DECIMAL(15,2) NOT NULL COMMENT 'Net revenue of the last 365 days',
  avg_order_value DECIMAL(20,2) COMMENT 'monetary_value_12m / frequency_12m; NULL without orders in the last 365 days',
  max_order_value DECIMAL(15,2) COMMENT 'Net revenue of the largest order of the last 365 days; NULL without one',
  min_order_value DECIMAL(15,2) COMMENT 'Net revenue of the smallest order of the last 365 days; NULL without one',
  total_items_purchased BIGINT NOT NULL COMMENT 'Units bought in the last 365 days',
  weekend_purchase_count BIGINT NOT NULL COMMENT 'Distinct orders of the last 365 days that were placed on a Saturday or Sunday',
  customer_segment STRING COMMENT 'The current segment, not the one at feature_timestamp: no feature to train on',
  CONSTRAINT customer_rfm_features_key PRIMARY KEY (customer_id, feature_timestamp)
)
COMMENT 'Recency, frequency and monetary value of customers at month ends and at the business date, from recognised orders (shipped or delivered).'
TBLPROPERTIES (
  'team' = 'data-science',
  'refresh_frequency' = 'daily',
  'refresh_time_utc' = '05:00',
  'sla_freshness_hours' = '24',
  'pii_columns' = '',
  'sensitivity' = 'confidential',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'recency_days: feature_timestamp - date of the latest recognised order; frequency_12m: distinct recognised orders of the 365 days to feature_timestamp; monetary_value_12m: their net_revenue',
  'grain' = 'one row per customer and feature_timestamp, from the first recognised order on',
  'public_contract' = 'customer_id, feature_timestamp, recency_days, frequency_12m, monetary_value_12m, avg_order_value, max_order_value, min_order_value, total_items_purchased, weekend_purchase_count, customer_segment',
  'consumers' = 'gold_features.churn_pit_correct, data science'
)
AS
WITH customers AS (
  SELECT customer_id, min(order_date) AS first_order_date, max(customer_segment) AS customer_segment
  FROM gold_features.recognised_order_days
  GROUP BY customer_id
),
customer_snapshots AS (
  SELECT customers.customer_id, snapshots.feature_timestamp, customers.customer_segment
  FROM customers
  INNER JOIN feature_snapshots AS snapshots ON snapshots.feature_timestamp >= customers.first_order_date
),
order_days AS (
  SELECT
    customer_id,
    order_key,
    order_date,
    net_revenue,
    items,
    dayofweek(order_date) IN (1, 7) AS is_weekend,
    count(*) OVER (PARTITION BY customer_id, order_key) AS days_of_order
  FROM gold_features.recognised_order_days
),
-- The snapshots that have a day among their last 365: about twelve, however many orders the day has.
windows AS (
  SELECT days.order_date, snapshots.feature_timestamp
  FROM (SELECT DISTINCT order_date FROM gold_features.recognised_order_days) AS days
  INNER JOIN feature_snapshots AS snapshots
    ON days.order_date <= snapshots.feature_timestamp
    AND days.order_date > date_sub(snapshots.feature_timestamp, 365)
),
orders_in_windows AS (
  SELECT customer_id, feature_timestamp, order_days.order_date AS last_date, net_revenue, items, is_weekend
  FROM order_days
  INNER JOIN windows ON windows.order_date = order_days.order_date
  WHERE days_of_order = 1
  UNION ALL
  -- An order of several days may be in a window in part, and is one order all the same.
  SELECT
    customer_id,
    feature_timestamp,
    max(order_days.order_date) AS last_date,
    CAST(sum(net_revenue) AS DECIMAL(15,2)) AS net_revenue,
    CAST(sum(items) AS BIGINT) AS items,
    bool_or(is_weekend) AS is_weekend
  FROM order_days
  INNER JOIN windows ON windows.order_date = order_days.order_date
  WHERE days_of_order > 1
  GROUP BY customer_id, feature_timestamp, order_key
),
purchases AS (
  SELECT
    customer_id,
    feature_timestamp,
    max(last_date) AS last_order_date,
    count(*) AS order_count,
    CAST(sum(net_revenue) AS DECIMAL(15,2)) AS revenue,
    max(net_revenue) AS max_order_value,
    min(net_revenue) AS min_order_value,
    CAST(sum(items) AS BIGINT) AS items,
    count_if(is_weekend) AS weekend_order_count
  FROM orders_in_windows
  GROUP BY customer_id, feature_timestamp
)
SELECT
  snapshot.customer_id,
  snapshot.feature_timestamp,
  -- Every order is in the window of the first snapshot after it, so the latest so far is in this one or in an earlier.
  datediff(snapshot.feature_timestamp, max(purchases.last_order_date) OVER (
    PARTITION BY snapshot.customer_id ORDER BY snapshot.feature_timestamp
  )) AS recency_days,
  coalesce(purchases.order_count, 0) AS frequency_12m,
  coalesce(purchases.revenue, 0) AS monetary_value_12m,
  round(purchases.revenue / NULLIF(purchases.order_count, 0), 2) AS avg_order_value,
  purchases.max_order_value,
  purchases.min_order_value,
  coalesce(purchases.items, 0) AS total_items_purchased,
  coalesce(purchases.weekend_order_count, 0) AS weekend_purchase_count,
  snapshot.customer_segment
FROM customer_snapshots AS snapshot
LEFT JOIN purchases
  ON purchases.customer_id = snapshot.customer_id
  AND purchases.feature_timestamp = snapshot.feature_timestamp;
