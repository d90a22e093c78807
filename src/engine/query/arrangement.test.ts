import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toErrorData } from '@/domain/errors'
import type { PipelineFile } from '@/domain/pipeline/project'
import type { Arrangement, FilterTest } from '@/domain/result/arrangement'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes } from '@/testing/parquet-files'

const PIPELINE: PipelineFile[] = [
  { path: 'spark-pipeline.yml', text: 'name: tiny\nschema: gold\n' },
  { path: 'sources/sales.sql', text: 'CREATE TABLE silver.sales (id BIGINT, place STRING, amount DECIMAL(10,2));' },
  {
    path: 'transformations/sales.sql',
    text: 'CREATE MATERIALIZED VIEW gold.sales AS SELECT id, place, amount FROM silver.sales',
  },
]

let engine: TestEngine

beforeAll(async () => {
  engine = await openTestEngine({ pipeline: PIPELINE })
  const sql = `SELECT i AS id, CASE WHEN i % 4 = 0 THEN NULL ELSE 'place ' || (i % 3) END AS place, (i % 5)::DECIMAL(10,2) AS amount
    FROM range(1, 13) AS t(i)`
  await engine.api.load({ files: [dropped('sales.parquet', await parquetBytes(sql))] })
  expect((await engine.api.run({ asOf: '2024-01-01' })).status).toBe('completed')
})
afterAll(() => engine.close())

/** The rows of a query under an arrangement. */
async function arranged(sql: string, arrangement: Partial<Arrangement>): Promise<unknown[][]> {
  const { id } = await engine.api.query({ sql, dialect: 'duckdb' })
  try {
    const result = await engine.api.arrange({ id, arrangement: { order: null, filters: [], ...arrangement } })
    const rows = await engine.api.fetchRows({ id: result.id, offset: 0, limit: 1000 })
    expect(result.rows).toBe(rows.length)
    return rows
  } finally {
    await engine.api.closeResult({ id })
  }
}

/** The values of a one-column query that a filter lets through. */
async function kept(sql: string, test: FilterTest): Promise<unknown[]> {
  return (await arranged(sql, { filters: [{ column: 0, ...test }] })).flat()
}

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing was thrown',
    (error: unknown) => toErrorData(error).code,
  )
}

describe('sorting', () => {
  it('puts NULLs last in both directions, and keeps the stored order of equal values', async () => {
    const sql = "SELECT * FROM (VALUES (2, 'a'), (NULL, 'b'), (1, 'c'), (2, 'd')) AS v(n, t)"
    const order = (descending: boolean) => arranged(sql, { order: { column: 0, descending } })
    expect((await order(false)).map(([, t]) => t)).toEqual(['c', 'a', 'd', 'b'])
    expect((await order(true)).map(([, t]) => t)).toEqual(['a', 'd', 'c', 'b'])
  })

  it('sorts columns that are named alike by their place', async () => {
    const sql = 'SELECT i AS x, -i AS x FROM range(3) AS t(i)'
    expect(await arranged(sql, { order: { column: 1, descending: false } })).toEqual([
      [2n, -2n],
      [1n, -1n],
      [0n, 0n],
    ])
  })

  it('gives windows that put together are the whole, as sorting the values does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.integer({ min: -3, max: 3 })), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        async (values, size) => {
          const sql = `SELECT unnest([${values.map((value) => value ?? 'NULL').join(', ')}]::INT[]) AS n`
          const { id } = await engine.api.query({ sql, dialect: 'duckdb' })
          const arrangement = { order: { column: 0, descending: true }, filters: [] }
          const result = await engine.api.arrange({ id, arrangement })
          const rows: unknown[][] = []
          while (rows.length < result.rows) {
            rows.push(...(await engine.api.fetchRows({ id: result.id, offset: rows.length, limit: size })))
          }
          await engine.api.closeResult({ id })
          const expected = values.toSorted((a, b) => (b ?? -Infinity) - (a ?? -Infinity))
          expect(rows.flat()).toEqual(expected)
        },
      ),
      { numRuns: 15, endOnFailure: true },
    )
  })
})

describe('filtering', () => {
  it('finds text in any case, whatever characters it has', async () => {
    const sql = `SELECT * FROM (VALUES ('Côte d''Ivoire'), ('100 %'), ('a_b'), (NULL), ('')) AS v(t)`
    expect(await kept(sql, { kind: 'contains', text: "D'IVO" })).toEqual(["Côte d'Ivoire"])
    expect(await kept(sql, { kind: 'contains', text: '%' })).toEqual(['100 %'])
    expect(await kept(sql, { kind: 'contains', text: '_' })).toEqual(['a_b'])
    expect(await kept(sql, { kind: 'contains', text: "'); DROP TABLE x; --\0" })).toEqual([])
  })

  it('tells NULL from empty text', async () => {
    const sql = "SELECT * FROM (VALUES ('a'), (NULL), ('')) AS v(t)"
    expect(await kept(sql, { kind: 'null' })).toEqual([null])
    expect(await kept(sql, { kind: 'equals', text: '' })).toEqual([''])
    expect(await kept(sql, { kind: 'notNull' })).toEqual(['a', ''])
  })

  it('compares numbers exactly', async () => {
    const big = 'SELECT * FROM (VALUES (9007199254740992), (9007199254740993)) AS v(n)'
    expect(await kept(big, { kind: 'equals', text: '9,007,199,254,740,993' })).toEqual([9007199254740993n])
    const cents = 'SELECT unnest([1.00, 1.01, 1.10]::DECIMAL(10,2)[]) AS n'
    expect(await kept(cents, { kind: 'equals', text: '1.005' })).toEqual([])
    expect(await kept(cents, { kind: 'range', from: '1.005', to: '1.0999' })).toEqual(['1.01'])
  })

  it('does not take NaN for a large number', async () => {
    const sql = "SELECT unnest(['1', 'NaN', 'Infinity']::DOUBLE[]) AS n"
    expect(await kept(sql, { kind: 'range', from: null, to: '1e300' })).toEqual([1])
  })

  it('takes a bare date for its whole day', async () => {
    const sql = `SELECT unnest(['2011-12-08 23:59:59.999999', '2011-12-09 00:00:00', '2011-12-09 23:59:59.999999', '2011-12-10 00:00:00']::TIMESTAMP[]) AS at`
    const day = ['2011-12-09T00:00:00.000000Z', '2011-12-09T23:59:59.999999Z']
    expect(await kept(sql, { kind: 'equals', text: '2011-12-09' })).toEqual(day)
    expect(await kept(sql, { kind: 'range', from: '2011-12-09', to: '2011-12-09' })).toEqual(day)
  })

  it('says what is no value of the column', async () => {
    expect(await refusal(kept('SELECT 1 AS n', { kind: 'equals', text: '1 OR TRUE' }))).toBe('result.filter_value')
    const date = kept("SELECT DATE '2024-01-01' AS d", { kind: 'equals', text: 'yesterday-ish' })
    expect(await refusal(date)).toBe('result.filter_value')
    expect(await refusal(arranged('SELECT 1', { order: { column: 7, descending: false } }))).toBe(
      'result.unknown_column',
    )
  })
})

describe('the rows of an opened table', () => {
  it('stay right when the table goes out of memory and comes back', async () => {
    const { id } = await engine.api.openTable({ table: 'gold.sales' })
    const result = await engine.api.arrange({
      id,
      arrangement: {
        order: { column: 2, descending: true },
        filters: [{ column: 1, kind: 'equals', text: 'place 1' }],
      },
    })
    const before = await engine.api.fetchRows({ id: result.id, offset: 0, limit: 10 })
    expect(before.map(([, , amount]) => amount)).toEqual(['2.00', '1.00', '0.00'])
    // As another engine over the same files would have it: other rows under the same numbers.
    await engine.database.run('CREATE TABLE gold.other AS SELECT * FROM gold.sales ORDER BY id DESC')
    await engine.database.run('DROP TABLE gold.sales')
    await engine.database.run('ALTER TABLE gold.other RENAME TO sales')
    expect(await engine.api.fetchRows({ id: result.id, offset: 0, limit: 10 })).toEqual(before)
    await engine.api.closeResult({ id })
    expect(await refusal(engine.api.fetchRows({ id: result.id, offset: 0, limit: 1 }))).toBe('result.closed')
  })

  it('leave nothing in the engine when they are closed', async () => {
    const sql = "SELECT count(*)::INT FROM duckdb_tables() WHERE schema_name = 'engine'"
    const tables = async () => (await engine.database.query(sql)).length
    const before = await tables()
    const { id } = await engine.api.openTable({ table: 'gold.sales' })
    await engine.api.arrange({ id, arrangement: { order: { column: 0, descending: true }, filters: [] } })
    await engine.api.closeResult({ id })
    expect(await tables()).toBe(before)
  })
})
