CREATE OR REFRESH MATERIALIZED VIEW gold.customer_ltv_gold (
  customer_id BIGINT NOT NULL COMMENT 'Customer',
  total_revenue DECIMAL(15,2) COMMENT 'Sum of net_revenue over the whole life',
  order_count BIGINT COMMENT 'Distinct orders',
  avg_order_value DECIMAL(20,2) COMMENT 'total_revenue / order_count',
  first_purchase_date DATE COMMENT 'Date of the first order',
  last_purchase_date DATE COMMENT 'Date of the latest order',
  ltv_segment STRING COMMENT 'vip above 100000, high_value above 50000, medium_value above 10000, else low_value',
  CONSTRAINT customer_ltv_gold_key PRIMARY KEY (customer_id)
)
COMMENT 'What each customer has been worth so far, from recognised orders (shipped or delivered).'
TBLPROPERTIES (
  'team' = 'analytics-platform',
  'refresh_frequency' = 'daily',
  'refresh_time_utc' = '04:00',
  'sla_freshness_hours' = '24',
  'pii_columns' = '',
  'sensitivity' = 'confidential',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'total_revenue: sum of net_revenue of shipped and delivered lines; order_count: distinct orders, not lines',
  'grain' = 'one row per customer with a recognised order',
  'public_contract' = 'customer_id, total_revenue, order_count, ltv_segment',
  'consumers' = 'marketing, dashboards'
)
AS
WITH recognised_lines AS (
  SELECT
    customer_id,
    coalesce(order_number, CAST(order_id AS STRING)) AS order_key,
    order_date,
    net_revenue
  FROM gold.fact_sales
  WHERE order_status IN ('shipped', 'delivered')
)
SELECT
  customer_id,
  CAST(sum(net_revenue) AS DECIMAL(15,2)) AS total_revenue,
  count(DISTINCT order_key) AS order_count,
  round(total_revenue / NULLIF(order_count, 0), 2) AS avg_order_value,
  min(order_date) AS first_purchase_date,
  max(order_date) AS last_purchase_date,
  CASE
    WHEN total_revenue > 100000 THEN 'vip'
    WHEN total_revenue > 50000 THEN 'high_value'
    WHEN total_revenue > 10000 THEN 'medium_value'
    ELSE 'low_value'
  END AS ltv_segment
FROM recognised_lines
GROUP BY customer_id;
