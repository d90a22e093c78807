import { ratio, whole } from './exact'
import { customerLtv } from './orders-tables'
import { latestCampaigns, latestCustomers, type ReferenceOptions } from './sources'

/** What each current customer has been worth. */
export function customerValues(options: ReferenceOptions): string {
  return `
SELECT c.customer_id, CAST(coalesce(v.total_revenue, 0) AS DECIMAL(15,2)) AS lifetime_value
FROM (${latestCustomers}) AS c LEFT JOIN (${customerLtv(options)}) AS v ON v.customer_id = c.customer_id`
}

/** gold_marketing.campaign_performance. */
export function campaignPerformance(options: ReferenceOptions): string {
  return `
WITH worth AS (
  SELECT count(*) AS customers, sum(${whole('lifetime_value', 2)}) AS cents FROM (${customerValues(options)})
),
campaigns AS (
  SELECT *, ${whole('revenue_attributed', 2)} AS revenue_cents, ${whole('cost', 2)} AS cost_cents FROM (${latestCampaigns})
),
acquired AS (SELECT *, ${ratio('cost_cents', 'conversions * 100', 2, 12)} AS cac FROM campaigns)
SELECT
  a.* EXCLUDE (revenue_cents, cost_cents),
  ${ratio('revenue_cents - cost_cents', 'cost_cents', 4, 12)} AS roi,
  ${ratio('clicks', 'impressions', 4)} AS ctr,
  ${ratio('worth.cents', `worth.customers * ${whole('cac', 2)}`, 2, 12)} AS ltv_to_cac_ratio
FROM acquired AS a, worth`
}
