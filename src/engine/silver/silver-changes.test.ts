import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Lakehouse } from '@/engine/lakehouse'
import { type NodeDatabase, openNodeDatabase } from '@/testing/node-database'
import { SilverChanges } from './silver-changes'
import type { SilverTable } from './silver-table'

const COLUMNS = [
  // A name that the SQL of a comparison has, too.
  { name: 'n', type: 'INTEGER' },
  { name: 'the "value"', type: 'VARCHAR' },
]
type Row = [number | null, string | null]
const row: fc.Arbitrary<Row> = fc.tuple(
  fc.option(fc.integer({ min: 1, max: 6 }), { nil: null }),
  fc.option(fc.constantFrom('a', 'b', "c'", ''), { nil: null }),
)
const rows = fc.array(row, { maxLength: 15 })

let database: NodeDatabase
let lakehouse: Lakehouse
let changes: SilverChanges
const name = 'silver.t'

beforeAll(async () => {
  database = await openNodeDatabase()
  lakehouse = await Lakehouse.open(database, ['silver', 'engine'], [])
})
beforeEach(() => {
  changes = new SilverChanges(lakehouse)
})
afterEach(() => changes.forget(name))
afterAll(() => database.close())

const state = (fingerprint: string, columns = COLUMNS): SilverTable => ({
  ...{
    name,
    fingerprint,
    columns,
    files: [],
    rows: 15,
    bytes: 0,
    delta: null,
    lastLoad: null,
    available: [],
    dateRange: null,
  },
})

async function write(table: string, values: readonly Row[]): Promise<void> {
  const text = values.map(
    ([key, value]) => `(${key ?? 'NULL'}, ${value === null ? 'NULL' : `'${value.replace("'", "''")}'`})`,
  )
  await database.run(`CREATE OR REPLACE TABLE ${table} (n INTEGER, "the ""value""" VARCHAR)`)
  if (text.length > 0) await database.run(`INSERT INTO ${table} VALUES ${text.join(', ')}`)
}

/** Loads `after` in the place of `before`, as the store does. */
async function replace(before: string, after: string, values: readonly Row[]): Promise<void> {
  await write('silver.t__loading', values)
  const compared = await changes.compare(state(before), state(after), 'silver.t__loading', undefined)
  await changes.accept(compared, state(after))
  await lakehouse.replace('silver.t__loading', name)
}

const sorted = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).sort()

/** The old rows less those that went and with those that came. */
async function applied(old: readonly Row[], since: string, now: string): Promise<string[] | null> {
  const set = await changes.since(name, since, now)
  if (set === null) return null
  const images = await lakehouse.rows(`SELECT _change_type, n, "the ""value""" FROM ${set.table}`)
  const left = sorted([...old, ...images.filter(([type]) => type === 'insert').map(([, ...values]) => values)])
  for (const gone of sorted(images.filter(([type]) => type === 'delete').map(([, ...values]) => values))) {
    const at = left.indexOf(gone)
    expect(at).toBeGreaterThanOrEqual(0)
    left.splice(at, 1)
  }
  expect(set.inserted + set.deleted).toBe(images.length)
  return left
}

describe('the changes of a Silver table', () => {
  it('make the old rows the new ones, duplicates and NULL included, over one load and over two', async () => {
    await fc.assert(
      fc.asyncProperty(rows, rows, rows, async (first, second, third) => {
        await write(name, first)
        await replace('1', '2', second)
        expect(await applied(first, '1', '2')).toEqual(sorted(second))
        await replace('2', '3', third)
        expect(await applied(second, '2', '3')).toEqual(sorted(third))
        expect(await applied(first, '1', '3')).toEqual(sorted(third))
        await changes.forget(name)
      }),
      { numRuns: 40 },
    )
  })

  it('are only the rows that differ, whatever their order', async () => {
    await write(name, [
      [1, 'a'],
      [2, 'b'],
      [3, null],
      [3, null],
    ])
    await replace('1', '2', [
      [3, null],
      [2, 'changed'],
      [1, 'a'],
      [3, null],
    ])
    expect(await changes.since(name, '1', '2')).toMatchObject({ inserted: 1, deleted: 1 })
  })

  it('are not known of rows that the table never had, of other columns, and when most rows differ', async () => {
    await write(name, [[1, 'a']])
    await replace('1', '2', [[2, 'a']])
    expect([changes.knows(name, '1', '2'), changes.knows(name, '0', '2'), changes.knows(name, '1', '9')]).toEqual([
      true,
      false,
      false,
    ])
    await write('silver.t__loading', [])
    const other = state('3', COLUMNS.slice(0, 1))
    await changes.accept(await changes.compare(state('2'), other, 'silver.t__loading', undefined), other)
    expect(changes.knows(name, '1', '3')).toBe(false)
    await database.run(
      `CREATE OR REPLACE TABLE silver.t AS SELECT i::INT AS n, 'a' AS "the ""value""" FROM range(20000) AS t(i)`,
    )
    await database.run(
      `CREATE OR REPLACE TABLE silver.t__loading AS SELECT n + 50000 AS n, "the ""value""" FROM silver.t`,
    )
    const [old, now] = [
      { ...state('3'), rows: 20_000 },
      { ...state('4'), rows: 20_000 },
    ]
    await changes.accept(await changes.compare(old, now, 'silver.t__loading', undefined), now)
    expect(await changes.since(name, '3', '4')).toBeNull()
  })

  it('are not remembered of rows that did not take their place', async () => {
    await write(name, [[1, 'a']])
    await replace('1', '2', [[2, 'a']])
    await write('silver.t__loading', [[9, 'z']])
    await changes.discard(await changes.compare(state('2'), state('3'), 'silver.t__loading', undefined))
    await replace('2', '4', [[4, 'a']])
    expect(await applied([[1, 'a']], '1', '4')).toEqual(sorted([[4, 'a']]))
    expect(await applied([[2, 'a']], '2', '4')).toEqual(sorted([[4, 'a']]))
  })

  it('leave no tables behind when they are forgotten', async () => {
    await write(name, [[1, 'a']])
    await replace('1', '2', [[2, 'a']])
    await replace('2', '3', [[3, 'a']])
    await changes.since(name, '1', '3')
    await changes.forget(name)
    const left = await lakehouse.rows(`SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'silver_changes%'`)
    expect(left).toEqual([])
  })
})
