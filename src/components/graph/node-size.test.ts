import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nameWords, nodeHeight } from './node-size'

test('a name breaks after its underscores and loses no character', () => {
  expect(nameWords('gold_finance_daily_revenue')).toEqual(['gold_', 'finance_', 'daily_', 'revenue'])
  expect(nameWords('__a')).toEqual(['__', 'a'])
  fc.assert(
    fc.property(fc.string(), (name) => {
      expect(nameWords(name).join('')).toBe(name)
    }),
  )
})

test('a node is taller by a line for each line of its name, up to three, and for rows held back', () => {
  const short = nodeHeight('fact_sales', false)
  expect(nodeHeight('silver.customers', false)).toBe(short)
  expect(nodeHeight('customer_ltv_gold', false)).toBe(short)
  expect(nodeHeight('gold_finance_daily_revenue', false)).toBe(short + 16)
  expect(nodeHeight('one_two_three_four_'.repeat(9), false)).toBe(short + 32)
  expect(nodeHeight('fact_sales', true)).toBe(short + 18)
})
