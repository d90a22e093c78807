-- Recognised revenue by day, customer segment and category over the 90 days up to :as_of.
WITH recognised_lines AS (
  SELECT
    order_date AS revenue_date,
    customer_segment,
    category,
    customer_id,
    coalesce(order_number, CAST(order_id AS STRING)) AS order_key,
    net_revenue,
    gross_profit,
    gross_revenue
  FROM gold.fact_sales
  WHERE order_status IN ('shipped', 'delivered')
    AND order_date > date_sub(:as_of, 90)
    AND order_date <= :as_of
),
daily AS (
  SELECT
    revenue_date,
    customer_segment,
    category,
    CAST(sum(net_revenue) AS DECIMAL(15,2)) AS daily_revenue,
    CAST(sum(gross_profit) AS DECIMAL(15,2)) AS daily_profit,
    CAST(sum(gross_revenue) AS DECIMAL(15,2)) AS daily_gross,
    count(DISTINCT customer_id) AS unique_customers,
    count(*) AS transaction_count,
    count(DISTINCT order_key) AS order_count
  FROM recognised_lines
  GROUP BY revenue_date, customer_segment, category
)
SELECT
  revenue_date,
  customer_segment,
  category,
  daily_revenue,
  daily_profit,
  CAST(round(daily_profit / NULLIF(daily_gross, 0), 4) AS DECIMAL(20,4)) AS profit_margin,
  unique_customers,
  transaction_count,
  CAST(round(daily_revenue / NULLIF(order_count, 0), 2) AS DECIMAL(20,2)) AS avg_order_value
FROM daily
ORDER BY revenue_date, customer_segment, category;
