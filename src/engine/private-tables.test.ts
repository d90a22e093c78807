import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes } from '@/testing/parquet-files'

const FILES = {
  'spark-pipeline.yml': 'name: shop\nschema: gold\n',
  'sources/orders.sql': 'CREATE TABLE silver.orders (id BIGINT, day DATE, price INT);',
  'transformations/daily.sql': `CREATE PRIVATE MATERIALIZED VIEW gold.daily (
    CONSTRAINT sold EXPECT (revenue > 0) ON VIOLATION DROP ROW
  ) AS SELECT day, sum(price) AS revenue FROM silver.orders GROUP BY day`,
  'transformations/best.sql': 'CREATE MATERIALIZED VIEW gold.best AS SELECT max(revenue) AS revenue FROM gold.daily',
}
const ROWS = `SELECT * FROM (VALUES (1::BIGINT, DATE '2024-01-01', 5::INTEGER), (2, DATE '2024-01-02', 0)) AS t(id, day, price)`
let engine: TestEngine

beforeAll(async () => {
  engine = await openTestEngine({ pipeline: Object.entries(FILES).map(([path, text]) => ({ path, text })) })
  await engine.api.load({ files: [dropped('orders.parquet', await parquetBytes(ROWS))] })
  expect(await engine.api.run({ asOf: '2024-01-03' })).toMatchObject({ status: 'completed' })
})
afterAll(() => engine.close())

it('a private table and its quarantine are marked, and what is built of it is not', async () => {
  const marks = (await engine.api.tables()).map((table) => [table.name, table.private ?? false])
  expect(Object.fromEntries(marks)).toMatchObject({
    'gold.best': false,
    'gold.daily': true,
    'gold.daily__quarantine': true,
    'silver.orders': false,
  })
})

it('a private table is stored like any other, so a refresh and whoever writes the pipeline find it', async () => {
  const { rows } = await engine.api.query({ sql: 'SELECT * FROM gold.daily' })
  expect(rows).toBe(1)
  expect(await engine.api.history({ table: 'gold.daily' })).toMatchObject([{ version: 0 }])
})

it('a private table is not exported, not even by name', async () => {
  const all = await engine.api.exportGold({ format: 'csv' })
  const best = await engine.api.exportGold({ format: 'csv', tables: ['gold.best'] })
  expect(all.size).toBe(best.size)
  for (const table of ['gold.daily', 'gold.daily__quarantine']) {
    await expect(engine.api.exportGold({ tables: [table] })).rejects.toMatchObject({
      cause: { code: 'export.unknown_table' },
    })
  }
})
