-- The bank holidays of England and Wales in the years of the generated shop. DuckDB SQL.
SELECT CAST(day AS DATE) AS date, name AS holiday_name
FROM (VALUES
  ('2023-01-02', 'New Year’s Day (substitute)'), ('2023-04-07', 'Good Friday'), ('2023-04-10', 'Easter Monday'),
  ('2023-05-01', 'Early May bank holiday'), ('2023-05-08', 'Coronation of King Charles III'), ('2023-05-29', 'Spring bank holiday'),
  ('2023-08-28', 'Summer bank holiday'), ('2023-12-25', 'Christmas Day'), ('2023-12-26', 'Boxing Day'),
  ('2024-01-01', 'New Year’s Day'), ('2024-03-29', 'Good Friday'), ('2024-04-01', 'Easter Monday'),
  ('2024-05-06', 'Early May bank holiday'), ('2024-05-27', 'Spring bank holiday'), ('2024-08-26', 'Summer bank holiday'),
  ('2024-12-25', 'Christmas Day'), ('2024-12-26', 'Boxing Day'),
  ('2025-01-01', 'New Year’s Day'), ('2025-04-18', 'Good Friday'), ('2025-04-21', 'Easter Monday'),
  ('2025-05-05', 'Early May bank holiday'), ('2025-05-26', 'Spring bank holiday'), ('2025-08-25', 'Summer bank holiday'),
  ('2025-12-25', 'Christmas Day'), ('2025-12-26', 'Boxing Day')
) AS holidays(day, name)
