CREATE OR REFRESH MATERIALIZED VIEW gold.gold_product_weekly_engagement (
  week_start DATE COMMENT 'Monday of the week; NULL for lines without a date',
  customer_segment STRING COMMENT 'Segment of the buyers; NULL is a group',
  unique_customers BIGINT COMMENT 'Distinct customers',
  total_orders BIGINT COMMENT 'Distinct orders',
  total_lines BIGINT COMMENT 'Order lines',
  weekly_revenue DECIMAL(15,2) COMMENT 'Sum of net_revenue',
  total_items_ordered BIGINT COMMENT 'Units sold',
  last_transaction_date DATE COMMENT 'Date of the latest order of the week',
  avg_order_value DECIMAL(20,2) COMMENT 'weekly_revenue / total_orders',
  revenue_rank BIGINT COMMENT 'Rank of weekly_revenue within the segment, 1 the highest; equal revenues share a rank',
  cumulative_revenue DECIMAL(15,2) COMMENT 'Revenue of the segment up to the week; NULL for lines without a date',
  weeks_active_cumulative BIGINT COMMENT 'Weeks with sales of the segment up to the week; NULL for lines without a date',
  prior_week_revenue DECIMAL(15,2) COMMENT 'weekly_revenue of the calendar week before; NULL when it had no sales',
  revenue_trend STRING COMMENT 'first_week without an earlier week, else growth, decline or flat against the calendar week before, where no sales count as 0'
)
COMMENT 'How customers of each segment bought, week by week, over all lines.'
TBLPROPERTIES (
  'team' = 'analytics-platform',
  'refresh_frequency' = 'daily',
  'refresh_time_utc' = '04:00',
  'sla_freshness_hours' = '24',
  'pii_columns' = '',
  'sensitivity' = 'internal',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'weekly_revenue: sum of net_revenue of all lines, recognised or not; unique_customers: distinct customers of the week; avg_order_value: weekly_revenue / distinct orders',
  'grain' = 'one row per week_start, customer_segment (NULLs are values)',
  'public_contract' = 'week_start, customer_segment, unique_customers, total_orders, weekly_revenue, prior_week_revenue, revenue_trend',
  'consumers' = 'product analytics, dashboards, pipeline.reconciliation',
  'pipeline.key' = 'week_start, customer_segment'
)
AS
WITH with_neighbours AS (
  SELECT
    week_start,
    customer_segment,
    customers,
    orders,
    lines,
    net_revenue,
    units,
    last_order_date,
    rank() OVER (PARTITION BY customer_segment ORDER BY net_revenue DESC) AS revenue_rank,
    -- Lines without a date come last, so that no week counts them.
    CAST(sum(net_revenue) OVER (
      PARTITION BY customer_segment ORDER BY week_start ASC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS DECIMAL(15,2)) AS revenue_so_far,
    count(*) OVER (
      PARTITION BY customer_segment ORDER BY week_start ASC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS weeks_so_far,
    CAST(sum(net_revenue) OVER (
      PARTITION BY customer_segment ORDER BY week_start
      RANGE BETWEEN INTERVAL 7 DAYS PRECEDING AND INTERVAL 7 DAYS PRECEDING
    ) AS DECIMAL(15,2)) AS revenue_week_before,
    min(week_start) OVER (PARTITION BY customer_segment) AS first_week
  FROM gold.weekly_segment_sales
),
dated AS (
  SELECT
    *,
    -- A row without a date has no neighbours on the calendar, but is its own peer in a RANGE frame.
    CASE WHEN week_start IS NOT NULL THEN revenue_week_before END AS prior_week_revenue
  FROM with_neighbours
)
SELECT
  week_start,
  customer_segment,
  customers AS unique_customers,
  orders AS total_orders,
  lines AS total_lines,
  net_revenue AS weekly_revenue,
  units AS total_items_ordered,
  last_order_date AS last_transaction_date,
  CAST(round(net_revenue / NULLIF(orders, 0), 2) AS DECIMAL(20,2)) AS avg_order_value,
  CAST(revenue_rank AS BIGINT) AS revenue_rank,
  CASE WHEN week_start IS NOT NULL THEN revenue_so_far END AS cumulative_revenue,
  CASE WHEN week_start IS NOT NULL THEN weeks_so_far END AS weeks_active_cumulative,
  prior_week_revenue,
  CASE
    WHEN week_start IS NULL OR week_start = first_week THEN 'first_week'
    WHEN net_revenue > coalesce(prior_week_revenue, 0) THEN 'growth'
    WHEN net_revenue < coalesce(prior_week_revenue, 0) THEN 'decline'
    ELSE 'flat'
  END AS revenue_trend
FROM dated;
