-- The large part of gold.gold_finance_daily_revenue: groups of lines, which a refresh computes one by one.
CREATE OR REFRESH PRIVATE MATERIALIZED VIEW gold.recognised_daily_sales (
  order_date DATE COMMENT 'Business date of the orders',
  customer_segment STRING COMMENT 'Segment of the buyers; NULL is a group',
  category STRING COMMENT 'Product group; NULL is a group',
  net_revenue DECIMAL(15,2) COMMENT 'Sum of net_revenue',
  gross_profit DECIMAL(15,2) COMMENT 'Sum of gross_profit over the lines with known cost',
  cost_of_goods DECIMAL(15,2) COMMENT 'Sum of cost_of_goods over the lines with known cost',
  gross_revenue DECIMAL(15,2) COMMENT 'Sum of gross_revenue',
  units BIGINT COMMENT 'Units sold',
  lines BIGINT COMMENT 'Order lines',
  max_order_id BIGINT COMMENT 'Highest order line number',
  min_unit_price DECIMAL(10,2) COMMENT 'Lowest unit price',
  max_unit_price DECIMAL(10,2) COMMENT 'Highest unit price',
  last_updated_at TIMESTAMP COMMENT 'Latest change of the lines (UTC)'
)
COMMENT 'Shipped and delivered lines summed by day, customer segment and product category.'
TBLPROPERTIES (
  'team' = 'analytics-platform',
  'grain' = 'one row per order_date, customer_segment, category (NULLs are values)',
  'consumers' = 'gold.gold_finance_daily_revenue',
  'pipeline.key' = 'order_date, customer_segment, category'
)
AS
SELECT
  order_date,
  customer_segment,
  category,
  CAST(sum(net_revenue) AS DECIMAL(15,2)) AS net_revenue,
  CAST(sum(gross_profit) AS DECIMAL(15,2)) AS gross_profit,
  CAST(sum(cost_of_goods) AS DECIMAL(15,2)) AS cost_of_goods,
  CAST(sum(gross_revenue) AS DECIMAL(15,2)) AS gross_revenue,
  CAST(sum(quantity) AS BIGINT) AS units,
  count(*) AS lines,
  max(order_id) AS max_order_id,
  min(unit_price) AS min_unit_price,
  max(unit_price) AS max_unit_price,
  max(_updated_at) AS last_updated_at
FROM gold.fact_sales
WHERE order_status IN ('shipped', 'delivered')
GROUP BY order_date, customer_segment, category;
