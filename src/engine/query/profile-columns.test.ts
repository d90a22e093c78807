import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ColumnProfile } from '@/domain/result/profile'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'

let engine: TestEngine

beforeAll(async () => {
  engine = await openTestEngine({ pipeline: [{ path: 'spark-pipeline.yml', text: 'name: none\nschema: gold\n' }] })
})
afterAll(() => engine.close())

async function profile(sql: string, exact = false): Promise<ColumnProfile[]> {
  const { id, columns } = await engine.api.query({ sql, dialect: 'duckdb' })
  const profiles = await engine.api.profile({ id, columns: [...columns.keys()], exact })
  await engine.api.closeResult({ id })
  return profiles
}

describe('a profile', () => {
  it('tells NULLs, different values, least and greatest, exactly as the column has them', async () => {
    const [big, money, day, text] = await profile(
      `SELECT * FROM (VALUES (9007199254740993, 1.10::DECIMAL(20,2), DATE '2011-12-09', ''), (NULL, NULL, NULL, NULL),
        (1, -0.05, DATE '2010-12-01', 'b'), (1, -0.05, DATE '2010-12-01', 'b')) AS v(big, money, day, text)`,
    )
    expect(big).toMatchObject({ rows: 4, nulls: 1, min: 1n, max: 9007199254740993n })
    expect(money).toMatchObject({ nulls: 1, min: '-0.05', max: '1.10' })
    expect(day).toMatchObject({ min: '2010-12-01', max: '2011-12-09' })
    expect(text).toMatchObject({ min: '', max: 'b', distinct: { count: 2, exact: true } })
    expect(text?.top).toEqual([
      { value: 'b', count: 2 },
      { value: '', count: 1 },
    ])
  })

  it('counts every finite value in one bin of a histogram', async () => {
    const [reals, whole, days] = await profile(
      `SELECT CASE WHEN i = 0 THEN 'NaN' WHEN i = 1 THEN 'Infinity' ELSE i / 10 END::DOUBLE AS reals, (i % 4 + 1)::INT AS whole,
        DATE '2024-02-27' + (i % 3)::INT AS days FROM range(1000) AS t(i)`,
    )
    expect(reals?.histogram).toMatchObject({ from: 0.2, to: 99.9, discrete: false })
    expect(reals?.histogram?.counts.reduce((sum, count) => sum + count)).toBe(998)
    expect(whole?.histogram).toEqual({ from: 1, to: 4, discrete: true, counts: [250, 250, 250, 250] })
    expect(days?.histogram).toMatchObject({ from: Date.UTC(2024, 1, 27), discrete: true, counts: [334, 333, 333] })
  })

  it('works for every kind of type, and for a table without rows', async () => {
    const values = `[1] AS list, {a: 1} AS struct, MAP {'k': 1} AS map, 'x'::BLOB AS blob, TIME '01:02:03' AS time,
      INTERVAL 1 DAY AS step, TIMESTAMPTZ '2024-01-01 00:00:00+00' AS zoned, uuid() AS id, TRUE AS flag, 1::HUGEINT AS huge,
      'a'::ENUM('a', 'b') AS e, NULL AS nothing, 99999999999999999999999999999999999999::HUGEINT AS edge, 'infinity'::DATE AS never`
    const one = await profile(`SELECT ${values}`)
    expect(one.map(({ rows, nulls }) => rows - nulls)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1])
    expect(one.at(-1)?.histogram).toBeNull()
    const none = await profile(`SELECT ${values} WHERE FALSE`, true)
    expect(
      none.every(
        ({ rows, distinct, min, histogram }) => rows === 0 && distinct.count === 0 && min === null && !histogram,
      ),
    ).toBe(true)
  })

  it('estimates different values only where there are very many rows', async () => {
    const distinct = async (rows: number) => (await profile(`SELECT i FROM range(${rows}) AS r(i)`))[0]?.distinct
    expect(await distinct(20_000)).toEqual({ count: 20_000, exact: true })
    const many = await distinct(300_000)
    expect(many?.exact).toBe(false)
    expect(Math.abs((many?.count ?? 0) - 300_000)).toBeLessThan(45_000)
  })

  it('counts different values exactly when asked, also where nearly every one is different', async () => {
    const [text] = await profile("SELECT 'n' || (i % 9999) AS t FROM range(10000) AS r(i)", true)
    expect(text?.distinct).toEqual({ count: 9999, exact: true })
    expect(text?.top?.[0]).toEqual({ value: 'n0', count: 2 })
  })

  it('is that of the rows that a filter lets through', async () => {
    const { id } = await engine.api.query({ sql: 'SELECT i, i % 2 AS odd FROM range(10) AS r(i)', dialect: 'duckdb' })
    const filters = [{ column: 1, kind: 'equals' as const, text: '1' }]
    const odd = await engine.api.arrange({ id, arrangement: { order: null, filters } })
    expect(await engine.api.profile({ id: odd.id, columns: [0] })).toMatchObject([
      { column: 0, rows: 5, min: 1n, max: 9n },
    ])
  })
})
