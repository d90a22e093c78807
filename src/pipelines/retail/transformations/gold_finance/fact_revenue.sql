CREATE OR REFRESH MATERIALIZED VIEW gold_finance.fact_revenue (
  revenue_id BIGINT NOT NULL COMMENT 'Number of the order line, as order_id in gold.fact_sales',
  revenue_date DATE COMMENT 'Business date of the order',
  customer_id BIGINT COMMENT 'Buyer',
  product_id BIGINT COMMENT 'Product sold',
  gross_revenue DECIMAL(15,2) COMMENT 'quantity * unit_price, in currency',
  discounts DECIMAL(15,2) COMMENT 'gross_revenue - net_revenue',
  net_revenue DECIMAL(15,2) COMMENT 'Revenue after discounts',
  cost_of_goods DECIMAL(15,2) COMMENT 'quantity * unit_cost; NULL when the cost is unknown',
  gross_profit DECIMAL(15,2) COMMENT 'net_revenue - cost_of_goods; NULL when the cost is unknown',
  tax_amount DECIMAL(15,2) COMMENT 'net_revenue * tax_rate of the configuration, rounded half away from zero to cents',
  net_income DECIMAL(15,2) COMMENT 'gross_profit - tax_amount; NULL when the cost is unknown',
  _updated_at TIMESTAMP COMMENT 'When the source last changed the order line (UTC)',
  _updated_date DATE GENERATED ALWAYS AS (CAST(_updated_at AS DATE)) COMMENT 'UTC day of _updated_at',
  CONSTRAINT fact_revenue_key PRIMARY KEY (revenue_id)
)
COMMENT 'Recognised revenue: order lines that were shipped or delivered, with discounts, cost, tax and income.'
TBLPROPERTIES (
  'team' = 'finance-analytics',
  'refresh_frequency' = 'hourly',
  'refresh_time_utc' = '03:30',
  'sla_freshness_hours' = '2',
  'pii_columns' = '',
  'sensitivity' = 'confidential',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'discounts: gross_revenue - net_revenue; tax_amount: net_revenue * tax_rate; net_income: gross_profit - tax_amount',
  'grain' = 'one row per recognised order line (revenue_id)',
  'public_contract' = 'customer_id, product_id, net_revenue, revenue_date, gross_profit',
  'consumers' = 'gold_finance.monthly_revenue_summary, pipeline.reconciliation',
  'pipeline.configuration.tax_rate' = 'number from 0 to 1',
  'pipelines.autoOptimize.zOrderCols' = 'revenue_date'
)
AS
SELECT
  order_id AS revenue_id,
  order_date AS revenue_date,
  customer_id,
  product_id,
  gross_revenue,
  CAST(gross_revenue - net_revenue AS DECIMAL(15,2)) AS discounts,
  net_revenue,
  cost_of_goods,
  gross_profit,
  CAST(net_revenue * ${tax_rate} AS DECIMAL(15,2)) AS tax_amount,
  CAST(gross_profit - tax_amount AS DECIMAL(15,2)) AS net_income,
  _updated_at
FROM gold.fact_sales
WHERE order_status IN ('shipped', 'delivered');
