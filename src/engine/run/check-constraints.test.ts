/** CHECK constraints and generated columns of stored tables. */
import { afterEach, describe, expect, it } from 'vitest'
import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'
import type { PipelineFile } from '@/domain/pipeline/project'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes } from '@/testing/parquet-files'

function pipeline(constraint: string): PipelineFile[] {
  return [
    { path: 'spark-pipeline.yml', text: 'name: small\nschema: gold\n' },
    { path: 'sources/sales.sql', text: 'CREATE TABLE silver.sales (id BIGINT, sold TIMESTAMP, amount DECIMAL(10,2));' },
    {
      path: 'transformations/sales.sql',
      text: `CREATE MATERIALIZED VIEW gold.sales (
  id BIGINT, sold TIMESTAMP, amount DECIMAL(10,2), day DATE GENERATED ALWAYS AS (CAST(sold AS DATE)),
  CONSTRAINT known EXPECT (id IS NOT NULL) ON VIOLATION DROP ROW
) TBLPROPERTIES ('delta.constraints.cheap' = '${constraint}')
AS SELECT id, sold, amount FROM silver.sales;`,
    },
  ]
}

const opened: TestEngine[] = []
afterEach(async () => {
  for (const engine of opened.splice(0)) await engine.close()
})

async function open(constraint: string, files = new MemoryFileStore()): Promise<TestEngine> {
  const engine = await openTestEngine({ pipeline: pipeline(constraint), files })
  opened.push(engine)
  return engine
}

/** One row a line: id and amount. */
async function run({ api }: TestEngine, rows: string) {
  const sql = `SELECT id::BIGINT AS id, TIMESTAMP '2024-03-01 23:30:00' AS sold, amount::DECIMAL(10,2) AS amount FROM (VALUES ${rows}) AS v(id, amount)`
  await api.load({ files: [dropped('sales.parquet', await parquetBytes(sql))] })
  const report = await api.run({ asOf: '2024-03-01' })
  return report.datasets[0]
}

async function read({ api }: TestEngine, sql: string): Promise<unknown[][]> {
  const { id } = await api.query({ sql })
  return api.fetchRows({ id, offset: 0, limit: 10 })
}

describe('a CHECK constraint', () => {
  it('keeps a version with rows that break it out, NULL among them, and names the first', async () => {
    const engine = await open('amount < 100 AND sales.id > 0')
    expect(await run(engine, '(1, 5), (2, 99.99)')).toMatchObject({ status: 'completed' })
    const failed = await run(engine, '(1, 5), (2, 7), (3, NULL), (4, 100)')
    expect(failed).toMatchObject({
      status: 'failed',
      version: 0,
      error: { code: 'delta.check_violated', file: 'transformations/sales.sql' },
    })
    expect(failed?.error?.message).toMatch(
      /cheap, CHECK \(amount < 100 AND sales.id > 0\), does not hold for 2 rows.*'id': 3/,
    )
    expect(await read(engine, 'SELECT count(*) FROM gold.sales')).toEqual([[2n]])
  })

  it('is in the table’s properties and protocol, and is nothing to the rows that are held back', async () => {
    const files = new MemoryFileStore()
    const engine = await open('amount < 100', files)
    expect(await run(engine, '(1, 5), (NULL, 500)')).toMatchObject({ status: 'completed', rowsDropped: 1 })
    const log = await (await files.open('lakehouse/gold/sales/_delta_log/00000000000000000000.json')).text()
    expect(log).toContain('"delta.constraints.cheap":"amount < 100"')
    expect(log).toContain('"minWriterVersion":4')
    const tables = await engine.api.tables()
    expect(tables.find(({ name }) => name === 'gold.sales__quarantine')?.properties).not.toHaveProperty(
      'delta.constraints.cheap',
    )
  })

  it.each([
    ['amont < 100', 'sql.unknown_column', /cheap.*amont/],
    ['amount <', 'sql.syntax', /cheap/],
  ])('that cannot be read is a problem of the file, before anything runs: %s', async (constraint, code, message) => {
    const { problems } = await (await open(constraint)).api.project()
    expect(problems).toMatchObject([{ code, file: 'transformations/sales.sql', line: 4, column: 19 }])
    expect(problems[0]?.message).toMatch(message)
  })
})

describe('a generated column', () => {
  it('has in every row what its expression makes of the others, and the log says which that is', async () => {
    const files = new MemoryFileStore()
    const engine = await open('amount < 100', files)
    await run(engine, '(1, 5)')
    expect(await read(engine, 'SELECT day, day = CAST(sold AS DATE) FROM gold.sales')).toEqual([['2024-03-01', true]])
    const log = await (await files.open('lakehouse/gold/sales/_delta_log/00000000000000000000.json')).text()
    expect(log).toContain('\\"delta.generationExpression\\":\\"CAST(sold AS DATE)\\"')
  })
})
