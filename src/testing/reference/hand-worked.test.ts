import type { DuckDBConnection } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { compareWithReference } from './compare'
import { type Line, orderRows } from './order-rows'
import { rowsOf } from './rows-of'
import { openSilver, runModels, sourceRows } from './run-models'

const asOf = '2024-03-31'

/** Every line is of the shop's first customer and product and delivered, unless it says otherwise. */
const lines: Line[] = [
  // Half a cent rounds up; a NULL discount is none.
  { id: 1, number: 'A', date: '2024-01-01', customer: 1, price: '0.25', discount: '0.5' },
  { id: 2, number: 'A', date: '2024-01-01', customer: 1, quantity: 4, price: '25.00' },
  // No sales on 2 January; the only line of 4 January is worth nothing.
  { id: 3, date: '2024-01-03', customer: 1, price: '50.00' },
  { id: 4, date: '2024-01-04', customer: 1, price: '0.00' },
  { id: 5, date: '2024-01-05', customer: 1, price: '75.00' },
  { id: 6, date: '2024-01-06', customer: 1, price: '25.00', status: 'shipped' },
  { id: 7, date: '2024-01-06', customer: 1, price: '1000.00', status: 'pending' },
  // A customer without segment, a product without category and cost.
  { id: 8, date: '2024-01-01', customer: 2, product: 11, price: '10.00' },
  { id: 9, date: '2024-01-02', customer: 2, product: 11, quantity: 2, price: '10.00' },
  // The cancellation came later; told out of order.
  { id: 10, date: '2024-01-06', customer: 1, price: '999.00', status: 'cancelled', updated: '2024-01-08 09:00:00' },
  { id: 10, date: '2024-01-06', customer: 1, price: '999.00', updated: '2024-01-07 09:00:00' },
  // A week after 3 January: one day too many for its seven days.
  { id: 17, date: '2024-01-10', customer: 1, price: '10.00' },
  { id: 11, date: '2024-01-30', customer: 1, price: '3.00' },
  // Of two rows with one _updated_at the later processed counts.
  { id: 12, date: '2024-01-31', customer: 1, price: '7.00', processed: '2024-02-02 02:00:00' },
  { id: 12, date: '2024-01-31', customer: 1, price: '5.00', processed: '2024-02-01 02:00:00' },
  { id: 13, date: '2024-01-31', customer: 1, quantity: -1, price: '0.25', discount: '0.5', status: 'returned' },
  { id: 14, date: '2024-01-31', customer: null, price: '0.00' },
  { id: 15, date: null, customer: 99, product: 98, price: '2.00', status: null },
  { id: 16, date: '2024-01-31', customer: -5, price: '2.00' },
]

const customers = `
  (1, 'Ada', 'ada@example.com', 'Premium', 'France', '2023-05-01', 'direct', '2024-01-02 00:00:00'),
  (1, 'Ada', 'ada@example.com', 'Budget', 'Spain', '2023-05-01', 'direct', '2024-01-01 00:00:00'),
  (2, 'Bo "the" O''Neill', 'bo@example.com', NULL, 'Norway', '2023-06-01', 'email', '2024-01-01 00:00:00')`
const products = `
  (10, 'Mug', 'Kitchen', 'Cups', '1.00', '2024-01-01 00:00:00'),
  (11, 'Pen', NULL, NULL, NULL, '2024-01-01 00:00:00')`
const dates = `
  (20240101, '2024-01-01', '2024', '1', '1', 'Monday', '1', 'false'),
  (20240102, '2024-01-02', '2024', '1', '1', 'Monday', '2', 'false'),
  (20240106, '2024-01-06', '2024', '1', '1', 'Saturday', '6', NULL),
  (20300101, '2030-01-01', '2031', '1', '1', 'Tuesday', '2', 'false')`
const campaigns = `
  (1, '2024-03-30', 'Spring', 'email', 1000, 50, 4, '150.00', '100.00', '2024-03-31'),
  (1, '2024-03-31', 'Spring sale', 'email', 500, 10, 0, '0.00', '0.00', '2024-03-31'),
  (2, '2024-03-31', 'Gift', 'email', 0, 0, 1, '5.00', '20.00', '2024-03-31'),
  (3, '2024-03-31', 'Search', NULL, 100, 9, 0, '0.00', '7.00', '2024-03-31'),
  (3, '2024-04-01', 'Search', NULL, 100, 9, 9, '9.00', '9.00', '2024-04-01')`
const events = `
  (1, '2024-01-01 12:00:00', 1, 'view', 'dark', 'a', NULL, NULL, '2024-01-01'),
  (2, '2024-01-02 12:00:00', 1, 'view', 'dark', 'a', NULL, NULL, '2024-01-02'),
  (3, '2024-01-02 13:00:00', 2, 'view', NULL, 'b', NULL, NULL, '2024-01-02'),
  (4, '2024-01-02 14:00:00', 3, 'view', NULL, 'c', NULL, NULL, '2024-01-02'),
  (5, '2024-04-01 00:00:00', 3, 'view', NULL, 'c', NULL, NULL, '2024-04-01')`

describe('the retail pipeline over rows worked out by hand', () => {
  let connection: DuckDBConnection

  beforeAll(async () => {
    connection = await openSilver({
      orders: await orderRows(lines),
      customers: await sourceRows('customers', customers),
      products: await sourceRows('products', products),
      dates: await sourceRows('dates', dates),
      campaigns: await sourceRows('campaigns', campaigns),
      user_events: await sourceRows('user_events', events),
      holidays: await sourceRows('holidays', `('2024-12-25', 'Christmas Day')`),
    })
    await runModels(connection, { asOf, configuration: { fiscal_start_month: '4', tax_rate: '0.175' } })
  })

  it.each([
    'gold_common.dim_date',
    'gold.fact_sales',
    'gold.fact_sales__quarantine',
    'gold.gold_finance_daily_revenue',
    'gold.daily_revenue_base',
    'gold.daily_revenue_metrics',
    'gold.gold_product_weekly_engagement',
    'gold.gold_product_cohort_retention',
    'gold.customer_ltv_gold',
    'gold.gold_finance_monthly_revenue_v1',
    'gold.gold_finance_monthly_revenue_v2',
    'gold_finance.fact_revenue',
    'gold_finance.monthly_revenue_summary',
    'pipeline.reconciliation',
    'gold_features.recognised_order_days',
    'gold.feature_snapshots',
    'gold_features.customer_rfm_features',
    'gold_features.churn_pit_correct',
    'gold_features.product_daily_sales',
    'gold_features.product_timeseries_features',
    'gold_features.product_timeseries_recent',
    'gold_marketing.campaign_performance',
    'gold_product.fact_user_events',
    'gold_product.feature_adoption_daily',
    'gold_marketing.dim_customer',
    'gold_marketing.dim_customer_current',
    'dashboards.revenue',
    'dashboards.cohort_retention',
    'dashboards.cohort_weekly_growth',
    'dashboards.executive',
    'dashboards.customer_segmentation',
    'dashboards.campaigns',
    'dashboards.product_health',
    'expectations',
  ])('gives %s the rows of the reference', async (table) => {
    const options = { asOf, dates: true, holidays: true, fiscalStartMonth: 4, taxPerMille: 175 }
    expect(await compareWithReference(connection, table, options)).toMatchObject({
      onlyInTable: 0,
      onlyInReference: 0,
      columns: [],
    })
  })

  it('rounds half cents away from zero, and keeps rows without day, customer or product', async () => {
    const sql = `SELECT order_id, customer_segment, gross_revenue, discount, net_revenue, gross_profit, profit_margin, year, is_weekend
      FROM gold.fact_sales WHERE order_id IN (1, 2, 8, 12, 15) ORDER BY order_id`
    expect(await rowsOf(connection, sql)).toEqual([
      ['1', 'Premium', '0.25', '0.500', '0.13', '-0.87', '-3.4800', '2024', 'false'],
      ['2', 'Premium', '100.00', '0.000', '100.00', '96.00', '0.9600', '2024', 'false'],
      ['8', null, '10.00', '0.000', '10.00', null, null, '2024', 'false'],
      ['12', 'Premium', '7.00', '0.000', '7.00', '6.00', '0.8571', '2024', 'false'],
      ['15', null, '2.00', '0.000', '2.00', null, null, null, null],
    ])
  })

  it('quarantines a row once, with every expectation that it fails', async () => {
    const sql = `SELECT order_id, net_revenue, array_to_string(_failed_expectations, ' ')
      FROM gold.fact_sales__quarantine ORDER BY order_id`
    expect(await rowsOf(connection, sql)).toEqual([
      ['4', '0.00', 'positive_revenue'],
      ['13', '-0.13', 'positive_revenue'],
      ['14', '0.00', 'positive_revenue valid_customer'],
      ['16', '2.00', 'valid_customer'],
    ])
  })

  it('compares days with the calendar day before and averages over calendar days', async () => {
    const sql = `SELECT revenue_date, category, total_revenue, prior_day_revenue, revenue_growth_pct, revenue_30day_avg,
        revenue_7day_sum, rank_by_segment, avg_profit_margin
      FROM gold.gold_finance_daily_revenue ORDER BY customer_segment NULLS LAST, revenue_date`
    expect(await rowsOf(connection, sql)).toEqual([
      ['2024-01-01', 'Kitchen', '100.13', null, null, null, '100.13', '1', '0.9489'],
      ['2024-01-03', 'Kitchen', '50.00', null, null, null, '150.13', '3', '0.9800'],
      ['2024-01-05', 'Kitchen', '75.00', null, null, null, '225.13', '2', '0.9867'],
      ['2024-01-06', 'Kitchen', '25.00', '75.00', '-66.67', null, '250.13', '4', '0.9600'],
      ['2024-01-10', 'Kitchen', '10.00', null, null, null, '110.00', '5', '0.9000'],
      ['2024-01-30', 'Kitchen', '3.00', null, null, '8.77', '3.00', '7', '0.6667'],
      ['2024-01-31', 'Kitchen', '7.00', '3.00', '133.33', '5.67', '10.00', '6', '0.8571'],
      ['2024-01-01', null, '10.00', null, null, null, '10.00', '2', null],
      ['2024-01-02', null, '20.00', '10.00', '100.00', null, '30.00', '1', null],
    ])
  })

  it('counts unrecognised lines in the daily metrics, and days without a date apart', async () => {
    const sql = `SELECT order_date, daily_revenue, transactions, avg_unit_price, prior_day_revenue, revenue_growth_pct, rolling_7day_avg
      FROM gold.daily_revenue_metrics WHERE order_date IS NULL OR customer_segment = 'Premium' ORDER BY order_date NULLS LAST`
    expect(await rowsOf(connection, sql)).toEqual([
      ['2024-01-01', '100.13', '2', '12.63', null, null, null],
      ['2024-01-03', '50.00', '1', '50.00', null, null, null],
      ['2024-01-05', '75.00', '1', '75.00', null, null, null],
      ['2024-01-06', '1025.00', '2', '512.50', '75.00', '1266.67', null],
      ['2024-01-10', '10.00', '1', '10.00', null, null, '158.57'],
      ['2024-01-30', '3.00', '1', '3.00', null, null, '0.43'],
      ['2024-01-31', '7.00', '1', '7.00', '3.00', '133.33', '1.43'],
      [null, '2.00', '1', '2.00', null, null, null],
    ])
  })

  it('counts orders, not lines, for the value of a customer', async () => {
    const sql = `SELECT customer_id, total_revenue, order_count, avg_order_value, first_purchase_date, last_purchase_date, ltv_segment
      FROM gold.customer_ltv_gold ORDER BY customer_id`
    expect(await rowsOf(connection, sql)).toEqual([
      ['1', '270.13', '7', '38.59', '2024-01-01', '2024-01-31', 'low_value'],
      ['2', '30.00', '2', '15.00', '2024-01-01', '2024-01-02', 'low_value'],
    ])
  })

  it('sums weeks from Monday, compares them with the calendar week before, and keeps lines without a date apart', async () => {
    const sql = `SELECT week_start, unique_customers, total_orders, total_lines, weekly_revenue, total_items_ordered,
        avg_order_value, revenue_rank, cumulative_revenue, weeks_active_cumulative, prior_week_revenue, revenue_trend
      FROM gold.gold_product_weekly_engagement ORDER BY customer_segment NULLS LAST, week_start NULLS LAST`
    expect(await rowsOf(connection, sql)).toEqual([
      ['2024-01-01', '1', '5', '6', '1250.13', '9', '250.03', '1', '1250.13', '1', null, 'first_week'],
      ['2024-01-08', '1', '1', '1', '10.00', '1', '10.00', '2', '1260.13', '2', '1250.13', 'decline'],
      ['2024-01-29', '1', '2', '2', '10.00', '2', '5.00', '2', '1270.13', '3', null, 'growth'],
      ['2024-01-01', '1', '2', '2', '30.00', '3', '15.00', '1', '30.00', '1', null, 'first_week'],
      [null, '1', '1', '1', '2.00', '1', '2.00', '2', null, null, null, 'first_week'],
    ])
  })

  it('leaves lines without a date out of the cohorts', async () => {
    expect(await rowsOf(connection, 'SELECT * FROM gold.gold_product_cohort_retention')).toEqual([
      ['2024-01-01', '0', '2', '2', '1.0000', '1300.13'],
    ])
  })

  it('rounds the tax of each line half away from zero, and knows no income without a cost', async () => {
    const sql = `SELECT revenue_id, discounts, net_revenue, gross_profit, tax_amount, net_income
      FROM gold_finance.fact_revenue WHERE revenue_id IN (1, 2, 5, 7, 8, 11) ORDER BY revenue_id`
    expect(await rowsOf(connection, sql)).toEqual([
      ['1', '0.12', '0.13', '-0.87', '0.02', '-0.89'],
      ['2', '0.00', '100.00', '96.00', '17.50', '78.50'],
      ['5', '0.00', '75.00', '74.00', '13.13', '60.87'],
      ['8', '0.00', '10.00', null, '1.75', null],
      ['11', '0.00', '3.00', '2.00', '0.53', '1.47'],
    ])
  })

  it('has the same recognised revenue by month in every version but for discounts', async () => {
    const sql = `SELECT s.*, v1.revenue, v2.revenue FROM gold_finance.monthly_revenue_summary AS s
      JOIN gold.gold_finance_monthly_revenue_v1 AS v1 USING (summary_month)
      JOIN gold.gold_finance_monthly_revenue_v2 AS v2 USING (summary_month)`
    expect(await rowsOf(connection, sql)).toEqual([
      ['2024-01-01', '300.13', '11.00', '259.13', '86.34', '10', '2', '2024-02-28 12:00:00', '300.25', '300.13'],
    ])
  })

  it('accounts for every line', async () => {
    const sql = 'SELECT figure, CAST(amount AS INTEGER) FROM pipeline.reconciliation WHERE step <= 7 ORDER BY step'
    expect(await rowsOf(connection, sql)).toEqual([
      ['silver_lines', '19'],
      ['superseded', '2'],
      ['cancelled', '1'],
      ['quarantined: positive_revenue', '2'],
      ['quarantined: valid_customer', '1'],
      ['quarantined: positive_revenue, valid_customer', '1'],
      ['fact_lines', '12'],
    ])
  })

  it('keeps what a customer was before, and what all current ones are worth', async () => {
    const sql = `SELECT customer_id, segment, __START_AT, __END_AT FROM gold_marketing.dim_customer ORDER BY 1, 3`
    expect(await rowsOf(connection, sql)).toEqual([
      ['1', 'Budget', '2024-01-01 00:00:00', '2024-01-02 00:00:00'],
      ['1', 'Premium', '2024-01-02 00:00:00', null],
      ['2', null, '2024-01-01 00:00:00', null],
    ])
    // The first 15 digits of `printf '1|2024-01-02 00:00:00.000000' | md5sum`, as a decimal number.
    const current =
      'SELECT customer_key, customer_id, lifetime_value FROM gold_marketing.dim_customer_current ORDER BY 2'
    expect(await rowsOf(connection, current)).toEqual([
      ['35322716627661338', '1', '270.13'],
      ['739171841534460564', '2', '30.00'],
    ])
  })

  it('shows the last 90 days to the business date', async () => {
    const sql = 'SELECT revenue_date, daily_revenue, transaction_count FROM dashboards.revenue'
    // 2024-01-01 is the 91st day back.
    expect(await rowsOf(connection, sql)).toEqual([
      ['2024-01-02', '20.00', '1'],
      ['2024-01-03', '50.00', '1'],
      ['2024-01-05', '75.00', '1'],
      ['2024-01-06', '25.00', '1'],
      ['2024-01-10', '10.00', '1'],
      ['2024-01-30', '3.00', '1'],
      ['2024-01-31', '7.00', '1'],
    ])
  })

  it('scores customers within their segment, and alone a customer is neither good nor bad', async () => {
    const sql = `SELECT customer_id, customer_segment, recency_days, frequency, lifetime_value, r_score, f_score, m_score, classification
      FROM dashboards.customer_segmentation ORDER BY customer_id`
    expect(await rowsOf(connection, sql)).toEqual([
      ['1', 'Premium', '60', '7', '270.13', '1', '1', '1', 'Standard'],
      ['2', null, '89', '2', '30.00', '1', '1', '1', 'Standard'],
    ])
  })

  it('sums campaigns and their channels, up to the business date', async () => {
    const sql = `SELECT channel, campaign_id, campaign_name, conversions, spend, roi, cac, ltv_to_cac_ratio FROM dashboards.campaigns
      ORDER BY channel NULLS LAST, campaign_id NULLS LAST`
    // Two customers, worth 270.13 and 30.00.
    expect(await rowsOf(connection, sql)).toEqual([
      ['email', '1', 'Spring sale', '4', '100.00', '0.5000', '25.00', '6.00'],
      ['email', '2', 'Gift', '1', '20.00', '-0.7500', '20.00', '7.50'],
      ['email', null, null, '5', '120.00', '0.2917', '24.00', '6.25'],
      [null, '3', 'Search', '0', '7.00', '-1.0000', null, null],
      [null, null, null, '0', '7.00', '-1.0000', null, null],
    ])
  })

  it('says what share of a day’s users saw a flag, over 90 days', async () => {
    const sql = `SELECT event_date, feature_flag, events, users, active_users, adoption_rate FROM dashboards.product_health
      ORDER BY ALL NULLS LAST`
    expect(await rowsOf(connection, sql)).toEqual([
      ['2024-01-02', 'dark', '1', '1', '3', '0.3333'],
      ['2024-01-02', null, '2', '2', '3', '0.6667'],
    ])
  })

  it('names the fiscal year after the year in which it ends, and weeks by ISO', async () => {
    const sql = `SELECT date_id, day_name, week_of_year, iso_year, is_holiday, holiday_name, fiscal_year, fiscal_quarter, fiscal_month
      FROM gold_common.dim_date WHERE date_id IN (20240331, 20240401, 20241225, 20241230) ORDER BY date_id`
    expect(await rowsOf(connection, sql)).toEqual([
      ['20240331', 'Sunday', '13', '2024', 'false', null, '2024', '4', '12'],
      ['20240401', 'Monday', '14', '2024', 'false', null, '2025', '1', '1'],
      ['20241225', 'Wednesday', '52', '2024', 'true', 'Christmas Day', '2025', '3', '9'],
      ['20241230', 'Monday', '1', '2025', 'false', null, '2025', '3', '9'],
    ])
  })

  it('compares the days of the calendar that silver.dates has, and no others', async () => {
    const sql = `SELECT passed, failed FROM expectations WHERE name = 'agrees_with_silver_dates'`
    expect(await rowsOf(connection, sql)).toEqual([['1', '2']])
  })
})

describe('the retail pipeline without any optional input', () => {
  it('builds the calendar from the orders alone', async () => {
    const connection = await openSilver({ orders: await orderRows(lines) })
    await runModels(connection, { asOf })
    const sql =
      'SELECT count(*), count(*) FILTER (is_holiday), min(fiscal_year), max(fiscal_year) FROM gold_common.dim_date'
    expect(await rowsOf(connection, sql)).toEqual([['366', '0', '2024', '2024']])
    const compared = `SELECT passed, failed FROM expectations WHERE name = 'agrees_with_silver_dates'`
    expect(await rowsOf(connection, compared)).toEqual([['0', '0']])
  })

  it('builds empty tables from empty inputs', async () => {
    const connection = await openSilver({})
    await runModels(connection, { asOf })
    expect(await rowsOf(connection, 'SELECT count(*) FROM gold_common.dim_date')).toEqual([['0']])
    expect(await rowsOf(connection, 'SELECT count(*) FROM gold.gold_finance_daily_revenue')).toEqual([['0']])
  })
})
