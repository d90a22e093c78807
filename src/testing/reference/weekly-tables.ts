import { fromCents, ratio, whole } from './exact'
import { factSales } from './fact-sales'
import { orderName, type ReferenceOptions } from './sources'

/** gold.gold_product_weekly_engagement: distinct things first, and neighbours by joining the weeks with themselves. */
export function weeklyEngagement(options: ReferenceOptions): string {
  const sameSegment = 'b.segment IS NOT DISTINCT FROM a.segment'
  return `
WITH lines AS MATERIALIZED (
  SELECT
    order_date - CAST(isodow(order_date) - 1 AS INTEGER) AS monday, customer_segment AS segment, order_date, customer_id,
    ${orderName} AS order_name, quantity, ${whole('net_revenue', 2)} AS net
  FROM (${factSales(options)})
),
customers AS (SELECT monday, segment, count(*) AS n FROM (SELECT DISTINCT monday, segment, customer_id FROM lines) GROUP BY ALL),
orders AS (SELECT monday, segment, count(*) AS n FROM (SELECT DISTINCT monday, segment, order_name FROM lines) GROUP BY ALL),
weeks AS MATERIALIZED (
  SELECT monday, segment, count(*) AS lines, sum(net) AS net, sum(quantity) AS units, max(order_date) AS last_day
  FROM lines GROUP BY ALL
),
history AS (
  SELECT
    a.monday, a.segment, sum(b.net) AS net, count(*) AS weeks,
    sum(b.net) FILTER (b.monday = a.monday - 7) AS week_before,
    bool_or(b.monday < a.monday) AS has_earlier
  FROM weeks AS a JOIN weeks AS b ON ${sameSegment} AND b.monday <= a.monday
  GROUP BY ALL
),
ranks AS (
  SELECT a.monday, a.segment, 1 + count(b.net) AS position
  FROM weeks AS a LEFT JOIN weeks AS b ON ${sameSegment} AND b.net > a.net
  GROUP BY ALL
)
SELECT
  a.monday AS week_start, a.segment AS customer_segment,
  c.n AS unique_customers, o.n AS total_orders, a.lines AS total_lines,
  ${fromCents('a.net')} AS weekly_revenue, CAST(a.units AS BIGINT) AS total_items_ordered, a.last_day AS last_transaction_date,
  ${ratio('a.net', 'o.n * 100', 2)} AS avg_order_value,
  r.position AS revenue_rank,
  ${fromCents('h.net')} AS cumulative_revenue, h.weeks AS weeks_active_cumulative,
  ${fromCents('h.week_before')} AS prior_week_revenue,
  CASE
    WHEN h.has_earlier IS NOT TRUE THEN 'first_week'
    ELSE ['decline', 'flat', 'growth'][CAST(sign(a.net - coalesce(h.week_before, 0)) AS INTEGER) + 2]
  END AS revenue_trend
FROM weeks AS a
JOIN customers AS c ON (c.monday, c.segment) IS NOT DISTINCT FROM (a.monday, a.segment)
JOIN orders AS o ON (o.monday, o.segment) IS NOT DISTINCT FROM (a.monday, a.segment)
JOIN ranks AS r ON (r.monday, r.segment) IS NOT DISTINCT FROM (a.monday, a.segment)
LEFT JOIN history AS h ON h.monday = a.monday AND h.segment IS NOT DISTINCT FROM a.segment`
}

/** The query of the dashboard "cohort_weekly_growth". */
export function weeklyGrowth(options: ReferenceOptions): string {
  return `
WITH weeks AS MATERIALIZED (SELECT *, ${whole('weekly_revenue', 2)} AS net FROM (${weeklyEngagement(options)}))
SELECT
  a.week_start, a.customer_segment, a.weekly_revenue, b.weekly_revenue AS prior_week_revenue,
  ${ratio('(a.net - b.net) * 100', 'b.net', 2)} AS week_over_week_growth_pct
FROM weeks AS a LEFT JOIN weeks AS b
  ON b.week_start + 7 = a.week_start AND b.customer_segment IS NOT DISTINCT FROM a.customer_segment`
}
