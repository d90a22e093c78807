import { expect, test } from 'vitest'
import { waitingFor } from './waiting'

const datasets = [
  { name: 'gold_marketing.campaign_performance', inputs: ['silver.campaigns', 'gold_marketing.dim_customer_current'] },
  { name: 'gold_marketing.dim_customer_current', inputs: ['silver.customers', 'gold_marketing.dim_customer_current'] },
]
const reads = ['gold_marketing.campaign_performance', 'gold_marketing.dim_customer_current']

test('a dashboard waits for the Silver tables behind what is not built, through all datasets between', () => {
  const sources = [
    { table: 'silver.campaigns', status: 'absent' as const },
    { table: 'silver.customers', status: 'ready' as const },
    { table: 'silver.user_events', status: 'absent' as const },
  ]
  expect(waitingFor(reads, [{ name: 'gold_marketing.dim_customer_current' }], datasets, sources)).toEqual({
    tables: ['gold_marketing.campaign_performance'],
    sources: ['silver.campaigns'],
  })
})

test('with all sources there it waits for a run, and with all tables there for nothing', () => {
  const sources = [
    { table: 'silver.campaigns', status: 'ready' as const },
    { table: 'silver.customers', status: 'ready' as const },
  ]
  expect(waitingFor(reads, [], datasets, sources)).toEqual({ tables: reads, sources: [] })
  expect(
    waitingFor(
      reads,
      reads.map((name) => ({ name })),
      datasets,
      [],
    ),
  ).toBeNull()
})
