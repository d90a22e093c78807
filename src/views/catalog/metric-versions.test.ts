import { describe, expect, it } from 'vitest'
import { otherVersions } from './metric-versions'

describe('the versions of a metric', () => {
  const tables = [
    'gold.revenue_v10',
    'gold.revenue_v2',
    'gold.revenue_v1',
    'gold.revenue',
    'other.revenue_v3',
    'gold.costs_v1',
  ]
  const beside = (table: string) =>
    otherVersions(
      table,
      tables.map((name) => ({ name })),
    )

  it('are tables of one schema that differ in the number after _v, by that number', () => {
    expect(beside('gold.revenue_v2')).toEqual(['gold.revenue_v1', 'gold.revenue_v10'])
  })

  it('are none for a table without such a number, or alone', () => {
    expect(beside('gold.revenue')).toEqual([])
    expect(beside('gold.costs_v1')).toEqual([])
  })
})
