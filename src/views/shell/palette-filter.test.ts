import { expect, test } from 'vitest'
import { columnGroup, filterPalette } from './palette-filter'

const groups = [
  {
    group: 'Actions',
    actions: [
      { id: 'theme', label: 'Dark theme' },
      { id: 'run', label: 'Run the pipeline', description: 'Not now: load silver.orders first.' },
    ],
  },
  {
    group: columnGroup,
    actions: Array.from({ length: 100 }, (_, index) => ({
      id: `c${index}`,
      label: `net_revenue_${index}`,
      description: 'gold.fact_sales',
    })),
  },
]

const ids = (query: string) => filterPalette(query, groups).map(({ group, actions }) => [group, actions.length])

test('run is found also when no update may start', () => {
  expect(filterPalette('run', groups)[0]?.actions.map(({ id }) => id)).toEqual(['run'])
})

test('columns are listed only for a search, by name or by table, and not all of a hundred', () => {
  expect(ids('')).toEqual([['Actions', 2]])
  expect(ids('revenue fact')).toEqual([[columnGroup, 40]])
  expect(filterPalette('net_revenue_77', groups)[0]?.actions.map(({ id }) => id)).toEqual(['c77'])
})

test('a name that begins with the query comes before one that merely has it', () => {
  const found = filterPalette('sales', [
    {
      group: 'Tables',
      actions: [
        { id: 'a', label: 'gold.fact_sales' },
        { id: 'b', label: 'sales' },
      ],
    },
  ])
  expect(found[0]?.actions.map(({ id }) => id)).toEqual(['b', 'a'])
})
