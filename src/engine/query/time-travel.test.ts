import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toErrorData } from '@/domain/errors'
import type { PipelineFile } from '@/domain/pipeline/project'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes } from '@/testing/parquet-files'

const START = Date.UTC(2024, 0, 1)
const DAY_MS = 86_400_000
const PIPELINE: PipelineFile[] = [
  { path: 'spark-pipeline.yml', text: 'name: tiny\nschema: gold\n' },
  { path: 'sources/sales.sql', text: 'CREATE TABLE silver.sales (id BIGINT, month INT, amount DECIMAL(10,2));' },
  {
    path: 'transformations/sales.sql',
    text: "CREATE MATERIALIZED VIEW gold.sales PARTITIONED BY (month) COMMENT 'Sales' AS SELECT id, month, amount FROM silver.sales",
  },
  {
    path: 'transformations/totals.sql',
    text: 'CREATE TEMPORARY VIEW totals AS SELECT sum(amount) AS total FROM gold.sales',
  },
]

let engine: TestEngine
let now = START

/** Three versions, a day apart: one row, two, and three. */
beforeAll(async () => {
  engine = await openTestEngine({ pipeline: PIPELINE, clock: { now: () => now } })
  for (const rows of [1, 2, 3]) {
    now = START + (rows - 1) * DAY_MS
    const sql = `SELECT i AS id, i::INT AS month, (i * 10)::DECIMAL(10,2) AS amount FROM range(1, ${rows + 1}) AS t(i)`
    await engine.api.load({ files: [dropped('sales.parquet', await parquetBytes(sql))] })
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

describe('a query', () => {
  it('reads a table as of a version, or of a time', async () => {
    const total = (at: string) => rows(`SELECT count(*), sum(sales.amount) FROM gold.sales ${at} WHERE sales.month > 0`)
    expect(await total('VERSION AS OF 0')).toEqual([[1n, '10.00']])
    expect(await total('VERSION AS OF 1')).toEqual([[2n, '30.00']])
    expect(await total("TIMESTAMP AS OF '2024-01-02 23:59:59'")).toEqual([[2n, '30.00']])
    expect(await total("TIMESTAMP AS OF '2024-01-02'")).toEqual([[2n, '30.00']])
    expect(await total('')).toEqual([[3n, '60.00']])
  })

  it('compares versions of one table', async () => {
    const added = `SELECT new.id, new.amount FROM gold.sales VERSION AS OF 2 AS new
      LEFT JOIN sales VERSION AS OF 0 AS old ON old.id = new.id WHERE old.id IS NULL ORDER BY new.id`
    expect(await rows(added)).toEqual([
      [2n, '20.00'],
      [3n, '30.00'],
    ])
  })

  it('leaves nothing of other versions in memory', async () => {
    await rows('SELECT * FROM gold.sales VERSION AS OF 0')
    const found = await engine.database.connection.runAndReadAll(
      "SELECT count(*)::INT FROM duckdb_tables() WHERE table_name LIKE '%@%'",
    )
    expect(found.getRows()).toEqual([[0]])
  })

  it.each([
    ['SELECT * FROM gold.sales VERSION AS OF 9', 'delta.unknown_version'],
    ["SELECT * FROM gold.sales TIMESTAMP AS OF '2023-12-31'", 'delta.unknown_version'],
    ["SELECT * FROM gold.sales TIMESTAMP AS OF 'yesterday'", 'sql.unsupported_syntax'],
    ['SELECT * FROM silver.sales VERSION AS OF 0', 'catalog.no_versions'],
    ['SELECT * FROM gold.totals VERSION AS OF 0', 'catalog.no_versions'],
    ['WITH x AS (SELECT 1) SELECT * FROM x VERSION AS OF 0', 'sql.unsupported_syntax'],
    ['DESCRIBE HISTORY gold.nothing', 'catalog.unknown_table'],
  ])('that asks for what there is not says so: %s', async (sql, code) => {
    const error = toErrorData(await rows(sql).catch((thrown: unknown) => thrown))
    expect(error).toMatchObject({ code })
    expect(error.message).not.toBe('')
  })

  it('gets the history of a table as rows', async () => {
    const history = await engine.api.query({ sql: 'DESCRIBE HISTORY gold.sales;' })
    expect(history.columns.map(({ name }) => name)).toEqual([
      'version',
      'timestamp',
      'operation',
      'operationParameters',
      'operationMetrics',
    ])
    const found = await engine.api.fetchRows({ id: history.id, offset: 0, limit: 10 })
    expect(found.map(([version, timestamp, operation]) => [version, timestamp, operation])).toEqual([
      [2n, '2024-01-03T00:00:00.000000Z', 'WRITE'],
      [1n, '2024-01-02T00:00:00.000000Z', 'WRITE'],
      [0n, '2024-01-01T00:00:00.000000Z', 'CREATE TABLE AS SELECT'],
    ])
  })

  it('gets what is known of a table as a row', async () => {
    const detail = await engine.api.query({ sql: 'desc detail sales' })
    const [values = []] = await engine.api.fetchRows({ id: detail.id, offset: 0, limit: 1 })
    const row = Object.fromEntries(detail.columns.map(({ name }, index) => [name, values[index]]))
    expect(row).toMatchObject({
      format: 'delta',
      name: 'gold.sales',
      description: 'Sales',
      partitionColumns: ['month'],
      version: 2n,
      numFiles: 3n,
      numRows: 3n,
    })
  })
})

it('a dataset cannot read another time: its result would not follow from its inputs', async () => {
  const pipeline = [
    ...PIPELINE,
    {
      path: 'transformations/old.sql',
      text: 'CREATE MATERIALIZED VIEW gold.old AS\nSELECT id FROM gold.sales VERSION AS OF 0',
    },
  ]
  const other = await openTestEngine({ pipeline })
  const { problems } = await other.api.project()
  expect(problems).toMatchObject([
    { code: 'pipeline.unsupported', file: 'transformations/old.sql', line: 2, remedy: expect.any(String) },
  ])
  await other.close()
})
