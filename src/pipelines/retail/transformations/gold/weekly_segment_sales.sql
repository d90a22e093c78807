-- The large part of gold.gold_product_weekly_engagement: groups of lines, which a refresh computes one by one.
CREATE OR REFRESH PRIVATE MATERIALIZED VIEW gold.weekly_segment_sales (
  week_start DATE COMMENT 'Monday of the week; NULL for lines without a date',
  customer_segment STRING COMMENT 'Segment of the buyers; NULL is a group',
  customers BIGINT COMMENT 'Distinct customers',
  orders BIGINT COMMENT 'Distinct orders',
  lines BIGINT COMMENT 'Order lines',
  net_revenue DECIMAL(15,2) COMMENT 'Sum of net_revenue',
  units BIGINT COMMENT 'Units sold',
  last_order_date DATE COMMENT 'Date of the latest order'
)
COMMENT 'All lines summed by week and customer segment.'
TBLPROPERTIES (
  'team' = 'analytics-platform',
  'grain' = 'one row per week_start, customer_segment (NULLs are values)',
  'consumers' = 'gold.gold_product_weekly_engagement',
  'pipeline.key' = 'week_start, customer_segment'
)
AS
SELECT
  CAST(date_trunc('WEEK', order_date) AS DATE) AS week_start,
  customer_segment,
  count(DISTINCT customer_id) AS customers,
  -- Neither customers nor orders of days add up to those of a week, so they are counted here.
  count(DISTINCT coalesce(order_number, CAST(order_id AS STRING))) AS orders,
  count(*) AS lines,
  CAST(sum(net_revenue) AS DECIMAL(15,2)) AS net_revenue,
  CAST(sum(quantity) AS BIGINT) AS units,
  max(order_date) AS last_order_date
FROM gold.fact_sales
GROUP BY CAST(date_trunc('WEEK', order_date) AS DATE), customer_segment;
