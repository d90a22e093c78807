import { expect, test } from 'vitest'
import { runKinds } from './run-kinds'

test('a run can be a dry one or a full refresh anywhere', () => {
  expect(runKinds({ view: 'sources' }).map(({ options }) => options)).toEqual([
    { dryRun: true },
    { fullRefresh: 'all' },
  ])
})

test('beside a dataset it can be of that dataset with its upstream, its downstream, or it alone anew', () => {
  const kinds = runKinds({ view: 'pipeline', dataset: 'gold.fact_sales' })
  expect(kinds.slice(2).map(({ options }) => options)).toEqual([
    { select: ['+gold.fact_sales'] },
    { select: ['gold.fact_sales+'] },
    { fullRefresh: ['gold.fact_sales'] },
  ])
})
