/** An incremental refresh gives the rows of a full rebuild, whatever changes and wherever a run breaks off. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatasetReport } from '@/domain/automation'
import { quoteLiteral } from '@/domain/sql/quote'
import type { FileStore } from '@/engine/ports'
import type { InputFile } from '@/rpc/contract'
import { incrementalPipeline, incrementalReference } from '@/testing/incremental-pipeline'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { StumblingFileStore } from '@/testing/stumbling-file-store'

type Value = string | number | null
type Row = Value[]
type Table = 'lines' | 'customers' | 'products'
type Silver = Record<Table, Row[]>

const COLUMNS: Record<Table, string> = {
  lines:
    'id BIGINT, sold DATE, customer BIGINT, product BIGINT, quantity INTEGER, price DECIMAL(10,2), status VARCHAR, changed TIMESTAMP',
  customers: 'customer BIGINT, segment VARCHAR, changed TIMESTAMP',
  products: 'product BIGINT, category VARCHAR',
}

/** One thing that happens to the Silver tables between two updates. `at` chooses a row, `time` places it before or after others. */
type Event =
  | { kind: 'line'; id: number; row: Row; time: number }
  | { kind: 'correct' | 'cancel' | 'repeat' | 'remove'; table: Table; at: number; row: Row }
  | { kind: 'customer'; key: number; segment: string | null; time: number }
  | { kind: 'product'; key: number; category: string | null }

const id = fc.integer({ min: 1, max: 12 })
const key = fc.integer({ min: 1, max: 4 })
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 8, nil: null })
const line = fc.tuple(
  orNull(fc.integer({ min: 1, max: 5 }).map((day) => `2024-01-0${day}`)),
  orNull(key),
  orNull(key),
  orNull(fc.integer({ min: -1, max: 4 })),
  orNull(fc.integer({ min: 1, max: 999 }).map((cents) => (cents / 100).toFixed(2))),
  orNull(fc.constantFrom('shipped', 'shipped', 'pending', 'cancelled')),
)
const segment = orNull(fc.constantFrom('A', 'B', 'hidden', ''))
const category = orNull(fc.constantFrom('x', 'y', '', "z'"))
const time = fc.integer({ min: 0, max: 9_999 })
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('line' as const), id, row: line, time }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('correct' as const, 'cancel' as const, 'repeat' as const, 'remove' as const),
      table: fc.constantFrom<Table>('lines', 'lines', 'lines', 'customers', 'products'),
      at: fc.nat(99),
      row: line,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('customer' as const), key, segment, time }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('product' as const), key, category }) },
)
const STEPS = 4
/** How a part of the rows begins, and what happens to it in each step. */
const sequence = fc.record({
  start: fc.array(fc.tuple(id, line, time), { minLength: 5, maxLength: 15 }),
  steps: fc.array(fc.array(event, { maxLength: 3 }), { minLength: STEPS, maxLength: STEPS }),
})
/** Sequences side by side in the same tables, each with keys of its own: one update refreshes them all. */
const SIDE_BY_SIDE = 20
const sequences = fc.record({
  each: fc.array(sequence, { minLength: SIDE_BY_SIDE, maxLength: SIDE_BY_SIDE }),
  /** The write at which an update breaks off before it is run again. */
  failAt: fc.array(fc.option(fc.integer({ min: 1, max: 24 }), { nil: null }), { minLength: STEPS, maxLength: STEPS }),
})

let files: StumblingFileStore
let engine: TestEngine
let writer: DuckDBConnection
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'goldsmith-incremental-'))
  writer = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  files = new StumblingFileStore()
  engine = await open(files)
})

afterAll(async () => {
  await engine.close()
  writer.closeSync()
  rmSync(folder, { recursive: true })
})

const open = (store: FileStore) => openTestEngine({ files: store, pipeline: incrementalPipeline })

describe('an incremental refresh', () => {
  it('gives the rows of a full rebuild after every change, and after runs that broke off', async () => {
    const incremental = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(sequences, async ({ each, failAt }) => {
        await engine.api.reset()
        stamped = 10
        const worlds = each.map(({ start }, index) => initial(index, start))
        await load(engine, together(worlds))
        await update(engine)
        await expectReference(engine)
        for (let step = 0; step < STEPS; step += 1) {
          const before = structuredClone(together(worlds))
          worlds.forEach((world, index) => {
            for (const one of each[index]?.steps[step] ?? []) apply(world, one)
          })
          await load(engine, together(worlds), before)
          files.failAt = failAt[step] ?? null
          // It fails as a whole when only the records of the update could not be written.
          if (files.failAt !== null) await engine.api.run({ asOf: '2024-02-01' }).catch(() => undefined)
          files.failAt = null
          for (const { name, plan } of await update(engine)) {
            if (plan === 'incremental') incremental.set(name, (incremental.get(name) ?? 0) + 1)
          }
          await expectReference(engine)
        }
      }),
      { numRuns: 15, endOnFailure: true },
    )
    // Otherwise the comparison says nothing of incremental runs.
    for (const table of ['sales', 'daily', 'regulars', 'checked']) {
      expect(incremental.get(`gold.${table}`), table).toBeGreaterThan(20)
    }
  }, 400_000)
})

async function update({ api }: TestEngine): Promise<DatasetReport[]> {
  const report = await api.run({ asOf: '2024-02-01' })
  expect(report).toMatchObject({ status: 'completed', problems: [] })
  return report.datasets
}

async function expectReference({ api }: TestEngine): Promise<void> {
  const counts = Object.entries(incrementalReference).map(([table, query]) => {
    const columns = table.endsWith('__quarantine') ? '* EXCLUDE (_failed_expectations, _update_id)' : '*'
    const rows = `SELECT ${columns} FROM ${table}`
    return `SELECT '${table}' AS name, (SELECT count(*) FROM (${rows} EXCEPT ALL ${query})) AS wrong,
      (SELECT count(*) FROM (${query} EXCEPT ALL ${rows})) AS missing`
  })
  const { id: result } = await api.query({ sql: counts.join(' UNION ALL '), dialect: 'duckdb' })
  const found = await api.fetchRows({ id: result, offset: 0, limit: 20 })
  await api.closeResult({ id: result })
  expect(found.filter(([, wrong, missing]) => Number(wrong) + Number(missing) > 0)).toEqual([])
}

/** Keys of one sequence are apart from those of another. */
interface World extends Silver {
  first: number
}

function together(worlds: readonly World[]): Silver {
  return {
    lines: worlds.flatMap(({ lines }) => lines),
    customers: worlds.flatMap(({ customers }) => customers),
    products: worlds.flatMap(({ products }) => products),
  }
}

function initial(index: number, start: [number, Row, number][]): World {
  const first = 100 * index
  const silver: World = {
    first,
    lines: [],
    customers: [
      [first + 1, 'A', stamp(0, 1)],
      [first + 2, 'B', stamp(0, 2)],
    ],
    products: [
      [first + 1, 'x'],
      [first + 2, 'y'],
      [first + 3, null],
    ],
  }
  for (const [lineId, row, at] of start) apply(silver, { kind: 'line', id: lineId, row, time: at })
  return silver
}

/** The latest row of a key must be known, so that no two times are the same. */
function stamp(at: number, unique: number): string {
  return new Date(Date.UTC(2024, 0, 1) + at * 60_000 + unique).toISOString().replace('Z', '')
}

let stamped = 10

function apply(world: World, one: Event): void {
  stamped = (stamped + 1) % 60_000
  const { first } = world
  if (one.kind === 'line') world.lines.push([first + one.id, ...within(first, one.row), stamp(one.time, stamped)])
  else if (one.kind === 'customer') world.customers.push([first + one.key, one.segment, stamp(one.time, stamped)])
  else if (one.kind === 'product') {
    world.products = [
      ...world.products.filter(([product]) => product !== first + one.key),
      [first + one.key, one.category],
    ]
  } else change(world, one)
}

/** A line with the customer and the product of its own sequence. */
function within(first: number, [sold = null, customer, product, ...rest]: Row): Row {
  const keyOf = (value: Value | undefined) => (typeof value === 'number' ? first + value : null)
  return [sold, keyOf(customer), keyOf(product), ...rest]
}

function change(world: World, { kind, table, at, row }: Extract<Event, { at: number }>): void {
  const rows = world[table]
  const chosen = rows[at % Math.max(1, rows.length)]
  if (chosen === undefined || rows.length < 2) return
  if (kind === 'remove') world[table] = rows.filter((other) => other !== chosen)
  else if (table !== 'lines') return
  else if (kind === 'repeat') rows.push([...chosen])
  else if (kind === 'cancel') rows.push([...chosen.slice(0, 6), 'cancelled', stamp(9_999, ++stamped)])
  // Corrected without a newer time: every copy of the row, or there would be two latest rows.
  else {
    const corrected = [chosen[0] ?? null, ...within(world.first, row), chosen[7] ?? null]
    world.lines = rows.map((other) => (other[0] === chosen[0] && other[7] === chosen[7] ? corrected : other))
  }
}

/** Loads the tables that differ from those before. */
async function load({ api }: TestEngine, silver: Silver, before?: Silver): Promise<void> {
  const inputs: InputFile[] = []
  for (const table of ['lines', 'customers', 'products'] as const) {
    if (JSON.stringify(silver[table]) === JSON.stringify(before?.[table])) continue
    const path = join(folder, `${table}.parquet`)
    const columns = COLUMNS[table].split(', ').map((column) => column.split(' '))
    const casts = columns.map(([name, type]) => `CAST(${name} AS ${type}) AS ${name}`).join(', ')
    const rows = silver[table].map((row) => `(${row.map(literal).join(', ')})`).join(', ')
    await writer.run(
      `COPY (SELECT ${casts} FROM (VALUES ${rows}) AS v(${columns.map(([name]) => name).join(', ')}))
       TO ${quoteLiteral(path)} (FORMAT parquet)`,
    )
    inputs.push({ path: `${table}.parquet`, file: new File([readFileSync(path)], `${table}.parquet`) })
  }
  if (inputs.length === 0) return
  const { rejected, sources } = await api.load({ files: inputs, mode: 'replace' })
  expect(rejected).toEqual([])
  expect(sources.flatMap(({ problems }) => problems)).toEqual([])
}

function literal(value: Value): string {
  return value === null ? 'NULL' : typeof value === 'number' ? String(value) : quoteLiteral(value)
}
