/** table_changes and table_difference: what changed between versions of a table, or between two tables. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toErrorData } from '@/domain/errors'
import type { PipelineFile } from '@/domain/pipeline/project'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes } from '@/testing/parquet-files'

const START = Date.UTC(2024, 0, 1)
const DAY_MS = 86_400_000
const dataset = (name: string, key: string, select: string): PipelineFile => ({
  path: `transformations/${name}.sql`,
  text: `CREATE MATERIALIZED VIEW gold.${name} PARTITIONED BY (zone) TBLPROPERTIES (${key}) AS SELECT ${select} FROM silver.sales`,
})
const KEY = "'pipeline.key' = 'zone, id'"
const PIPELINE: PipelineFile[] = [
  { path: 'spark-pipeline.yml', text: 'name: tiny\nschema: gold\n' },
  {
    path: 'sources/sales.sql',
    text: 'CREATE TABLE silver.sales (zone STRING, id INT, amount DECIMAL(10,2), note STRING);',
  },
  dataset('sales', KEY, 'zone, id, amount, note'),
  dataset('sales_v2', KEY, "zone, id, amount * 2 AS amount, note, 'x' AS more"),
  dataset('keyless', "'team' = 'a'", 'zone, id, amount'),
  dataset('other_key', "'pipeline.key' = 'zone, id, note'", 'zone, id, note'),
]

/** Zone, id, amount, note: four versions, a day apart. Zones and notes may be NULL. */
type Row = [string | null, number, string, string | null]
const VERSIONS: Row[][] = [
  [
    ['a', 1, '1.00', 'x'],
    [null, 1, '5.00', null],
    ['b', 2, '2.00', 'y'],
  ],
  // One changed, one gone, one new with the same id in another zone.
  [
    ['a', 1, '1.50', null],
    [null, 1, '5.00', null],
    ['a', 2, '2.00', 'y'],
  ],
  // The row with the NULL key changes.
  [
    ['a', 1, '1.50', null],
    [null, 1, '6.00', 'z'],
    ['a', 2, '2.00', 'y'],
  ],
  // Back to the first rows.
  [
    ['a', 1, '1.00', 'x'],
    [null, 1, '5.00', null],
    ['b', 2, '2.00', 'y'],
  ],
]

let engine: TestEngine
let now = START

beforeAll(async () => {
  engine = await openTestEngine({ pipeline: PIPELINE, clock: { now: () => now } })
  for (const [index, version] of VERSIONS.entries()) {
    now = START + index * DAY_MS
    const text = (value: string | null) => (value === null ? 'NULL' : `'${value}'`)
    const values = version.map(([zone, id, amount, note]) => `(${text(zone)}, ${id}, ${amount}, ${text(note)})`)
    const sql = `SELECT zone::VARCHAR AS zone, id::INT AS id, amount::DECIMAL(10,2) AS amount, note::VARCHAR AS note
      FROM (VALUES ${values.join(', ')}) AS t(zone, id, amount, note)`
    await engine.api.load({ files: [dropped('sales.parquet', await parquetBytes(sql))], mode: 'replace' })
    expect((await engine.api.run({ asOf: '2024-01-01' })).status).toBe('completed')
  }
})
afterAll(() => engine.close())

async function rows(sql: string): Promise<unknown[][]> {
  const { id } = await engine.api.query({ sql })
  const found = await engine.api.fetchRows({ id, offset: 0, limit: 100 })
  await engine.api.closeResult({ id })
  return found
}

const sorted = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).sort()

describe('table_changes', () => {
  it('has the columns of a change data feed', async () => {
    const { columns } = await engine.api.query({ sql: "SELECT * FROM table_changes('gold.sales', 1)" })
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      ...['zone VARCHAR', 'id INTEGER', 'amount DECIMAL(10,2)', 'note VARCHAR'],
      ...['_change_type VARCHAR', '_commit_version BIGINT', '_commit_timestamp TIMESTAMP'],
    ])
  })

  it('says of each commit which rows came, went and changed, with both images', async () => {
    const found = await rows(
      "SELECT * FROM table_changes('gold.sales', 1, 2) ORDER BY _commit_version, zone, id, _change_type",
    )
    const [first, second] = ['2024-01-02T00:00:00.000000Z', '2024-01-03T00:00:00.000000Z']
    expect(found).toEqual([
      ['a', 1, '1.50', null, 'update_postimage', 1n, first],
      ['a', 1, '1.00', 'x', 'update_preimage', 1n, first],
      ['a', 2, '2.00', 'y', 'insert', 1n, first],
      ['b', 2, '2.00', 'y', 'delete', 1n, first],
      [null, 1, '6.00', 'z', 'update_postimage', 2n, second],
      [null, 1, '5.00', null, 'update_preimage', 2n, second],
    ])
  })

  it('leads from each version to the next, whatever the table', async () => {
    for (const table of ['sales', 'sales_v2', 'keyless', 'other_key']) {
      let state: string[] = []
      for (const version of VERSIONS.keys()) {
        const found = await rows(`SELECT * FROM table_changes('gold.${table}', ${version}, ${version})`)
        const images = found.map((row) => ({ row: JSON.stringify(row.slice(0, -3)), type: String(row.at(-3)) }))
        for (const { row } of images.filter(({ type }) => type === 'delete' || type === 'update_preimage')) {
          expect(state).toContain(row)
          state = state.filter((other) => other !== row)
        }
        state.push(...images.filter(({ type }) => /insert|postimage/.test(type)).map(({ row }) => row))
        expect(state.sort()).toEqual(sorted(await rows(`SELECT * FROM gold.${table} VERSION AS OF ${version}`)))
      }
    }
  })

  it('takes times, and goes on to the last version when no end is given', async () => {
    const versions = (range: string) =>
      rows(`SELECT DISTINCT c._commit_version FROM table_changes('sales', ${range}) AS c ORDER BY 1`).then((found) =>
        found.flat(),
      )
    expect(await versions('2')).toEqual([2n, 3n])
    expect(await versions("'2024-01-02 12:00:00'")).toEqual([2n, 3n])
    expect(await versions("'2024-01-02', '2024-01-03 23:00:00'")).toEqual([1n, 2n])
  })

  it('has only deletes and inserts where there is no key', async () => {
    const found = await rows("SELECT zone, id, _change_type FROM table_changes('gold.keyless', 2, 2) ORDER BY ALL")
    expect(found).toEqual([
      [null, 1, 'delete'],
      [null, 1, 'insert'],
    ])
  })
})

describe('table_difference', () => {
  it('says by key how two versions differ, with old and new values', async () => {
    const { id, columns } = await engine.api.query({
      sql: "SELECT * FROM table_difference('gold.sales', 0, 2) ORDER BY zone, id",
    })
    expect(columns.map(({ name }) => name)).toEqual([
      ...['_difference', 'zone', 'id', 'changed_columns'],
      ...['old_amount', 'new_amount', 'old_note', 'new_note'],
    ])
    expect(await engine.api.fetchRows({ id, offset: 0, limit: 10 })).toEqual([
      ['changed', null, 1, 'amount, note', '5.00', '6.00', null, 'z'],
      ['changed', 'a', 1, 'amount, note', '1.00', '1.50', 'x', null],
      ['added', 'a', 2, null, null, '2.00', null, 'y'],
      ['removed', 'b', 2, null, '2.00', null, 'y', null],
    ])
  })

  it('is empty for versions with the same rows, whatever happened between them, and turns round with its versions', async () => {
    expect(await rows("SELECT * FROM table_difference('gold.sales', 0, 3)")).toEqual([])
    const counts = (range: string) =>
      rows(`SELECT _difference, count(*) FROM table_difference('gold.sales', ${range}) GROUP BY 1 ORDER BY 1`)
    expect(await counts('2, 0')).toEqual([
      ['added', 1n],
      ['changed', 2n],
      ['removed', 1n],
    ])
    expect(await counts('2')).toEqual(await counts('2, 3'))
  })

  it('compares two tables of one key by the columns that both have', async () => {
    const found = await rows("SELECT * FROM table_difference('gold.sales', 'gold.sales_v2') ORDER BY zone, id")
    expect(found).toEqual([
      ['changed', null, 1, 'amount', '5.00', '10.00', null, null],
      ['changed', 'a', 1, 'amount', '1.00', '2.00', 'x', 'x'],
      ['changed', 'b', 2, 'amount', '2.00', '4.00', 'y', 'y'],
    ])
  })
})

describe('what cannot be compared', () => {
  it.each([
    ["table_changes('gold.sales', 9)", 'delta.unknown_version'],
    ["table_changes('gold.sales', 2, 1)", 'delta.version_range'],
    ["table_changes('gold.sales', '2025-01-01')", 'delta.unknown_version'],
    ["table_changes('gold.sales')", 'sql.bad_arguments'],
    ["table_changes('gold.sales', 1 + 1)", 'sql.bad_arguments'],
    ['table_changes(gold.sales, 1)', 'sql.bad_arguments'],
    ["table_changes('silver.sales', 0)", 'catalog.no_versions'],
    ["table_changes('gold.salez', 0)", 'sql.unknown_table'],
    ["table_difference('gold.keyless', 0, 1)", 'delta.no_key'],
    ["table_difference('gold.sales', 'gold.other_key')", 'delta.no_key'],
    ["table_difference('gold.sales', 'silver.sales')", 'delta.no_key'],
    ["table_difference('gold.sales', 'gold.\"; DROP')", 'sql.unknown_table'],
  ])('says so: %s', async (call, code) => {
    const error = toErrorData(await rows(`SELECT * FROM ${call}`).catch((thrown: unknown) => thrown))
    expect(error).toMatchObject({ code, remedy: expect.any(String) })
  })

  it('leaves nothing in memory, and is nothing that a dataset may read', async () => {
    const found = await engine.database.connection.runAndReadAll(
      "SELECT count(*)::INT FROM duckdb_tables() WHERE table_name LIKE '%@%'",
    )
    expect(found.getRows()).toEqual([[0]])
    const text = "CREATE MATERIALIZED VIEW gold.bad AS SELECT id FROM table_changes('gold.sales', 0)"
    const other = await openTestEngine({ pipeline: [...PIPELINE, { path: 'transformations/bad.sql', text }] })
    expect((await other.api.project()).problems).toMatchObject([
      { code: 'pipeline.unsupported', file: 'transformations/bad.sql' },
    ])
    await other.close()
  })
})
