/**
 * The retail tables computed a second way: plain DuckDB SQL written from the specification alone, which shares nothing
 * with the pipeline's models. Each query stands for itself and reads only schema `silver`.
 */

import { campaignPerformance } from './campaign-tables'
import { cohortDashboard, cohortRetention } from './cohort-tables'
import { dailyBase, dailyMetrics, dailyRevenue } from './daily-tables'
import { campaignsDashboard, customerSegmentation, productHealth } from './dashboard-tables'
import { dimCustomer, dimCustomerCurrent } from './dim-customer'
import { comparedDays, dimDate } from './dim-date'
import { featureAdoption, userEvents } from './event-tables'
import { factCandidates, factQuarantine, factSales } from './fact-sales'
import { censoredSnapshots, churn, customerRfm, orderDays, snapshots } from './feature-tables'
import { executiveDashboard, factRevenue, monthlyRevenue, monthlySummary } from './finance-tables'
import { customerLtv, revenueDashboard } from './orders-tables'
import { productDays, productTimeseries, recentTimeseries } from './product-tables'
import { reconciliation } from './reconciliation'
import { latestCampaigns, type ReferenceOptions } from './sources'
import { weeklyEngagement, weeklyGrowth } from './weekly-tables'

export type { ReferenceOptions } from './sources'

/**
 * Queries by table name, for native DuckDB with silver.orders, silver.customers and silver.products. Columns and types
 * are those of the table, in any order; the quarantine has no `_update_id`. `expectations` gives
 * (dataset, name, action, passed, failed) for every expectation of these tables.
 */
export function referenceQueries(options: ReferenceOptions): Record<string, string> {
  return {
    'gold_common.dim_date': dimDate(options),
    'gold.fact_sales': factSales(options),
    'gold.fact_sales__quarantine': factQuarantine(options),
    'gold.gold_finance_daily_revenue': dailyRevenue(options),
    'gold.daily_revenue_base': dailyBase(options),
    'gold.daily_revenue_metrics': dailyMetrics(options),
    'gold.gold_product_weekly_engagement': weeklyEngagement(options),
    'gold.gold_product_cohort_retention': cohortRetention(options),
    'gold.customer_ltv_gold': customerLtv(options),
    'gold.gold_finance_monthly_revenue_v1': monthlyRevenue(options, 'gross_revenue'),
    'gold.gold_finance_monthly_revenue_v2': monthlyRevenue(options, 'net_revenue'),
    'gold_finance.fact_revenue': factRevenue(options),
    'gold_finance.monthly_revenue_summary': monthlySummary(options),
    'pipeline.reconciliation': reconciliation(options),
    'gold_features.recognised_order_days': orderDays(options),
    'gold.feature_snapshots': snapshots(options),
    'gold_features.customer_rfm_features': customerRfm(options),
    'gold_features.churn_pit_correct': churn(options),
    'gold_features.product_daily_sales': productDays(options),
    'gold_features.product_timeseries_features': productTimeseries(options),
    'gold_features.product_timeseries_recent': recentTimeseries(options),
    'gold_marketing.campaign_performance': campaignPerformance(options),
    'gold_product.fact_user_events': userEvents(),
    'gold_product.feature_adoption_daily': featureAdoption(),
    'gold_marketing.dim_customer': dimCustomer,
    'gold_marketing.dim_customer_current': dimCustomerCurrent(options),
    'dashboards.revenue': revenueDashboard(options),
    'dashboards.cohort_retention': cohortDashboard(options),
    'dashboards.cohort_weekly_growth': weeklyGrowth(options),
    'dashboards.executive': executiveDashboard(options),
    'dashboards.customer_segmentation': customerSegmentation(options),
    'dashboards.campaigns': campaignsDashboard(options),
    'dashboards.product_health': productHealth(options),
    expectations: expectations(options),
  }
}

function expectations(options: ReferenceOptions): string {
  const fact: [name: string, action: string, violated: string][] = [
    ['valid_order_ids', 'fail', 'order_id IS NULL'],
    ['positive_revenue', 'drop', `list_contains(_failed_expectations, 'positive_revenue')`],
    ['valid_customer', 'drop', `list_contains(_failed_expectations, 'valid_customer')`],
    ['complete_data', 'warn', 'product_id IS NULL OR customer_id IS NULL OR order_date IS NULL'],
    ['known_customer', 'warn', 'customer_name IS NULL'],
    ['known_product', 'warn', 'product_name IS NULL'],
    ['known_cost', 'warn', 'cost_of_goods IS NULL'],
  ]
  const metrics: typeof fact = [
    ['positive_revenue', 'drop', 'daily_revenue < 0'],
    ['min_transactions', 'warn', 'transactions < 1'],
  ]
  const counts = (dataset: string, rows: string, list: typeof fact) =>
    list.map(
      ([name, action, violated]) => `
SELECT '${dataset}' AS dataset, '${name}' AS name, '${action}' AS action,
  count(*) - count(*) FILTER (${violated}) AS passed, count(*) FILTER (${violated}) AS failed FROM ${rows}`,
    )
  return `
WITH candidates AS MATERIALIZED (${factCandidates(options)}), metrics AS MATERIALIZED (${dailyMetrics(options)})
SELECT 'gold.described_days' AS dataset, 'agrees_with_silver_dates' AS name, 'warn' AS action,
  known - bad AS passed, bad AS failed FROM (${comparedDays(options)}) AS d(known, bad)
UNION ALL SELECT 'pipeline.reconciliation', 'everything_agrees', 'warn', count(*), 0 FROM (${reconciliation(options)})
UNION ALL
SELECT 'gold_marketing.campaign_performance', 'sane_funnel', 'warn', count(*) - count(*) FILTER (odd), count(*) FILTER (odd) FROM (
  SELECT coalesce(clicks > impressions, false) OR coalesce(conversions > clicks, false) AS odd FROM (${latestCampaigns}))
UNION ALL
SELECT 'gold.training_snapshots', 'label_is_known', 'drop', s.passed, s.failed FROM (${censoredSnapshots(options)}) AS s(passed, failed)
UNION ALL ${[...counts('gold.fact_sales', 'candidates', fact), ...counts('gold.daily_revenue_metrics', 'metrics', metrics)].join('\nUNION ALL ')}`
}
