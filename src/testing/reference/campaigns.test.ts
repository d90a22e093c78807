import type { DuckDBConnection } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { orderRows } from './order-rows'
import { rowsOf } from './rows-of'
import { campaignModels, openSilver, runModels, sourceRows } from './run-models'

const asOf = '2024-03-31'
const customer = (id: number, updated = '2024-01-01') => `(${id}, NULL, NULL, NULL, NULL, NULL, NULL, '${updated}')`
const customers = [customer(1), customer(1, '2024-02-01'), customer(2), customer(3)].join(', ')

/** Lifetime values 100.00, 0.01 and 0: 33.336… on average. */
const orders = orderRows([
  { id: 1, date: '2024-01-01', customer: 1, price: '100.00' },
  { id: 2, date: '2024-01-02', customer: 2, price: '0.01' },
  { id: 3, date: '2024-01-03', customer: 3, price: '500.00', status: 'pending' },
  // Not a customer that Silver knows.
  { id: 4, date: '2024-01-03', customer: 9, price: '900.00' },
])

const campaigns = `
  (1, '2024-01-01', 'New year', 'email', 1000, 50, 5, '150.00', '100.00', '2024-01-02'),
  (1, '2024-01-01', 'New year', 'email', 3000, 60, 9, '200.00', '300.00', '2024-01-03'),
  (1, '2024-01-02', 'New year', 'email', 0, 0, 0, '0.00', '0.00', '2024-01-03'),
  (2, '2024-01-01', 'Spring', 'social', 10, 4, 0, '0.00', '25.00', '2024-01-02'),
  (3, '2024-01-01', 'Gift', 'social', 10, 4, 2, '8.00', '0.00', '2024-01-02'),
  (4, '2024-01-01', 'Odd', 'paid', 10, 11, 12, NULL, '0.03', '2024-01-02'),
  (5, '2024-01-01', 'Unknown', NULL, NULL, NULL, 3, '1.00', '1.00', '2024-01-02')`

describe('campaign_performance over rows worked out by hand', () => {
  let connection: DuckDBConnection

  beforeAll(async () => {
    connection = await openSilver({
      orders: await orders,
      customers: await sourceRows('customers', customers),
      campaigns: await sourceRows('campaigns', campaigns),
    })
    await runModels(connection, { asOf, only: campaignModels })
  })

  it('takes the latest row of a campaign and day, and never divides by zero', async () => {
    const sql = `SELECT campaign_id, campaign_date, cost, roi, cac, ctr, ltv_to_cac_ratio
      FROM gold_marketing.campaign_performance ORDER BY ALL`
    expect(await rowsOf(connection, sql)).toEqual([
      // 300 / 9 = 33.33; 33.336… / 33.33 = 1.0002
      ['1', '2024-01-01', '300.00', '-0.3333', '33.33', '0.0200', '1.00'],
      ['1', '2024-01-02', '0.00', null, null, null, null],
      ['2', '2024-01-01', '25.00', '-1.0000', null, '0.4000', null],
      ['3', '2024-01-01', '0.00', null, '0.00', '0.4000', null],
      // A quarter of a cent is none.
      ['4', '2024-01-01', '0.03', null, '0.00', '1.1000', null],
      ['5', '2024-01-01', '1.00', '0.0000', '0.33', null, '101.02'],
    ])
  })

  it('warns of a funnel that widens, and not of one that is not known', async () => {
    const sql = `SELECT passed, failed FROM expectations WHERE name = 'sane_funnel'`
    expect(await rowsOf(connection, sql)).toEqual([['5', '1']])
  })

  it('divides the mean lifetime value before anything is rounded', async () => {
    // 100.01 / 3 / 0.33 = 101.0202; the mean rounded to cents would give 101.03.
    const sql = 'SELECT ltv_to_cac_ratio FROM gold_marketing.campaign_performance WHERE campaign_id = 5'
    expect(await rowsOf(connection, sql)).toEqual([['101.02']])
  })

  it('has no ratio to lifetime value without customers', async () => {
    const empty = await openSilver({ campaigns: await sourceRows('campaigns', campaigns) })
    await runModels(empty, { asOf, only: campaignModels })
    const sql = 'SELECT count(*), count(cac), count(ltv_to_cac_ratio) FROM gold_marketing.campaign_performance'
    expect(await rowsOf(empty, sql)).toEqual([['6', '4', '0']])
  })
})
