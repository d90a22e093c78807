import type { DuckDBConnection } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { compareWithReference } from './compare'
import { type Line, orderRows } from './order-rows'
import { referenceQueries } from './reference'
import { rowsOf } from './rows-of'
import { openSilver, runModels, sourceRows } from './run-models'

const options = { asOf: '2024-02-29', dates: false, holidays: false }

const lines: Line[] = [
  { id: 1, date: '2023-01-10', customer: 1, price: '100.00' },
  { id: 2, date: '2023-01-31', customer: 2, price: '60.00' },
  { id: 3, date: '2023-02-15', customer: 1, price: '40.00' },
  // No sales in March. A Monday.
  { id: 4, date: '2023-04-03', customer: 1, price: '200.00' },
  { id: 5, date: '2023-04-10', customer: 2, price: '50.00', status: 'pending' },
  // The segment Budget starts here.
  { id: 6, date: '2023-04-11', customer: 3, price: '30.00' },
  { id: 7, date: '2023-04-18', customer: 3, price: '30.00' },
  { id: 8, date: '2023-04-20', customer: 1, price: '25.00', status: 'returned' },
  // The next orders are a year after the first month, 30 days from the one to the other.
  { id: 9, date: '2024-01-02', customer: 2, price: '80.00' },
  { id: 10, date: '2024-01-31', customer: 4, price: '20.00' },
]
const customer = (id: number, segment: string) =>
  `(${id}, 'Name', 'name@example.com', '${segment}', 'France', '2022-01-01', 'direct', '2023-01-01')`

describe('the retail pipeline over two years of a small shop', () => {
  let connection: DuckDBConnection

  beforeAll(async () => {
    const customers = [customer(1, 'Premium'), customer(2, 'Premium'), customer(3, 'Budget'), customer(4, 'Premium')]
    connection = await openSilver({
      orders: await orderRows(lines),
      customers: await sourceRows('customers', customers.join(', ')),
      products: await sourceRows('products', `(10, 'Mug', 'Kitchen', 'Cups', '1.00', '2023-01-01')`),
    })
    await runModels(connection, options)
  })

  it.each(Object.keys(referenceQueries(options)))('gives %s the rows of the reference', async (table) => {
    expect(await compareWithReference(connection, table, options)).toMatchObject({ onlyInTable: 0, onlyInReference: 0 })
  })

  it('takes a week after weeks without sales for growth, and the first of a late segment for its first', async () => {
    const sql = `SELECT week_start, weekly_revenue, prior_week_revenue, revenue_trend, revenue_rank, cumulative_revenue,
        weeks_active_cumulative FROM gold.gold_product_weekly_engagement ORDER BY customer_segment DESC, week_start`
    expect(await rowsOf(connection, sql)).toEqual([
      ['2023-01-09', '100.00', null, 'first_week', '2', '100.00', '1'],
      ['2023-01-30', '60.00', null, 'growth', '4', '160.00', '2'],
      ['2023-02-13', '40.00', null, 'growth', '6', '200.00', '3'],
      ['2023-04-03', '200.00', null, 'growth', '1', '400.00', '4'],
      ['2023-04-10', '50.00', '200.00', 'decline', '5', '450.00', '5'],
      ['2023-04-17', '25.00', '50.00', 'decline', '7', '475.00', '6'],
      ['2024-01-01', '80.00', null, 'growth', '3', '555.00', '7'],
      ['2024-01-29', '20.00', null, 'growth', '8', '575.00', '8'],
      ['2023-04-10', '30.00', null, 'first_week', '1', '30.00', '1'],
      ['2023-04-17', '30.00', '30.00', 'flat', '1', '60.00', '2'],
    ])
  })

  it('knows growth only against a calendar week with sales', async () => {
    const sql = `SELECT week_start, customer_segment, week_over_week_growth_pct FROM dashboards.cohort_weekly_growth
      WHERE week_over_week_growth_pct IS NOT NULL ORDER BY ALL`
    expect(await rowsOf(connection, sql)).toEqual([
      ['2023-04-10', 'Premium', '-75.00'],
      ['2023-04-17', 'Budget', '0.00'],
      ['2023-04-17', 'Premium', '-50.00'],
    ])
  })

  it('counts who came back by months since the first order, recognised or not, and has no cell without them', async () => {
    expect(await rowsOf(connection, 'SELECT * FROM dashboards.cohort_retention ORDER BY ALL')).toEqual([
      ['2023-01-01', '0', '2', '2', '1.0000', '160.00', '80.00'],
      ['2023-01-01', '1', '2', '1', '0.5000', '40.00', '20.00'],
      ['2023-01-01', '3', '2', '2', '1.0000', '275.00', '137.50'],
      ['2023-01-01', '12', '2', '1', '0.5000', '80.00', '40.00'],
      ['2023-04-01', '0', '1', '1', '1.0000', '60.00', '60.00'],
      ['2024-01-01', '0', '1', '1', '1.0000', '20.00', '20.00'],
    ])
  })

  it('compares months with the calendar month before and the same month a year before', async () => {
    expect(await rowsOf(connection, 'SELECT * FROM dashboards.executive ORDER BY ALL')).toEqual([
      ['2023-01-01', '160.00', '2.00', '158.00', '98.75', '2', '2', null, null, null, null],
      ['2023-02-01', '40.00', '1.00', '39.00', '97.50', '1', '1', '160.00', '-75.00', null, null],
      ['2023-04-01', '260.00', '3.00', '257.00', '98.85', '3', '2', null, null, null, null],
      ['2024-01-01', '100.00', '2.00', '98.00', '98.00', '2', '2', null, null, '160.00', '-37.50'],
    ])
  })

  it('divides by 30 days from the day on which the table has 30, whichever segment the row is of', async () => {
    const sql = `SELECT revenue_date, total_revenue, revenue_30day_avg, revenue_7day_sum, rank_by_segment
      FROM gold.gold_finance_daily_revenue ORDER BY revenue_date`
    expect(await rowsOf(connection, sql)).toEqual([
      ['2023-01-10', '100.00', null, '100.00', '2'],
      ['2023-01-31', '60.00', null, '60.00', '4'],
      ['2023-02-15', '40.00', '3.33', '40.00', '5'],
      ['2023-04-03', '200.00', '6.67', '200.00', '1'],
      ['2023-04-11', '30.00', '1.00', '30.00', '1'],
      ['2023-04-18', '30.00', '2.00', '30.00', '1'],
      ['2024-01-02', '80.00', '2.67', '80.00', '3'],
      ['2024-01-31', '20.00', '3.33', '20.00', '6'],
    ])
  })

  it('values customers by their recognised orders', async () => {
    const sql = `SELECT customer_id, total_revenue, order_count, avg_order_value, first_purchase_date, last_purchase_date
      FROM gold.customer_ltv_gold ORDER BY customer_id`
    expect(await rowsOf(connection, sql)).toEqual([
      ['1', '340.00', '3', '113.33', '2023-01-10', '2023-04-03'],
      ['2', '140.00', '2', '70.00', '2023-01-31', '2024-01-02'],
      ['3', '60.00', '2', '30.00', '2023-04-11', '2023-04-18'],
      ['4', '20.00', '1', '20.00', '2024-01-31', '2024-01-31'],
    ])
  })
})
