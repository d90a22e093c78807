CREATE OR REFRESH PRIVATE MATERIALIZED VIEW gold_features.product_daily_sales (
  product_id BIGINT COMMENT 'Product sold; NULL is a group',
  order_date DATE COMMENT 'Business date of the orders; NULL is a group',
  category STRING COMMENT 'Current product group',
  daily_units BIGINT COMMENT 'Units sold',
  daily_revenue DECIMAL(15,2) COMMENT 'Sum of net_revenue',
  daily_transactions BIGINT COMMENT 'Order lines'
)
COMMENT 'Sales of all lines by product and day: what gold_features.product_timeseries_features starts from.'
TBLPROPERTIES (
  'team' = 'data-science',
  'refresh_frequency' = 'daily',
  'refresh_time_utc' = '05:00',
  'sla_freshness_hours' = '24',
  'pii_columns' = '',
  'sensitivity' = 'internal',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'daily_revenue: sum of net_revenue of all lines, recognised or not',
  'grain' = 'one row per product_id and order_date with sales (NULLs are values)',
  'public_contract' = '',
  'consumers' = 'gold_features.product_timeseries_features',
  'pipeline.key' = 'product_id, order_date'
)
AS SELECT
  product_id,
  order_date,
  max(category) AS category,
  CAST(sum(quantity) AS BIGINT) AS daily_units,
  CAST(sum(net_revenue) AS DECIMAL(15,2)) AS daily_revenue,
  count(*) AS daily_transactions
FROM gold.fact_sales
GROUP BY product_id, order_date;
