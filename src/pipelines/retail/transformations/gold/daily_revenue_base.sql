CREATE TEMPORARY VIEW daily_revenue_base
COMMENT 'Revenue of all lines of gold.fact_sales by day and customer segment: what gold.daily_revenue_metrics starts from.'
AS
SELECT
  order_date,
  customer_segment,
  CAST(sum(net_revenue) AS DECIMAL(15,2)) AS daily_revenue,
  CAST(sum(quantity) AS BIGINT) AS units_sold,
  count(*) AS transactions,
  -- Not avg(): on decimals it rounds to six digits first, and the second rounding can then go the wrong way.
  CAST(round(sum(unit_price) / NULLIF(count(unit_price), 0), 2) AS DECIMAL(20,2)) AS avg_unit_price
FROM gold.fact_sales
GROUP BY order_date, customer_segment;
