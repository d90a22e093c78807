import type { DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { compareWithReference } from './compare'
import { openSilver, runModels, sampleQuery, sourceDeclarations, sourceRows } from './run-models'

const lines = 20_000
const seed = 42
const asOf = '2025-12-31'

async function value(connection: DuckDBConnection, sql: string): Promise<string[]> {
  const result = await connection.runAndReadAll(sql)
  return (result.getRows()[0] ?? []).map(String)
}

function orders(parameters: { seed?: number; first?: number; last?: number } = {}): string {
  return sampleQuery('orders', { lines, seed, first: 1, last: lines, ...parameters })
}

describe('the generated sample', () => {
  let connection: DuckDBConnection

  beforeAll(async () => {
    connection = await openSilver({
      orders: orders(),
      customers: sampleQuery('customers', { lines, seed }),
      products: sampleQuery('products', { lines, seed }),
    })
    await runModels(connection, { asOf })
  }, 60_000)

  it.each(['orders', 'customers', 'products'])('has the columns that the source silver.%s declares', async (table) => {
    const columns = sourceDeclarations().find((source) => source.name.parts.at(-1) === table)?.columns ?? []
    const nothing = await sourceRows(table, `(${columns.map(() => 'NULL').join(', ')})`)
    const declared = await connection.runAndReadAll(`DESCRIBE ${nothing}`)
    const generated = await connection.runAndReadAll(`DESCRIBE silver.${table}`)
    expect(generated.getRows()).toEqual(declared.getRows())
  })

  it('gives the same rows for the same arguments on every platform', async () => {
    const ofOrders = `SELECT count(*), count(customer_id), count(discount), count(order_status), sum(order_id),
        sum(CAST(order_number AS BIGINT)), sum(customer_id), sum(product_id), sum(quantity), sum(quantity * unit_price),
        sum(discount), sum(epoch_us(_updated_at)), sum(epoch_us(_processed_date))
      FROM silver.orders`
    // The same in WebAssembly.
    expect(await value(connection, ofOrders)).toEqual(
      [
        ['20000', '19225', '19914', '19966', '200009961', '20199913164', '247457079', '205717429', '101291'],
        ['2254080.44', '424.250', '34545806420558000000', '34546684689000000000'],
      ].flat(),
    )
    const ofOthers = `SELECT
        (SELECT md5(string_agg(md5(CAST(c AS VARCHAR)), '' ORDER BY CAST(c AS VARCHAR))) FROM silver.customers AS c),
        (SELECT md5(string_agg(md5(CAST(p AS VARCHAR)), '' ORDER BY CAST(p AS VARCHAR))) FROM silver.products AS p)`
    expect(await value(connection, ofOthers)).toEqual([
      '50e1a16c82ca2e67e397a0f7172706be',
      '830a3533b0aa6798a26b9fa3eed32722',
    ])
  })

  it('gives other rows for another seed', async () => {
    const sql = `SELECT count(*) FROM (${orders({ seed: 43 })} INTERSECT SELECT * FROM silver.orders)`
    expect(Number((await value(connection, sql))[0])).toBeLessThan(lines / 1000)
  })

  it('takes any whole number as seed', async () => {
    for (const extreme of [0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      expect(await value(connection, `SELECT count(*) FROM (${orders({ seed: extreme })})`)).toEqual([`${lines}`])
    }
  })

  it('is the same whatever the batches in which it is generated', async () => {
    const range = fc.tuple(fc.integer({ min: 1, max: lines }), fc.integer({ min: 1, max: lines }))
    await fc.assert(
      fc.asyncProperty(range, async ([a, b]) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)]
        const batch = orders({ first, last })
        const whole = `SELECT * FROM silver.orders LIMIT ${last - first + 1} OFFSET ${first - 1}`
        const sql = `SELECT (SELECT count(*) FROM (${batch})), (SELECT count(*) FROM (${batch} EXCEPT ALL (${whole})))`
        expect(await value(connection, sql)).toEqual([`${last - first + 1}`, '0'])
      }),
      { numRuns: 15 },
    )
  })

  it('is in order of date, so that zone maps work', async () => {
    const sql = `SELECT count(*) FROM (SELECT order_date < lag(order_date) OVER (ORDER BY rowid) AS back FROM silver.orders) WHERE back`
    expect(await value(connection, sql)).toEqual(['0'])
  })

  it('lets an order be of one day and one customer', async () => {
    const sql = `SELECT max(days), max(customers), max(lines) BETWEEN 8 AND 17 FROM (
      SELECT count(DISTINCT order_date) AS days, count(DISTINCT coalesce(customer_id, 0)) AS customers, count(*) AS lines
      FROM silver.orders GROUP BY order_number)`
    expect(await value(connection, sql)).toEqual(['1', '1', 'true'])
  })

  it('lets nobody order before the account was opened', async () => {
    const sql = `SELECT count(*) FROM silver.orders JOIN silver.customers USING (customer_id) WHERE order_date < CAST(created_at AS DATE)`
    expect(await value(connection, sql)).toEqual(['0'])
  })

  it('tells about one line in 500 twice, and which row is the later', async () => {
    const sql = `SELECT count(*), count(*) FILTER (n = 2), min(distinct_times) FROM (
      SELECT count(*) AS n, count(DISTINCT (_updated_at, _processed_date)) AS distinct_times
      FROM silver.orders GROUP BY order_id HAVING count(*) > 1)`
    expect(await value(connection, sql)).toEqual(['39', '39', '2'])
  })

  it('has every kind of line that the expectations look for', async () => {
    const failed = await connection.runAndReadAll(
      `SELECT name FROM expectations WHERE dataset = 'gold.fact_sales' AND failed BETWEEN 1 AND ${lines / 10} ORDER BY name`,
    )
    expect(failed.getRows().flat()).toEqual([
      'complete_data',
      'known_cost',
      'known_customer',
      'known_product',
      'positive_revenue',
      'valid_customer',
    ])
  })

  it.each([
    'gold_common.dim_date',
    'gold.fact_sales',
    'gold.fact_sales__quarantine',
    'gold.gold_finance_daily_revenue',
    'gold.daily_revenue_metrics',
    'gold.gold_product_weekly_engagement',
    'gold.gold_product_cohort_retention',
    'gold.customer_ltv_gold',
    'gold.gold_finance_monthly_revenue_v1',
    'gold.gold_finance_monthly_revenue_v2',
    'gold_finance.fact_revenue',
    'gold_finance.monthly_revenue_summary',
    'pipeline.reconciliation',
    'gold_features.customer_rfm_features',
    'gold_features.churn_pit_correct',
    'gold_features.product_timeseries_features',
    'gold_features.product_timeseries_recent',
    'gold_marketing.campaign_performance',
    'gold_product.fact_user_events',
    'gold_product.feature_adoption_daily',
    'gold_marketing.dim_customer',
    'gold_marketing.dim_customer_current',
    'dashboards.revenue',
    'dashboards.cohort_retention',
    'dashboards.cohort_weekly_growth',
    'dashboards.executive',
    'dashboards.customer_segmentation',
    'dashboards.campaigns',
    'dashboards.product_health',
    'expectations',
  ])('lets the pipeline build %s as the reference has it', async (table) => {
    const comparison = await compareWithReference(connection, table, { asOf, dates: false, holidays: false })
    expect(comparison).toMatchObject({ onlyInTable: 0, onlyInReference: 0, columns: [] })
    expect(comparison.rows).toBeGreaterThan(9)
  })
})
