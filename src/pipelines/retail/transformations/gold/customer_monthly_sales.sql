-- The large part of gold.gold_product_cohort_retention: groups of lines, which a refresh computes one by one.
CREATE OR REFRESH PRIVATE MATERIALIZED VIEW gold.customer_monthly_sales (
  customer_id BIGINT NOT NULL COMMENT 'Customer',
  order_month DATE NOT NULL COMMENT 'First day of the month of the orders',
  net_revenue DECIMAL(15,2) COMMENT 'Sum of net_revenue',
  CONSTRAINT customer_monthly_sales_key PRIMARY KEY (customer_id, order_month)
)
COMMENT 'All lines with a date summed by customer and month: the months in which each customer was active.'
TBLPROPERTIES (
  'team' = 'analytics-platform',
  'grain' = 'one row per customer and month with orders',
  'consumers' = 'gold.gold_product_cohort_retention'
)
AS
SELECT
  customer_id,
  CAST(date_trunc('MONTH', order_date) AS DATE) AS order_month,
  CAST(sum(net_revenue) AS DECIMAL(15,2)) AS net_revenue
FROM gold.fact_sales
WHERE order_date IS NOT NULL
GROUP BY customer_id, CAST(date_trunc('MONTH', order_date) AS DATE);
