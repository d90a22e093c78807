import type { DashboardDefinition, Measure } from './definition'
import { count, max, quotient, sum } from './expression'

const events: Measure = { name: 'events', title: 'Events', expression: sum('events'), format: 'count' }
const adoption: Measure = {
  name: 'adoption_rate',
  title: 'Adoption',
  expression: quotient(sum('users'), sum('active_users'), 4),
  format: 'percent',
}
const perDay: Measure = {
  name: 'users_per_day',
  title: 'Users a day',
  expression: quotient(sum('users'), count, 1),
  format: 'number',
}

/** How much the product is used, and its features with it, over the 90 days up to the business date. */
export const productHealth: DashboardDefinition = {
  title: 'Product health',
  reads: ['gold_product.fact_user_events', 'gold_product.feature_adoption_daily'],
  sources: {
    flags: { query: 'product_health', columns: { day: 'event_date', flag: 'feature_flag' }, date: 'day' },
    // The query repeats a day's users with each flag of the day.
    days: {
      query: 'product_health',
      distinct: ['event_date', 'active_users'],
      columns: { day: 'event_date' },
      date: 'day',
    },
  },
  filters: ['flag'],
  figures: [
    { title: 'Events', source: 'flags', measure: events, note: 'of the flags chosen' },
    {
      title: 'Active users a day',
      source: 'days',
      measure: {
        name: 'active_users_per_day',
        title: 'Active users a day',
        expression: quotient(sum('active_users'), count, 1),
        format: 'number',
      },
      note: 'mean, whatever the flag',
    },
    {
      title: 'Days with events',
      source: 'days',
      measure: { name: 'days', title: 'Days with events', expression: count, format: 'count' },
      note: 'whatever the flag',
    },
    {
      title: 'Adoption of a flag',
      source: 'flags',
      measure: {
        ...adoption,
        expression: quotient(
          sum('users', { column: 'feature_flag', known: true }),
          sum('active_users', { column: 'feature_flag', known: true }),
          4,
        ),
      },
      note: 'of the active users, on a day with it',
      hint: 'Users of a flag over active users of the day, summed over the flags and days with events of them.',
    },
  ],
  tiles: [
    {
      title: 'Events per day by flag',
      note: 'events with each feature flag',
      source: 'flags',
      wide: true,
      measures: [events],
      mark: { kind: 'areas', x: 'day', by: 'flag' },
    },
    {
      title: 'Adoption by flag',
      note: '% of the active users, mean over the days with the flag',
      source: 'flags',
      measures: [adoption, perDay, events],
      mark: { kind: 'bars', by: 'flag', colored: true },
    },
    {
      title: 'Adoption per day by flag',
      note: '% of the day’s active users',
      source: 'flags',
      measures: [adoption, { name: 'users', title: 'Users', expression: sum('users'), format: 'count' }],
      mark: { kind: 'lines', x: 'day', by: 'flag' },
    },
    {
      title: 'Active users per day',
      note: 'distinct, whatever the flag',
      source: 'days',
      wide: true,
      measures: [{ name: 'active_users', title: 'Active users', expression: max('active_users'), format: 'count' }],
      mark: { kind: 'columns', x: 'day' },
    },
  ],
}
