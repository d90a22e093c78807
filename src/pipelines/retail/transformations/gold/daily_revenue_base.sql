CREATE TEMPORARY VIEW daily_revenue_base
COMMENT 'Revenue of all lines of gold.fact_sales by day and customer segment: what gold.daily_revenue_metrics starts from.'
AS
SELECT
  order_date,
  customer_segment,
  net_revenue AS daily_revenue,
  units AS units_sold,
  lines AS transactions,
  -- Not avg(): on decimals it rounds to six digits first, and the second rounding can then go the wrong way.
  CAST(round(unit_price_sum / NULLIF(priced_lines, 0), 2) AS DECIMAL(20,2)) AS avg_unit_price
FROM gold.daily_segment_sales;
