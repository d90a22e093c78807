CREATE OR REFRESH MATERIALIZED VIEW gold_common.dim_date (
  date_id INT NOT NULL COMMENT 'date_value as yyyymmdd',
  date_value DATE NOT NULL COMMENT 'Calendar day',
  year INT NOT NULL COMMENT 'Calendar year',
  quarter INT NOT NULL COMMENT 'Calendar quarter, 1 to 4',
  month INT NOT NULL COMMENT 'Calendar month, 1 to 12',
  day_of_month INT NOT NULL COMMENT 'Day of the month, 1 to 31',
  day_of_week INT NOT NULL COMMENT 'ISO weekday, Monday 1 to Sunday 7',
  day_name STRING NOT NULL COMMENT 'English name of the weekday',
  week_of_year INT NOT NULL COMMENT 'ISO week, 1 to 53; belongs to iso_year',
  iso_year INT NOT NULL COMMENT 'ISO year of the week; around New Year it differs from year',
  is_weekend BOOLEAN NOT NULL COMMENT 'Saturday or Sunday',
  is_holiday BOOLEAN NOT NULL COMMENT 'Day in silver.holidays; false when there is no such table',
  holiday_name STRING COMMENT 'Name in silver.holidays; NULL on other days',
  fiscal_year INT NOT NULL COMMENT 'Fiscal year, named after the calendar year in which it ends',
  fiscal_quarter INT NOT NULL COMMENT 'Quarter of the fiscal year, 1 to 4',
  fiscal_month INT NOT NULL COMMENT 'Month of the fiscal year, 1 to 12',
  CONSTRAINT dim_date_key PRIMARY KEY (date_id)
)
COMMENT 'The calendar: one row per day, from 1 January of the first to 31 December of the last year with orders.'
TBLPROPERTIES (
  'team' = 'data-engineering',
  'refresh_frequency' = 'daily',
  'refresh_time_utc' = '02:00',
  'sla_freshness_hours' = '24',
  'pii_columns' = '',
  'sensitivity' = 'public',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'fiscal_year: year of date_value moved so that the fiscal year begins in January',
  'grain' = 'one row per calendar day',
  'public_contract' = 'date_id, date_value, year, quarter, month, day_of_week, day_name, is_weekend, is_holiday',
  'consumers' = 'gold.fact_sales, dashboards',
  'pipeline.optional_inputs' = 'silver.dates, silver.holidays',
  'pipeline.configuration.fiscal_start_month' = 'integer from 1 to 12'
)
AS
WITH fiscal_calendar AS (
  SELECT
    date_value,
    year,
    quarter,
    month,
    day_of_week,
    day_name,
    iso_year,
    is_weekend,
    -- Moves the month in which the fiscal year begins to the January of the year that names it.
    add_months(date_value, (13 - ${fiscal_start_month}) % 12) AS fiscal_date
  FROM calendar_days
)
SELECT
  day.year * 10000 + day.month * 100 + dayofmonth(day.date_value) AS date_id,
  day.date_value,
  day.year,
  day.quarter,
  day.month,
  dayofmonth(day.date_value) AS day_of_month,
  day.day_of_week,
  day.day_name,
  weekofyear(day.date_value) AS week_of_year,
  day.iso_year,
  day.is_weekend,
  holiday.date IS NOT NULL AS is_holiday,
  holiday.holiday_name,
  year(day.fiscal_date) AS fiscal_year,
  quarter(day.fiscal_date) AS fiscal_quarter,
  month(day.fiscal_date) AS fiscal_month
FROM fiscal_calendar AS day
LEFT JOIN silver.holidays AS holiday ON holiday.date = day.date_value
-- For its expectation, which is counted where the view is read.
LEFT JOIN described_days ON described_days.date_value = day.date_value;
