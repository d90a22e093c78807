/** A file for a table that is loaded already: the whole table anew, or changes to it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ErrorData } from '@/domain/automation'
import type { PipelineFile } from '@/domain/pipeline/project'
import type { LoadMode } from '@/domain/silver/load-mode'
import type { SourceView } from '@/rpc/contract'
import { problemsOf } from '@/testing/loaded-engine'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes, VanishingFile } from '@/testing/parquet-files'

const columns = 'id BIGINT, amount DECIMAL(10,2), note STRING, at TIMESTAMP, PRIMARY KEY (id)'
const PIPELINE: PipelineFile[] = [
  { path: 'spark-pipeline.yml', text: 'name: small\nschema: gold\n' },
  {
    path: 'sources/sales.sql',
    text: `CREATE TABLE silver.sales (${columns}) TBLPROPERTIES ('source.sequence_by' = 'at', 'source.optional_columns' = 'note');`,
  },
  {
    path: 'sources/events.sql',
    text: `CREATE TABLE silver.events (${columns}) TBLPROPERTIES ('source.sequence_by' = 'at', 'source.history' = 'true');`,
  },
  { path: 'sources/notes.sql', text: 'CREATE TABLE silver.notes (id BIGINT, note STRING);' },
  {
    path: 'transformations/sales.sql',
    text: `CREATE MATERIALIZED VIEW gold.sales (id BIGINT, amount DECIMAL(10,2), note STRING, PRIMARY KEY (id))
      AS SELECT id, amount, note FROM silver.sales WHERE amount > 0;`,
  },
  { path: 'transformations/events.sql', text: 'CREATE MATERIALIZED VIEW gold.events AS SELECT * FROM silver.events;' },
]

let engine: TestEngine
let whole: Uint8Array<ArrayBuffer>
let changes: Uint8Array<ArrayBuffer>
beforeAll(async () => {
  engine = await openTestEngine({ pipeline: PIPELINE })
  whole = await rowsOf(0, 100, 'i', 1)
  // Two corrections, one of them to zero, and two new rows.
  changes = await rowsOf(98, 102, 'CASE WHEN i = 98 THEN 0 ELSE i + 1000 END', 2)
})
afterAll(() => engine.close())

function rowsOf(
  from: number,
  to: number,
  amount: string,
  day: number,
  note = "'n' || i",
): Promise<Uint8Array<ArrayBuffer>> {
  return parquetBytes(`SELECT i AS id, (${amount})::DECIMAL(10,2) AS amount, ${note} AS note,
    TIMESTAMP '2024-01-0${day} 00:00:00' + INTERVAL (i) SECOND AS at FROM range(${from}, ${to}) AS t(i)`)
}

async function load(
  table: string,
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  mode?: LoadMode,
): Promise<ErrorData[]> {
  const files = [dropped(`${table}/${file}.parquet`, bytes)]
  return problemsOf(await engine.api.load(mode === undefined ? { files } : { files, mode }))
}

async function again(table: string, mode: LoadMode): Promise<ErrorData[]> {
  return problemsOf(await engine.api.loadAgain({ table: `silver.${table}`, mode }))
}

async function source(table: string): Promise<SourceView> {
  const found = (await engine.api.sources()).find((candidate) => candidate.table === `silver.${table}`)
  if (found === undefined) throw new Error(`no source ${table}`)
  return found
}

async function rows(sql: string): Promise<unknown[][]> {
  const { id } = await engine.api.query({ sql, dialect: 'duckdb' })
  const found = await engine.api.fetchRows({ id, offset: 0, limit: 1000 })
  await engine.api.closeResult({ id })
  return found
}

const count = (table: string) =>
  rows(`SELECT count(*), count(DISTINCT id), sum(amount) FROM silver.${table}`).then(([row]) => row)
const WHOLE = [100n, 100n, '4950.00']
const MERGED = [102n, 102n, '8053.00']
const CHANGES = [4n, 4n, '3300.00']

describe('a file for a table that has rows', () => {
  beforeEach(async () => {
    await engine.api.unload({ table: 'silver.sales' })
    expect(await load('sales', 'whole', whole)).toEqual([])
    expect((await source('sales')).lastLoad).toBeNull()
  })

  it('is merged when it is far smaller and newer, and the source says so and why', async () => {
    expect(await load('sales', 'changes', changes)).toEqual([])
    expect(await count('sales')).toEqual(MERGED)
    expect(await source('sales')).toMatchObject({
      rows: 102,
      files: [{ path: 'sales/whole.parquet' }, { path: 'sales/changes.parquet' }],
      lastLoad: {
        mode: 'merge',
        files: ['sales/changes.parquet'],
        rows: 4,
        inserted: 4,
        superseded: 2,
        canSwitch: true,
        reason:
          'It holds only changes: 4 rows, where silver.sales had 100, of them 2 newer versions of rows that were there and 2 new rows.',
      },
    })
  })

  it('replaces the table when it has as many rows, or its rows are not newer', async () => {
    expect(await load('sales', 'newer', await rowsOf(0, 90, 'i', 3))).toEqual([])
    expect((await source('sales')).lastLoad).toMatchObject({
      mode: 'replace',
      reason: 'It is a whole table: 90 rows, where silver.sales had 100.',
    })
    expect(await load('sales', 'part', await rowsOf(0, 10, 'i', 3))).toEqual([])
    expect((await source('sales')).lastLoad).toMatchObject({
      mode: 'replace',
      reason: 'It is another table: 10 rows, where silver.sales had 90, none of them newer.',
    })
    expect((await count('sales'))?.[0]).toBe(10n)
  })

  it('is merged again when it comes again, and changes nothing', async () => {
    await load('sales', 'changes', changes)
    expect(await load('sales', 'copy', changes)).toEqual([])
    expect(await count('sales')).toEqual(MERGED)
    expect((await source('sales')).lastLoad).toMatchObject({ mode: 'merge', inserted: 0, superseded: 0 })
  })

  it('is used as the caller says, whatever its content', async () => {
    expect(await load('sales', 'changes', changes, 'replace')).toEqual([])
    expect(await count('sales')).toEqual(CHANGES)
    expect(await load('sales', 'whole', whole, 'merge')).toEqual([])
    expect(await count('sales')).toEqual(MERGED)
  })

  it('can be switched from merged to replaced and back', async () => {
    await load('sales', 'changes', changes)
    for (const [mode, found] of [
      ['replace', CHANGES],
      ['merge', MERGED],
      ['replace', CHANGES],
    ] as const) {
      expect(await again('sales', mode)).toEqual([])
      expect(await count('sales')).toEqual(found)
      expect((await source('sales')).lastLoad).toMatchObject({
        mode,
        canSwitch: true,
        files: ['sales/changes.parquet'],
      })
    }
    expect(await rows(`SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'sales__%'`)).toEqual([[0n]])
  })

  it('is followed by an update of only what it changes', async () => {
    expect((await engine.api.run({ asOf: '2024-01-01' })).status).toBe('completed')
    const difference = `SELECT count(*) FROM ((SELECT id, amount, note FROM silver.sales WHERE amount > 0) EXCEPT ALL (FROM gold.sales))`
    for (const load_ of [
      () => load('sales', 'changes', changes),
      async () => load('sales', 'more', await rowsOf(50, 53, '-i', 3)),
      async () => load('sales', 'all', await rowsOf(3, 103, 'i + 1', 4)),
    ]) {
      expect(await load_()).toEqual([])
      const report = await engine.api.run({ asOf: '2024-01-01' })
      expect(report.datasets.find(({ name }) => name === 'gold.sales')).toMatchObject({
        plan: 'incremental',
        status: 'completed',
      })
      expect(await rows(difference)).toEqual([[0n]])
      const [[gold] = []] = await rows('SELECT count(*) FROM gold.sales')
      expect(gold).toEqual((await rows('SELECT count(*) FROM silver.sales WHERE amount > 0'))[0]?.[0])
    }
  })

  it('leaves the table as it was when merging would lose a column’s values', async () => {
    const without = await parquetBytes(
      `SELECT 5::BIGINT AS id, 1::DECIMAL(10,2) AS amount, TIMESTAMP '2024-01-09' AS at`,
    )
    expect(await load('sales', 'changes', without)).toMatchObject([
      { code: 'source.missing_column', file: 'sales/changes.parquet', remedy: expect.any(String) },
    ])
    expect(await count('sales')).toEqual(WHOLE)
    expect((await source('sales')).lastLoad).toBeNull()
    expect(await rows("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'sales__%'")).toEqual([[0n]])
  })

  it('leaves the table as it was when the files before it cannot be read any more', async () => {
    await engine.api.unload({ table: 'silver.sales' })
    const gone = new VanishingFile(whole, 'whole.parquet', 12, 'NotFoundError')
    expect(problemsOf(await engine.api.load({ files: [{ path: 'sales/whole.parquet', file: gone }] }))).toEqual([])
    await load('sales', 'changes', changes, 'replace')
    let problems: ErrorData[] = []
    for (let tries = 0; tries < 12 && problems.length === 0; tries += 1) {
      problems = await again('sales', 'merge')
      if (problems.length === 0) await again('sales', 'replace')
    }
    expect(problems).toMatchObject([{ file: 'sales/whole.parquet' }])
    expect(await count('sales')).toEqual(CHANGES)
  })
})

describe('other tables', () => {
  it('keep all rows of a key as events when they say that they have a history', async () => {
    await load('events', 'whole', whole)
    expect(await load('events', 'changes', changes)).toEqual([])
    expect(await count('events')).toEqual([104n, 102n, '8250.00'])
    expect((await source('events')).lastLoad).toMatchObject({ mode: 'merge', inserted: 4, superseded: 0 })
    await load('events', 'changes', changes)
    expect((await count('events'))?.[0]).toBe(104n)
  })

  it('without a key are replaced, and cannot be merged into', async () => {
    const bytes = (from: number, to: number) =>
      parquetBytes(`SELECT i AS id, 'n' AS note FROM range(${from}, ${to}) AS t(i)`)
    await load('notes', 'whole', await bytes(0, 50))
    await load('notes', 'few', await bytes(50, 52))
    expect((await source('notes')).lastLoad).toMatchObject({ mode: 'replace', canSwitch: false })
    expect(await load('notes', 'more', await bytes(60, 61), 'merge')).toMatchObject([{ code: 'source.no_key' }])
    expect(await rows('SELECT count(*) FROM silver.notes')).toEqual([[2n]])
  })

  it('that hold rows of no file are merged into, and cannot get them back', async () => {
    const error = await engine.api.loadAgain({ table: 'silver.nothing', mode: 'merge' }).catch((thrown) => thrown.cause)
    expect(error).toMatchObject({ code: 'source.nothing_to_repeat', remedy: expect.any(String) })
  })
})
