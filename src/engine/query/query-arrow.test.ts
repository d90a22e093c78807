import { type Table, tableFromIPC } from 'apache-arrow'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { streamSchema } from '@/engine/arrow/ipc-stream'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'

let engine: TestEngine
beforeEach(async () => {
  engine = await openTestEngine()
})
afterEach(() => engine.close())

const arrow = async (sql: string): Promise<Table> =>
  tableFromIPC(await engine.api.queryArrow({ sql, dialect: 'duckdb' }))

/** Tables that results are held in. */
async function held(): Promise<unknown> {
  const found = await engine.database.connection.runAndReadAll(
    "SELECT count(*)::INTEGER FROM duckdb_tables() WHERE schema_name = 'engine'",
  )
  return found.getRows()[0]?.[0]
}

describe('a result as Arrow', () => {
  it('has the columns of the query by their own names, however often a name occurs', async () => {
    const sql = "SELECT range AS i, 'x' AS i, 1 + 1 FROM range(3)"
    // The schema alone: apache-arrow reads a table whose columns share a name as if they shared a type, too.
    const { fields } = streamSchema(await engine.api.queryArrow({ sql, dialect: 'duckdb' }))
    expect(fields.map(({ name, type }) => `${name} ${type}`)).toEqual(['i Int64', 'i Utf8', '(1 + 1) Int32'])
    const table = await arrow("SELECT range AS i, 'x' AS \"I'\" FROM range(3)")
    expect(table.toArray().map((row) => row?.toJSON())).toEqual([
      { i: 0n, "I'": 'x' },
      { i: 1n, "I'": 'x' },
      { i: 2n, "I'": 'x' },
    ])
    expect(await held()).toBe(0)
  })

  it('has columns also without rows', async () => {
    const table = await arrow('SELECT 1::SMALLINT AS a WHERE false')
    expect(table.numRows).toBe(0)
    expect(table.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual(['a Int16'])
  })

  it('that is read in several parts has all rows, in order', async () => {
    const column = (await arrow('SELECT range AS i FROM range(1200003)')).getChildAt(0)
    expect(column?.length).toBe(1_200_003)
    expect([0, 499_999, 500_000, 1_200_002].map((row) => column?.get(row))).toEqual([
      0n,
      499_999n,
      500_000n,
      1_200_002n,
    ])
  })
})

describe('a signal', () => {
  const request = { sql: 'SELECT sum(hash(a.range)) FROM range(1000000000) AS a', dialect: 'duckdb' } as const

  it('that has aborted before the query starts lets nothing run', async () => {
    const before = engine.database.statements.length
    for (const call of [engine.api.query, engine.api.queryArrow]) {
      const failure = call(request, { signal: AbortSignal.abort() })
      await expect(failure).rejects.toMatchObject({ cause: { code: 'canceled' } })
    }
    expect(engine.database.statements.slice(before).filter((sql) => sql.includes('hash'))).toEqual([])
  })

  it('that aborts while the query runs stops it, and leaves nothing behind', async () => {
    const controller = new AbortController()
    const failure = engine.api.queryArrow(request, { signal: controller.signal })
    setTimeout(() => controller.abort(), 200)
    await expect(failure).rejects.toMatchObject({ cause: { code: 'canceled' } })
    expect(await held()).toBe(0)
    expect((await arrow('SELECT 1 AS n')).numRows).toBe(1)
  })

  it('that aborts while the rows are read stops the reading', async () => {
    const controller = new AbortController()
    const reads = () => engine.database.statements.filter((sql) => /^SELECT \* FROM "engine"/.test(sql)).length
    const query = engine.database.query.bind(engine.database)
    engine.database.query = (sql) => {
      if (/^SELECT \* FROM "engine"/.test(sql)) controller.abort()
      return query(sql)
    }
    const sql = 'SELECT range AS i FROM range(1200003)'
    const failure = engine.api.queryArrow({ sql, dialect: 'duckdb' }, { signal: controller.signal })
    await expect(failure).rejects.toMatchObject({ cause: { code: 'canceled' } })
    expect(reads()).toBe(1)
    expect(await held()).toBe(0)
  })
})
