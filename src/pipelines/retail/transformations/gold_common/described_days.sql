-- A view of its own, because an expectation counts every row of its dataset and this one is about the days that
-- silver.dates has: all, some, or none when it is not there.
CREATE TEMPORARY VIEW described_days (
  CONSTRAINT agrees_with_silver_dates EXPECT (agrees_with_silver_dates)
)
COMMENT 'The days of calendar_days that silver.dates has, and whether it describes them likewise.'
TBLPROPERTIES (
  'team' = 'data-engineering',
  'grain' = 'one row per calendar day that silver.dates has',
  'pipeline.optional_inputs' = 'silver.dates'
)
AS
SELECT
  calendar.date_value,
  bool_and(
    source.year <=> calendar.year
    AND source.quarter <=> calendar.quarter
    AND source.month <=> calendar.month
    AND source.day_of_week <=> calendar.day_name
    AND source.day_of_week_num <=> calendar.day_of_week
    AND source.is_weekend <=> calendar.is_weekend
  ) AS agrees_with_silver_dates
FROM calendar_days AS calendar
INNER JOIN silver.dates AS source ON source.date = calendar.date_value
GROUP BY calendar.date_value;
