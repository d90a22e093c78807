import { fromCents, ratio, whole } from './exact'
import { factSales } from './fact-sales'
import { orderName, type ReferenceOptions, recognised } from './sources'

/** Recognised lines with the order that each belongs to. */
export function recognisedLines(options: ReferenceOptions): string {
  return `
SELECT
  *, ${orderName} AS order_name,
  ${whole('net_revenue', 2)} AS net, ${whole('gross_profit', 2)} AS profit, ${whole('gross_revenue', 2)} AS gross
FROM (${factSales(options)}) WHERE ${recognised}`
}

/** gold.customer_ltv_gold: orders first, then customers. */
export function customerLtv(options: ReferenceOptions): string {
  return `
WITH orders AS (
  SELECT customer_id, order_name, sum(net) AS net, min(order_date) AS first_day, max(order_date) AS last_day
  FROM (${recognisedLines(options)}) GROUP BY customer_id, order_name
),
customers AS (
  SELECT customer_id, sum(net) AS net, count(*) AS orders, min(first_day) AS first_day, max(last_day) AS last_day
  FROM orders GROUP BY customer_id
)
SELECT
  customer_id, ${fromCents('net')} AS total_revenue, orders AS order_count,
  ${ratio('net', 'orders * 100', 2)} AS avg_order_value,
  first_day AS first_purchase_date, last_day AS last_purchase_date,
  CASE
    WHEN net <= 1000000 THEN 'low_value' WHEN net <= 5000000 THEN 'medium_value'
    WHEN net <= 10000000 THEN 'high_value' ELSE 'vip'
  END AS ltv_segment
FROM customers`
}

/** The query of the dashboard "revenue". */
export function revenueDashboard(options: ReferenceOptions): string {
  const group = 'order_date, customer_segment, category'
  return `
WITH lines AS (
  SELECT * FROM (${recognisedLines(options)})
  WHERE date_diff('day', order_date, DATE '${options.asOf}') BETWEEN 0 AND 89
),
orders AS (SELECT ${group}, count(*) AS n FROM (SELECT DISTINCT ${group}, order_name FROM lines) GROUP BY ${group}),
customers AS (SELECT ${group}, count(*) AS n FROM (SELECT DISTINCT ${group}, customer_id FROM lines) GROUP BY ${group}),
sums AS (
  SELECT ${group}, sum(net) AS net, sum(profit) AS profit, sum(gross) AS gross, count(*) AS lines FROM lines GROUP BY ${group}
)
SELECT
  s.order_date AS revenue_date, s.customer_segment, s.category,
  ${fromCents('s.net')} AS daily_revenue, ${fromCents('s.profit')} AS daily_profit,
  ${ratio('s.profit', 's.gross', 4)} AS profit_margin,
  c.n AS unique_customers, s.lines AS transaction_count,
  ${ratio('s.net', 'o.n * 100', 2)} AS avg_order_value
FROM sums AS s
JOIN orders AS o ON (o.order_date, o.customer_segment, o.category) IS NOT DISTINCT FROM (s.order_date, s.customer_segment, s.category)
JOIN customers AS c ON (c.order_date, c.customer_segment, c.category) IS NOT DISTINCT FROM (s.order_date, s.customer_segment, s.category)`
}
