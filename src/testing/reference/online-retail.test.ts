import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { compareWithReference, withFactComputed } from './compare'
import type { ReferenceOptions } from './reference'
import { onlineRetailSources, openSilver, runModels } from './run-models'

/** As the specification of the Gold layer lists them, in DuckDB's names; copied from it, not from what is built. */
const columnsAsked: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'gold-schema.json'), 'utf8'),
)

describe('the retail pipeline over Online Retail', () => {
  const asOf = '2011-12-10'
  let connection: DuckDBConnection
  let options: ReferenceOptions

  beforeAll(async () => {
    connection = await openSilver(onlineRetailSources())
    await runModels(connection, { asOf })
    options = await withFactComputed(connection, { asOf, dates: true, holidays: false })
  }, 120_000)

  it.each([
    ['gold_common.dim_date', 730],
    ['gold.fact_sales', 397_880],
    ['gold.fact_sales__quarantine', 141_948],
    ['gold.gold_finance_daily_revenue', 9_899],
    ['gold.daily_revenue_base', 909],
    ['gold.daily_revenue_metrics', 909],
    ['gold.gold_product_weekly_engagement', 159],
    ['gold.gold_product_cohort_retention', 91],
    ['gold.customer_ltv_gold', 4_337],
    ['gold.gold_finance_monthly_revenue_v1', 13],
    ['gold.gold_finance_monthly_revenue_v2', 13],
    ['gold_finance.fact_revenue', 397_263],
    ['gold_finance.monthly_revenue_summary', 13],
    ['pipeline.reconciliation', 16],
    ['dashboards.cohort_retention', 91],
    ['dashboards.cohort_weekly_growth', 159],
    ['dashboards.executive', 13],
    ['gold_features.customer_rfm_features', 36_804],
    ['gold_features.churn_pit_correct', 28_170],
    ['gold_features.product_timeseries_features', 222_367],
    ['gold_marketing.dim_customer', 4_372],
    ['gold_marketing.dim_customer_current', 4_372],
    ['dashboards.revenue', 2_616],
    ['dashboards.customer_segmentation', 4_257],
    ['expectations', 13],
  ])('builds %s with exactly the rows of the reference, %i of them', { timeout: 120_000 }, async (table, rows) => {
    const comparison = await compareWithReference(connection, table, options)
    expect(comparison).toEqual({ rows, onlyInTable: 0, onlyInReference: 0, columns: [] })
  })

  it.each(Object.entries(columnsAsked))(
    'gives %s the columns and types that the specification lists',
    async (name, asked) => {
      const described = await connection.runAndReadAll(`DESCRIBE ${name}`)
      expect(Object.fromEntries(described.getRows())).toEqual(asked)
    },
  )

  it('counts what each expectation finds', async () => {
    const found = await connection.runAndReadAll(
      "SELECT name, failed FROM expectations WHERE dataset = 'gold.fact_sales'",
    )
    expect(Object.fromEntries(found.getRows().map(([name, failed]) => [name, Number(failed)]))).toEqual({
      valid_order_ids: 0,
      positive_revenue: 9_728,
      valid_customer: 134_697,
      complete_data: 134_697,
      known_customer: 134_697,
      known_product: 112,
      known_cost: 134,
    })
  })

  it('keeps the revenue of the source to the penny', async () => {
    const sums = await connection.runAndReadAll(`SELECT CAST(sum(r) AS VARCHAR) FROM (
      SELECT sum(net_revenue) AS r FROM gold.fact_sales UNION ALL SELECT sum(net_revenue) FROM gold.fact_sales__quarantine)`)
    // The source's 9,747,747.93 less its cancelled lines, -695,732.79.
    expect(sums.getRows()).toEqual([['10443480.72']])
  })
})
