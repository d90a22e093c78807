import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { expect, type GoldsmithPage, test } from './fixtures'
import { buildRetail, builtTables, loadFrom, place, retailFolder, retailNames, retailRun, serveFile } from './retail'

/** One value for all rows of each table, whatever their order. */
const contents = (goldsmith: GoldsmithPage) =>
  goldsmith.call(
    async (page, tables) => {
      const found: Record<string, unknown> = {}
      for (const table of tables) {
        // Every update has its own identifier.
        const rows = table.endsWith('__quarantine') ? `(SELECT * EXCLUDE (_update_id) FROM ${table})` : table
        const sql = `SELECT count(*), CAST(sum(hash(CAST(t AS VARCHAR))) AS VARCHAR) FROM ${rows} AS t`
        found[table] = (await page.query(sql, { dialect: 'duckdb' })).rows[0]
      }
      return found
    },
    [...builtTables],
  )

const versions = (goldsmith: GoldsmithPage) =>
  goldsmith.call(async (page) => {
    const gold = (await page.tables()).filter(({ layer, version }) => layer === 'gold' && version !== null)
    return Object.fromEntries(gold.map(({ name, version }) => [name, version]))
  })

test('Gold outlives the page: after a reload without files its rows and history are there', async ({ goldsmith }) => {
  await buildRetail(goldsmith)
  const before = await contents(goldsmith)
  expect(before['gold.fact_sales']).toEqual([397_880n, expect.any(String)])
  const history = await goldsmith.call((page) => page.history('gold.fact_sales'))
  expect(history.map(({ version }) => version)).toEqual([0])

  await goldsmith.page.reload()
  await goldsmith.ready()
  expect(await contents(goldsmith)).toEqual(before)
  expect(await goldsmith.call((page) => page.history('gold.fact_sales'))).toEqual(history)
  const silver = await goldsmith.call(async (page) => (await page.tables()).filter(({ layer }) => layer === 'silver'))
  expect(silver).toEqual([])
  const refused = await goldsmith
    .call((page) => page.query('SELECT * FROM silver.orders'))
    .then(() => null)
    .catch((error: Error) => error.cause)
  expect(refused).toMatchObject({ code: 'sql.source_absent' })

  await test.step('the page shows what is stored', async () => {
    const { page } = goldsmith
    await place(page, 'Catalog').click()
    await page.getByRole('navigation', { name: 'Tables' }).getByTitle('gold.fact_sales', { exact: true }).click()
    await page.getByRole('tab', { name: 'Data' }).click()
    await expect(page.getByRole('grid', { name: 'Rows of gold.fact_sales' })).toHaveAttribute('aria-rowcount', '397881')
  })

  await test.step('reset forgets all of it', async () => {
    const stored = () =>
      goldsmith.call(async (page) =>
        (await page.tables()).filter(({ kind }) => kind !== 'view').map(({ name }) => name),
      )
    expect(await stored()).toContain('gold.fact_sales')
    await place(goldsmith.page, 'SQL').click()
    await goldsmith.page.getByRole('radiogroup', { name: 'SQL dialect' }).getByText('DuckDB SQL').click()
    const remembered = () => goldsmith.page.evaluate(() => Object.keys(localStorage))
    expect(await remembered()).not.toEqual([])
    await goldsmith.call((page) => page.reset())
    expect(await remembered()).toEqual([])
    expect(await stored()).toEqual([])
    await expect(goldsmith.page.getByTitle('gold.fact_sales', { exact: true })).toHaveCount(0)
    await goldsmith.page.reload()
    await goldsmith.ready()
    expect(await stored()).toEqual([])
  })
})

test('an update on the same input writes nothing, and the page says why; one changed row writes what it changes', async ({
  goldsmith,
}) => {
  const { page } = goldsmith
  await buildRetail(goldsmith)
  const first = await versions(goldsmith)
  const before = await contents(goldsmith)
  expect(new Set(Object.values(first))).toEqual(new Set([0]))

  await test.step('the same input', async () => {
    await goldsmith.call((api, options) => api.run(options), retailRun)
    const again = await goldsmith.call((api, options) => api.run(options), retailRun)
    const stored = again.datasets.filter(({ kind }) => kind !== 'view')
    expect(stored.map(({ name, plan, status, version }) => [name, plan, status, version])).toEqual(
      stored.map(({ name }) => [name, 'skip', 'skipped', 0]),
    )
    expect(await versions(goldsmith)).toEqual(first)
    await place(page, 'Pipeline').click()
    const summary = page.getByRole('region', { name: 'Last update' })
    await expect(summary).toBeVisible()
    for (const { name, reason } of stored) {
      const item = summary.getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) })
      expect(reason, name).not.toBe('')
      await expect(item).toContainText(reason)
    }
  })

  await test.step('the same rows in files loaded anew', async () => {
    await loadFrom(
      goldsmith,
      retailNames.map((name) => `/samples/online-retail/${name}.parquet`),
    )
    await goldsmith.call((api, options) => api.run(options), retailRun)
    expect(await versions(goldsmith)).toEqual(first)
  })

  await test.step('one changed row', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'goldsmith-orders-'))
    try {
      await writeChangedOrders(join(folder, 'orders.parquet'))
      await serveFile(page, '/changed/orders.parquet', join(folder, 'orders.parquet'))
      await loadFrom(goldsmith, ['/changed/orders.parquet'])
    } finally {
      rmSync(folder, { recursive: true })
    }
    const report = await goldsmith.call((api, options) => api.run(options), retailRun)
    expect(report.status).toBe('completed')
    expect(await versions(goldsmith)).toEqual({
      ...first,
      'gold_common.dim_date': expect.any(Number),
      'gold.fact_sales': 1,
      'gold.gold_finance_daily_revenue': 1,
      'gold.daily_revenue_metrics': 1,
      'gold.customer_ltv_gold': 1,
      'gold.fact_sales__quarantine': expect.any(Number),
      'gold.daily_revenue_metrics__quarantine': expect.any(Number),
    })
    expect((await goldsmith.call((api) => api.history('gold.fact_sales'))).map(({ version }) => version)).toEqual([
      1, 0,
    ])
    const { rows } = await goldsmith.call((api) =>
      api.query('SELECT quantity, CAST(gross_revenue AS STRING) FROM gold.fact_sales WHERE order_id = 1'),
    )
    expect(rows).toEqual([[1006, '2565.30']])
    // Only the changed line and the sums that it is part of may differ.
    const after = await contents(goldsmith)
    for (const table of ['gold_common.dim_date', 'gold.fact_sales__quarantine']) {
      expect(after[table], table).toEqual(before[table])
    }
    expect(after['gold.fact_sales']).not.toEqual(before['gold.fact_sales'])
  })
})

/** Online Retail's orders with a thousand more in the first line (6 at 2.55). */
async function writeChangedOrders(path: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`COPY (
    SELECT * REPLACE (CASE WHEN order_id = 1 THEN quantity + 1000 ELSE quantity END AS quantity)
    FROM read_parquet('${join(retailFolder, 'orders.parquet')}')) TO '${path}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
}
