/** OPTIMIZE, VACUUM, RESTORE, DELETE and EXPLAIN as users run them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'
import { toErrorData } from '@/domain/errors'
import type { PipelineFile } from '@/domain/pipeline/project'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes } from '@/testing/parquet-files'

const DAY_MS = 86_400_000
const PIPELINE: PipelineFile[] = [
  { path: 'spark-pipeline.yml', text: 'name: small\nschema: gold\n' },
  { path: 'sources/points.sql', text: 'CREATE TABLE silver.points (id BIGINT, x INT, y INT, zone STRING);' },
  {
    path: 'transformations/points.sql',
    text: `CREATE MATERIALIZED VIEW gold.points TBLPROPERTIES ('delta.targetFileSize' = '8kb')
      AS SELECT id, x, y FROM silver.points;`,
  },
  {
    path: 'transformations/zones.sql',
    text: 'CREATE MATERIALIZED VIEW gold.zones PARTITIONED BY (zone) AS SELECT id, x, zone FROM silver.points;',
  },
  {
    path: 'transformations/totals.sql',
    text: 'CREATE MATERIALIZED VIEW gold.totals AS SELECT sum(x) AS x FROM gold.zones;',
  },
]

const files = new MemoryFileStore()
const START = Date.UTC(2024, 0, 1)
let now = START
const clock = { now: () => now }
let engine: TestEngine

beforeAll(async () => {
  engine = await openTestEngine({ pipeline: PIPELINE, files, clock })
  await load(0)
  expect(await run()).toEqual(['gold.points full', 'gold.zones full', 'gold.totals full'])
})
afterAll(() => engine.close())

async function load(moved: number): Promise<void> {
  const sql = `SELECT i AS id, (hash(i + ${moved}) % 1000)::INT AS x, (hash(i * 7) % 1000)::INT AS y,
    ['north', 'south', NULL][1 + i % 3] AS zone FROM range(40000) AS t(i)`
  await engine.api.load({ files: [dropped('points.parquet', await parquetBytes(sql))] })
}

async function run(): Promise<string[]> {
  const report = await engine.api.run({ asOf: '2024-01-01' })
  expect([...report.problems, ...report.datasets.flatMap(({ error }) => error ?? [])]).toEqual([])
  return report.datasets.map(({ name, plan }) => `${name} ${plan}`)
}

async function rows(sql: string, { api }: TestEngine = engine): Promise<Record<string, unknown>[]> {
  const { id, columns } = await api.query({ sql })
  const found = await api.fetchRows({ id, offset: 0, limit: 100 })
  await api.closeResult({ id })
  return found.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])))
}

async function refusal(sql: string) {
  return toErrorData(await rows(sql).catch((thrown: unknown) => thrown))
}

const contents = (table: string, of = engine) =>
  rows(`SELECT count(*) AS n, sum(t.id) AS ids, sum(t.id * t.x) AS product FROM ${table} AS t`, of)

describe('OPTIMIZE', () => {
  it('with ZORDER BY makes a filter on any of the columns read fewer files, and leaves the rows as they are', async () => {
    const filters = ['x = 17', 'y BETWEEN 300 AND 320']
    const look = async () =>
      Promise.all(filters.map((filter) => rows(`EXPLAIN SELECT id FROM gold.points WHERE ${filter}`)))
    const [before, content] = [await look(), await contents('gold.points')]
    const [result] = await rows('OPTIMIZE gold.points ZORDER BY (x, y)')
    const after = await look()
    expect(result).toMatchObject({ metrics: { numFilesRemoved: 1n, partitionsOptimized: 1n } })
    expect(before.flat().map((row) => row.files_read)).toEqual([1n, 1n])
    for (const [plan] of after) {
      expect(Number(plan?.files_total)).toBeGreaterThanOrEqual(12)
      expect(Number(plan?.files_read)).toBeLessThanOrEqual(Number(plan?.files_total) * 0.5)
    }
    expect(await contents('gold.points')).toEqual(content)
    expect(after[0]?.[0]?.filter).toBe('x = 17')
  })

  it('leaves alone what it has arranged before, and what the next run of the pipeline finds', async () => {
    const [result] = await rows('OPTIMIZE gold.points ZORDER BY (X, Y)')
    expect(result).toMatchObject({ metrics: { numFilesRemoved: 0n, totalFilesSkipped: expect.any(BigInt) } })
    const [last] = await engine.api.history({ table: 'gold.points' })
    expect(last).toMatchObject({
      version: 1,
      operation: 'OPTIMIZE',
      operationParameters: { predicate: '[]', zOrderBy: '["x","y"]' },
      operationMetrics: { numRemovedFiles: '1' },
    })
    expect(await run()).toEqual(['gold.points skip', 'gold.zones skip', 'gold.totals skip'])
  })

  it('packs small files into one, and only those of the partitions that are asked for', async () => {
    const log = async () => (await rows('DESCRIBE DETAIL pipeline.event_log'))[0]
    const before = await log()
    expect(before).toMatchObject({ numFiles: 2n })
    await rows('OPTIMIZE pipeline.event_log')
    expect(await log()).toMatchObject({ numFiles: 1n, numRows: before?.numRows })
    const [ordered] = await rows("OPTIMIZE gold.zones WHERE zone = 'north' ZORDER BY (id, x)")
    expect(ordered).toMatchObject({ metrics: { partitionsOptimized: 1n, totalConsideredFiles: 1n } })
  })

  it.each([
    ['OPTIMIZE gold.zones WHERE id > 5', 'delta.not_on_partitions'],
    ['OPTIMIZE gold.zones ZORDER BY (zone)', 'delta.partition_column'],
    ['OPTIMIZE gold.zones ZORDER BY (nothing)', 'delta.unknown_column'],
    ['OPTIMIZE gold.nothing', 'catalog.unknown_table'],
    ['OPTIMIZE silver.points', 'catalog.no_versions'],
    ['OPTIMIZE gold.zones; OPTIMIZE gold.zones', 'sql.syntax'],
    ['OPTIMIZE gold.zones WHERE zone IN (SELECT 1)', 'sql.unsupported_syntax'],
    ['DELETE FROM gold.zones WHERE id = 1', 'sql.derived_table'],
    ['VACUUM gold.zones RETAIN 1 HOURS', 'delta.retention_too_short'],
    ['RESTORE gold.zones TO VERSION AS OF 99', 'delta.unknown_version'],
    ['ALTER TABLE gold.zones ADD CONSTRAINT ok CHECK (x >= 0)', 'sql.declared_elsewhere'],
  ])('and the other commands refuse what makes no sense, with a remedy: %s', async (sql, code) => {
    const error = await refusal(sql)
    expect(error).toMatchObject({ code, remedy: expect.stringMatching(/\w/), sql })
  })
})

describe('EXPLAIN', () => {
  it('counts partitions and row groups that a filter leaves out, and changes nothing', async () => {
    const [plan] = await rows(
      "EXPLAIN SELECT id FROM gold.zones AS z WHERE z.zone = 'south' AND z.x + 1 = 2 AND id >= 0",
    )
    expect(plan).toMatchObject({
      table_name: 'gold.zones',
      files_read: 1n,
      files_total: 3n,
      row_groups_read: 1n,
      filter: "z.zone = 'south' AND id >= 0",
    })
    expect(Number(plan?.bytes_read)).toBeLessThan(Number(plan?.bytes_total))
  })

  it('assumes nothing of queries over several tables', async () => {
    const plans = await rows('EXPLAIN SELECT 1 FROM gold.zones z JOIN gold.points p ON p.id = z.id WHERE z.id < 0')
    expect(plans.map((plan) => [plan.table_name, plan.files_read === plan.files_total, plan.filter])).toEqual([
      ['gold.zones', true, null],
      ['gold.points', true, null],
    ])
  })
})

describe('RESTORE', () => {
  it('brings a version back, which the next run builds anew only when its inputs are other ones now', async () => {
    const first = await contents('gold.zones')
    await load(5)
    now += DAY_MS
    expect(await run()).toEqual(['gold.points full', 'gold.zones full', 'gold.totals full'])
    const second = await contents('gold.zones')
    expect(second).not.toEqual(first)
    const [result] = await rows('RESTORE TABLE gold.zones TO VERSION AS OF 0')
    expect(result).toMatchObject({ num_restored_files: 3n, num_removed_files: 3n, num_of_files_after_restore: 3n })
    expect(await contents('gold.zones')).toEqual(first)
    expect(await run()).toEqual(['gold.points skip', 'gold.zones full', 'gold.totals skip'])
    expect(await contents('gold.zones')).toEqual(second)
    const instant = new Date(now).toISOString().replace('T', ' ').replace('Z', '')
    await rows(`RESTORE gold.zones TO TIMESTAMP AS OF '${instant}'`)
    expect(await run()).toEqual(['gold.points skip', 'gold.zones skip', 'gold.totals skip'])
  })
})

describe('VACUUM', () => {
  it('deletes what no version of the last week needs, lists it first, and then old versions are gone', async () => {
    const isThere = () =>
      files.list('lakehouse/gold/zones').then((names) => names.filter((name) => name.endsWith('.parquet')))
    expect(await rows('VACUUM gold.zones DRY RUN')).toEqual([])
    const before = await isThere()
    now += 8 * DAY_MS
    const listed = await rows('VACUUM gold.zones DRY RUN')
    expect(listed.length).toBeGreaterThan(2)
    expect(await isThere()).toEqual(before)
    const content = await contents('gold.zones')
    expect(await rows('VACUUM gold.zones')).toMatchObject([{ num_deleted_files: BigInt(listed.length) }])
    expect(await isThere()).toHaveLength(before.length - listed.length)
    expect(await refusal('RESTORE gold.zones TO VERSION AS OF 0')).toMatchObject({ code: 'delta.missing_file' })
    const second = await openTestEngine({ pipeline: PIPELINE, files, clock })
    expect(await contents('gold.zones', second)).toEqual(content)
    await second.close()
    const history = await engine.api.history({ table: 'gold.zones' })
    expect(history.slice(0, 2).map(({ operation }) => operation)).toEqual(['VACUUM END', 'VACUUM START'])
  })
})

describe('DELETE', () => {
  it('takes the rows for which the condition is TRUE out of the files that can hold some', async () => {
    // Tables of datasets that are in the pipeline no more follow from nothing.
    const other = await openTestEngine({ pipeline: PIPELINE.slice(0, 3), files, clock })
    const count = 'SELECT count(*) AS n, count_if(id < 100) AS low FROM gold.zones'
    expect(await rows(count, other)).toEqual([{ n: 40_000n, low: 100n }])
    expect(await rows("DELETE FROM gold.zones z WHERE z.zone = 'north' AND z.id < 90", other)).toEqual([
      { num_affected_rows: 30n },
    ])
    expect(await rows(count, other)).toEqual([{ n: 39_970n, low: 70n }])
    expect((await other.api.history({ table: 'gold.zones' }))[0]).toMatchObject({
      operation: 'DELETE',
      operationMetrics: { numRemovedFiles: '1', numAddedFiles: '1', numDeletedRows: '30' },
    })
    // NULL <> 'south' is not TRUE.
    await rows("DELETE FROM zones WHERE zone <> 'south'", other)
    expect(await rows('SELECT zone, count(*) AS n FROM gold.zones GROUP BY zone ORDER BY zone', other)).toEqual([
      { zone: null, n: 13_333n },
      { zone: 'south', n: 13_333n },
    ])
    await other.close()
  })
})
