import { fromCents, ratio, whole } from './exact'
import { factSales } from './fact-sales'
import { type ReferenceOptions, recognised } from './sources'

/** gold.gold_finance_daily_revenue: neighbours on the calendar by joining the daily sums with themselves. */
export function dailyRevenue(options: ReferenceOptions): string {
  const sameGroup =
    'b.customer_segment IS NOT DISTINCT FROM a.customer_segment AND b.category IS NOT DISTINCT FROM a.category'
  return `
WITH daily AS MATERIALIZED (
  SELECT
    order_date, customer_segment, category,
    sum(${whole('net_revenue', 2)}) AS revenue, sum(${whole('gross_profit', 2)}) AS profit,
    sum(${whole('cost_of_goods', 2)}) AS cost, sum(${whole('gross_revenue', 2)}) AS gross,
    sum(quantity) AS units, count(*) AS lines, max(order_id) AS max_order_id,
    min(unit_price) AS min_unit_price, max(unit_price) AS max_unit_price, max(_updated_at) AS computed_at
  FROM (${factSales(options)}) WHERE ${recognised}
  GROUP BY ALL
),
neighbours AS (
  SELECT
    a.order_date, a.customer_segment, a.category,
    sum(b.revenue) FILTER (b.order_date = a.order_date - 1) AS day_before,
    sum(b.revenue) FILTER (b.order_date > a.order_date - 7) AS days_7,
    sum(b.revenue) AS days_30
  FROM daily AS a JOIN daily AS b
    ON ${sameGroup} AND b.order_date <= a.order_date AND b.order_date > a.order_date - 30
  GROUP BY ALL
),
ranks AS (
  SELECT customer_segment, revenue, 1 + sum(rows) OVER (
    PARTITION BY customer_segment ORDER BY revenue DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS position
  FROM (SELECT customer_segment, revenue, count(*) AS rows FROM daily GROUP BY ALL)
)
SELECT
  a.order_date AS revenue_date, a.customer_segment, a.category,
  ${fromCents('a.revenue')} AS total_revenue, ${fromCents('a.profit')} AS total_profit,
  ${fromCents('a.cost')} AS total_cost, ${fromCents('a.gross')} AS total_gross,
  CAST(a.units AS BIGINT) AS total_units, a.lines AS transaction_count,
  ${ratio('a.profit', 'a.gross', 4)} AS avg_profit_margin,
  a.max_order_id, a.min_unit_price, a.max_unit_price,
  ${ratio('a.profit', 'a.revenue', 4)} AS profit_ratio,
  ${ratio('a.revenue', 'a.lines * 100', 2)} AS avg_transaction_value,
  ${fromCents('b.day_before')} AS prior_day_revenue,
  ${ratio('(a.revenue - b.day_before) * 100', 'b.day_before', 2)} AS revenue_growth_pct,
  CASE WHEN a.order_date >= (SELECT min(order_date) + 29 FROM daily) THEN ${ratio('b.days_30', '3000', 2)} END
    AS revenue_30day_avg,
  ${fromCents('b.days_7')} AS revenue_7day_sum,
  CAST(coalesce(r.position, 1) AS BIGINT) AS rank_by_segment,
  a.computed_at AS _computed_at
FROM daily AS a
LEFT JOIN neighbours AS b ON ${sameGroup} AND b.order_date = a.order_date
LEFT JOIN ranks AS r ON r.customer_segment IS NOT DISTINCT FROM a.customer_segment AND r.revenue = a.revenue`
}

/** gold.daily_revenue_base. */
export function dailyBase(options: ReferenceOptions): string {
  return `
SELECT
  order_date, customer_segment,
  ${fromCents(`sum(${whole('net_revenue', 2)})`)} AS daily_revenue,
  CAST(sum(quantity) AS BIGINT) AS units_sold, count(*) AS transactions,
  ${ratio(`sum(${whole('unit_price', 2)})`, 'count(unit_price) * 100', 2)} AS avg_unit_price
FROM (${factSales(options)}) GROUP BY order_date, customer_segment`
}

/** gold.daily_revenue_metrics; no row of fact_sales is negative, so none is dropped. */
export function dailyMetrics(options: ReferenceOptions): string {
  const sameGroup = 'b.customer_segment IS NOT DISTINCT FROM a.customer_segment'
  return `
WITH base AS MATERIALIZED (SELECT *, ${whole('daily_revenue', 2)} AS revenue FROM (${dailyBase(options)})),
neighbours AS (
  SELECT
    a.order_date, a.customer_segment,
    sum(b.revenue) FILTER (b.order_date = a.order_date - 1) AS day_before, sum(b.revenue) AS days_7
  FROM base AS a JOIN base AS b ON ${sameGroup} AND b.order_date <= a.order_date AND b.order_date > a.order_date - 7
  GROUP BY ALL
)
SELECT
  a.* EXCLUDE (revenue),
  ${fromCents('b.day_before')} AS prior_day_revenue,
  ${ratio('(a.revenue - b.day_before) * 100', 'b.day_before', 2)} AS revenue_growth_pct,
  CASE WHEN a.order_date >= (SELECT min(order_date) + 6 FROM base) THEN ${ratio('b.days_7', '700', 2)} END
    AS rolling_7day_avg
FROM base AS a LEFT JOIN neighbours AS b ON ${sameGroup} AND b.order_date = a.order_date`
}
