import { afterEach, describe, expect, it } from 'vitest'
import type { PipelineFile } from '@/domain/pipeline/project'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes } from '@/testing/parquet-files'

const AS_OF = '2024-03-10'
let engine: TestEngine

afterEach(() => engine.close())

/** A pipeline of one table with the given properties, over a source of the given rows. */
async function judged(rows: string, properties: Record<string, string>): Promise<unknown[][]> {
  const list = Object.entries(properties).map(([key, value]) => `'${key}' = '${value.replaceAll("'", "\\'")}'`)
  const pipeline: PipelineFile[] = [
    { path: 'spark-pipeline.yml', text: 'name: tiny\nschema: gold\n' },
    {
      path: 'sources/readings.sql',
      text: 'CREATE TABLE silver.readings (id BIGINT, amount DECIMAL(10,2), kind STRING, _updated_at TIMESTAMP);',
    },
    {
      path: 'transformations/readings.sql',
      text: `CREATE MATERIALIZED VIEW gold.readings TBLPROPERTIES (${list.join(', ')}) AS SELECT id, amount, kind, _updated_at FROM silver.readings`,
    },
  ]
  engine = await openTestEngine({ pipeline })
  await engine.api.load({ files: [dropped('readings.parquet', await parquetBytes(rows))] })
  const report = await engine.api.run({ asOf: AS_OF })
  expect(report.problems).toEqual([])
  expect(report.status).toBe('completed')
  const { id } = await engine.api.query({
    sql: 'SELECT rule, measured, status FROM pipeline.quality WHERE version = 0 ORDER BY rule',
  })
  return engine.api.fetchRows({ id, offset: 0, limit: 100 })
}

const READINGS = `SELECT * FROM (VALUES
  (1::BIGINT, 10.00::DECIMAL(10,2), 'a', TIMESTAMP '2024-03-10 12:00:00'),
  (2, -1.50, 'b', TIMESTAMP '2024-03-09 00:00:00'),
  (2, NULL, 'c1', TIMESTAMP '2024-03-08 00:00:00'),
  (NULL, 20.00, NULL, NULL)) AS t(id, amount, kind, _updated_at)`

describe('pipeline.quality', () => {
  it('holds what each rule measured, and whether that passes', async () => {
    expect(
      await judged(READINGS, {
        'quality.row_count_min': '4',
        'quality.freshness_hours': '12',
        'quality.id.unique': 'true',
        'quality.id.null_pct_max': '25',
        'quality.amount.null_pct_max': '24.9',
        'quality.amount.min': '0',
        'quality.amount.max': '20',
        'quality.kind.accepted_values': 'a, b',
        'quality.kind.regex': '^[a-c]1?$',
      }),
    ).toEqual([
      ['amount.max', 0, 'pass'],
      ['amount.min', 1, 'fail'],
      ['amount.null_pct_max', 25, 'fail'],
      ['freshness_hours', 12, 'pass'],
      ['id.null_pct_max', 25, 'pass'],
      ['id.unique', 1, 'fail'],
      ['kind.accepted_values', 1, 'fail'],
      ['kind.regex', 0, 'pass'],
      ['row_count_min', 4, 'pass'],
    ])
  })

  it('knows nothing of a column without values, and never calls that a pass', async () => {
    const rules = {
      'quality.row_count_min': '5',
      'quality.freshness_hours': '48',
      'quality.id.unique': 'true',
      'quality.amount.min': '0',
      'quality.kind.regex': 'x',
    }
    const nulls = READINGS.replace(
      'SELECT *',
      'SELECT NULL::BIGINT AS id, NULL::DECIMAL(10,2) AS amount, NULL::VARCHAR AS kind, NULL::TIMESTAMP AS _updated_at',
    )
    expect(await judged(nulls, rules)).toEqual([
      ['amount.min', null, 'unknown'],
      ['freshness_hours', null, 'unknown'],
      ['id.unique', null, 'unknown'],
      ['kind.regex', null, 'unknown'],
      ['row_count_min', 4, 'fail'],
    ])
  })

  it('says of a rule that does not fit its column why, and still evaluates the others', async () => {
    const found = await judged(READINGS, { 'quality.amount.min': 'much', 'quality.id.null_pct_max': '30' })
    expect(found).toEqual([
      ['amount.min', null, 'unknown'],
      ['id.null_pct_max', 25, 'pass'],
    ])
    const { id } = await engine.api.query({ sql: "SELECT message FROM pipeline.quality WHERE rule = 'amount.min'" })
    expect((await engine.api.fetchRows({ id, offset: 0, limit: 1 }))[0]?.[0]).toMatch(/much/)
  })

  it('gets no row from an update that wrote nothing', async () => {
    await judged(READINGS, { 'quality.row_count_min': '1' })
    await engine.api.run({ asOf: AS_OF })
    const { rows } = await engine.api.query({ sql: 'SELECT * FROM pipeline.quality' })
    expect(rows).toBe(1)
  })
})
