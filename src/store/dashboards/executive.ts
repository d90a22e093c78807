import type { DashboardDefinition, Measure } from './definition'
import { growth, quotient, sum } from './expression'

const revenue: Measure = { name: 'total_revenue', title: 'Revenue', expression: sum('total_revenue'), format: 'money' }
const cost: Measure = { name: 'total_cost', title: 'Cost', expression: sum('total_cost'), format: 'money' }
const profit: Measure = { name: 'total_profit', title: 'Profit', expression: sum('total_profit'), format: 'money' }
const margin: Measure = {
  name: 'margin',
  title: 'Margin',
  expression: quotient(sum('total_profit'), sum('total_revenue'), 4),
  format: 'percent',
}
const monthOverMonth: Measure = {
  name: 'month_over_month',
  title: 'Month over month',
  expression: growth('total_revenue', 'prior_month_revenue'),
  format: 'percent',
}
const yearOverYear: Measure = {
  name: 'year_over_year',
  title: 'Year over year',
  expression: growth('total_revenue', 'prior_year_revenue'),
  format: 'percent',
}
const priorMonth: Measure = {
  name: 'prior_month_revenue',
  title: 'Month before',
  expression: sum('prior_month_revenue'),
  format: 'money',
}
const priorYear: Measure = {
  name: 'prior_year_revenue',
  title: 'Year before',
  expression: sum('prior_year_revenue'),
  format: 'money',
}
const marginHint = 'Profit over net revenue, as a ratio of sums. Lines without a known cost have no profit.'

/** The business by month: recognised revenue, what is left of it, and how it moves. */
export const executive: DashboardDefinition = {
  title: 'Executive',
  reads: ['gold_finance.monthly_revenue_summary'],
  sources: { months: { query: 'executive', columns: { month: 'summary_month' }, date: 'month' } },
  filters: ['month'],
  figures: [
    { title: 'Revenue', source: 'months', measure: revenue, note: 'all months chosen' },
    { title: 'Margin', source: 'months', measure: margin, note: 'all months chosen', hint: marginHint },
    { title: 'Latest month', source: 'months', measure: revenue, latest: 'month' },
    { title: 'Month over month', source: 'months', measure: monthOverMonth, latest: 'month' },
    { title: 'Year over year', source: 'months', measure: yearOverYear, latest: 'month' },
  ],
  tiles: [
    {
      title: 'Revenue by month',
      note: 'shipped and delivered',
      source: 'months',
      wide: true,
      measures: [revenue, cost, profit],
      mark: { kind: 'columns', x: 'month' },
    },
    {
      title: 'Margin by month',
      note: 'profit over net revenue',
      source: 'months',
      measures: [margin, profit],
      mark: { kind: 'lines', x: 'month' },
    },
    {
      title: 'Customers by month',
      note: 'distinct within the month',
      source: 'months',
      measures: [
        { name: 'customer_count', title: 'Customers', expression: sum('customer_count'), format: 'count' },
        { name: 'transaction_count', title: 'Order lines', expression: sum('transaction_count'), format: 'count' },
      ],
      mark: { kind: 'columns', x: 'month' },
    },
    {
      title: 'Revenue, month over month',
      note: 'change from the calendar month before',
      source: 'months',
      measures: [monthOverMonth, revenue, priorMonth],
      mark: { kind: 'columns', x: 'month' },
    },
    {
      title: 'Revenue, year over year',
      note: 'change from the same month a year before',
      source: 'months',
      measures: [yearOverYear, revenue, priorYear],
      mark: { kind: 'columns', x: 'month' },
    },
  ],
}
