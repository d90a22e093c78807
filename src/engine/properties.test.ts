/** What holds for any Silver data: no line is lost or counted twice, and only changed rows make a new version. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { quoteLiteral } from '@/domain/sql/quote'
import type { InputFile } from '@/rpc/contract'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { compareWithReference } from '@/testing/reference/compare'
import { sourceRows } from '@/testing/reference/run-models'

const asOf = '2021-02-10'
const built = [
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
]

type Value = string | number | null
/** One row of a Silver table, its values in the order in which the pipeline declares the columns. */
type Row = Value[]
interface Silver {
  orders: Row[]
  customers: Row[]
  products: Row[]
}

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 8, nil: null })
const cents = (min: number, max: number) => fc.integer({ min, max }).map((value) => (value / 100).toFixed(2))
// Leap day, the ends of two ISO years, windows of 30 days with gaps.
const day = fc.integer({ min: 0, max: 420 }).map((offset) => isoDay(Date.UTC(2019, 11, 20) + offset * 86_400_000))
const nearby = fc.integer({ min: 0, max: 9 }).map((offset) => isoDay(Date.UTC(2020, 1, 25) + offset * 86_400_000))
const hostile = fc.constantFrom('', "O'Brien; --", '"quoted"', '=1+1', '🪙', 'ß', ' padded ', 'NULL')

const orders = fc.array(
  fc.tuple(
    fc.integer({ min: 1, max: 25 }),
    orNull(fc.constantFrom('A1', 'A2', 'B1')),
    orNull(fc.oneof(day, nearby)),
    fc.constant(null),
    orNull(fc.integer({ min: -1, max: 6 })),
    orNull(fc.integer({ min: 1, max: 5 })),
    orNull(fc.integer({ min: -20, max: 60 })),
    orNull(cents(-500, 99_999)),
    orNull(fc.integer({ min: 0, max: 1000 }).map((mills) => (mills / 1000).toFixed(3))),
    orNull(fc.constantFrom('GBP', 'EUR')),
    orNull(fc.constant('paypal')),
    orNull(fc.constantFrom('pending', 'shipped', 'delivered', 'delivered', 'returned', 'cancelled', 'lost', '')),
  ),
  { minLength: 1, maxLength: 40 },
)
const customers = fc.uniqueArray(
  fc.tuple(
    fc.integer({ min: 0, max: 5 }),
    orNull(hostile),
    orNull(hostile),
    orNull(fc.constantFrom('Premium', 'Budget', '')),
    orNull(hostile),
  ),
  { minLength: 1, maxLength: 8, selector: JSON.stringify },
)
const products = fc.array(
  fc.tuple(
    fc.integer({ min: 1, max: 4 }),
    orNull(hostile),
    orNull(fc.constantFrom('Toys', 'Books')),
    orNull(hostile),
    orNull(cents(0, 50_000)),
  ),
  { minLength: 1, maxLength: 6 },
)

/** Which row of a key is the latest must be known: times of `_updated_at` may tie or miss, the last column never does. */
const silver: fc.Arbitrary<Silver> = fc.record({ orders, customers, products }).chain((rows) =>
  fc
    .tuple(
      fc.array(orNull(fc.integer({ min: 0, max: 2 })), {
        minLength: rows.orders.length,
        maxLength: rows.orders.length,
      }),
      fc.shuffledSubarray([...rows.orders.keys()], { minLength: rows.orders.length }),
    )
    .map(([updates, processed]) => ({
      orders: rows.orders.map((row, i) => {
        const update = updates[i] ?? null
        return [...row, minute(processed[i] ?? i), update === null ? null : minute(update)]
      }),
      customers: rows.customers.map((row, i) => [...row, minute(0), 'web', minute(i)]),
      products: rows.products.map((row, i) => [...row, minute(i)]),
    })),
)

let engine: TestEngine
let writer: DuckDBConnection
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'goldsmith-silver-'))
  engine = await openTestEngine()
  writer = await (await DuckDBInstance.create(':memory:')).connect()
})

afterAll(async () => {
  await engine.close()
  writer.closeSync()
  rmSync(folder, { recursive: true })
})

it('holds for any Silver data: every line is accounted for, results are the reference’s, and the same rows change nothing', async () => {
  await fc.assert(
    fc.asyncProperty(silver, fc.subarray(built, { minLength: 2, maxLength: 3 }), async (data, compared) => {
      await load(data)
      const report = await engine.api.run({ asOf })
      expect(report).toMatchObject({ status: 'completed', problems: [] })
      await expectEveryLineAccountedFor(data)
      for (const table of compared) {
        const comparison = await compareWithReference(engine.database.connection, table, {
          asOf,
          dates: false,
          holidays: false,
        })
        expect(comparison, table).toMatchObject({ onlyInTable: 0, onlyInReference: 0 })
        expect(comparison.columns, table).toEqual(table.endsWith('__quarantine') ? ['_update_id VARCHAR'] : [])
      }
      const stored = await versions()
      await expectNothingToDo(stored)
      await load({
        orders: data.orders.toReversed(),
        customers: data.customers.toReversed(),
        products: data.products.toReversed(),
      })
      await expectNothingToDo(stored)
    }),
    { numRuns: 9, endOnFailure: true },
  )
}, 240_000)

async function load(data: Silver): Promise<void> {
  const files: InputFile[] = []
  for (const table of ['orders', 'customers', 'products'] as const) {
    const path = join(folder, `${table}.parquet`)
    const rows = data[table].map((row) => `(${row.map(literal).join(', ')})`)
    await writer.run(`COPY (${await sourceRows(table, rows.join(', '))}) TO ${quoteLiteral(path)} (FORMAT parquet)`)
    files.push({ path: `${table}.parquet`, file: new File([readFileSync(path)], `${table}.parquet`) })
  }
  const { rejected, sources } = await engine.api.load({ files, mode: 'replace' })
  expect(rejected).toEqual([])
  expect(sources.flatMap(({ problems }) => problems)).toEqual([])
}

/** Lines of Silver = lines of Gold + cancelled + superseded + quarantined, counted here without SQL. */
async function expectEveryLineAccountedFor({ orders: lines }: Silver): Promise<void> {
  const latest = new Map<Value, Row>()
  for (const row of lines) {
    const other = latest.get(row[0] ?? null)
    if (other === undefined || sequence(row) > sequence(other)) latest.set(row[0] ?? null, row)
  }
  const superseded = lines.length - latest.size
  const cancelled = [...latest.values()].filter((row) => row[11] === 'cancelled').length
  const [gold, held] = await Promise.all(['gold.fact_sales', 'gold.fact_sales__quarantine'].map(count))
  expect(Number(gold) + Number(held) + cancelled + superseded).toBe(lines.length)
}

function sequence(row: Row): string {
  return `${row[13] ?? '0000'} ${row[12]}`
}

async function expectNothingToDo(stored: Record<string, number | null>): Promise<void> {
  const report = await engine.api.run({ asOf })
  const tables = report.datasets.filter(({ kind }) => kind !== 'view')
  const idle = ['skipped', 'waiting']
  expect(tables.filter(({ plan, status }) => plan !== 'skip' || !idle.includes(status))).toEqual([])
  expect(await versions()).toEqual(stored)
}

async function versions(): Promise<Record<string, number | null>> {
  const tables = (await engine.api.tables()).filter(({ layer }) => layer === 'gold')
  return Object.fromEntries(tables.map(({ name, version }) => [name, version]))
}

async function count(table: string): Promise<number> {
  const result = await engine.database.connection.runAndReadAll(`SELECT count(*) FROM ${table}`)
  return Number(result.getRows()[0]?.[0])
}

function literal(value: Value): string {
  return value === null ? 'NULL' : typeof value === 'number' ? String(value) : quoteLiteral(value)
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

function minute(index: number): string {
  return `2021-01-01 00:${String(index).padStart(2, '0')}:00`
}
