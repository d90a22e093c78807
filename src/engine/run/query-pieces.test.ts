import { afterAll, beforeAll, expect, it } from 'vitest'
import { Lakehouse } from '@/engine/lakehouse'
import { type NodeDatabase, openNodeDatabase } from '@/testing/node-database'
import { createNodeDialect } from '@/testing/node-dialect'
import { queryPieces } from './query-pieces'
import { SupersededRows } from './superseded'

let database: NodeDatabase
let lakehouse: Lakehouse
beforeAll(async () => {
  database = await openNodeDatabase()
  lakehouse = await Lakehouse.open(database, ['silver', 'engine'], [])
})
afterAll(() => database.close())

it('the pieces of a large table together have all its rows, also when rows before them were deleted', async () => {
  await database.run('CREATE TABLE silver.lines AS SELECT i AS id, 1 AS at FROM range(1900000) AS t(i)')
  await database.run('DELETE FROM silver.lines WHERE id % 2 = 0')
  await database.run('INSERT INTO silver.lines SELECT i, 2 FROM range(100000) AS t(i)')
  const dialect = createNodeDialect()
  await dialect.load()
  const sql = `WITH latest AS (
    SELECT * FROM silver.lines QUALIFY row_number() OVER (PARTITION BY id ORDER BY at DESC) = 1
  ) SELECT id FROM latest`
  const query = dialect.analyzeQuery(sql, { asOf: '2024-01-01' })
  if ('error' in query) throw new Error(query.error.message)
  const pieces = await queryPieces(lakehouse, new SupersededRows(lakehouse), query)
  expect(pieces.length).toBeGreaterThan(1)
  const counts = await Promise.all(pieces.map((piece) => lakehouse.row(`SELECT count(*), sum(id) FROM (${piece})`)))
  const total = (index: number) => counts.reduce((sum, row) => sum + BigInt(String(row[index])), 0n)
  expect([total(0), total(1)]).toEqual([1_000_000n, 950_000n ** 2n + 50_000n * 49_999n])
})
