import { latestEvents } from './sources'

/** gold_product.fact_user_events. */
export function userEvents(): string {
  return `SELECT *, date_trunc('day', event_timestamp)::DATE AS event_date FROM (${latestEvents})`
}

/** gold_product.feature_adoption_daily: users and sessions listed once for each day and flag, then counted. */
export function featureAdoption(): string {
  const group = 'event_date, feature_flag'
  const distinct = (column: string) =>
    `SELECT ${group}, count(*) AS n FROM (SELECT DISTINCT ${group}, ${column} FROM events WHERE ${column} IS NOT NULL) GROUP BY ${group}`
  const same = (other: string) =>
    `(${other}.event_date, ${other}.feature_flag) IS NOT DISTINCT FROM (e.event_date, e.feature_flag)`
  return `
WITH events AS (${userEvents()}), u AS (${distinct('user_id')}), s AS (${distinct('session_id')}),
e AS (SELECT ${group}, count(*) AS n FROM events GROUP BY ${group})
SELECT e.event_date, e.feature_flag, coalesce(u.n, 0) AS users, coalesce(s.n, 0) AS sessions, e.n AS events
FROM e LEFT JOIN u ON ${same('u')} LEFT JOIN s ON ${same('s')}`
}
