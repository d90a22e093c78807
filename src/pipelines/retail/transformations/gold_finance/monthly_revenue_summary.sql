CREATE OR REFRESH MATERIALIZED VIEW gold_finance.monthly_revenue_summary (
  summary_month DATE COMMENT 'First day of the month; NULL for lines without a date',
  total_revenue DECIMAL(15,2) COMMENT 'Sum of net_revenue',
  total_cost DECIMAL(15,2) COMMENT 'Sum of cost_of_goods over the lines with known cost',
  total_profit DECIMAL(15,2) COMMENT 'Sum of gross_profit over the lines with known cost',
  margin_pct DECIMAL(7,2) COMMENT 'total_profit / total_revenue in percent; NULL when no cost is known, and below -99999.99',
  transaction_count BIGINT COMMENT 'Order lines',
  customer_count BIGINT COMMENT 'Distinct customers',
  _computed_at TIMESTAMP COMMENT 'Latest change of the lines summed here (UTC)'
)
COMMENT 'Recognised revenue, cost and profit by month.'
TBLPROPERTIES (
  'team' = 'finance-analytics',
  'refresh_frequency' = 'hourly',
  'refresh_time_utc' = '03:45',
  'sla_freshness_hours' = '2',
  'pii_columns' = '',
  'sensitivity' = 'confidential',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'total_revenue: sum of net_revenue of shipped and delivered lines; margin_pct: total_profit / total_revenue * 100; customer_count: distinct customers of the month',
  'grain' = 'one row per summary_month',
  'public_contract' = 'summary_month, total_revenue, total_cost, total_profit, margin_pct, transaction_count, customer_count',
  'consumers' = 'executive dashboard, pipeline.reconciliation',
  'pipeline.key' = 'summary_month'
)
AS
SELECT
  CAST(date_trunc('MONTH', revenue_date) AS DATE) AS summary_month,
  CAST(sum(net_revenue) AS DECIMAL(15,2)) AS total_revenue,
  CAST(sum(cost_of_goods) AS DECIMAL(15,2)) AS total_cost,
  CAST(sum(gross_profit) AS DECIMAL(15,2)) AS total_profit,
  TRY_CAST(round(total_profit * 100 / NULLIF(total_revenue, 0), 2) AS DECIMAL(7,2)) AS margin_pct,
  count(*) AS transaction_count,
  count(DISTINCT customer_id) AS customer_count,
  max(_updated_at) AS _computed_at
FROM gold_finance.fact_revenue
GROUP BY CAST(date_trunc('MONTH', revenue_date) AS DATE);
