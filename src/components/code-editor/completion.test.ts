import { expect, test } from 'vitest'
import { completionsAt } from './completion'

const tables = [
  {
    name: 'gold.fact_sales',
    comment: 'lines',
    columns: [
      { name: 'order_id', type: 'BIGINT', comment: null },
      { name: 'net revenue`', type: 'DECIMAL(15,2)', comment: null },
    ],
  },
  { name: 'gold.customer_ltv_gold', comment: null, columns: [{ name: 'customer_id', type: 'BIGINT', comment: null }] },
]

function labels(statement: string, before = statement): string[] {
  return completionsAt(tables, statement, before).map((entry) => entry.label)
}

test('after a schema and a dot only its tables are offered', () => {
  expect(labels('SELECT * FROM gold.')).toEqual(['fact_sales', 'customer_ltv_gold'])
})

test('after an alias and a dot the columns of its table are offered', () => {
  expect(labels('SELECT f. FROM gold.fact_sales f', 'SELECT f.')).toEqual(['order_id', 'net revenue`'])
  expect(labels('SELECT x. FROM gold.fact_sales AS x', 'SELECT x.o')).toEqual(['order_id', 'net revenue`'])
  expect(labels('SELECT fact_sales. FROM gold.fact_sales', 'SELECT fact_sales.')).toEqual(['order_id', 'net revenue`'])
})

test('elsewhere the columns of the tables in the statement come first', () => {
  const entries = completionsAt(tables, 'SELECT  FROM gold.fact_sales', 'SELECT ')
  expect(entries[0]).toMatchObject({ label: 'order_id', kind: 'column' })
  expect(entries.some((entry) => entry.label === 'customer_id')).toBe(false)
  expect(entries.map((entry) => entry.label)).toContain('gold.customer_ltv_gold')
})

test('a hostile name is quoted when it is inserted', () => {
  const entry = completionsAt(tables, 'SELECT f. FROM gold.fact_sales f', 'SELECT f.')[1]
  expect(entry?.insert).toBe('`net revenue```')
})
