/**
 * The retail tables computed a second way: plain DuckDB SQL written from the specification alone, which shares nothing
 * with the pipeline's models. Each query stands for itself and reads only schema `silver`.
 */
import { dailyBase, dailyMetrics, dailyRevenue } from './daily-tables'
import { dimCustomer, dimCustomerCurrent } from './dim-customer'
import { comparedDays, dimDate } from './dim-date'
import { factCandidates, factQuarantine, factSales } from './fact-sales'
import { customerLtv, revenueDashboard } from './orders-tables'
import type { ReferenceOptions } from './sources'

export type { ReferenceOptions } from './sources'

/**
 * Queries by table name, for native DuckDB with silver.orders, silver.customers and silver.products. Columns and types
 * are those of the table, in any order; the quarantine has no `_update_id`. `expectations` gives
 * (dataset, name, action, passed, failed) for every expectation of these tables.
 */
export function referenceQueries(options: ReferenceOptions): Record<string, string> {
  return {
    'gold_common.dim_date': dimDate(options),
    'gold.fact_sales': factSales(options),
    'gold.fact_sales__quarantine': factQuarantine(options),
    'gold.gold_finance_daily_revenue': dailyRevenue(options),
    'gold.daily_revenue_base': dailyBase(options),
    'gold.daily_revenue_metrics': dailyMetrics(options),
    'gold.customer_ltv_gold': customerLtv(options),
    'gold_marketing.dim_customer': dimCustomer,
    'gold_marketing.dim_customer_current': dimCustomerCurrent(options),
    'dashboards.revenue': revenueDashboard(options),
    expectations: expectations(options),
  }
}

function expectations(options: ReferenceOptions): string {
  const fact: [name: string, action: string, violated: string][] = [
    ['valid_order_ids', 'fail', 'order_id IS NULL'],
    ['positive_revenue', 'drop', `list_contains(_failed_expectations, 'positive_revenue')`],
    ['valid_customer', 'drop', `list_contains(_failed_expectations, 'valid_customer')`],
    ['complete_data', 'warn', 'product_id IS NULL OR customer_id IS NULL OR order_date IS NULL'],
    ['known_customer', 'warn', 'customer_name IS NULL'],
    ['known_product', 'warn', 'product_name IS NULL'],
    ['known_cost', 'warn', 'cost_of_goods IS NULL'],
  ]
  const metrics: typeof fact = [
    ['positive_revenue', 'drop', 'daily_revenue < 0'],
    ['min_transactions', 'warn', 'transactions < 1'],
  ]
  const counts = (dataset: string, rows: string, list: typeof fact) =>
    list.map(
      ([name, action, violated]) => `
SELECT '${dataset}' AS dataset, '${name}' AS name, '${action}' AS action,
  count(*) - count(*) FILTER (${violated}) AS passed, count(*) FILTER (${violated}) AS failed FROM ${rows}`,
    )
  return `
WITH candidates AS MATERIALIZED (${factCandidates(options)}), metrics AS MATERIALIZED (${dailyMetrics(options)})
SELECT 'gold.described_days' AS dataset, 'agrees_with_silver_dates' AS name, 'warn' AS action,
  known - bad AS passed, bad AS failed FROM (${comparedDays(options)}) AS d(known, bad)
UNION ALL ${[...counts('gold.fact_sales', 'candidates', fact), ...counts('gold.daily_revenue_metrics', 'metrics', metrics)].join('\nUNION ALL ')}`
}
