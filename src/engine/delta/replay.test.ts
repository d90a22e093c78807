/** The log of a table that was built more than once, read by code that is not the product's own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quoteLiteral } from '@/domain/sql/quote'
import { GoldStore } from '@/engine/gold/gold-store'
import { type ReplayedTable, replayDelta } from '@/testing/delta-replay'
import { problemsOf } from '@/testing/loaded-engine'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes, SILVER_ROWS } from '@/testing/parquet-files'

/** Every second order is gone, the prices of the others are other ones, and all have moved to another year: other days, other partitions. */
const CHANGED = {
  orders: `SELECT * REPLACE (unit_price + 1 AS unit_price, order_date + INTERVAL 400 DAY AS order_date)
    FROM (${SILVER_ROWS.orders.replace('range(1, 21)', 'range(1, 81)')}) WHERE order_id % 2 = 0`,
  customers: SILVER_ROWS.customers,
  products: SILVER_ROWS.products,
}
const tables = ['gold_common.dim_date', 'gold.fact_sales', 'gold.fact_sales__quarantine', 'gold.customer_ltv_gold']

let engine: TestEngine
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'goldsmith-replay-'))
  engine = await openTestEngine()
}, 60_000)
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true })
})

async function build(silver: Record<keyof typeof SILVER_ROWS, string>): Promise<void> {
  const files = await Promise.all(
    Object.entries(silver).map(async ([table, sql]) => dropped(`${table}.parquet`, await parquetBytes(sql))),
  )
  expect(problemsOf(await engine.api.load({ files }))).toEqual([])
  expect((await engine.api.run({ asOf: '2024-08-01' })).status).toBe('completed')
}

/** The table's folder, copied to disk and replayed. */
async function replayed(table: string, version: number): Promise<ReplayedTable> {
  const root = GoldStore.path(table)
  const target = join(folder, `${table}-${version}`)
  for (const name of await engine.files.list(root)) {
    const path = join(target, name)
    mkdirSync(dirname(path), { recursive: true })
    const blob = await engine.files.open(`${root}/${name}`)
    writeFileSync(path, new Uint8Array(await blob.arrayBuffer()))
  }
  return replayDelta(target)
}

/** Rows of the active files, column by column in the log's order, as text; what only the log knows comes from the log. */
async function storedRows({ files, fields }: ReplayedTable): Promise<string[]> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  await connection.run(`SET TimeZone = 'UTC'`)
  const selects = files.map(({ path, partitionValues }) => {
    const columns = fields.map(({ name, type }) => {
      if (!(name in partitionValues)) return type === 'timestamp' ? `CAST("${name}" AS TIMESTAMP)` : `"${name}"`
      const value = partitionValues[name] ?? null
      return value === null ? 'NULL::INTEGER' : `CAST(${quoteLiteral(value)} AS INTEGER)`
    })
    return `SELECT CAST(row(${columns.join(', ')}) AS VARCHAR) FROM read_parquet(${quoteLiteral(path)}, hive_partitioning = false)`
  })
  const rows = (await connection.runAndReadAll(selects.join(' UNION ALL '))).getRows()
  connection.closeSync()
  return rows.map(([row]) => String(row)).sort()
}

async function queriedRows(table: string, { fields }: ReplayedTable): Promise<string[]> {
  const columns = fields.map(({ name, type }) => (type === 'timestamp' ? `CAST("${name}" AS TIMESTAMP)` : `"${name}"`))
  const sql = `SELECT CAST(row(${columns.join(', ')}) AS VARCHAR) FROM ${table}`
  const { id } = await engine.api.query({ sql, dialect: 'duckdb' })
  const rows = await engine.api.fetchRows({ id, offset: 0, limit: 10_000 })
  await engine.api.closeResult({ id })
  return rows.map(([row]) => String(row)).sort()
}

describe('a Delta log of two versions', () => {
  it('says, replayed by the protocol, which files hold the rows of each', { timeout: 120_000 }, async () => {
    await build(SILVER_ROWS)
    const first = new Map<string, ReplayedTable>()
    for (const table of tables) {
      const log = await replayed(table, 0)
      expect(log, table).toMatchObject({ version: 0, problems: [] })
      expect(await storedRows(log), table).toEqual(await queriedRows(table, log))
      first.set(table, log)
    }
    await build(CHANGED)
    for (const table of tables) {
      const log = await replayed(table, 1)
      expect(log, table).toMatchObject({ version: 1, problems: [] })
      const rows = await storedRows(log)
      expect(rows.length, table).toBeGreaterThan(0)
      expect(rows, table).toEqual(await queriedRows(table, log))
      const before = first.get(table)
      expect(before && rows.join() === (await storedRows(before)).join(), table).toBe(false)
    }
  })
})
