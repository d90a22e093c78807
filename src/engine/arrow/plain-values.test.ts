import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeDatabase, openNodeDatabase } from '@/testing/node-database'
import { plainRow, plainRows } from './plain-values'

let database: NodeDatabase

beforeAll(async () => {
  database = await openNodeDatabase()
})
afterAll(() => database.close())

async function row(expressions: string): Promise<unknown[]> {
  return plainRow(await database.query(`SELECT ${expressions}`))
}

describe('nested values', () => {
  it('are as exact as those that stand alone', async () => {
    const values = `9007199254740993 AS big, -1.50::DECIMAL(20,2) AS money, DATE '2011-12-09' AS day,
      TIMESTAMP '2011-12-09 08:26:00.123456' AS at, NULL::INT AS nothing`
    const expected = {
      big: 9007199254740993n,
      money: '-1.50',
      day: '2011-12-09',
      at: '2011-12-09T08:26:00.123456Z',
      nothing: null,
    }
    expect(await row(`s FROM (SELECT s FROM (SELECT ${values}) AS s)`)).toEqual([expected])
    expect(await row(`[s, NULL] FROM (SELECT s FROM (SELECT ${values}) AS s)`)).toEqual([[expected, null]])
    expect(await row(`MAP {'k': s} FROM (SELECT s FROM (SELECT ${values}) AS s)`)).toEqual([
      [{ key: 'k', value: expected }],
    ])
  })

  it('keep to their own row', async () => {
    const sql = `SELECT CASE WHEN i % 3 = 0 THEN NULL ELSE {n: i, m: MAP {i: [i, i]}} END AS s FROM range(5000) AS r(i) ORDER BY i`
    const rows = plainRows(await database.query(sql))
    const expected = Array.from({ length: 5000 }, (_, i) => {
      const n = BigInt(i)
      return [i % 3 === 0 ? null : { n, m: [{ key: n, value: [n, n] }] }]
    })
    expect(rows).toEqual(expected)
  })
})

describe('dates and times', () => {
  it('that JavaScript does not know are spelled as DuckDB does', async () => {
    expect(
      await row(`'infinity'::DATE, '-infinity'::TIMESTAMP, '5881580-07-10'::DATE, TIME '23:59:59.999999'`),
    ).toEqual(['infinity', '-infinity', '5881580-07-10', '23:59:59.999999'])
  })
})
