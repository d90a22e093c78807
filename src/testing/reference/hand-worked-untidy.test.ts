import type { DuckDBConnection } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { compareWithReference } from './compare'
import { type Line, orderRows } from './order-rows'
import { referenceQueries } from './reference'
import { rowsOf } from './rows-of'
import { openSilver, runModels, sourceRows } from './run-models'

const options = { asOf: '2024-03-31', dates: false, holidays: false }

const repeated: Line = {
  id: 1,
  number: 'A',
  date: '2024-02-29',
  customer: 1,
  quantity: 2,
  price: '10.00',
  discount: '0.1',
}
const nine: Line = { id: 9, date: '2024-03-03', customer: 1, price: '9.00', discount: '0.005' }
const lines: Line[] = [
  // The same row twice.
  repeated,
  repeated,
  // Nobody knows product 77 and customer 88.
  { id: 2, number: 'A', date: '2024-02-29', customer: 1, product: 77, price: '5.00' },
  { id: 3, number: 'B', date: '2024-02-29', customer: 88, price: '7.00' },
  { id: 4, number: 'B', date: '2024-03-01', customer: 88, product: 77, price: '3.00', status: 'shipped' },
  // Goods that came back, goods for nothing, and lines of nobody, one of them cancelled.
  { id: 5, number: 'C', date: '2024-03-01', customer: 1, quantity: -2, price: '10.00', status: 'returned' },
  { id: 6, number: 'D', date: '2024-03-01', customer: 1, price: '10.00', discount: '1' },
  { id: 7, number: 'E', date: '2024-03-01', customer: null, price: '4.00' },
  { id: 8, number: 'E', date: '2024-03-01', customer: null, price: '4.00', status: 'cancelled' },
  // Delivered first, then returned: 8.955 is rounded up.
  { ...nine, updated: '2024-03-03 10:00:00' },
  { ...nine, updated: '2024-03-20 10:00:00', status: 'returned' },
]

describe('the retail pipeline over an untidy load', () => {
  let connection: DuckDBConnection

  beforeAll(async () => {
    connection = await openSilver({
      orders: await orderRows(lines),
      customers: await sourceRows(
        'customers',
        `(1, 'Ada', 'ada@example.com', 'Premium', 'France', '2022-01-01', 'direct', '2024-01-01'),
         (1, 'Ada', 'ada@example.com', 'Premium', 'France', '2022-01-01', 'direct', '2024-01-01')`,
      ),
      products: await sourceRows('products', `(10, 'Mug', 'Kitchen', 'Cups', '2.50', '2023-01-01')`),
    })
    await runModels(connection, options)
  })

  it.each(Object.keys(referenceQueries(options)))('gives %s the rows of the reference', async (table) => {
    expect(await compareWithReference(connection, table, options)).toMatchObject({ onlyInTable: 0, onlyInReference: 0 })
  })

  it('accounts for every line once', async () => {
    const sql = `SELECT figure, CAST(amount AS INTEGER), CAST(expected AS INTEGER), status
      FROM pipeline.reconciliation WHERE step <= 7 ORDER BY step`
    expect(await rowsOf(connection, sql)).toEqual([
      ['silver_lines', '11', null, null],
      ['superseded', '2', null, null],
      ['cancelled', '1', null, null],
      ['quarantined: positive_revenue', '2', null, null],
      ['quarantined: valid_customer', '1', null, null],
      ['quarantined: positive_revenue, valid_customer', '0', null, null],
      ['fact_lines', '5', '5', 'pass'],
    ])
  })

  it('adds every aggregate up to the fact', async () => {
    const sql = 'SELECT dataset, amount, status FROM pipeline.reconciliation WHERE step > 7 ORDER BY step'
    expect(await rowsOf(connection, sql)).toEqual([
      ['gold.gold_finance_daily_revenue', '33.00', 'pass'],
      ['gold.daily_revenue_metrics', '41.96', 'pass'],
      ['gold.gold_product_weekly_engagement', '41.96', 'pass'],
      ['gold.gold_product_cohort_retention', '41.96', 'pass'],
      ['gold.customer_ltv_gold', '33.00', 'pass'],
      ['gold.gold_finance_monthly_revenue_v1', '35.00', 'pass'],
      ['gold.gold_finance_monthly_revenue_v2', '33.00', 'pass'],
      ['gold_finance.fact_revenue', '33.00', 'pass'],
      ['gold_finance.monthly_revenue_summary', '33.00', 'pass'],
    ])
  })

  it('keeps unknown segments and categories as groups, without profit where no cost is known', async () => {
    const sql = `SELECT revenue_date, customer_segment, category, total_revenue, total_profit, avg_profit_margin, profit_ratio,
        rank_by_segment FROM gold.gold_finance_daily_revenue ORDER BY revenue_date, customer_segment, category`
    expect(await rowsOf(connection, sql)).toEqual([
      ['2024-02-29', 'Premium', 'Kitchen', '18.00', '13.00', '0.6500', '0.7222', '1'],
      ['2024-02-29', 'Premium', null, '5.00', null, null, null, '2'],
      ['2024-02-29', null, 'Kitchen', '7.00', '4.50', '0.6429', '0.6429', '1'],
      ['2024-03-01', null, null, '3.00', null, null, null, '2'],
    ])
  })

  it('counts an order of several lines and days once', async () => {
    const sql = `SELECT week_start, customer_segment, unique_customers, total_orders, total_lines, weekly_revenue,
        total_items_ordered, last_transaction_date, avg_order_value
      FROM gold.gold_product_weekly_engagement ORDER BY customer_segment`
    expect(await rowsOf(connection, sql)).toEqual([
      ['2024-02-26', 'Premium', '1', '2', '3', '31.96', '4', '2024-03-03', '15.98'],
      ['2024-02-26', null, '1', '1', '2', '10.00', '2', '2024-03-01', '10.00'],
    ])
    const values =
      'SELECT customer_id, total_revenue, order_count, avg_order_value FROM gold.customer_ltv_gold ORDER BY 1'
    expect(await rowsOf(connection, values)).toEqual([
      ['1', '23.00', '1', '23.00'],
      ['88', '10.00', '1', '10.00'],
    ])
  })

  it('knows neither cost nor margin of a month in which no cost is known', async () => {
    const sql = `SELECT * EXCLUDE (_computed_at) FROM gold_finance.monthly_revenue_summary ORDER BY summary_month`
    expect(await rowsOf(connection, sql)).toEqual([
      ['2024-02-01', '30.00', '7.50', '17.50', '58.33', '3', '2'],
      ['2024-03-01', '3.00', null, null, null, '1', '1'],
    ])
  })

  it('compares every day with the calendar day before, returned lines included', async () => {
    const sql = `SELECT order_date, customer_segment, daily_revenue, units_sold, transactions, avg_unit_price, prior_day_revenue,
        revenue_growth_pct FROM gold.daily_revenue_metrics ORDER BY customer_segment, order_date`
    expect(await rowsOf(connection, sql)).toEqual([
      ['2024-02-29', 'Premium', '23.00', '3', '2', '7.50', null, null],
      ['2024-03-03', 'Premium', '8.96', '1', '1', '9.00', null, null],
      ['2024-02-29', null, '7.00', '1', '1', '7.00', null, null],
      ['2024-03-01', null, '3.00', '1', '1', '3.00', '7.00', '-57.14'],
    ])
  })

  it('lets customers whom nobody knows come back like others', async () => {
    expect(await rowsOf(connection, 'SELECT * FROM gold.gold_product_cohort_retention ORDER BY months_since')).toEqual([
      ['2024-02-01', '0', '2', '2', '1.0000', '30.00'],
      ['2024-02-01', '1', '2', '2', '1.0000', '11.96'],
    ])
  })
})
