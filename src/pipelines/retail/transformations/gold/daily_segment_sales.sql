-- The large part of gold.daily_revenue_metrics: groups of lines, which a refresh computes one by one.
CREATE OR REFRESH PRIVATE MATERIALIZED VIEW gold.daily_segment_sales (
  order_date DATE COMMENT 'Business date of the orders',
  customer_segment STRING COMMENT 'Segment of the buyers; NULL is a group',
  net_revenue DECIMAL(15,2) COMMENT 'Sum of net_revenue',
  units BIGINT COMMENT 'Units sold',
  lines BIGINT COMMENT 'Order lines',
  unit_price_sum DECIMAL(20,2) COMMENT 'Sum of unit_price over the lines that have one',
  priced_lines BIGINT COMMENT 'Order lines that have a unit_price'
)
COMMENT 'All lines summed by day and customer segment.'
TBLPROPERTIES (
  'team' = 'analytics-platform',
  'grain' = 'one row per order_date, customer_segment (NULLs are values)',
  'consumers' = 'gold.daily_revenue_base',
  'pipeline.key' = 'order_date, customer_segment'
)
AS
SELECT
  order_date,
  customer_segment,
  CAST(sum(net_revenue) AS DECIMAL(15,2)) AS net_revenue,
  CAST(sum(quantity) AS BIGINT) AS units,
  count(*) AS lines,
  CAST(sum(unit_price) AS DECIMAL(20,2)) AS unit_price_sum,
  count(unit_price) AS priced_lines
FROM gold.fact_sales
GROUP BY order_date, customer_segment;
