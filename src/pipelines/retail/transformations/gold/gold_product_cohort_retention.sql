CREATE OR REFRESH MATERIALIZED VIEW gold.gold_product_cohort_retention (
  cohort_month DATE NOT NULL COMMENT 'First day of the month of the first order of the customers counted here',
  months_since INT NOT NULL COMMENT 'Months from cohort_month to the month looked at; 0 is the first',
  cohort_size BIGINT COMMENT 'Customers whose first order was in cohort_month',
  active_customers BIGINT COMMENT 'Those of them who ordered in the month looked at',
  retention_rate DECIMAL(20,4) COMMENT 'active_customers / cohort_size, as a ratio',
  revenue DECIMAL(15,2) COMMENT 'Sum of net_revenue of the active customers in that month',
  CONSTRAINT gold_product_cohort_retention_key PRIMARY KEY (cohort_month, months_since)
)
COMMENT 'How many customers came back, by month of the first order and months since. Months without active customers are absent, and lines without a date do not count.'
TBLPROPERTIES (
  'team' = 'analytics-platform',
  'refresh_frequency' = 'daily',
  'refresh_time_utc' = '04:00',
  'sla_freshness_hours' = '24',
  'pii_columns' = '',
  'sensitivity' = 'internal',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'cohort_month: month of the first order, recognised or not; retention_rate: active_customers / cohort_size',
  'grain' = 'one row per cohort_month, months_since with active customers',
  'public_contract' = 'cohort_month, months_since, cohort_size, active_customers, retention_rate, revenue',
  'consumers' = 'product analytics, dashboards'
)
AS
WITH with_first_month AS (
  SELECT
    customer_id,
    order_month,
    net_revenue,
    min(order_month) OVER (PARTITION BY customer_id) AS cohort_month
  FROM gold.customer_monthly_sales
),
cohorts AS (
  SELECT
    cohort_month,
    (year(order_month) - year(cohort_month)) * 12 + month(order_month) - month(cohort_month) AS months_since,
    count(*) AS active_customers,
    CAST(sum(net_revenue) AS DECIMAL(15,2)) AS revenue
  FROM with_first_month
  GROUP BY cohort_month, order_month
),
with_size AS (
  SELECT
    cohort_month,
    months_since,
    active_customers,
    revenue,
    -- Every customer of a cohort is active in its first month.
    max(CASE WHEN months_since = 0 THEN active_customers END) OVER (PARTITION BY cohort_month) AS cohort_size
  FROM cohorts
)
SELECT
  cohort_month,
  months_since,
  cohort_size,
  active_customers,
  CAST(round(active_customers / NULLIF(cohort_size, 0), 4) AS DECIMAL(20,4)) AS retention_rate,
  revenue
FROM with_size;
