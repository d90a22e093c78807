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
  const cases: [what: string, files: PipelineFile[], says: RegExp, line: number | undefined][] = [
    [
      'a syntax error in a head',
      [{ path: 'transformations/a.sql', text: '-- a note\nCREATE OR REFRESH MATERIALISED VIEW gold.a AS SELECT 1' }],
      /MATERIALISED/,
      2,
    ],
    ['a syntax error in a query', [view('a', 'SELECT FROM WHERE 1 ==')], /./, 4],
    ['an unclosed string', [view('a', "SELECT 'open AS x FROM silver.orders")], /./, undefined],
    ['an unknown table', [view('a', 'SELECT *\nFROM silver.order')], /silver\.order/, 5],
    [
      'an unknown function',
      [view('a', 'SELECT no_such_function(order_id) AS x FROM silver.orders')],
      /no_such_function/i,
      4,
    ],
    [
      'a cycle',
      [view('a', 'SELECT 1 AS x FROM gold.b'), view('b', 'SELECT 1 AS x FROM gold.a')],
      /gold\.a.*gold\.b|gold\.b.*gold\.a/,
      undefined,
    ],
    ['a cycle of one', [view('a', 'SELECT 1 AS x FROM gold.a')], /gold\.a/, undefined],
    [
      'one name twice',
      [view('a', 'SELECT 1 AS x'), { ...view('a', 'SELECT 2 AS x'), path: 'transformations/other.sql' }],
      /gold\.a/,
      undefined,
    ],
  ]
  it.each(cases)('%s', async (_, files, says, line) => {
    const { api } = await openWith(...files)
    const report = await api.run({ asOf: '2024-03-01' })
    expect(report.status).toBe('failed')
    expect(report.datasets.filter(({ status }) => status === 'completed')).toEqual([])
    const problem = report.problems.find(({ file }) => files.some(({ path }) => path === file))
    expect(problem, JSON.stringify(report.problems)).toBeDefined()
    expect(problem?.code).not.toBe('internal.unexpected')
    expect(problem?.message).toMatch(says)
    expect(problem?.remedy ?? '').not.toBe('')
    if (line !== undefined) expect(problem?.line).toBe(line)

    const { id } = await api.query({ sql: 'SELECT count(*) FROM silver.orders' })
    expect(await api.fetchRows({ id, offset: 0, limit: 1 })).toEqual([[20n]])
    expect((await api.project()).problems).toEqual(report.problems)
  })
})
