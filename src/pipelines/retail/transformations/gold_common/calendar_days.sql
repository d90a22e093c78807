CREATE TEMPORARY VIEW calendar_days
COMMENT 'Every day of the years that have orders.'
AS
WITH latest_orders AS (
  SELECT order_id, order_date
  FROM silver.orders
  QUALIFY row_number() OVER (PARTITION BY order_id ORDER BY _updated_at DESC, _processed_date DESC) = 1
),
order_span AS (
  SELECT min(order_date) AS first_order_date, max(order_date) AS last_order_date
  FROM latest_orders
),
days AS (
  SELECT
    explode(sequence(
      make_date(year(first_order_date), 1, 1),
      make_date(year(last_order_date), 12, 31),
      INTERVAL 1 DAY
    )) AS date_value
  FROM order_span
),
weeks AS (
  SELECT date_value, CAST(date_trunc('WEEK', date_value) AS DATE) AS week_start
  FROM days
),
weekdays AS (
  SELECT date_value, week_start, datediff(date_value, week_start) + 1 AS day_of_week
  FROM weeks
)
SELECT
  date_value,
  year(date_value) AS year,
  quarter(date_value) AS quarter,
  month(date_value) AS month,
  day_of_week,
  CASE day_of_week
    WHEN 1 THEN 'Monday'
    WHEN 2 THEN 'Tuesday'
    WHEN 3 THEN 'Wednesday'
    WHEN 4 THEN 'Thursday'
    WHEN 5 THEN 'Friday'
    WHEN 6 THEN 'Saturday'
    WHEN 7 THEN 'Sunday'
  END AS day_name,
  -- The ISO year of a week is the year of its Thursday.
  year(date_add(week_start, 3)) AS iso_year,
  day_of_week >= 6 AS is_weekend
FROM weekdays;
