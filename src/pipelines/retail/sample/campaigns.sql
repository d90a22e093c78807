-- The campaigns of a generated shop with ${lines} order lines: four a month, each of some days. DuckDB SQL, whole numbers only
-- (see orders.sql). What they bring follows how much the shop sells on the day; figures of one day in thirty are told twice,
-- first as an estimate.
WITH
-- How busy each day is, as in sample/orders.sql.
day_weights AS (
  SELECT
    order_date,
    (1000 + day_index)
      * [82, 80, 90, 92, 98, 96, 92, 94, 108, 118, 150, 165][month(order_date)]
      * [100, 98, 100, 104, 118, 96, 70][isodow(order_date)]
      * (90 + ((day_index + 1) * 1640531527 + (CAST(${seed} AS BIGINT) & 2147483647) * 40503) % 1000003 % 21)
      * CASE WHEN month(order_date) = 12 AND day(order_date) = 25 THEN 0 ELSE 1 END AS weight
  FROM (SELECT range AS day_index, DATE '2023-01-01' + CAST(range AS INTEGER) AS order_date FROM range(1096))
),
-- Order lines of the day over three: about its orders.
demand AS (
  SELECT order_date, CAST(${lines} * weight // (sum(weight) OVER ()) // 3 AS BIGINT) AS orders
  FROM day_weights
),
campaigns AS (
  SELECT
    1 + range AS campaign_id,
    range % 4 AS kind,
    DATE '2023-01-01' + to_months(CAST(range // 4 AS INTEGER)) AS month_start,
    ((range + 1) * 1640531527 + (CAST(${seed} AS BIGINT) & 2147483647) * 668265263) % 1000003 AS draw
  FROM range(144)
),
campaign_days AS (
  SELECT
    campaign_id,
    kind,
    month_start,
    draw,
    unnest(range(4 + draw % 11)) AS day_of_campaign,
    CAST(month_start AS DATE) + CAST(draw // 11 % 14 AS INTEGER) AS first_date
  FROM campaigns
),
drawn_days AS (
  SELECT
    *,
    first_date + CAST(day_of_campaign AS INTEGER) AS campaign_date,
    ((campaign_id * 64 + day_of_campaign) * 1540483477 + (CAST(${seed} AS BIGINT) & 2147483647) * 40503) % 1000003 AS d
  FROM campaign_days
),
conversions AS (
  SELECT
    drawn_days.*,
    -- One campaign in 29 was never delivered; one day in 17 brings nothing.
    draw % 29 = 7 AS is_idle,
    CASE WHEN draw % 29 = 7 OR d % 17 = 3 THEN 0
      ELSE (orders * [45, 70, 25, 15][kind + 1] * (50 + d % 101) + 50000) // 100000 END AS conversions
  FROM drawn_days
  INNER JOIN demand ON demand.order_date = drawn_days.campaign_date
),
funnel AS (
  SELECT
    *,
    CASE WHEN is_idle THEN 0
      -- One day in 211 the clicks were lost.
      WHEN d % 211 = 5 THEN conversions // 2
      ELSE conversions * (8 + d // 101 % 20) + d // 7 % 30 END AS clicks
  FROM conversions
),
costs AS (
  SELECT
    *,
    CASE WHEN is_idle THEN 0 ELSE clicks * (15 + d // 13 % 40) + d // 17 % 500 END AS impressions,
    -- Pence. E-mail costs once for each campaign, friends who refer cost nothing, the rest costs by the click.
    CASE
      WHEN is_idle OR kind = 3 THEN 0
      WHEN kind = 0 THEN CASE WHEN day_of_campaign = 0 THEN 5000 + draw % 20000 ELSE 0 END
      ELSE clicks * (10 + d // 19 % 50)
    END AS cost_pence,
    conversions * (1800 + d // 23 % 4200) AS revenue_pence
  FROM funnel
),
versions AS (
  SELECT *, 0 AS estimate FROM costs
  UNION ALL
  SELECT *, 1 AS estimate FROM costs WHERE d % 30 = 11
)
SELECT
  CAST(campaign_id AS BIGINT) AS campaign_id,
  campaign_date,
  strftime(month_start, '%B %Y') || [' newsletter', ' search ads', ' on social media', ' referrals'][kind + 1] AS campaign_name,
  CASE WHEN draw % 37 <> 1 THEN ['email', 'paid_search', 'social', 'referral'][kind + 1] END AS channel,
  CAST(impressions AS BIGINT) AS impressions,
  CAST(clicks AS BIGINT) AS clicks,
  CAST(CASE WHEN estimate = 1 THEN conversions // 2 ELSE conversions END AS BIGINT) AS conversions,
  CAST(CAST(CASE WHEN estimate = 1 THEN revenue_pence // 2 ELSE revenue_pence END AS BIGINT) * 0.01 AS DECIMAL(15,2)) AS revenue_attributed,
  CAST(CAST(cost_pence AS BIGINT) * 0.01 AS DECIMAL(15,2)) AS cost,
  -- At 03:00 on the next day, an estimate three hours before.
  make_timestamp(epoch_us(CAST(campaign_date AS TIMESTAMP)) + (27 - 3 * estimate) * 3600000000) AS _updated_at
FROM versions
ORDER BY campaign_date, campaign_id, _updated_at
