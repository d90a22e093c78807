import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimalToString } from '@/domain/format/decimal'
import { ColumnTable } from './column-table'

const amount = fc.option(
  fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }).map((units) => decimalToString({ units, scale: 2 })),
)

function tableOf(amounts: (string | null)[]): ColumnTable {
  return new ColumnTable({
    columns: [{ name: 'amount', type: 'DECIMAL(20,2)' }],
    rows: amounts.map((value) => [value]),
  })
}

test('sums are exact to the cent, also where doubles are not, and the sum of no value is NULL', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(amount, fc.integer({ min: -1, max: 2 })), { maxLength: 30 }), (rows) => {
      const table = tableOf(rows.map(([value]) => value))
      const groups = Int32Array.from(rows, ([, group]) => group)
      const sums = table.aggregate({ kind: 'sum', column: 'amount' }, groups, 3)
      for (const group of [0, 1, 2]) {
        const values = rows.flatMap(([value, of]) => (of === group && value !== null ? [value] : []))
        const cents = values.reduce((total, value) => total + BigInt(value.replace('.', '')), 0n)
        const sum = sums[group] ?? null
        expect(sum && sum.units * 10n ** BigInt(2 - sum.scale)).toBe(values.length === 0 ? null : cents)
      }
    }),
    { endOnFailure: true },
  )
})

test('the largest value is found among safe and unsafe integers', () => {
  const groups = Int32Array.from([0, 0, 0, -1])
  const most = (amounts: (string | null)[]) => tableOf(amounts).aggregate({ kind: 'max', column: 'amount' }, groups, 2)
  expect(most(['1.00', '-2.00', null, '9.00'])).toEqual([{ units: 100n, scale: 2 }, null])
  expect(most(['90071992547409930.00', '90071992547409931.00', null, '0.00'])).toEqual([
    { units: 9007199254740993100n, scale: 2 },
    null,
  ])
})

test('NULL is a key of its own, apart from empty text', () => {
  const table = new ColumnTable({ columns: [{ name: 'name', type: 'VARCHAR' }], rows: [['a'], [null], [''], ['a']] })
  expect(table.keys('name').keys).toEqual(['a', null, ''])
  expect([...table.keys('name').codes]).toEqual([0, 1, 2, 0])
  expect(() => table.keys('other')).toThrow(RangeError)
})
