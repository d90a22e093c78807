import { RecordBatchReader } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boundsSql, type ClusterColumn, type ColumnBounds, columnBounds, zOrderSql } from '@/domain/delta/z-order'
import { type NodeDatabase, openNodeDatabase } from '@/testing/node-database'
import { placesAlongCurve } from './curve-places'

let database: NodeDatabase

beforeAll(async () => {
  database = await openNodeDatabase()
  await database.run(
    `CREATE TABLE points AS SELECT
       (hash(i) % 1000)::INTEGER - 500 AS whole, (hash(i + 1)::HUGEINT - 9223372036854775808)::BIGINT AS large,
       ((hash(i + 2) % 2000)::BIGINT - 1000)::DECIMAL(15,2) / 7 AS ratio, ((hash(i + 3) % 2000)::BIGINT - 1000)::DECIMAL(15,2) AS amount,
       DATE '2024-01-01' + (hash(i + 4) % 900)::INTEGER AS day, TIMESTAMP '2024-01-01' + to_seconds((hash(i + 5) % 9000000)::BIGINT) AS moment,
       hash(i + 6) % 2 = 0 AS truth, 'Ärger ' || (hash(i + 7) % 300) AS text,
       CASE WHEN i % 7 = 0 THEN NULL ELSE (hash(i + 8) % 50)::SMALLINT END AS sometimes,
       CASE WHEN i % 11 = 0 THEN 'NaN'::DOUBLE ELSE (hash(i + 9) % 100) / 3.0 END AS broken
     FROM range(5000) r(i)`,
  )
})

afterAll(() => database.close())

const columns: ClusterColumn[] = [
  { name: 'whole', type: 'INTEGER' },
  { name: 'large', type: 'BIGINT' },
  { name: 'ratio', type: 'DOUBLE' },
  { name: 'amount', type: 'DECIMAL(15,2)' },
  { name: 'day', type: 'DATE' },
  { name: 'moment', type: 'TIMESTAMP' },
  { name: 'truth', type: 'BOOLEAN' },
  { name: 'text', type: 'VARCHAR' },
  { name: 'sometimes', type: 'SMALLINT' },
  { name: 'broken', type: 'DOUBLE' },
]

async function row(sql: string): Promise<unknown[]> {
  const [found] = (await database.connection.runAndReadAll(sql)).getRows()
  return [...(found ?? [])]
}

/** The column's bounds; those of a column with NaN are given, since its greatest value is no number. */
async function boundsOf(column: ClusterColumn): Promise<ColumnBounds> {
  if (column.name === 'broken') return { min: 0, max: 33 }
  const bounds = columnBounds(column, await row(`SELECT ${boundsSql(column).join(', ')} FROM points`))
  if (bounds === null) throw new Error(`${column.name} has no bounds`)
  return bounds
}

describe('places of rows on their way to the encoder', () => {
  const pairs = columns.map((column, index) => [column, columns[(index + 1) % columns.length] as ClusterColumn])
  it.each(
    [...columns.map((column) => [column]), ...pairs].map(
      (through) => [through.map(({ name }) => name).join(', '), through] as const,
    ),
  )('are those that the engine computes, through %s', async (_, through) => {
    const bounded = await Promise.all(through.map(async (column) => ({ column, bounds: await boundsOf(column) })))
    const names = through.map(({ name, type }) =>
      type === 'TIMESTAMP' ? `CAST(${name} AS TIMESTAMPTZ) AS ${name}` : name,
    )
    const stream = await database.query(`SELECT ${names.join(', ')} FROM points`)
    const places = placesAlongCurve(
      [...RecordBatchReader.from(stream)],
      bounded.map(({ column, bounds }) => ({ name: column.name, bounds })),
    )
    const expected = await database.connection.runAndReadAll(`SELECT ${zOrderSql(bounded)} FROM points`)
    expect([...places]).toEqual(expected.getRows().map(([place]) => place))
    expect(new Set(places).size).toBeGreaterThan(1)
  })

  it('are refused for a column that is not there', async () => {
    const batches = [...RecordBatchReader.from(await database.query('SELECT whole FROM points'))]
    expect(() => placesAlongCurve(batches, [{ name: 'absent', bounds: { min: 0, max: 1 } }])).toThrow(
      /no column absent/,
    )
  })
})
