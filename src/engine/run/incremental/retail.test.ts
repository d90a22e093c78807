/** Which datasets of the retail pipeline a refresh follows, and that they are then what a full rebuild makes of them. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { UpdateReport } from '@/domain/automation'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes } from '@/testing/parquet-files'
import { sampleQuery } from '@/testing/reference/run-models'

const asOf = '2025-12-31'
const lines = 3000
const ORDERS = sampleQuery('orders', { lines, seed: 7, first: 1, last: lines })
/** One line in a hundred is corrected, comes on another day, is cancelled, or is not there any more. */
const CHANGED = `SELECT * REPLACE (
    CASE order_id % 400 WHEN 0 THEN quantity + 3 ELSE quantity END AS quantity,
    CASE order_id % 400 WHEN 100 THEN order_date - 40 ELSE order_date END AS order_date,
    CASE order_id % 400 WHEN 200 THEN 'cancelled' ELSE order_status END AS order_status)
  FROM (${ORDERS}) WHERE order_id % 400 <> 300`

let engine: TestEngine
let report: UpdateReport

beforeAll(async () => {
  engine = await openTestEngine()
  await load('customers', sampleQuery('customers', { lines, seed: 7 }))
  await load('products', sampleQuery('products', { lines, seed: 7 }))
  await load('orders', ORDERS)
  await engine.api.run({ asOf })
  await load('orders', CHANGED)
  report = await engine.api.run({ asOf })
}, 120_000)
afterAll(() => engine.close())

async function load(table: string, sql: string): Promise<void> {
  const { rejected } = await engine.api.load({ files: [dropped(`${table}.parquet`, await parquetBytes(sql))] })
  expect(rejected).toEqual([])
}

/** Every stored table's rows as one digest each. */
async function contents(): Promise<Record<string, string>> {
  const names = report.datasets.filter(({ version }) => version !== null).map(({ name }) => name)
  const digests: Record<string, string> = {}
  for (const name of names) {
    const sql = `SELECT md5(string_agg(t::VARCHAR, '|' ORDER BY t::VARCHAR)) FROM ${name} AS t`
    const { id } = await engine.api.query({ sql, dialect: 'duckdb' })
    const [[digest] = []] = await engine.api.fetchRows({ id, offset: 0, limit: 1 })
    await engine.api.closeResult({ id })
    digests[name] = String(digest)
  }
  return digests
}

it('follows changed lines through the fact, its groups and finance’s lines, and rebuilds only what looks at neighbours', () => {
  expect(report.status).toBe('completed')
  const planned = (plan: string) =>
    report.datasets.filter((dataset) => dataset.plan === plan && dataset.kind !== 'view').map(({ name }) => name)
  expect(planned('incremental').sort()).toEqual([
    'gold.customer_ltv_gold',
    'gold.customer_monthly_sales',
    'gold.daily_segment_sales',
    'gold.fact_sales',
    'gold.gold_finance_monthly_revenue_v1',
    'gold.gold_finance_monthly_revenue_v2',
    'gold.recognised_daily_sales',
    'gold.weekly_segment_sales',
    'gold_features.product_daily_sales',
    'gold_features.recognised_order_days',
    'gold_finance.fact_revenue',
    'gold_finance.monthly_revenue_summary',
  ])
  expect(planned('full').sort()).toEqual([
    'gold.daily_revenue_metrics',
    'gold.gold_finance_daily_revenue',
    'gold.gold_product_cohort_retention',
    'gold.gold_product_weekly_engagement',
    'gold_common.dim_date',
    'gold_features.churn_pit_correct',
    'gold_features.customer_rfm_features',
    'gold_features.product_timeseries_features',
    'pipeline.reconciliation',
  ])
})

it('leaves every table as a full rebuild makes it', async () => {
  const refreshed = await contents()
  const rebuilt = await engine.api.run({ asOf, fullRefresh: 'all' })
  const built = rebuilt.datasets.filter(({ kind, status }) => kind !== 'view' && status !== 'waiting')
  expect(built.filter(({ plan }) => plan !== 'full')).toEqual([])
  expect(await contents()).toEqual(refreshed)
})
