CREATE OR REFRESH MATERIALIZED VIEW gold.daily_revenue_metrics (
  order_date DATE COMMENT 'Business date of the orders',
  customer_segment STRING COMMENT 'Segment of the buyers; NULL is a group',
  daily_revenue DECIMAL(15,2) COMMENT 'Sum of net_revenue',
  units_sold BIGINT COMMENT 'Units sold',
  transactions BIGINT COMMENT 'Order lines',
  avg_unit_price DECIMAL(20,2) COMMENT 'Mean unit price of the lines',
  prior_day_revenue DECIMAL(15,2) COMMENT 'daily_revenue of the calendar day before; NULL when it had no sales',
  revenue_growth_pct DECIMAL(20,2) COMMENT 'Change against prior_day_revenue in percent; NULL without one',
  rolling_7day_avg DECIMAL(20,2) COMMENT 'Revenue of the 7 calendar days up to the date, divided by 7; NULL in the first 6 days of the table',
  CONSTRAINT positive_revenue EXPECT (daily_revenue >= 0) ON VIOLATION DROP ROW,
  CONSTRAINT min_transactions EXPECT (transactions >= 1)
)
COMMENT 'Revenue of all lines by day and customer segment, with its change and its weekly average.'
TBLPROPERTIES (
  'team' = 'analytics-platform',
  'refresh_frequency' = 'daily',
  'refresh_time_utc' = '04:00',
  'sla_freshness_hours' = '24',
  'pii_columns' = '',
  'sensitivity' = 'internal',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'daily_revenue: sum of net_revenue of all lines, recognised or not; rolling_7day_avg: revenue of 7 calendar days / 7',
  'grain' = 'one row per order_date, customer_segment (NULLs are values)',
  'public_contract' = 'order_date, customer_segment, daily_revenue, transactions',
  'consumers' = 'sales operations, dashboards',
  'pipeline.key' = 'order_date, customer_segment'
)
AS
WITH with_calendar_windows AS (
  SELECT
    order_date,
    customer_segment,
    daily_revenue,
    units_sold,
    transactions,
    avg_unit_price,
    CAST(sum(daily_revenue) OVER (
      PARTITION BY customer_segment ORDER BY order_date
      RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND INTERVAL 1 DAY PRECEDING
    ) AS DECIMAL(15,2)) AS revenue_day_before,
    CAST(sum(daily_revenue) OVER (
      PARTITION BY customer_segment ORDER BY order_date
      RANGE BETWEEN INTERVAL 6 DAYS PRECEDING AND CURRENT ROW
    ) AS DECIMAL(15,2)) AS revenue_7_days,
    datediff(order_date, min(order_date) OVER ()) AS days_since_first
  FROM daily_revenue_base
)
SELECT
  order_date,
  customer_segment,
  daily_revenue,
  units_sold,
  transactions,
  avg_unit_price,
  -- A row without a date has no neighbours on the calendar, but is its own peer in a RANGE frame.
  CASE WHEN order_date IS NOT NULL THEN revenue_day_before END AS prior_day_revenue,
  round((daily_revenue - prior_day_revenue) * 100 / NULLIF(prior_day_revenue, 0), 2) AS revenue_growth_pct,
  CASE WHEN days_since_first >= 6 THEN round(revenue_7_days / 7, 2) END AS rolling_7day_avg
FROM with_calendar_windows;
