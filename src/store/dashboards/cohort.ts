import type { DashboardDefinition, Measure } from './definition'
import { growth, quotient, sum } from './expression'

/** Each cohort's size once: every one of its customers is active in its first month. */
const size = sum('cohort_size', { column: 'months_since', is: '0' })

const active: Measure = {
  name: 'active_customers',
  title: 'Active customers',
  expression: sum('active_customers'),
  format: 'count',
}
const revenue: Measure = { name: 'revenue', title: 'Revenue', expression: sum('revenue'), format: 'money' }
const weeklyRevenue: Measure = {
  name: 'weekly_revenue',
  title: 'Revenue',
  expression: sum('weekly_revenue'),
  format: 'money',
}

/** Whether customers come back, and how revenue grows: cohorts by the month of the first order, and weeks. */
export const cohort: DashboardDefinition = {
  title: 'Cohorts',
  reads: ['gold.gold_product_cohort_retention', 'gold.gold_product_weekly_engagement'],
  sources: {
    cohorts: { query: 'cohort_retention', columns: { cohort: 'cohort_month', months_since: 'months_since' } },
    weeks: {
      query: 'cohort_weekly_growth',
      columns: { week: 'week_start', segment: 'customer_segment' },
      date: 'week',
    },
  },
  filters: ['cohort', 'segment'],
  figures: [
    {
      title: 'Customers',
      source: 'cohorts',
      measure: { name: 'customers', title: 'Customers', expression: size, format: 'count' },
      note: 'with a first order in these cohorts',
    },
    { title: 'Revenue', source: 'cohorts', measure: revenue, note: 'all orders of these cohorts' },
    {
      title: 'Revenue per customer',
      source: 'cohorts',
      measure: {
        name: 'revenue_per_customer',
        title: 'Revenue per customer',
        expression: quotient(sum('revenue'), size, 2),
        format: 'money',
      },
      note: 'since the first order',
    },
    {
      title: 'Back in the next month',
      source: 'cohorts',
      measure: {
        name: 'first_month_retention',
        title: 'Back in the next month',
        expression: quotient(
          sum('active_customers', { column: 'months_since', is: '1' }),
          sum('cohort_size', { column: 'months_since', is: '1' }),
          4,
        ),
        format: 'percent',
      },
      note: 'of cohorts that somebody came back from',
    },
  ],
  tiles: [
    {
      title: 'Retention by first-purchase month',
      note: '% of the cohort that bought again',
      source: 'cohorts',
      measures: [
        {
          name: 'retention_rate',
          title: 'Retention',
          expression: quotient(sum('active_customers'), sum('cohort_size'), 4),
          format: 'percent',
        },
        active,
        { name: 'cohort_size', title: 'Cohort size', expression: sum('cohort_size'), format: 'count' },
      ],
      // The first month is 100 % of every cohort.
      without: { dimension: 'months_since', key: '0' },
      mark: { kind: 'heatmap', x: 'months_since', y: 'cohort', pick: 'y' },
    },
    {
      title: 'Revenue per customer by first-purchase month',
      note: 'revenue of the month ÷ size of the cohort',
      source: 'cohorts',
      measures: [
        {
          name: 'revenue_per_customer',
          title: 'Revenue per customer',
          expression: quotient(sum('revenue'), sum('cohort_size'), 2),
          format: 'money',
        },
        revenue,
        active,
      ],
      mark: { kind: 'heatmap', x: 'months_since', y: 'cohort', pick: 'y' },
    },
    {
      title: 'Revenue by week and segment',
      note: 'the first and the last week may be incomplete',
      source: 'weeks',
      measures: [weeklyRevenue],
      mark: { kind: 'areas', x: 'week', by: 'segment' },
    },
    {
      title: 'Week-over-week growth by segment',
      note: 'change from the calendar week before',
      source: 'weeks',
      measures: [
        {
          name: 'week_over_week_growth',
          title: 'Growth',
          expression: growth('weekly_revenue', 'prior_week_revenue'),
          format: 'percent',
        },
        weeklyRevenue,
      ],
      mark: { kind: 'lines', x: 'week', by: 'segment', most: 2 },
    },
  ],
}
