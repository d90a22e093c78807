CREATE OR REFRESH MATERIALIZED VIEW gold_marketing.campaign_performance (
  campaign_id BIGINT NOT NULL COMMENT 'Campaign number',
  campaign_date DATE NOT NULL COMMENT 'Day that the figures are of',
  campaign_name STRING COMMENT 'Name of the campaign',
  channel STRING COMMENT 'Marketing channel',
  impressions BIGINT COMMENT 'Times shown',
  clicks BIGINT COMMENT 'Clicks',
  conversions BIGINT COMMENT 'Purchases attributed',
  revenue_attributed DECIMAL(15,2) COMMENT 'Revenue attributed',
  cost DECIMAL(15,2) COMMENT 'Money spent',
  _updated_at TIMESTAMP COMMENT 'When the source last changed the row (UTC)',
  roi DECIMAL(12,4) COMMENT '(revenue_attributed - cost) / cost as a ratio; NULL without cost',
  cac DECIMAL(12,2) COMMENT 'Customer acquisition cost: cost / conversions; NULL without conversions',
  ctr DECIMAL(20,4) COMMENT 'Click-through rate: clicks / impressions as a ratio; NULL without impressions',
  ltv_to_cac_ratio DECIMAL(12,2) COMMENT 'Mean lifetime value of all current customers / cac; NULL where cac is NULL or 0, and without customers',
  CONSTRAINT sane_funnel EXPECT ((clicks <= impressions) IS NOT FALSE AND (conversions <= clicks) IS NOT FALSE),
  CONSTRAINT campaign_performance_key PRIMARY KEY (campaign_id, campaign_date)
)
COMMENT 'What each campaign cost and brought, by day.'
TBLPROPERTIES (
  'team' = 'marketing-analytics',
  'refresh_frequency' = 'every 4 hours',
  'refresh_sla_minutes' = '240',
  'sla_freshness_hours' = '4',
  'pii_columns' = '',
  'sensitivity' = 'internal',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'roi: (revenue_attributed - cost) / cost; cac: cost / conversions; ctr: clicks / impressions; ltv_to_cac_ratio: mean lifetime value of the current customers, those without orders as 0, / cac',
  'grain' = 'one row per campaign_id and campaign_date',
  'public_contract' = 'campaign_id, campaign_date, campaign_name, channel, impressions, clicks, conversions, revenue_attributed, cost, roi, cac, ctr, ltv_to_cac_ratio',
  'consumers' = 'marketing, dashboards'
)
AS
WITH latest_campaigns AS (
  SELECT
    campaign_id,
    campaign_date,
    campaign_name,
    channel,
    impressions,
    clicks,
    conversions,
    revenue_attributed,
    cost,
    _updated_at
  FROM silver.campaigns
  QUALIFY row_number() OVER (PARTITION BY campaign_id, campaign_date ORDER BY _updated_at DESC) = 1
),
with_acquisition_cost AS (
  SELECT
    campaign_id,
    campaign_date,
    campaign_name,
    channel,
    impressions,
    clicks,
    conversions,
    revenue_attributed,
    cost,
    _updated_at,
    CAST(round(cost / NULLIF(conversions, 0), 2) AS DECIMAL(12,2)) AS cac
  FROM latest_campaigns
),
-- As two numbers, since their quotient is not to be rounded before it is divided again.
customer_base AS (
  SELECT CAST(sum(lifetime_value) AS DECIMAL(25,2)) AS lifetime_value, count(*) AS customers
  FROM gold_marketing.dim_customer_current
)
SELECT
  campaign_id,
  campaign_date,
  campaign_name,
  channel,
  impressions,
  clicks,
  conversions,
  revenue_attributed,
  cost,
  _updated_at,
  round((revenue_attributed - cost) / NULLIF(cost, 0), 4) AS roi,
  cac,
  round(clicks / NULLIF(impressions, 0), 4) AS ctr,
  round(lifetime_value / NULLIF(customers * cac, 0), 2) AS ltv_to_cac_ratio
FROM with_acquisition_cost
CROSS JOIN customer_base;
