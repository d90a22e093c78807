import type { ChartTile, Measure, Source } from './dashboards/definition'
import { quotient, sum } from './dashboards/expression'

const revenue: Measure = {
  name: 'total_revenue',
  title: 'Net revenue',
  expression: sum('total_revenue'),
  format: 'money',
}

/** What the charts of the revenue dashboard are drawn from; the columns are those of gold.gold_finance_daily_revenue. */
export const revenueSource: Source = {
  query: 'revenue',
  columns: { day: 'revenue_date', segment: 'customer_segment', category: 'category' },
  date: 'day',
}

export const revenuePerDay: ChartTile = {
  title: 'Net revenue per day by segment',
  note: 'shipped and delivered',
  source: 'revenue',
  measures: [revenue],
  mark: { kind: 'areas', x: 'day', by: 'segment' },
}

export const revenueByCategory: ChartTile = {
  title: 'Net revenue by category',
  note: 'net revenue · gross margin',
  source: 'revenue',
  measures: [
    revenue,
    {
      name: 'gross_margin',
      title: 'Gross margin',
      expression: quotient(sum('total_profit'), sum('total_gross'), 4),
      format: 'percent',
    },
  ],
  mark: { kind: 'bars', by: 'category', label: 1 },
}
