import { expect, test } from 'vitest'
import { callAt, explain } from './explain'

const tables = [
  {
    name: 'gold.fact_sales',
    comment: 'One row a line',
    columns: [{ name: 'net_revenue', type: 'DECIMAL(15,2)', comment: 'After discount' }],
  },
  { name: 'gold.daily', comment: null, columns: [{ name: 'net_revenue', type: 'DOUBLE', comment: null }] },
]
const query = 'SELECT f.net_revenue FROM gold.fact_sales f JOIN gold.daily d ON true'

test('a column is explained by the table that its qualifier names, else by each that has it', () => {
  expect(explain(tables, query, { word: 'NET_REVENUE', qualifier: 'f', called: false })).toEqual([
    { code: 'gold.fact_sales.net_revenue DECIMAL(15,2)', text: 'After discount' },
  ])
  expect(explain(tables, query, { word: 'net_revenue', qualifier: null, called: false })).toHaveLength(2)
})

test('tables, aliases and functions are explained; a name that nothing has is not', () => {
  const table = [{ code: 'gold.fact_sales', text: 'One row a line' }]
  expect(explain(tables, query, { word: 'fact_sales', qualifier: 'gold', called: false })).toEqual(table)
  expect(explain(tables, query, { word: 'f', qualifier: null, called: false })).toEqual(table)
  expect(explain(tables, query, { word: 'round', qualifier: null, called: true })[0]?.code).toBe(
    'round(number, [digits])',
  )
  expect(explain(tables, query, { word: 'constructor', qualifier: null, called: false })).toEqual([])
})

test('the call at the cursor is the innermost open one, with the argument that the cursor is in', () => {
  const found = (text: string) => {
    const call = callAt(text)
    return call && [call.called.name, call.argument]
  }
  expect(found('SELECT round(')).toEqual(['round', 0])
  expect(found('SELECT round(coalesce(a, b), ')).toEqual(['round', 1])
  expect(found("SELECT round(coalesce(a, ')', ")).toEqual(['coalesce', 2])
  expect(found('SELECT round(a, 2)')).toBeNull()
  expect(found('SELECT round(a; SELECT ')).toBeNull()
})
