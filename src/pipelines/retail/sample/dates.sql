-- The calendar of the years of the generated shop. DuckDB SQL.
SELECT
  CAST(strftime(date, '%Y%m%d') AS INTEGER) AS date_id,
  date,
  CAST(year(date) AS INTEGER) AS year,
  CAST(quarter(date) AS INTEGER) AS quarter,
  CAST(month(date) AS INTEGER) AS month,
  dayname(date) AS day_of_week,
  CAST(isodow(date) AS INTEGER) AS day_of_week_num,
  isodow(date) >= 6 AS is_weekend
FROM (SELECT DATE '2023-01-01' + CAST(range AS INTEGER) AS date FROM range(1096))
ORDER BY date
