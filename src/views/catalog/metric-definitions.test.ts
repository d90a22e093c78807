import { expect, it } from 'vitest'
import { metricDefinitions } from './metric-definitions'

it('reads names and definitions, semicolons in a definition included', () => {
  expect(metricDefinitions('revenue: a * b; margin: (a - b) / a; 0 where a is 0; ')).toEqual([
    { name: 'revenue', definition: 'a * b' },
    { name: 'margin', definition: '(a - b) / a; 0 where a is 0' },
  ])
  expect([metricDefinitions(undefined), metricDefinitions(''), metricDefinitions('nothing here')]).toEqual([[], [], []])
})
