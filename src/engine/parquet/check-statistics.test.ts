import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ParquetStatistics } from '@/engine/ports'
import { nodeCodec } from '@/testing/node-codec'
import { parquetBytes } from '@/testing/parquet-files'
import { checkStatistics } from './check-statistics'

const VALUES: [type: string, low: string, value: string, high: string][] = [
  ['TINYINT', '-128', '5', '127'],
  ['INTEGER', '-2147483648', '-1', '2147483647'],
  ['BIGINT', '-9223372036854775808', '-4294967296', '9223372036854775807'],
  ['BIGINT', '-1', '0', '4294967296'],
  ['DECIMAL(4,3)', '-1.000', '0.999', '1.000'],
  ['DECIMAL(10,2)', '-99999999.99', '0.01', '99999999.99'],
  ['DECIMAL(15,2)', '-5000000000.00', '-0.01', '5000000000.00'],
  ['DOUBLE', '-1e300', '0.1', '1e300'],
  ['FLOAT', '-1.5', '0', '2.5'],
  ['DATE', '0001-01-01', '1970-01-01', '9999-12-31'],
  ['TIMESTAMP', '0001-01-01 00:00:00.000001', '1969-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999'],
  ['TIMESTAMPTZ', '1969-12-31 23:59:59.999999+00', '1970-01-01 00:00:00+00', '2024-01-01 00:00:00+00'],
  ['VARCHAR', '', 'a', 'é'],
  ['VARCHAR', 'Premium', 'Premium plus', 'Premiun'],
]

/** Decoded rows of `low`, NULL, `value`, `high`, and their statistics. */
async function decoded(type: string, values: string[]) {
  const list = values.map((value) => `(CAST('${value}' AS ${type}))`)
  const file = new Blob([await parquetBytes(`SELECT x FROM (VALUES (NULL), ${list.join(', ')}) AS t(x)`)])
  const codec = nodeCodec()
  const { rowGroups } = await codec.inspect(file, 'x')
  const [group] = rowGroups
  if (group === undefined) throw new Error('no row group')
  return { stream: await codec.decode(file, 'x', { index: 0, rows: group.rows }, ['x']), group }
}

describe('checkStatistics', () => {
  it.each(VALUES)(
    'accepts %s from %s over %s to %s, and refuses them under narrower bounds',
    async (type, low, value, high) => {
      const { stream, group } = await decoded(type, [low, value, high])
      const place = { name: 'x.parquet', index: 2 }
      expect(() => checkStatistics(stream, group, place)).not.toThrow()

      const statistics = group.statistics.x
      const inner = (await decoded(type, [value])).group.statistics.x
      // Bounds that cannot be given exactly in this form are left out, and then nothing is compared.
      if (statistics?.min === undefined || inner?.min === undefined || statistics.max === undefined) return
      const bounds: Partial<ParquetStatistics>[] = [
        { min: inner.min },
        { max: inner.max },
        { nullCount: 0 },
        { nullCount: 2 },
      ]
      for (const bound of bounds) {
        const narrower = { ...group, statistics: { x: { ...statistics, ...bound } } }
        expect(
          () => checkStatistics(stream, narrower, place),
          JSON.stringify(bound, (_, v) => (typeof v === 'bigint' ? `${v}` : v)),
        ).toThrow(/x\.parquet: row group 3: .*column x/)
      }
    },
  )

  it('passes over columns and bounds that it is not given, or cannot compare', async () => {
    const { stream, group } = await decoded('INTEGER', ['1', '2'])
    for (const bound of [undefined, null, 'text', Number.NaN, 1.5, {}]) {
      const strange = { ...group, statistics: { x: { min: bound, max: bound, nullCount: null } } }
      expect(() => checkStatistics(stream, strange, { name: 'x', index: 0 })).not.toThrow()
    }
    expect(() => checkStatistics(stream, { ...group, statistics: {} }, { name: 'x', index: 0 })).not.toThrow()
  })

  it('agrees with what comparing each value would say, for any 64-bit integers', async () => {
    const { stream } = await decoded('BIGINT', ['-3000000000', '-1', '0', '7', '3000000000'])
    const values = [-3000000000n, -1n, 0n, 7n, 3000000000n]
    const near = fc.oneof(
      fc.bigInt(-4000000000n, 4000000000n),
      fc.constantFrom(...values),
      fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n),
    )
    fc.assert(
      fc.property(near, near, (min, max) => {
        const group = { rows: 6, compressedBytes: 0, statistics: { x: { min, max, nullCount: null } } }
        const isWrong = values.some((value) => value < min || value > max)
        const check = () => checkStatistics(stream, group, { name: 'x', index: 0 })
        if (isWrong) expect(check).toThrow()
        else check()
      }),
    )
  })
})
