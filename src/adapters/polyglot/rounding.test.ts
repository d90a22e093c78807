import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type DialectDatabase, openDialectDatabase } from '@/testing/dialect-database'

let db: DialectDatabase
beforeAll(async () => {
  db = await openDialectDatabase()
})

/** Rounds numerator / denominator half away from zero to so many digits, exactly, and writes it as DuckDB writes a DECIMAL. */
function exactQuotient(numerator: bigint, denominator: bigint, digits: number): string {
  const negative = numerator < 0n !== denominator < 0n
  const [n, d] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator]
  const scaled = (2n * n * 10n ** BigInt(digits) + d) / (2n * d)
  const text = scaled.toString().padStart(digits + 1, '0')
  const point = text.length - digits
  const value = digits === 0 ? text : `${text.slice(0, point)}.${text.slice(point)}`
  return negative && scaled !== 0n ? `-${value}` : value
}

function decimalText(unscaled: bigint, scale: number): string {
  return exactQuotient(unscaled, 10n ** BigInt(scale), scale)
}

/** Magnitudes that reach all paths: ratios of small numbers (many ties), money, and sums beyond the reach of DOUBLE. */
const amount = fc
  .tuple(fc.constantFrom(20n, 1_000n, 10_000_000n, 10n ** 17n), fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }))
  .map(([limit, value]) => value % limit)

describe('rounding of quotients', () => {
  it('is half away from zero on the exact quotient, for decimals and integers of any size', async () => {
    const sample = fc.sample(
      fc.tuple(
        amount,
        amount.filter((y) => y !== 0n),
        fc.constantFrom(0, 2, 4),
        fc.constantFrom(0, 2, 3),
      ),
      {
        numRuns: 4000,
        seed: 7,
      },
    )
    for (const digits of [0, 2, 4]) {
      for (const scale of [0, 2, 3]) {
        const cases = sample.filter(([, , d, s]) => d === digits && s === scale)
        const rows = cases.map(
          ([x, y], i) => `(${i}, ${decimalText(x, 2)}::DECIMAL(38,2), ${decimalText(y, scale)}::DECIMAL(38,${scale}))`,
        )
        const { duckdbSql } = db.translate(`SELECT round(x / y, ${digits}) FROM t ORDER BY i`)
        const result = await db.rows(`WITH t(i, x, y) AS (VALUES ${rows.join(', ')}) ${duckdbSql}`)
        expect(cases.length).toBeGreaterThan(100)
        result.forEach((row, index) => {
          const [x, y] = cases[index] ?? [0n, 1n]
          const exact = exactQuotient(x * 10n ** BigInt(scale), y * 100n, digits)
          expect(`${decimalText(x, 2)} / ${decimalText(y, scale)} = ${row[0]}`).toBe(
            `${decimalText(x, 2)} / ${decimalText(y, scale)} = ${exact}`,
          )
        })
      }
    }
  })

  it.each([
    ['round(0.12345 / 1, 4)', '0.1235'],
    ['round(-0.12345 / 1, 4)', '-0.1235'],
    ['round(1 / 8, 2)', '0.13'],
    ['round(1.005 * 100 / 100, 2)', '1.01'],
    ['round((107 - 100) / NULLIF(800, 0) * 100, 2)', '0.88'],
    ['round(5 * (1 / 8), 1)', '0.6'],
    ['round(-(1 / 8), 2)', '-0.13'],
    ['round(1 / NULLIF(0, 0), 2)', null],
    ['round(NULL / 0, 2)', null],
    ['round(coalesce(1 / NULLIF(8, 0), 0), 2)', '0.13'],
    ['round(CASE WHEN true THEN 1 / 8 ELSE 0 END, 2)', '0.13'],
    ['CAST(1 / 8 AS DECIMAL(9,2))', '0.13'],
    ['round(99999999999999.995 / 1, 2)', '100000000000000.00'],
    ['round(CAST(1 AS DOUBLE) / 8, 2)', '0.13'],
    ['CAST(round(1 / 8, 2) AS DECIMAL(9,2))', '0.13'],
    ['round((108.125 / 100 - 1) * 100, 2)', '8.13'],
    ['round(1 + 1 / 8, 2)', '1.13'],
    ['round(1 / 8 + 1 / 2, 2)', '0.63'],
    ['round(try_divide(1, 8), 2)', '0.13'],
    ['round(try_divide(1, 0), 2)', null],
    ['1 / 4', '0.25'],
    ['3 / 2', '1.5'],
    ['NULL / 0', null],
    ['1 / NULLIF(0, 0)', null],
  ])('%s is %s', async (expression, value) => {
    expect(await db.spark(`SELECT ${expression}`)).toEqual([[value]])
  })

  it('takes averages as exact quotients', async () => {
    const t = '(VALUES (0.01), (0.02), (0.01), (NULL), (0.01)) AS t(v)'
    expect(await db.spark(`SELECT round(avg(v), 4) FROM ${t}`)).toEqual([['0.0125']])
    expect(await db.spark(`SELECT round(avg(v), 3) FROM ${t}`)).toEqual([['0.013']])
    expect(await db.spark(`SELECT round(avg(v) * 100, 1), round(avg(DISTINCT v), 2) FROM ${t}`)).toEqual([
      ['1.3', '0.02'],
    ])
    expect(await db.spark(`SELECT round(avg(v) OVER (PARTITION BY 1), 3) FROM ${t} LIMIT 1`)).toEqual([['0.013']])
    expect(await db.spark(`SELECT round(avg(v), 3) FROM ${t} WHERE v > 9`)).toEqual([[null]])
  })

  it.each([
    '1 / 0',
    'round(1 / 0, 2)',
    'round(1.5 / (2 - 2), 2)',
    '1 % 0',
    '1 div 0',
    'CAST(1.0 AS DOUBLE) / 0.0',
    'round(sum(1) / 0, 2)',
  ])('raises for the zero divisor of %s', async (expression) => {
    await expect(db.spark(`SELECT ${expression} FROM (VALUES (1)) AS t(a)`)).rejects.toThrow('Division by zero')
  })
})
