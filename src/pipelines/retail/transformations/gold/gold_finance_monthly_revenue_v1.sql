CREATE OR REFRESH MATERIALIZED VIEW gold.gold_finance_monthly_revenue_v1 (
  summary_month DATE COMMENT 'First day of the month; NULL for lines without a date',
  revenue DECIMAL(15,2) COMMENT 'Sum of gross_revenue'
)
COMMENT 'Recognised revenue by month, first definition: before discounts. Superseded by gold.gold_finance_monthly_revenue_v2, and kept for comparison.'
TBLPROPERTIES (
  'team' = 'analytics-platform',
  'refresh_frequency' = 'daily',
  'refresh_time_utc' = '04:00',
  'sla_freshness_hours' = '24',
  'pii_columns' = '',
  'sensitivity' = 'internal',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'deprecated_on' = '2026-01-01',
  'replaced_by' = 'gold.gold_finance_monthly_revenue_v2',
  'metric_definitions' = 'revenue: sum of gross_revenue of shipped and delivered lines, before discounts',
  'grain' = 'one row per summary_month',
  'public_contract' = 'summary_month, revenue',
  'consumers' = 'finance reporting until they have moved to v2',
  'pipeline.key' = 'summary_month'
)
AS
SELECT
  CAST(date_trunc('MONTH', order_date) AS DATE) AS summary_month,
  CAST(sum(gross_revenue) AS DECIMAL(15,2)) AS revenue
FROM gold.fact_sales
WHERE order_status IN ('shipped', 'delivered')
GROUP BY CAST(date_trunc('MONTH', order_date) AS DATE);
