-- What campaigns cost and brought up to :as_of: a row for each campaign of a channel, and one for the whole channel, whose campaign_id is NULL.
-- customer_value and customer_count are those of all current customers: what a cost per conversion is held against.
WITH totals AS (
  SELECT
    channel,
    campaign_id,
    max_by(campaign_name, campaign_date) AS latest_name,
    CAST(sum(impressions) AS BIGINT) AS impressions,
    CAST(sum(clicks) AS BIGINT) AS clicks,
    CAST(sum(conversions) AS BIGINT) AS conversions,
    CAST(sum(cost) AS DECIMAL(15,2)) AS spend,
    CAST(sum(revenue_attributed) AS DECIMAL(15,2)) AS revenue_attributed
  FROM gold_marketing.campaign_performance
  WHERE campaign_date <= :as_of
  GROUP BY GROUPING SETS ((channel, campaign_id), (channel))
),
customer_base AS (
  SELECT CAST(sum(lifetime_value) AS DECIMAL(15,2)) AS customer_value, count(*) AS customer_count
  FROM gold_marketing.dim_customer_current
),
with_acquisition_cost AS (
  SELECT
    channel,
    campaign_id,
    CASE WHEN campaign_id IS NOT NULL THEN latest_name END AS campaign_name,
    impressions,
    clicks,
    conversions,
    spend,
    revenue_attributed,
    CAST(round(spend / NULLIF(conversions, 0), 2) AS DECIMAL(12,2)) AS cac
  FROM totals
)
SELECT
  channel,
  campaign_id,
  campaign_name,
  impressions,
  clicks,
  conversions,
  spend,
  revenue_attributed,
  CAST(round((revenue_attributed - spend) / NULLIF(spend, 0), 4) AS DECIMAL(12,4)) AS roi,
  cac,
  CAST(round(customer_value / NULLIF(customer_count * cac, 0), 2) AS DECIMAL(12,2)) AS ltv_to_cac_ratio,
  customer_value,
  customer_count
FROM with_acquisition_cost
CROSS JOIN customer_base
ORDER BY channel, campaign_id;
