CREATE OR REFRESH MATERIALIZED VIEW pipeline.reconciliation (
  step INT NOT NULL COMMENT 'Order in which to read the figures',
  figure STRING NOT NULL COMMENT 'What is counted or summed',
  dataset STRING NOT NULL COMMENT 'Table that the figure is of',
  unit STRING NOT NULL COMMENT 'lines, or money in the currency of the orders',
  amount DECIMAL(20,2) COMMENT 'The figure',
  expected DECIMAL(20,2) COMMENT 'What it has to be; NULL for a figure that only goes into another',
  difference DECIMAL(20,2) COMMENT 'amount - expected',
  status STRING COMMENT 'pass, fail, or unknown when there is nothing to compare; NULL for a figure that only goes into another',
  CONSTRAINT everything_agrees EXPECT (status IS DISTINCT FROM 'fail'),
  CONSTRAINT reconciliation_key PRIMARY KEY (step)
)
COMMENT 'Whether the tables agree: every line of Silver is accounted for, and every aggregate adds up to gold.fact_sales to the cent.'
TBLPROPERTIES (
  'team' = 'analytics-platform',
  'refresh_frequency' = 'daily',
  'refresh_time_utc' = '04:30',
  'sla_freshness_hours' = '24',
  'pii_columns' = '',
  'sensitivity' = 'internal',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'fact_lines expected: silver_lines - superseded - cancelled - quarantined; totals expected: the sum over gold.fact_sales under the status filter of the table',
  'grain' = 'one row per figure',
  'public_contract' = 'step, figure, dataset, unit, amount, expected, difference, status',
  'consumers' = 'data engineering'
)
AS
WITH latest_lines AS (
  SELECT order_id, customer_id, quantity, unit_price, discount, order_status
  FROM silver.orders
  QUALIFY row_number() OVER (PARTITION BY order_id ORDER BY _updated_at DESC, _processed_date DESC) = 1
),
-- The rules of gold.fact_sales told a second time: what they do not agree on shows as a difference in fact_lines.
judged_lines AS (
  SELECT
    order_status <=> 'cancelled' AS is_cancelled,
    coalesce(CAST(quantity * unit_price * (1 - coalesce(discount, 0)) AS DECIMAL(15,2)) > 0, false) AS has_revenue,
    coalesce(customer_id > 0, false) AS has_customer
  FROM latest_lines
),
judged AS (
  SELECT
    count(*) AS latest,
    count(CASE WHEN is_cancelled THEN 1 END) AS cancelled,
    count(CASE WHEN NOT is_cancelled AND NOT has_revenue AND has_customer THEN 1 END) AS without_revenue,
    count(CASE WHEN NOT is_cancelled AND has_revenue AND NOT has_customer THEN 1 END) AS without_customer,
    count(CASE WHEN NOT is_cancelled AND NOT has_revenue AND NOT has_customer THEN 1 END) AS without_both,
    count(CASE WHEN NOT is_cancelled AND has_revenue AND has_customer THEN 1 END) AS kept
  FROM judged_lines
),
loaded AS (
  SELECT count(*) AS lines FROM silver.orders
),
fact AS (
  SELECT
    count(*) AS lines,
    sum(net_revenue) AS net_revenue,
    sum(CASE WHEN order_date IS NOT NULL THEN net_revenue END) AS dated_net_revenue,
    sum(CASE WHEN order_status IN ('shipped', 'delivered') THEN net_revenue END) AS recognised_net_revenue,
    sum(CASE WHEN order_status IN ('shipped', 'delivered') THEN gross_revenue END) AS recognised_gross_revenue
  FROM gold.fact_sales
),
figures AS (
  SELECT 1 AS step, 'silver_lines' AS figure, 'silver.orders' AS dataset, 'lines' AS unit, lines AS amount, NULL AS expected
  FROM loaded
  UNION ALL
  SELECT 2, 'superseded', 'silver.orders', 'lines', loaded.lines - judged.latest, NULL FROM loaded CROSS JOIN judged
  UNION ALL
  SELECT 3, 'cancelled', 'silver.orders', 'lines', cancelled, NULL FROM judged
  UNION ALL
  SELECT 4, 'quarantined: positive_revenue', 'silver.orders', 'lines', without_revenue, NULL FROM judged
  UNION ALL
  SELECT 5, 'quarantined: valid_customer', 'silver.orders', 'lines', without_customer, NULL FROM judged
  UNION ALL
  SELECT 6, 'quarantined: positive_revenue, valid_customer', 'silver.orders', 'lines', without_both, NULL FROM judged
  UNION ALL
  SELECT 7, 'fact_lines', 'gold.fact_sales', 'lines', fact.lines, judged.kept FROM fact CROSS JOIN judged
  UNION ALL
  SELECT 8, 'daily recognised revenue', 'gold.gold_finance_daily_revenue', 'money', total.amount, fact.recognised_net_revenue
  FROM fact CROSS JOIN (SELECT sum(total_revenue) AS amount FROM gold.gold_finance_daily_revenue) AS total
  UNION ALL
  SELECT 9, 'daily revenue', 'gold.daily_revenue_metrics', 'money', total.amount, fact.net_revenue
  FROM fact CROSS JOIN (SELECT sum(daily_revenue) AS amount FROM gold.daily_revenue_metrics) AS total
  UNION ALL
  SELECT 10, 'weekly revenue', 'gold.gold_product_weekly_engagement', 'money', total.amount, fact.net_revenue
  FROM fact CROSS JOIN (SELECT sum(weekly_revenue) AS amount FROM gold.gold_product_weekly_engagement) AS total
  UNION ALL
  SELECT 11, 'revenue of cohorts', 'gold.gold_product_cohort_retention', 'money', total.amount, fact.dated_net_revenue
  FROM fact CROSS JOIN (SELECT sum(revenue) AS amount FROM gold.gold_product_cohort_retention) AS total
  UNION ALL
  SELECT 12, 'recognised revenue of customers', 'gold.customer_ltv_gold', 'money', total.amount, fact.recognised_net_revenue
  FROM fact CROSS JOIN (SELECT sum(total_revenue) AS amount FROM gold.customer_ltv_gold) AS total
  UNION ALL
  SELECT 13, 'monthly recognised revenue, v1', 'gold.gold_finance_monthly_revenue_v1', 'money', total.amount, fact.recognised_gross_revenue
  FROM fact CROSS JOIN (SELECT sum(revenue) AS amount FROM gold.gold_finance_monthly_revenue_v1) AS total
  UNION ALL
  SELECT 14, 'monthly recognised revenue, v2', 'gold.gold_finance_monthly_revenue_v2', 'money', total.amount, fact.recognised_net_revenue
  FROM fact CROSS JOIN (SELECT sum(revenue) AS amount FROM gold.gold_finance_monthly_revenue_v2) AS total
  UNION ALL
  SELECT 15, 'recognised revenue of lines', 'gold_finance.fact_revenue', 'money', total.amount, fact.recognised_net_revenue
  FROM fact CROSS JOIN (SELECT sum(net_revenue) AS amount FROM gold_finance.fact_revenue) AS total
  UNION ALL
  SELECT 16, 'monthly recognised revenue', 'gold_finance.monthly_revenue_summary', 'money', total.amount, fact.recognised_net_revenue
  FROM fact CROSS JOIN (SELECT sum(total_revenue) AS amount FROM gold_finance.monthly_revenue_summary) AS total
)
SELECT
  step,
  figure,
  dataset,
  unit,
  CAST(amount AS DECIMAL(20,2)) AS amount,
  CAST(expected AS DECIMAL(20,2)) AS expected,
  CAST(amount - expected AS DECIMAL(20,2)) AS difference,
  CASE
    WHEN step < 7 THEN NULL
    WHEN amount - expected = 0 THEN 'pass'
    WHEN amount - expected <> 0 THEN 'fail'
    ELSE 'unknown'
  END AS status
FROM figures;
