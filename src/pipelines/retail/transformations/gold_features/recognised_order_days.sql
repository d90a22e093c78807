CREATE OR REFRESH PRIVATE MATERIALIZED VIEW gold_features.recognised_order_days (
  customer_id BIGINT NOT NULL COMMENT 'Buyer',
  order_key STRING NOT NULL COMMENT 'The order: order_number, or order_id where a line is an order of its own',
  order_date DATE NOT NULL COMMENT 'Business date of the lines',
  net_revenue DECIMAL(15,2) COMMENT 'Sum of net_revenue of the lines of that day',
  items BIGINT COMMENT 'Units sold on that day',
  customer_segment STRING COMMENT 'Current segment of the buyer',
  CONSTRAINT recognised_order_days_key PRIMARY KEY (customer_id, order_key, order_date)
)
COMMENT 'Recognised orders (shipped or delivered) by customer and day: what the features of customers are made of.'
TBLPROPERTIES (
  'team' = 'data-science',
  'refresh_frequency' = 'daily',
  'refresh_time_utc' = '05:00',
  'sla_freshness_hours' = '24',
  'pii_columns' = '',
  'sensitivity' = 'confidential',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'net_revenue: sum of net_revenue of shipped and delivered lines',
  'grain' = 'one row per customer, order and day; nearly every order is of one day',
  'public_contract' = '',
  'consumers' = 'gold_features.customer_rfm_features, gold_features.churn_pit_correct'
)
AS
WITH recognised_lines AS (
  SELECT
    customer_id,
    coalesce(order_number, CAST(order_id AS STRING)) AS order_key,
    order_date,
    net_revenue,
    quantity,
    customer_segment
  FROM gold.fact_sales
  WHERE order_status IN ('shipped', 'delivered')
    AND order_date IS NOT NULL
)
SELECT
  customer_id,
  order_key,
  order_date,
  CAST(sum(net_revenue) AS DECIMAL(15,2)) AS net_revenue,
  CAST(sum(quantity) AS BIGINT) AS items,
  max(customer_segment) AS customer_segment
FROM recognised_lines
GROUP BY customer_id, order_key, order_date;
