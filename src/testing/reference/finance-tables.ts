import { fromCents, ratio, whole } from './exact'
import { factSales } from './fact-sales'
import { type ReferenceOptions, recognised } from './sources'

const MONTH = "CAST(strftime(order_date, '%Y-%m-01') AS DATE)"

/** gold.gold_finance_monthly_revenue_v1 (gross) and _v2 (net). */
export function monthlyRevenue(options: ReferenceOptions, column: 'gross_revenue' | 'net_revenue'): string {
  return `
SELECT ${MONTH} AS summary_month, ${fromCents(`sum(${whole(column, 2)})`)} AS revenue
FROM (${factSales(options)}) WHERE ${recognised} GROUP BY 1`
}

/** gold_finance.fact_revenue. */
export function factRevenue(options: ReferenceOptions): string {
  return `
WITH lines AS (
  SELECT
    *, ${whole('gross_revenue', 2)} AS gross, ${whole('net_revenue', 2)} AS net, ${whole('gross_profit', 2)} AS profit,
    CAST(${ratio(`${whole('net_revenue', 2)} * ${options.taxPerMille ?? 0}`, '1000', 0)} AS HUGEINT) AS tax
  FROM (${factSales(options)}) WHERE ${recognised}
)
SELECT
  order_id AS revenue_id, order_date AS revenue_date, customer_id, product_id, gross_revenue,
  ${fromCents('gross - net')} AS discounts, net_revenue, cost_of_goods, gross_profit,
  ${fromCents('tax')} AS tax_amount, ${fromCents('profit - tax')} AS net_income, _updated_at, _updated_date
FROM lines`
}

/** gold_finance.monthly_revenue_summary. */
export function monthlySummary(options: ReferenceOptions): string {
  return `
WITH lines AS MATERIALIZED (SELECT *, ${MONTH} AS month_start FROM (${factSales(options)}) WHERE ${recognised}),
customers AS (SELECT month_start, count(*) AS n FROM (SELECT DISTINCT month_start, customer_id FROM lines) GROUP BY month_start),
sums AS (
  SELECT
    month_start, sum(${whole('net_revenue', 2)}) AS net, sum(${whole('cost_of_goods', 2)}) AS cost,
    sum(${whole('gross_profit', 2)}) AS profit, count(*) AS lines, max(_updated_at) AS computed_at
  FROM lines GROUP BY month_start
)
SELECT
  s.month_start AS summary_month, ${fromCents('net')} AS total_revenue, ${fromCents('cost')} AS total_cost,
  ${fromCents('profit')} AS total_profit, TRY_CAST(${ratio('profit * 100', 'net', 2)} AS DECIMAL(7,2)) AS margin_pct,
  lines AS transaction_count, n AS customer_count, computed_at AS _computed_at
FROM sums AS s JOIN customers AS c ON c.month_start IS NOT DISTINCT FROM s.month_start`
}

/** The query of the dashboard "executive". */
export function executiveDashboard(options: ReferenceOptions): string {
  const before = (months: number) =>
    `(SELECT net FROM months AS b WHERE b.summary_month + INTERVAL ${months} MONTHS = a.summary_month)`
  const change = (months: number) => ratio(`(net - ${before(months)}) * 100`, before(months), 2)
  return `
WITH months AS MATERIALIZED (SELECT *, ${whole('total_revenue', 2)} AS net FROM (${monthlySummary(options)}))
SELECT
  * EXCLUDE (_computed_at, net),
  ${fromCents(before(1))} AS prior_month_revenue, ${change(1)} AS month_over_month_pct,
  ${fromCents(before(12))} AS prior_year_revenue, ${change(12)} AS year_over_year_pct
FROM months AS a`
}
