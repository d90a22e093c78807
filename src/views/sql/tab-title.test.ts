import { expect, test } from 'vitest'
import { tabTitle } from './tab-title'

test('a query is called by the comment that it begins with, else by the table that it reads first', () => {
  expect(tabTitle('-- Top customers \nSELECT 1 FROM gold.fact_sales')).toBe('Top customers')
  expect(tabTitle('SELECT *\nFROM gold.fact_sales f -- note')).toBe('fact_sales')
  expect(tabTitle('select * from `my gold`.`a b`')).toBe('a b')
})

test('a query without a table, and an empty one, have names too', () => {
  expect(tabTitle('SELECT 1')).toBe('Query')
  expect(tabTitle('  ')).toBe('New query')
})
