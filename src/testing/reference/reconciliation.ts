import { whole } from './exact'
import { factCandidates } from './fact-sales'
import { type ReferenceOptions, recognised } from './sources'

/** pipeline.reconciliation of tables that are right: every sum is the one over the fact, and nothing differs. */
export function reconciliation(options: ReferenceOptions): string {
  const lines = (condition: string) => `(SELECT count(*) * 100 FROM candidates WHERE ${condition})`
  const money = (column: string, condition: string) =>
    `(SELECT sum(${whole(column, 2)}) FROM candidates WHERE len(_failed_expectations) = 0 AND ${condition})`
  const net = money('net_revenue', recognised)
  const all = money('net_revenue', 'true')
  const loaded = '(SELECT count(*) * 100 FROM silver.orders)'
  const keys = '(SELECT count(DISTINCT order_id) * 100 FROM silver.orders)'
  const kept = lines('len(_failed_expectations) = 0')
  const rows: [figure: string, dataset: string, unit: string, hundredths: string, isCompared: boolean][] = [
    ['silver_lines', 'silver.orders', 'lines', loaded, false],
    ['superseded', 'silver.orders', 'lines', `${loaded} - ${keys}`, false],
    ['cancelled', 'silver.orders', 'lines', `${keys} - (SELECT count(*) * 100 FROM candidates)`, false],
    ...['positive_revenue', 'valid_customer', 'positive_revenue, valid_customer'].map(
      (rules): (typeof rows)[number] => {
        const held = lines(`array_to_string(_failed_expectations, ', ') = '${rules}'`)
        return [`quarantined: ${rules}`, 'silver.orders', 'lines', held, false]
      },
    ),
    ['fact_lines', 'gold.fact_sales', 'lines', kept, true],
    ['daily recognised revenue', 'gold.gold_finance_daily_revenue', 'money', net, true],
    ['daily revenue', 'gold.daily_revenue_metrics', 'money', all, true],
    ['weekly revenue', 'gold.gold_product_weekly_engagement', 'money', all, true],
    [
      'revenue of cohorts',
      'gold.gold_product_cohort_retention',
      'money',
      money('net_revenue', 'order_date IS NOT NULL'),
      true,
    ],
    ['recognised revenue of customers', 'gold.customer_ltv_gold', 'money', net, true],
    [
      'monthly recognised revenue, v1',
      'gold.gold_finance_monthly_revenue_v1',
      'money',
      money('gross_revenue', recognised),
      true,
    ],
    ['monthly recognised revenue, v2', 'gold.gold_finance_monthly_revenue_v2', 'money', net, true],
    ['recognised revenue of lines', 'gold_finance.fact_revenue', 'money', net, true],
    ['monthly recognised revenue', 'gold_finance.monthly_revenue_summary', 'money', net, true],
  ]
  const selects = rows.map(
    ([figure, dataset, unit, hundredths, isCompared], index) =>
      `SELECT ${index + 1} AS step, '${figure}' AS figure, '${dataset}' AS dataset, '${unit}' AS unit,
        CAST(${hundredths} AS HUGEINT) AS hundredths, ${isCompared} AS compared`,
  )
  return `
WITH candidates AS MATERIALIZED (${factCandidates(options)}), figures AS (${selects.join('\nUNION ALL ')}),
amounts AS (SELECT *, CAST(CAST(hundredths AS BIGINT) * 0.01 AS DECIMAL(20,2)) AS amount FROM figures)
SELECT
  CAST(step AS INTEGER) AS step, figure, dataset, unit, amount,
  CASE WHEN compared THEN amount END AS expected,
  CASE WHEN compared THEN CAST(amount - amount AS DECIMAL(20,2)) END AS difference,
  CASE WHEN compared THEN CASE WHEN amount IS NULL THEN 'unknown' ELSE 'pass' END END AS status
FROM amounts`
}
