CREATE OR REFRESH MATERIALIZED VIEW gold_features.product_timeseries_features (
  product_id BIGINT COMMENT 'Product sold; NULL is a group',
  order_date DATE COMMENT 'Day with sales: features use this day and days before it; NULL is a group without calendar features',
  category STRING COMMENT 'Current product group',
  daily_units BIGINT COMMENT 'Units sold on the day',
  daily_revenue DECIMAL(15,2) COMMENT 'Sum of net_revenue of the day',
  daily_transactions BIGINT COMMENT 'Order lines of the day',
  revenue_7day_avg DECIMAL(20,2) COMMENT 'Revenue of the 7 calendar days that end at order_date, divided by 7',
  revenue_30day_avg DECIMAL(20,2) COMMENT 'Revenue of the 30 calendar days that end at order_date, divided by 30',
  revenue_volatility_90d DOUBLE COMMENT 'Sample standard deviation of the daily revenues of the 90 calendar days that end at order_date; days without sales, also before the first sale, are 0',
  trend_slope_30d DOUBLE COMMENT 'Regression slope of daily revenue over day number, of the days with sales within the 30 calendar days that end at order_date: money a day; NULL for a single day',
  trend_direction STRING COMMENT 'up, down or stable: revenue_7day_avg against revenue_30day_avg. Biased upwards for products that sell rarely, since every row is a day with a sale'
)
COMMENT 'Sales of each product by day with their recent level, spread and trend, over all order lines.'
TBLPROPERTIES (
  'team' = 'data-science',
  'refresh_frequency' = 'daily',
  'refresh_time_utc' = '05:00',
  'sla_freshness_hours' = '24',
  'pii_columns' = '',
  'sensitivity' = 'internal',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'revenue_7day_avg: revenue of 7 calendar days / 7; revenue_volatility_90d: sample standard deviation of 90 daily revenues; trend_slope_30d: regression slope of daily_revenue over days',
  'grain' = 'one row per product_id and order_date with sales (NULLs are values)',
  'public_contract' = 'product_id, order_date, category, daily_units, daily_revenue, daily_transactions, revenue_7day_avg, revenue_30day_avg, revenue_volatility_90d, trend_slope_30d, trend_direction',
  'consumers' = 'gold_features.product_timeseries_recent, data science',
  'pipeline.key' = 'product_id, order_date'
)
AS
WITH daily AS (
  SELECT
    product_id,
    order_date,
    category,
    daily_units,
    daily_revenue,
    daily_transactions,
    -- A row without a date has no neighbours on the calendar, but is its own peer in a RANGE frame.
    CASE WHEN order_date IS NOT NULL THEN daily_revenue END AS dated_revenue,
    datediff(order_date, DATE '2000-01-01') AS day_number
  FROM gold_features.product_daily_sales
),
with_calendar_windows AS (
  SELECT
    product_id,
    order_date,
    category,
    daily_units,
    daily_revenue,
    daily_transactions,
    CAST(sum(dated_revenue) OVER days_7 AS DECIMAL(17,2)) AS revenue_7_days,
    CAST(sum(dated_revenue) OVER days_30 AS DECIMAL(17,2)) AS revenue_30_days,
    CAST(sum(dated_revenue) OVER days_90 AS DECIMAL(17,2)) AS revenue_90_days,
    CAST(sum(dated_revenue * dated_revenue) OVER days_90 AS DECIMAL(38,4)) AS squares_90_days,
    regr_slope(dated_revenue, day_number) OVER days_30 AS trend_slope_30d
  FROM daily
  WINDOW
    days_7 AS (PARTITION BY product_id ORDER BY order_date RANGE BETWEEN INTERVAL 6 DAYS PRECEDING AND CURRENT ROW),
    days_30 AS (PARTITION BY product_id ORDER BY order_date RANGE BETWEEN INTERVAL 29 DAYS PRECEDING AND CURRENT ROW),
    days_90 AS (PARTITION BY product_id ORDER BY order_date RANGE BETWEEN INTERVAL 89 DAYS PRECEDING AND CURRENT ROW)
),
with_features AS (
  SELECT
    product_id,
    order_date,
    category,
    daily_units,
    daily_revenue,
    daily_transactions,
    round(revenue_7_days / 7, 2) AS revenue_7day_avg,
    round(revenue_30_days / 30, 2) AS revenue_30day_avg,
    -- The variance of 90 numbers from their sums, days without sales being 0; exact up to the division, so nothing cancels out.
    sqrt(CAST(90 * squares_90_days - revenue_90_days * revenue_90_days AS DOUBLE) / (90 * 89)) AS revenue_volatility_90d,
    trend_slope_30d
  FROM with_calendar_windows
)
SELECT
  product_id,
  order_date,
  category,
  daily_units,
  daily_revenue,
  daily_transactions,
  revenue_7day_avg,
  revenue_30day_avg,
  revenue_volatility_90d,
  trend_slope_30d,
  CASE
    WHEN revenue_7day_avg > revenue_30day_avg THEN 'up'
    WHEN revenue_7day_avg < revenue_30day_avg THEN 'down'
    WHEN revenue_7day_avg = revenue_30day_avg THEN 'stable'
  END AS trend_direction
FROM with_features;
