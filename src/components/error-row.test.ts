import { expect, test } from 'vitest'
import { quotedRow, tellingFields } from './error-row'

const violation =
  "gold.fact_sales: 3 of 12 rows violate valid_price, which fails the update. The first: {'order_id': 17, 'note': it's {odd}, 'unit_price': -2.50, 'shipped': NULL}"

test('a row that an error quotes is taken apart, and the message is what was said before it', () => {
  const row = quotedRow(violation)
  expect(row?.message).toBe('gold.fact_sales: 3 of 12 rows violate valid_price, which fails the update.')
  expect(row?.fields).toEqual([
    { name: 'order_id', value: '17' },
    { name: 'note', value: "it's {odd}" },
    { name: 'unit_price', value: '-2.50' },
    { name: 'shipped', value: 'NULL' },
  ])
})

test('a row that was cut off keeps what is there of it', () => {
  expect(quotedRow("t: 1 row. The first: {'a': 1, 'b': some te…")?.fields).toEqual([
    { name: 'a', value: '1' },
    { name: 'b', value: 'some te…' },
  ])
  expect(quotedRow('t: nothing is quoted here.')).toBeNull()
})

test('the fields that come first are the key and those that the rule names', () => {
  const row = quotedRow(violation)
  expect(row && tellingFields(row, 'unit_price > 0').map(({ name }) => name)).toEqual(['order_id', 'unit_price'])
})
