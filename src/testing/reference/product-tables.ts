import { fromCents, ratio, whole } from './exact'
import { factSales } from './fact-sales'
import type { ReferenceOptions } from './sources'

/** gold_features.product_daily_sales. */
export function productDays(options: ReferenceOptions): string {
  return `
SELECT
  product_id, order_date, any_value(category) AS category, CAST(sum(quantity) AS BIGINT) AS daily_units,
  ${fromCents(`sum(${whole('net_revenue', 2)})`)} AS daily_revenue, count(*) AS daily_transactions
FROM (${factSales(options)}) GROUP BY product_id, order_date`
}

/**
 * gold_features.product_timeseries_features: each row beside the rows of its product in the 90 days to it. The deviations are
 * summed one by one from the mean of 90 days, those of days without sales as what is missing to 90.
 */
export function productTimeseries(options: ReferenceOptions): string {
  return `
WITH days AS MATERIALIZED (SELECT *, ${whole('daily_revenue', 2)} AS cents FROM (${productDays(options)})),
pairs AS (
  SELECT a.product_id, a.order_date, b.cents, date_diff('day', b.order_date, a.order_date) AS age
  FROM days AS a JOIN days AS b
    ON b.product_id IS NOT DISTINCT FROM a.product_id AND b.order_date BETWEEN a.order_date - 89 AND a.order_date
),
sums AS (
  SELECT
    product_id, order_date,
    sum(cents) FILTER (age < 7) AS week, sum(cents) FILTER (age < 30) AS month, avg(cents) * count(*) / 90 AS mean_90,
    count(*) FILTER (age < 30) AS n, avg(cents) FILTER (age < 30) AS mean_y, avg(-age) FILTER (age < 30) AS mean_x
  FROM pairs GROUP BY ALL
),
spreads AS (
  SELECT
    p.product_id, p.order_date,
    sum((cents - mean_90) ** 2) + (90 - count(*)) * any_value(mean_90) ** 2 AS squares,
    sum((cents - mean_y) * (-age - mean_x)) FILTER (age < 30) AS xy, sum((-age - mean_x) ** 2) FILTER (age < 30) AS xx
  FROM pairs AS p JOIN sums AS s ON s.product_id IS NOT DISTINCT FROM p.product_id AND s.order_date = p.order_date
  GROUP BY ALL
)
SELECT
  d.* EXCLUDE (cents),
  ${ratio('week', '700', 2)} AS revenue_7day_avg, ${ratio('month', '3000', 2)} AS revenue_30day_avg,
  sqrt(squares / 89) / 100 AS revenue_volatility_90d,
  CASE WHEN n > 1 THEN xy / xx / 100 END AS trend_slope_30d,
  ['down', 'stable', 'up'][CAST(sign(${ratio('week', '700', 2)} - ${ratio('month', '3000', 2)}) AS INTEGER) + 2] AS trend_direction
FROM days AS d
LEFT JOIN sums AS s ON s.product_id IS NOT DISTINCT FROM d.product_id AND s.order_date = d.order_date
LEFT JOIN spreads AS v ON v.product_id IS NOT DISTINCT FROM d.product_id AND v.order_date = d.order_date`
}

/** gold_features.product_timeseries_recent. */
export function recentTimeseries(options: ReferenceOptions): string {
  return `SELECT * FROM (${productTimeseries(options)}) WHERE date_diff('day', order_date, DATE '${options.asOf}') BETWEEN 0 AND 89`
}
