import { fromCents, ratio, whole } from './exact'
import { factSales } from './fact-sales'
import { type ReferenceOptions, recognised } from './sources'

/** Recognised lines that have a date: order, day of the line, and amounts in whole cents. */
function datedLines(options: ReferenceOptions): string {
  return `
SELECT
  customer_id, order_date AS d, customer_segment, quantity,
  CASE WHEN order_number IS NULL THEN CAST(order_id AS VARCHAR) ELSE order_number END AS order_name,
  ${whole('net_revenue', 2)} AS cents
FROM (${factSales(options)}) WHERE ${recognised} AND order_date IS NOT NULL`
}

/** gold_features.recognised_order_days. */
export function orderDays(options: ReferenceOptions): string {
  return `
SELECT
  customer_id, order_name AS order_key, d AS order_date, ${fromCents('sum(cents)')} AS net_revenue,
  CAST(sum(quantity) AS BIGINT) AS items, any_value(customer_segment) AS customer_segment
FROM (${datedLines(options)}) GROUP BY ALL`
}

/** The days of the snapshots: the last days of whole months with orders behind them, and the business date. Column t. */
function snapshotDays({ asOf }: ReferenceOptions): string {
  return `
SELECT CAST(s.day AS DATE) AS t
FROM (SELECT min(d) AS first_day FROM lines) AS f,
  generate_series(CAST(f.first_day AS TIMESTAMP), TIMESTAMP '${asOf}', INTERVAL 1 DAY) AS s(day)
WHERE day(s.day + INTERVAL 1 DAY) = 1 AND date_trunc('month', s.day) >= f.first_day
UNION SELECT DATE '${asOf}'`
}

/** gold_features.feature_snapshots. */
export function snapshots(options: ReferenceOptions): string {
  return `WITH lines AS (${datedLines(options)}) SELECT t AS feature_timestamp FROM (${snapshotDays(options)})`
}

/** gold_features.customer_rfm_features: every line beside every snapshot after it, orders put together anew for each. */
export function customerRfm(options: ReferenceOptions): string {
  return `
WITH lines AS MATERIALIZED (${datedLines(options)}), days AS MATERIALIZED (${snapshotDays(options)}),
orders AS (
  SELECT
    customer_id, t, order_name,
    sum(cents) FILTER (recent) AS cents, sum(quantity) FILTER (recent) AS items, max(d) AS last_day,
    count(*) FILTER (recent) > 0 AS counts, count(*) FILTER (recent AND dayname(d) IN ('Saturday', 'Sunday')) > 0 AS weekend
  FROM (SELECT *, date_diff('day', d, t) < 365 AS recent FROM lines JOIN days ON lines.d <= days.t)
  GROUP BY ALL
)
SELECT
  customer_id, t AS feature_timestamp,
  CAST(date_diff('day', max(last_day), t) AS INTEGER) AS recency_days,
  count(*) FILTER (counts) AS frequency_12m,
  ${fromCents('coalesce(sum(cents), 0)')} AS monetary_value_12m,
  ${ratio('sum(cents)', '(count(*) FILTER (counts)) * 100', 2)} AS avg_order_value,
  ${fromCents('max(cents)')} AS max_order_value, ${fromCents('min(cents)')} AS min_order_value,
  CAST(coalesce(sum(items), 0) AS BIGINT) AS total_items_purchased,
  count(*) FILTER (weekend) AS weekend_purchase_count,
  (SELECT any_value(customer_segment) FROM lines AS l WHERE l.customer_id = orders.customer_id) AS customer_segment
FROM orders GROUP BY customer_id, t`
}

/** gold_features.churn_pit_correct: for each customer and snapshot, whether any line lies in the days after it. */
export function churn(options: ReferenceOptions): string {
  const { trainingStart = '0001-01-01', trainingEnd = '9999-12-31', horizonDays = 30 } = options
  return `
WITH lines AS MATERIALIZED (${datedLines(options)}), rfm AS MATERIALIZED (${customerRfm(options)})
SELECT
  rfm.* EXCLUDE (customer_segment),
  CAST(CASE WHEN EXISTS (
    SELECT 1 FROM lines
    WHERE lines.customer_id = rfm.customer_id AND date_diff('day', rfm.feature_timestamp, lines.d) BETWEEN 1 AND ${horizonDays}
  ) THEN 0 ELSE 1 END AS INTEGER) AS churn_label
FROM rfm
WHERE feature_timestamp >= DATE '${trainingStart}' AND feature_timestamp <= DATE '${trainingEnd}'
  AND date_diff('day', feature_timestamp, (SELECT max(d) FROM lines)) >= ${horizonDays}`
}

/** What the expectation of gold.training_snapshots finds: (passed, failed), in snapshots. */
export function censoredSnapshots(options: ReferenceOptions): string {
  const { trainingStart = '0001-01-01', trainingEnd = '9999-12-31', horizonDays = 30 } = options
  const known = `date_diff('day', t, (SELECT max(d) FROM lines)) >= ${horizonDays}`
  return `
WITH lines AS MATERIALIZED (${datedLines(options)})
SELECT count(*) FILTER (${known}), count(*) FILTER (NOT coalesce(${known}, false)) FROM (${snapshotDays(options)})
WHERE t BETWEEN DATE '${trainingStart}' AND DATE '${trainingEnd}'`
}
