import type { DuckDBConnection } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { compareWithReference } from './compare'
import { type Line, orderRows } from './order-rows'
import { rowsOf } from './rows-of'
import { customerFeatureModels, openSilver, runModels, sourceRows } from './run-models'

const asOf = '2024-04-10'

const lines: Line[] = [
  // An order of two units, one on a Saturday, and one of two days with the end of February between them.
  { id: 1, number: 'A', date: '2023-03-15', customer: 1, quantity: 2, price: '10.00' },
  { id: 2, number: 'B', date: '2023-04-01', customer: 1, price: '30.00' },
  { id: 3, number: 'C', date: '2024-02-29', customer: 1, price: '5.00' },
  { id: 4, number: 'C', date: '2024-03-02', customer: 1, price: '7.00', status: 'shipped' },
  // Neither pending nor returned lines are recognised; lines without a day are of no snapshot.
  { id: 5, number: 'D', date: '2024-03-20', customer: 1, price: '100.00', status: 'pending' },
  { id: 6, date: '2024-04-05', customer: 2, price: '9.00' },
  { id: 7, date: '2024-04-06', customer: 2, price: '9.00', status: 'returned' },
  { id: 8, date: null, customer: 3, price: '9.00' },
  // Only one order, more than a year ago in the end.
  { id: 9, number: 'E', date: '2023-03-20', customer: 4, price: '8.00' },
  // 30 days from the end of July to the next order.
  { id: 10, number: 'F', date: '2023-05-01', customer: 5, price: '1.00' },
  { id: 11, number: 'G', date: '2023-08-30', customer: 5, price: '1.00' },
]

describe('the features of customers over rows worked out by hand', () => {
  let connection: DuckDBConnection

  beforeAll(async () => {
    connection = await openSilver({
      orders: await orderRows(lines),
      customers: await sourceRows(
        'customers',
        `(1, 'Ada', NULL, 'Budget', NULL, '2023-01-01', NULL, '2023-01-01'), (1, 'Ada', NULL, 'Premium', NULL, '2023-01-01', NULL, '2024-03-01')`,
      ),
    })
    await runModels(connection, { asOf, only: customerFeatureModels })
  })

  it('are taken at month ends from the first whole month on, and on the business date', async () => {
    expect((await rowsOf(connection, 'SELECT * FROM gold.feature_snapshots ORDER BY ALL')).flat()).toEqual([
      ...['2023-04-30', '2023-05-31', '2023-06-30', '2023-07-31', '2023-08-31', '2023-09-30', '2023-10-31'],
      ...['2023-11-30', '2023-12-31', '2024-01-31', '2024-02-29', '2024-03-31', '2024-04-10'],
    ])
  })

  it('cover 365 days, count an order once however many days it has, and say how long ago the last one was', async () => {
    const sql = `SELECT customer_id, feature_timestamp, recency_days, frequency_12m, monetary_value_12m, avg_order_value,
        max_order_value, min_order_value, total_items_purchased, weekend_purchase_count, customer_segment
      FROM gold_features.customer_rfm_features
      WHERE (customer_id <= 4 AND feature_timestamp IN ('2023-04-30', '2024-01-31', '2024-02-29', '2024-03-31', '2024-04-10'))
      ORDER BY ALL`
    expect(await rowsOf(connection, sql)).toEqual([
      ['1', '2023-04-30', '29', '2', '50.00', '25.00', '30.00', '20.00', '3', '1', 'Premium'],
      ['1', '2024-01-31', '305', '2', '50.00', '25.00', '30.00', '20.00', '3', '1', 'Premium'],
      ['1', '2024-02-29', '0', '3', '55.00', '18.33', '30.00', '5.00', '4', '1', 'Premium'],
      // 2023-04-01 is 365 days ago: the window is half-open.
      ['1', '2024-03-31', '29', '1', '12.00', '12.00', '12.00', '12.00', '2', '1', 'Premium'],
      ['1', '2024-04-10', '39', '1', '12.00', '12.00', '12.00', '12.00', '2', '1', 'Premium'],
      ['2', '2024-04-10', '5', '1', '9.00', '9.00', '9.00', '9.00', '1', '0', null],
      ['4', '2023-04-30', '41', '1', '8.00', '8.00', '8.00', '8.00', '1', '0', null],
      ['4', '2024-01-31', '317', '1', '8.00', '8.00', '8.00', '8.00', '1', '0', null],
      ['4', '2024-02-29', '346', '1', '8.00', '8.00', '8.00', '8.00', '1', '0', null],
      ['4', '2024-03-31', '377', '0', '0.00', null, null, null, '0', '0', null],
      ['4', '2024-04-10', '387', '0', '0.00', null, null, null, '0', '0', null],
    ])
  })

  it('call a customer churned who does not order within 30 days', async () => {
    const sql = `SELECT customer_id, string_agg(churn_label, ' ' ORDER BY feature_timestamp)
      FROM gold_features.churn_pit_correct GROUP BY customer_id ORDER BY customer_id`
    // From 2023-04-30 to 2024-02-29; customer 5 begins on 2023-05-01.
    expect(await rowsOf(connection, sql)).toEqual([
      ['1', '1 1 1 1 1 1 1 1 1 0 0'],
      ['4', '1 1 1 1 1 1 1 1 1 1 1'],
      ['5', '1 1 0 1 1 1 1 1 1 1'],
    ])
  })

  it('leave out snapshots whose label is not known yet, and count them', async () => {
    const sql = `SELECT passed, failed FROM expectations WHERE name = 'label_is_known'`
    expect(await rowsOf(connection, sql)).toEqual([['11', '2']])
  })
})

describe('the training set for churn', () => {
  it.each([
    [
      { training_start: '2023-06-30', training_end: '2023-07-31' },
      { trainingStart: '2023-06-30', trainingEnd: '2023-07-31' },
    ],
    [{ label_horizon_days: '90' }, { horizonDays: 90 }],
  ])('follows its configuration: %j', async (configuration, options) => {
    const connection = await openSilver({ orders: await orderRows(lines) })
    await runModels(connection, { asOf, configuration, only: customerFeatureModels })
    const table = 'gold_features.churn_pit_correct'
    const comparison = await compareWithReference(connection, table, {
      asOf,
      dates: false,
      holidays: false,
      ...options,
    })
    expect(comparison).toMatchObject({ onlyInTable: 0, onlyInReference: 0, columns: [] })
    expect(comparison.rows).toBeGreaterThan(0)
  })
})

describe('the features of customers at the edges', () => {
  async function snapshots(lineList: Line[], day: string): Promise<(string | null)[]> {
    const connection = await openSilver(lineList.length > 0 ? { orders: await orderRows(lineList) } : {})
    await runModels(connection, { asOf: day, only: customerFeatureModels })
    return (await rowsOf(connection, 'SELECT * FROM gold.feature_snapshots ORDER BY ALL')).flat()
  }

  it('take the first month when an order is on its first day', async () => {
    expect(await snapshots([{ id: 1, date: '2024-02-01', customer: 1, price: '1.00' }], '2024-03-31')).toEqual([
      '2024-02-29',
      '2024-03-31',
    ])
  })

  it('are of the business date alone before the first month is over, and before any order', async () => {
    const late: Line = { id: 1, date: '2024-02-02', customer: 1, price: '1.00' }
    expect(await snapshots([late], '2024-03-30')).toEqual(['2024-03-30'])
    expect(await snapshots([late], '2023-01-15')).toEqual(['2023-01-15'])
    expect(await snapshots([], '2024-03-30')).toEqual(['2024-03-30'])
  })
})
