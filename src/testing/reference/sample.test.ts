import type { DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { compareWithReference } from './compare'
import { openSilver, runModels, sampleQuery, sourceDeclarations, sourceRows } from './run-models'

const lines = 20_000
const seed = 42
const asOf = '2025-12-31'

/** The tables that are made in one piece. */
const smallTables = ['customers', 'products', 'dates', 'holidays', 'campaigns', 'user_events']

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
    const small = smallTables.map((table) => [table, sampleQuery(table, { lines, seed })])
    connection = await openSilver({ orders: orders(), ...Object.fromEntries(small) })
    await runModels(connection, { asOf })
  }, 60_000)

  it.each(['orders', ...smallTables])('has the columns that the source silver.%s declares', async (table) => {
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
        ['20000', '19218', '19914', '19990', '200009962', '20199914326', '262449437', '205717593', '101143'],
        ['2250322.94', '424.525', '34544604755633000000', '34545486157200000000'],
      ].flat(),
    )
    const digests = await connection.runAndReadAll(
      smallTables
        .map(
          (table) =>
            `SELECT '${table}', md5(string_agg(md5(CAST(t AS VARCHAR)), '' ORDER BY CAST(t AS VARCHAR))) FROM silver.${table} AS t`,
        )
        .join(' UNION ALL '),
    )
    expect(Object.fromEntries(digests.getRows())).toEqual({
      campaigns: 'ee51786ac0ed25fdc6a6fbcedda737d3',
      customers: 'be3533df2fae82c1d7c96f7d7b2e5654',
      dates: '2ae5f8e46be3c1e85eaa135dd5f85a2d',
      holidays: '4204317f6da76bf705e2a30e86cb2733',
      products: '830a3533b0aa6798a26b9fa3eed32722',
      user_events: '91512199cfe5c9ca2f7cb11efa921ef8',
    })
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

  it('lets some customers leave and others stay, by their segment', async () => {
    // Of the customers who ordered in 2023, the share in percent that ordered in the second half of 2025.
    const sql = `WITH years AS (
        SELECT customer_id, bool_or(order_date < DATE '2024-01-01') AS early, bool_or(order_date >= DATE '2025-07-01') AS late
        FROM gold.fact_sales GROUP BY customer_id),
      kept AS (SELECT segment, count(*) FILTER (late) * 100 // count(*) AS share
        FROM years JOIN (SELECT customer_id, arg_max(segment, _updated_at) AS segment FROM silver.customers GROUP BY 1) USING (customer_id)
        WHERE early GROUP BY segment)
      SELECT (SELECT share FROM kept WHERE segment = 'Premium') > (SELECT share FROM kept WHERE segment = 'Budget'),
        min(share) > 5, max(share) < 80 FROM kept WHERE segment IN ('Premium', 'Standard', 'Budget')`
    expect(await value(connection, sql)).toEqual(['true', 'true', 'true'])
  })

  it('has customers that change segment once and twice, in order of time', async () => {
    const sql = `SELECT count(*) FILTER (n = 2) > 0, count(*) FILTER (n = 3) > 0, max(n), bool_and(n = times), bool_and(n = 1 OR segments = n)
      FROM (SELECT count(*) AS n, count(DISTINCT _updated_at) AS times, count(DISTINCT segment) AS segments
        FROM silver.customers GROUP BY customer_id)`
    expect(await value(connection, sql)).toEqual(['true', 'true', '3', 'true', 'true'])
  })

  it('has a segment that begins late, customers without one, and a day without sales', async () => {
    const sql = `SELECT min(order_date) FILTER (customer_segment = 'Business') >= DATE '2024-07-01',
        count(*) FILTER (customer_segment IS NULL AND customer_name IS NOT NULL) > 0,
        count(*) FILTER (month(order_date) = 12 AND day(order_date) = 25)
      FROM gold.fact_sales`
    expect(await value(connection, sql)).toEqual(['true', 'true', '0'])
  })

  it('has campaigns that cost nothing, that bring nothing, and that bring more when more is sold', async () => {
    const sql = `SELECT count(*) FILTER (cost = 0 AND clicks > 0) > 0, count(*) FILTER (conversions = 0 AND cost > 0) > 0,
        count(*) FILTER (impressions = 0) > 0, count(*) FILTER (conversions > clicks) BETWEEN 1 AND 20,
        sum(conversions) FILTER (month(campaign_date) IN (11, 12)) > 1.3 * sum(conversions) FILTER (month(campaign_date) IN (1, 2))
      FROM gold_marketing.campaign_performance`
    expect(await value(connection, sql)).toEqual(['true', 'true', 'true', 'true', 'true'])
  })

  it('has events of customers who have arrived, and a flag that more and more of them see', async () => {
    const sql = `SELECT count(*) FILTER (user_id IS NULL) BETWEEN 1 AND count(*) // 10,
        count(*) FILTER (user_id IS NOT NULL AND created_at IS NULL), bool_and(created_at < event_date + 1),
        count(*) FILTER (feature_flag = 'one_click_checkout' AND event_date >= '2025-12-01') * 2
          > count(*) FILTER (event_date >= '2025-12-01'),
        count(*) FILTER (feature_flag = 'one_click_checkout' AND event_date < '2025-09-27')
      FROM gold_product.fact_user_events
      LEFT JOIN (SELECT customer_id, min(created_at) AS created_at FROM silver.customers GROUP BY 1) AS c ON c.customer_id = user_id`
    expect(await value(connection, sql)).toEqual(['true', '0', 'true', 'true', '0'])
  })

  it('tells about one line in 500 twice, and which row is the later', async () => {
    const sql = `SELECT count(*), count(*) FILTER (n = 2), min(distinct_times) FROM (
      SELECT count(*) AS n, count(DISTINCT (_updated_at, _processed_date)) AS distinct_times
      FROM silver.orders GROUP BY order_id HAVING count(*) > 1)`
    expect(await value(connection, sql)).toEqual(['38', '38', '2'])
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
    const comparison = await compareWithReference(connection, table, { asOf, dates: true, holidays: true })
    expect(comparison).toMatchObject({ onlyInTable: 0, onlyInReference: 0, columns: [] })
    expect(comparison.rows).toBeGreaterThan(9)
  })
})
