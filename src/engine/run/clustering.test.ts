/** Files of a clustered table hold its rows along a Z-order curve. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'
import { bucketSql, type ClusterColumn, type ColumnBounds, zOrderSql } from '@/domain/delta/z-order'
import type { PipelineFile } from '@/domain/pipeline/project'
import { nodeCodec } from '@/testing/node-codec'
import { type NodeDatabase, openNodeDatabase } from '@/testing/node-database'
import { openTestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes } from '@/testing/parquet-files'

let database: NodeDatabase

beforeAll(async () => {
  database = await openNodeDatabase()
})

afterAll(() => database.close())

async function column(sql: string): Promise<unknown[]> {
  const result = await database.connection.runAndReadAll(sql)
  return result.getRows().map(([value]) => value)
}

describe('the curve', () => {
  it('orders points by the bits of their coordinates in turn, the highest first', async () => {
    const coordinate = fc.integer({ min: 0, max: 255 })
    const columns = ['a', 'b', 'c'].map((name): ClusterColumn => ({ name, type: 'INTEGER' }))
    const bounds: ColumnBounds = { min: 0, max: 256 }
    const curve = zOrderSql(columns.map((one) => ({ column: one, bounds })))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(coordinate, coordinate, coordinate), { minLength: 1 }), async (points) => {
        const values = points.map((point) => `(${point.join(', ')})`).join(', ')
        const found = await column(`SELECT ${curve} FROM (VALUES ${values}) AS t(a, b, c)`)
        expect(found).toEqual(points.map(morton))
      }),
      { numRuns: 50 },
    )
  })

  it.each([
    ['INTEGER', ['-5', '0', '7', '900'], { min: -5, max: 900 }],
    ['DECIMAL(15,2)', ['-1.50', '0.00', '0.01', '99.99'], { min: -1.5, max: 99.99 }],
    ['DATE', ["'2024-01-01'", "'2024-01-02'", "'2024-12-31'"], { min: 19723, max: 20088 }],
    ['TIMESTAMP', ["'2024-01-01 00:00:00'", "'2024-01-01 12:00:00'"], { min: 1.7040672e15, max: 1.7041104e15 }],
    ['BOOLEAN', ['false', 'true'], { min: 0, max: 1 }],
    ['VARCHAR', ["''", "'Ab'", "'ab'", "'it''s'", "'z'"], { texts: ['Ab', "it's", 'm'] }],
  ] as const)(
    'rises with values of the type %s, from the lowest place to the highest; NULL is lowest',
    async (type, values, bounds) => {
      const rows = [...values, 'NULL'].map((value) => `(CAST(${value} AS ${type}))`).join(', ')
      const places = await column(`SELECT ${bucketSql({ name: 'v', type }, bounds, 8)} FROM (VALUES ${rows}) AS t(v)`)
      expect(places.pop()).toBe(0)
      expect(places).toEqual([...places].sort((a, b) => Number(a) - Number(b)))
      expect(places[0]).toBe(0)
      expect(places.at(-1)).toBe(255)
    },
  )
})

/** The bits of three numbers in turn; bit 0 of the first is bit 0 of the result. */
function morton(point: readonly number[]): number {
  let place = 0
  for (let bit = 0; bit < 8; bit += 1) {
    point.forEach((value, index) => {
      place += ((value >> bit) & 1) * 2 ** (bit * point.length + index)
    })
  }
  return place
}

describe('a stored table', () => {
  const pipeline = (clause: string): PipelineFile[] => [
    { path: 'spark-pipeline.yml', text: 'name: small\nschema: gold\n' },
    {
      path: 'sources/points.sql',
      text: 'CREATE TABLE silver.points (id BIGINT, x INT, y STRING, PRIMARY KEY (id));',
    },
    {
      path: 'transformations/points.sql',
      text: `CREATE OR REFRESH MATERIALIZED VIEW gold.points ${clause} AS SELECT * FROM silver.points;`,
    },
  ]

  /** How much of each column's values a row group spans on average, and the stored rows. */
  async function spans(clause: string, rowCount = 600_000) {
    const files = new MemoryFileStore()
    const engine = await openTestEngine({ files, pipeline: pipeline(clause) })
    const rows = `SELECT i AS id, (i * 7919 % 1000)::INT AS x, 'k' || lpad((i * 104729 % 1000)::VARCHAR, 3, '0') AS y
      FROM range(${rowCount}) AS t(i)`
    await engine.api.load({ files: [dropped('points.parquet', await parquetBytes(rows))] })
    const report = await engine.api.run({})
    expect(report.datasets.map(({ error }) => error)).toEqual([undefined])
    expect(report.problems).toEqual([])
    const [part = ''] = (await files.list('lakehouse/gold/points')).filter((name) => name.endsWith('.parquet'))
    const info = await nodeCodec().inspect(await files.open(`lakehouse/gold/points/${part}`), part)
    await engine.close()
    const share = (of: 'x' | 'y') => {
      const number = (value: unknown) => Number(String(value).replace('k', ''))
      const each = info.rowGroups.map(({ statistics }) => number(statistics[of]?.max) - number(statistics[of]?.min))
      return each.reduce((sum, one) => sum + one, 0) / each.length / 999
    }
    return { rows: info.rows, groups: info.rowGroups.length, x: share('x'), y: share('y') }
  }

  it('has row groups that span little of every column it is clustered by, a text among them', async () => {
    expect(await spans('')).toMatchObject({ rows: 600_000, x: 1, y: 1 })
    const clustered = await spans('CLUSTER BY (x, y)')
    expect(clustered).toMatchObject({ rows: 600_000, groups: 5 })
    expect(clustered.x).toBeLessThan(0.75)
    expect(clustered.y).toBeLessThan(0.75)
    const byProperty = await spans("TBLPROPERTIES ('pipelines.autoOptimize.zOrderCols' = 'y')")
    expect(byProperty.y).toBeLessThan(0.4)
  })

  it('keeps the order of its rows while they fill no more row groups than it has columns to be clustered by', async () => {
    const ordered = await spans('CLUSTER BY (x, y)', 150_000)
    expect(ordered).toEqual({ rows: 150_000, groups: 2, x: 1, y: 1 })
  })
})
