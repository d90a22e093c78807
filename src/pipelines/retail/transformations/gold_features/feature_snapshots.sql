CREATE TEMPORARY VIEW feature_snapshots
COMMENT 'The days at whose end features are taken: month ends since the first full month with recognised orders, and the business date.'
AS
WITH first_order AS (
  SELECT min(order_date) AS order_date
  FROM gold_features.recognised_order_days
),
first_full_month AS (
  SELECT CASE WHEN dayofmonth(order_date) = 1 THEN order_date ELSE date_add(last_day(order_date), 1) END AS first_day
  FROM first_order
),
months AS (
  -- A sequence must not run backwards, as it would where the first month begins after the business date.
  SELECT explode(sequence(CAST(first_day AS DATE), greatest(first_day, CURRENT_DATE), INTERVAL 1 MONTH)) AS first_day
  FROM first_full_month
)
SELECT last_day(first_day) AS feature_timestamp
FROM months
WHERE last_day(first_day) <= CURRENT_DATE
UNION
SELECT CURRENT_DATE AS feature_timestamp;
