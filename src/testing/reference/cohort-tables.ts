import { fromCents, ratio, whole } from './exact'
import { factSales } from './fact-sales'
import type { ReferenceOptions } from './sources'

/** gold.gold_product_cohort_retention: every customer's first day, then every cell by itself. */
export function cohortRetention(options: ReferenceOptions): string {
  const monthNumber = (date: string) => `(extract(year FROM ${date}) * 12 + extract(month FROM ${date}) - 1)`
  return `
WITH lines AS MATERIALIZED (
  SELECT customer_id, ${monthNumber('order_date')} AS month, ${whole('net_revenue', 2)} AS net
  FROM (${factSales(options)}) WHERE order_date IS NOT NULL
),
firsts AS MATERIALIZED (SELECT DISTINCT ON (customer_id) customer_id, month AS first FROM lines ORDER BY customer_id, month),
sizes AS (SELECT first, count(*) AS size FROM firsts GROUP BY first),
cells AS (
  SELECT first, month, count(DISTINCT customer_id) AS active, sum(net) AS net
  FROM lines JOIN firsts USING (customer_id) GROUP BY first, month
)
SELECT
  make_date(first // 12, first % 12 + 1, 1) AS cohort_month, CAST(month - first AS INTEGER) AS months_since,
  size AS cohort_size, active AS active_customers,
  ${ratio('active', 'size', 4)} AS retention_rate, ${fromCents('net')} AS revenue
FROM cells JOIN sizes USING (first)`
}

/** The query of the dashboard "cohort_retention". */
export function cohortDashboard(options: ReferenceOptions): string {
  return `SELECT *, ${ratio(whole('revenue', 2), 'cohort_size * 100', 2)} AS revenue_per_customer FROM (${cohortRetention(options)})`
}
