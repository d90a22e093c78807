import type { DuckDBConnection } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Line, orderRows } from './order-rows'
import { rowsOf } from './rows-of'
import { openSilver, productFeatureModels, runModels, sourceRows } from './run-models'

const lines: Line[] = [
  // Two lines of 1 January, the second pending: all of fact_sales counts.
  { id: 1, date: '2024-01-01', customer: 1, product: 10, quantity: 2, price: '20.00' },
  { id: 2, date: '2024-01-01', customer: 2, product: 10, price: '30.00', status: 'pending' },
  // One day too late for the week of 1 January, and in its month.
  { id: 3, date: '2024-01-08', customer: 1, product: 10, price: '35.00' },
  // 30 days after 1 January, and 22 after 8 January.
  { id: 4, date: '2024-01-31', customer: 1, product: 10, price: '140.00' },
  // 90 days after 8 January: the first day that does not see it.
  { id: 5, date: '2024-04-07', customer: 1, product: 10, price: '0.01' },
  { id: 6, date: '2024-01-09', customer: 1, product: 11, price: '5.00' },
  // Nothing is known of these but what they brought.
  { id: 7, date: '2024-01-09', customer: 1, product: null, price: '7.00' },
  { id: 8, date: null, customer: 1, product: 11, price: '3.00' },
]

describe('the time series of products over rows worked out by hand', () => {
  let connection: DuckDBConnection

  beforeAll(async () => {
    connection = await openSilver({
      orders: await orderRows(lines),
      products: await sourceRows('products', `(10, 'Mug', 'Kitchen', 'Cups', '1.00', '2024-01-01')`),
    })
    await runModels(connection, { asOf: '2024-04-07', only: productFeatureModels })
  })

  it('divide by 7 and 30 calendar days whatever days had sales, and compare the two', async () => {
    const sql = `SELECT product_id, order_date, category, daily_units, daily_revenue, daily_transactions,
        revenue_7day_avg, revenue_30day_avg, trend_direction
      FROM gold_features.product_timeseries_features ORDER BY ALL NULLS LAST`
    expect(await rowsOf(connection, sql)).toEqual([
      ['10', '2024-01-01', 'Kitchen', '3', '70.00', '2', '10.00', '2.33', 'up'],
      ['10', '2024-01-08', 'Kitchen', '1', '35.00', '1', '5.00', '3.50', 'up'],
      ['10', '2024-01-31', 'Kitchen', '1', '140.00', '1', '20.00', '5.83', 'up'],
      ['10', '2024-04-07', 'Kitchen', '1', '0.01', '1', '0.00', '0.00', 'stable'],
      ['11', '2024-01-09', null, '1', '5.00', '1', '0.71', '0.17', 'up'],
      ['11', null, null, '1', '3.00', '1', null, null, null],
      [null, '2024-01-09', null, '1', '7.00', '1', '1.00', '0.23', 'up'],
    ])
  })

  it('count days without sales as 0 in the spread, and leave them out of the trend', async () => {
    const sql = `SELECT order_date, revenue_volatility_90d, trend_slope_30d
      FROM gold_features.product_timeseries_features WHERE product_id = 10 ORDER BY order_date`
    const found = await rowsOf(connection, sql)
    // Of 90 days with sum s and sum of squares q: (q - s * s / 90) / 89.
    const spread = (values: number[]) => {
      const [s, q] = [values.reduce((a, b) => a + b), values.reduce((a, b) => a + b * b, 0)]
      return Math.sqrt((q - (s * s) / 90) / 89)
    }
    const expected: [string, number, number | null][] = [
      ['2024-01-01', spread([70]), null],
      ['2024-01-08', spread([70, 35]), -35 / 7],
      ['2024-01-31', spread([70, 35, 140]), 105 / 23],
      ['2024-04-07', spread([140, 0.01]), null],
    ]
    expect(found.map(([day]) => day)).toEqual(expected.map(([day]) => day))
    for (const [index, [, volatility, slope]] of expected.entries()) {
      expect(Number(found[index]?.[1])).toBeCloseTo(volatility, 10)
      if (slope === null) expect(found[index]?.[2]).toBeNull()
      else expect(Number(found[index]?.[2])).toBeCloseTo(slope, 10)
    }
  })

  it('serve the 90 days up to the business date', async () => {
    const sql = 'SELECT order_date FROM gold_features.product_timeseries_recent WHERE product_id = 10 ORDER BY ALL'
    expect((await rowsOf(connection, sql)).flat()).toEqual(['2024-01-31', '2024-04-07'])
  })
})
