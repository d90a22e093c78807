import { addDays } from '@/domain/format/dates'
import { quoteLiteral } from '@/domain/sql/quote'
import { type DashboardFilter, nullKey } from './dashboards/filter'

/** What the dashboard covers: the last 90 days up to the business date. */
export function revenueWindow(asOf: string): { first: string; last: string } {
  return { first: addDays(asOf, -89), last: asOf }
}

/** Gross revenue per day, segment and category, for margins that are ratios of sums. */
export function grossQuery(asOf: string): string {
  return `SELECT revenue_date, customer_segment, category, total_gross
FROM gold.gold_finance_daily_revenue
WHERE ${between('revenue_date', revenueWindow(asOf))}`
}

/** What the charts are drawn from, in Databricks SQL. */
export function dailyQuery(asOf: string): string {
  return `SELECT revenue_date, customer_segment, category, total_revenue, total_profit, total_gross
FROM gold.gold_finance_daily_revenue
WHERE ${between('revenue_date', revenueWindow(asOf))}`
}

export function currencyQuery(asOf: string): string {
  return `SELECT DISTINCT currency
FROM gold.fact_sales
WHERE ${between('order_date', revenueWindow(asOf))} AND ${recognised}
ORDER BY currency LIMIT 20`
}

export const lastRevenueDateQuery = 'SELECT MAX(revenue_date) AS last_date FROM gold.gold_finance_daily_revenue'

/** Figures that cannot be summed from groups: distinct customers and distinct orders. */
export function distinctQuery(asOf: string, filter: DashboardFilter): string {
  return `SELECT COUNT(DISTINCT customer_id) AS customers, COUNT(DISTINCT COALESCE(order_number, CAST(order_id AS VARCHAR))) AS orders
FROM gold.fact_sales
WHERE ${conditions(asOf, filter)} AND ${recognised}`
}

/** Rows that quality rules hold back; the recognised revenue that they would carry, and how many of them carry it. */
export function heldBackQuery(asOf: string, filter: DashboardFilter): string {
  const carries = `net_revenue > 0 AND ${recognised}`
  return `SELECT COUNT(*) AS held_rows, COUNT(*) FILTER (WHERE ${carries}) AS carrying_rows,
  CAST(COALESCE(SUM(net_revenue) FILTER (WHERE ${carries}), 0) AS DECIMAL(18,2)) AS held_revenue
FROM gold.fact_sales__quarantine
WHERE ${conditions(asOf, filter)}`
}

/** The rows behind the held-back figure, for the SQL view. */
export function heldBackRowsQuery(asOf: string, filter: DashboardFilter): string {
  return `SELECT * FROM gold.fact_sales__quarantine
WHERE ${conditions(asOf, filter)}
ORDER BY net_revenue DESC`
}

const recognised = "order_status IN ('shipped', 'delivered')"

function conditions(asOf: string, filter: DashboardFilter): string {
  const window = revenueWindow(asOf)
  const first = filter.from !== null && filter.from > window.first ? filter.from : window.first
  const last = filter.to !== null && filter.to < window.last ? filter.to : window.last
  return [
    between('order_date', { first, last }),
    ...oneOf('customer_segment', filter.values.segment),
    ...oneOf('category', filter.values.category),
  ].join(' AND ')
}

function between(column: string, { first, last }: { first: string; last: string }): string {
  return `${column} BETWEEN DATE ${quoteLiteral(first)} AND DATE ${quoteLiteral(last)}`
}

function oneOf(column: string, values: string[] = []): string[] {
  if (values.length === 0) return []
  const texts = values.filter((value) => value !== nullKey).map(quoteLiteral)
  const alternatives = [
    ...(texts.length > 0 ? [`${column} IN (${texts.join(', ')})`] : []),
    ...(values.includes(nullKey) ? [`${column} IS NULL`] : []),
  ]
  return [`(${alternatives.join(' OR ')})`]
}
