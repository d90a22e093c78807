CREATE OR REFRESH MATERIALIZED VIEW gold.gold_finance_daily_revenue (
  revenue_date DATE COMMENT 'Business date of the orders',
  customer_segment STRING COMMENT 'Segment of the buyers; NULL is a group',
  category STRING COMMENT 'Product group; NULL is a group',
  total_revenue DECIMAL(15,2) COMMENT 'Sum of net_revenue',
  total_profit DECIMAL(15,2) COMMENT 'Sum of gross_profit over the lines with known cost',
  total_cost DECIMAL(15,2) COMMENT 'Sum of cost_of_goods over the lines with known cost',
  total_gross DECIMAL(15,2) COMMENT 'Sum of gross_revenue',
  total_units BIGINT COMMENT 'Units sold',
  transaction_count BIGINT COMMENT 'Order lines',
  avg_profit_margin DECIMAL(20,4) COMMENT 'total_profit / total_gross: the margin weighted by revenue, as a ratio',
  max_order_id BIGINT COMMENT 'Highest order line number',
  min_unit_price DECIMAL(10,2) COMMENT 'Lowest unit price',
  max_unit_price DECIMAL(10,2) COMMENT 'Highest unit price',
  profit_ratio DECIMAL(20,4) COMMENT 'total_profit / total_revenue as a ratio',
  avg_transaction_value DECIMAL(20,2) COMMENT 'total_revenue / transaction_count',
  prior_day_revenue DECIMAL(15,2) COMMENT 'total_revenue of the calendar day before; NULL when it had no sales',
  revenue_growth_pct DECIMAL(20,2) COMMENT 'Change against prior_day_revenue in percent; NULL without one',
  revenue_30day_avg DECIMAL(20,2) COMMENT 'Revenue of the 30 calendar days up to the date, divided by 30; NULL until the table has 30 days',
  revenue_7day_sum DECIMAL(15,2) COMMENT 'Revenue of the 7 calendar days up to the date',
  rank_by_segment BIGINT COMMENT 'Rank of total_revenue within the segment, 1 the highest; equal revenues share a rank',
  _computed_at TIMESTAMP COMMENT 'Latest change of the lines summed here (UTC)'
)
COMMENT 'Recognised revenue (shipped or delivered) by day, customer segment and product category.'
TBLPROPERTIES (
  'team' = 'analytics-platform',
  'refresh_frequency' = 'daily',
  'refresh_time_utc' = '04:00',
  'sla_freshness_hours' = '24',
  'pii_columns' = '',
  'sensitivity' = 'internal',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'total_revenue: sum of net_revenue of shipped and delivered lines; avg_profit_margin: sum of gross_profit / sum of gross_revenue; revenue_growth_pct: (total_revenue - prior_day_revenue) / prior_day_revenue * 100',
  'grain' = 'one row per revenue_date, customer_segment, category (NULLs are values)',
  'public_contract' = 'revenue_date, customer_segment, category, total_revenue, total_profit, avg_profit_margin',
  'consumers' = 'finance reporting, dashboards',
  'pipeline.key' = 'revenue_date, customer_segment, category',
  'quality.row_count_min' = '1',
  'quality.total_revenue.null_pct_max' = '0',
  'quality.total_revenue.min' = '0',
  'quality.transaction_count.min' = '1'
)
AS
WITH with_calendar_windows AS (
  SELECT
    order_date AS revenue_date,
    customer_segment,
    category,
    net_revenue AS total_revenue,
    gross_profit AS total_profit,
    cost_of_goods AS total_cost,
    gross_revenue AS total_gross,
    units AS total_units,
    lines AS transaction_count,
    max_order_id,
    min_unit_price,
    max_unit_price,
    last_updated_at AS _computed_at,
    CAST(sum(net_revenue) OVER (
      PARTITION BY customer_segment, category ORDER BY order_date
      RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND INTERVAL 1 DAY PRECEDING
    ) AS DECIMAL(15,2)) AS revenue_day_before,
    CAST(sum(net_revenue) OVER (
      PARTITION BY customer_segment, category ORDER BY order_date
      RANGE BETWEEN INTERVAL 6 DAYS PRECEDING AND CURRENT ROW
    ) AS DECIMAL(15,2)) AS revenue_7_days,
    CAST(sum(net_revenue) OVER (
      PARTITION BY customer_segment, category ORDER BY order_date
      RANGE BETWEEN INTERVAL 29 DAYS PRECEDING AND CURRENT ROW
    ) AS DECIMAL(15,2)) AS revenue_30_days,
    datediff(order_date, min(order_date) OVER ()) AS days_since_first,
    rank() OVER (PARTITION BY customer_segment ORDER BY net_revenue DESC) AS rank_by_segment
  FROM gold.recognised_daily_sales
)
SELECT
  revenue_date,
  customer_segment,
  category,
  total_revenue,
  total_profit,
  total_cost,
  total_gross,
  total_units,
  transaction_count,
  round(total_profit / NULLIF(total_gross, 0), 4) AS avg_profit_margin,
  max_order_id,
  min_unit_price,
  max_unit_price,
  round(total_profit / NULLIF(total_revenue, 0), 4) AS profit_ratio,
  round(total_revenue / NULLIF(transaction_count, 0), 2) AS avg_transaction_value,
  -- A row without a date has no neighbours on the calendar, but is its own peer in a RANGE frame.
  CASE WHEN revenue_date IS NOT NULL THEN revenue_day_before END AS prior_day_revenue,
  round((total_revenue - prior_day_revenue) * 100 / NULLIF(prior_day_revenue, 0), 2) AS revenue_growth_pct,
  CASE WHEN days_since_first >= 29 THEN round(revenue_30_days / 30, 2) END AS revenue_30day_avg,
  CASE WHEN revenue_date IS NOT NULL THEN revenue_7_days END AS revenue_7day_sum,
  rank_by_segment,
  _computed_at
FROM with_calendar_windows;
