import { campaignPerformance, customerValues } from './campaign-tables'
import { userEvents } from './event-tables'
import { fromCents, ratio, whole } from './exact'
import { recognisedLines } from './orders-tables'
import type { ReferenceOptions } from './sources'

/** The query of the dashboard customer_segmentation: scores from how many customers of the segment are worse. */
export function customerSegmentation(options: ReferenceOptions): string {
  const score = (isWorse: string) => `
    (SELECT CAST(least(5, 1 + coalesce(count(*) FILTER (${isWorse}) * 5 // nullif(count(*) - 1, 0), 0)) AS INTEGER)
     FROM active AS o WHERE o.customer_segment IS NOT DISTINCT FROM a.customer_segment)`
  return `
WITH lines AS (SELECT * FROM (${recognisedLines(options)}) WHERE order_date <= DATE '${options.asOf}'),
active AS MATERIALIZED (
  SELECT
    customer_id, any_value(customer_name) AS customer_name, any_value(customer_segment) AS customer_segment,
    any_value(country) AS country, CAST(date_diff('day', max(order_date), DATE '${options.asOf}') AS INTEGER) AS recency_days,
    len(list_distinct(list(order_name))) AS frequency, ${fromCents('sum(net)')} AS lifetime_value
  FROM lines GROUP BY customer_id HAVING max(order_date) > DATE '${options.asOf}' - 365
),
scored AS (
  SELECT
    *, ${score('o.recency_days > a.recency_days')} AS r_score, ${score('o.frequency < a.frequency')} AS f_score,
    ${score('o.lifetime_value < a.lifetime_value')} AS m_score
  FROM active AS a
)
SELECT
  * REPLACE (CAST(frequency AS BIGINT) AS frequency),
  CASE WHEN r_score + f_score + m_score = 15 THEN 'VIP' WHEN least(r_score, m_score) >= 4 THEN 'High Value'
    WHEN f_score >= 4 THEN 'Engaged' WHEN recency_days > 180 THEN 'At Risk' ELSE 'Standard' END AS classification
FROM scored`
}

/** The query of the dashboard "campaigns". */
export function campaignsDashboard(options: ReferenceOptions): string {
  const totals = (campaign: string, name: string, group: string) => `
  SELECT
    channel, ${campaign} AS campaign_id, ${name} AS campaign_name,
    CAST(sum(impressions) AS BIGINT) AS impressions, CAST(sum(clicks) AS BIGINT) AS clicks,
    CAST(sum(conversions) AS BIGINT) AS conversions, sum(${whole('cost', 2)}) AS cost,
    sum(${whole('revenue_attributed', 2)}) AS revenue
  FROM days GROUP BY ${group}`
  return `
WITH days AS MATERIALIZED (
  SELECT * FROM (${campaignPerformance(options)}) WHERE campaign_date <= DATE '${options.asOf}'
),
worth AS (
  SELECT count(*) AS customers, sum(${whole('lifetime_value', 2)}) AS cents FROM (${customerValues(options)})
),
totals AS (
  ${totals('campaign_id', 'arg_max_null(campaign_name, campaign_date)', 'channel, campaign_id')}
  UNION ALL ${totals('CAST(NULL AS BIGINT)', 'CAST(NULL AS VARCHAR)', 'channel')}
),
acquired AS (SELECT *, ${ratio('cost', 'conversions * 100', 2, 12)} AS cac FROM totals)
SELECT
  a.* EXCLUDE (cost, revenue), ${fromCents('cost')} AS spend, ${fromCents('revenue')} AS revenue_attributed,
  ${ratio('revenue - cost', 'cost', 4, 12)} AS roi,
  ${ratio('worth.cents', `worth.customers * ${whole('cac', 2)}`, 2, 12)} AS ltv_to_cac_ratio,
  ${fromCents('worth.cents')} AS customer_value, worth.customers AS customer_count
FROM acquired AS a, worth`
}

/** The query of the dashboard product_health. */
export function productHealth({ asOf }: ReferenceOptions): string {
  return `
WITH events AS (
  SELECT *, date_diff('day', event_date, DATE '${asOf}') AS age FROM (${userEvents()}) WHERE event_date IS NOT NULL
),
recent AS MATERIALIZED (SELECT * FROM events WHERE age >= 0 AND age < 90),
counted AS (
  SELECT
    event_date, feature_flag, count(*) AS events,
    CAST(len(list_distinct(list(user_id) FILTER (user_id IS NOT NULL))) AS BIGINT) AS users,
    CAST(len(list_distinct(list(session_id) FILTER (session_id IS NOT NULL))) AS BIGINT) AS sessions
  FROM recent GROUP BY ALL
),
active AS (SELECT event_date, count(user_id) AS n FROM (SELECT DISTINCT event_date, user_id FROM recent) GROUP BY event_date)
SELECT
  counted.* REPLACE (coalesce(users, 0) AS users, coalesce(sessions, 0) AS sessions), active.n AS active_users,
  ${ratio('coalesce(users, 0)', 'active.n', 4)} AS adoption_rate
FROM counted JOIN active USING (event_date)`
}
