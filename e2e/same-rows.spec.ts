import { readAll } from '@/store/read-all'
import { openTestEngine } from '@/testing/node-engine'
import { expect, test } from './fixtures'
import { builtTables } from './retail'

const sample = { lines: 50_000, seed: 7 }
const asOf = '2024-06-30'

/** One value for all rows, whatever their order; `_update_id` is another in every update. */
function digestSql(table: string, columns: string[]): string {
  const row = columns
    .filter((name) => name !== '_update_id')
    .map((name) => `"${name}"`)
    .sort()
    .join(', ')
  return `SELECT count(*), CAST(sum(hash(CAST(row(${row}) AS VARCHAR))) AS VARCHAR) FROM ${table}`
}

const tables = [
  ...['silver.orders', 'silver.customers', 'silver.products', 'silver.dates', 'silver.campaigns', 'silver.user_events'],
  ...builtTables,
  ...[
    'gold.gold_product_weekly_engagement',
    'gold.gold_product_cohort_retention',
    'gold.gold_finance_monthly_revenue_v2',
  ],
  ...['gold_finance.fact_revenue', 'gold_finance.monthly_revenue_summary'],
  ...['gold_features.customer_rfm_features', 'gold_features.churn_pit_correct', 'gold_features.product_daily_sales'],
  ...['gold_marketing.campaign_performance', 'gold_product.fact_user_events', 'gold_product.feature_adoption_daily'],
]

test('the engine gives the same rows in WebAssembly, with threads, as on native DuckDB', async ({ goldsmith }) => {
  const native = await openTestEngine()
  try {
    await native.api.loadSample(sample)
    const report = await native.api.run({ asOf })
    expect(report.status).toBe('completed')
    const inBrowser = await goldsmith.call(
      async (page, { request, date }) => {
        await page.loadSample(request)
        return page.run({ asOf: date })
      },
      { request: sample, date: asOf },
    )
    const figures = ({ datasets }: typeof report) =>
      datasets.map(({ name, status, rowsWritten, rowsDropped, expectations }) => ({
        name,
        status,
        rowsWritten,
        rowsDropped,
        expectations,
      }))
    expect(figures(inBrowser)).toEqual(figures(report))
    const described = await native.api.tables()
    for (const table of tables) {
      const columns = described.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? []
      expect(columns.length, table).toBeGreaterThan(1)
      const query = { sql: digestSql(table, columns), dialect: 'duckdb' as const }
      const expected = (await readAll(native.api, query)).rows
      expect(Number(expected[0]?.[0]), table).toBeGreaterThan(9)
      const found = await goldsmith.call((page, { sql, dialect }) => page.query(sql, { dialect }), query)
      expect(found.rows, table).toEqual(expected)
    }
  } finally {
    await native.close()
  }
})
