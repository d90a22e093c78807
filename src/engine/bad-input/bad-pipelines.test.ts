import { afterEach, describe, expect, it } from 'vitest'
import type { PipelineFile } from '@/domain/pipeline/project'
import { problemsOf } from '@/testing/loaded-engine'
import { openTestEngine, retailFiles, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes, SILVER_ROWS } from '@/testing/parquet-files'

let engine: TestEngine | null = null
afterEach(() => engine?.close())

/** The retail pipeline with one more file, its orders loaded. */
async function openWith(...more: PipelineFile[]): Promise<TestEngine> {
  engine = await openTestEngine({ pipeline: [...retailFiles(), ...more] })
  const files = [dropped('orders.parquet', await parquetBytes(SILVER_ROWS.orders))]
  expect(problemsOf(await engine.api.load({ files }))).toEqual([])
  return engine
}

const view = (name: string, query: string): PipelineFile => ({
  path: `transformations/gold/${name}.sql`,
  text: `CREATE OR REFRESH MATERIALIZED VIEW gold.${name}\nCOMMENT 'x'\nAS\n${query};\n`,
})

describe('a pipeline file with an error stops the run before anything is built, and says where', () => {
  const a = 'transformations/gold/a.sql'
  const cases: [
    what: string,
    files: PipelineFile[],
    problem: { code: string; file: string; line: number; column: number },
    says: RegExp,
  ][] = [
    [
      'a syntax error in a head',
      [{ path: 'transformations/a.sql', text: '-- a note\nCREATE OR REFRESH MATERIALISED VIEW gold.a AS SELECT 1' }],
      { code: 'pipeline.unsupported', file: 'transformations/a.sql', line: 2, column: 1 },
      /MATERIALISED/,
    ],
    [
      'a syntax error in a query',
      [view('a', 'SELECT FROM WHERE 1 ==')],
      { code: 'sql.syntax', file: a, line: 4, column: 13 },
      /Expected table name or subquery/,
    ],
    [
      'an unclosed string',
      [view('a', "SELECT 'open AS x FROM silver.orders")],
      { code: 'pipeline.syntax', file: a, line: 4, column: 8 },
      /string that starts here has no closing quote/,
    ],
    [
      'an unknown table',
      [view('a', 'SELECT *\nFROM silver.order')],
      { code: 'sql.unknown_table', file: a, line: 5, column: 6 },
      /silver\.order/,
    ],
    [
      'an unknown function',
      [view('a', 'SELECT no_such_function(order_id) AS x FROM silver.orders')],
      { code: 'sql.unsupported_function', file: a, line: 4, column: 8 },
      /no_such_function/i,
    ],
    [
      'a cycle',
      [view('a', 'SELECT 1 AS x FROM gold.b'), view('b', 'SELECT 1 AS x FROM gold.a')],
      { code: 'pipeline.cycle', file: a, line: 1, column: 37 },
      /gold\.a → gold\.b → gold\.a/,
    ],
    [
      'a cycle of one',
      [view('a', 'SELECT 1 AS x FROM gold.a')],
      { code: 'pipeline.cycle', file: a, line: 1, column: 37 },
      /gold\.a → gold\.a/,
    ],
    [
      'one name twice',
      [view('a', 'SELECT 1 AS x'), { ...view('a', 'SELECT 2 AS x'), path: 'transformations/other.sql' }],
      { code: 'pipeline.duplicate_dataset', file: 'transformations/other.sql', line: 1, column: 37 },
      /gold\.a is already defined in transformations\/gold\/a\.sql/,
    ],
  ]
  it.each(cases)('%s', async (_, files, expected, says) => {
    const { api } = await openWith(...files)
    const report = await api.run({ asOf: '2024-03-01' })
    expect(report.status).toBe('failed')
    expect(report.datasets.filter(({ status }) => status === 'completed')).toEqual([])
    expect(report.problems).toMatchObject([{ ...expected, message: expect.stringMatching(says) }])
    expect(report.problems[0]?.remedy ?? '').not.toBe('')

    const { id } = await api.query({ sql: 'SELECT count(*) FROM silver.orders' })
    expect(await api.fetchRows({ id, offset: 0, limit: 1 })).toEqual([[20n]])
    expect((await api.project()).problems).toEqual(report.problems)
  })
})
