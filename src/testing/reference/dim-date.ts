import { latestOrders, type ReferenceOptions } from './sources'

/** gold_common.dim_date, from DuckDB's own calendar functions. */
export function dimDate(options: ReferenceOptions): string {
  const start = options.fiscalStartMonth ?? 1
  return `
WITH latest AS (${latestOrders}),
years AS (SELECT min(extract(year FROM order_date)) AS low, max(extract(year FROM order_date)) AS high FROM latest),
days AS (
  SELECT CAST(day AS DATE) AS d
  FROM years, generate_series(CAST(low || '-01-01' AS DATE), CAST(high || '-12-31' AS DATE), INTERVAL 1 DAY) AS s(day)
)
SELECT
  CAST(strftime(d, '%Y%m%d') AS INTEGER) AS date_id,
  d AS date_value,
  CAST(strftime(d, '%Y') AS INTEGER) AS year,
  CAST((extract(month FROM d) + 2) // 3 AS INTEGER) AS quarter,
  CAST(strftime(d, '%m') AS INTEGER) AS month,
  CAST(strftime(d, '%d') AS INTEGER) AS day_of_month,
  CAST(isodow(d) AS INTEGER) AS day_of_week,
  dayname(d) AS day_name,
  CAST(strftime(d, '%V') AS INTEGER) AS week_of_year,
  CAST(isoyear(d) AS INTEGER) AS iso_year,
  dayname(d) IN ('Saturday', 'Sunday') AS is_weekend,
  ${options.holidays ? 'd IN (SELECT date FROM silver.holidays)' : 'false'} AS is_holiday,
  ${options.holidays ? '(SELECT holiday_name FROM silver.holidays WHERE date = d)' : 'CAST(NULL AS VARCHAR)'} AS holiday_name,
  CAST(extract(year FROM d) + CASE WHEN ${start} > 1 AND extract(month FROM d) >= ${start} THEN 1 ELSE 0 END AS INTEGER)
    AS fiscal_year,
  CAST((extract(month FROM d) - ${start} + 12) % 12 // 3 + 1 AS INTEGER) AS fiscal_quarter,
  CAST((extract(month FROM d) - ${start} + 12) % 12 + 1 AS INTEGER) AS fiscal_month
FROM days`
}

/** The days of dim_date that silver.dates has, and how many of them it describes otherwise: (known, bad). */
export function comparedDays(options: ReferenceOptions): string {
  if (!options.dates) return 'SELECT 0, 0'
  return `
SELECT count(DISTINCT date_value), count(DISTINCT date_value) FILTER (
  WHERE (s.year, s.quarter, s.month, s.day_of_week, s.day_of_week_num, s.is_weekend)
    IS DISTINCT FROM (g.year, g.quarter, g.month, g.day_name, g.day_of_week, g.is_weekend))
FROM (${dimDate(options)}) AS g JOIN silver.dates AS s ON s.date = g.date_value`
}
