-- The customers of a generated shop with ${lines} order lines. DuckDB SQL, whole numbers only (see orders.sql).
-- One customer in twenty is told twice: as before and as after a change of segment.
WITH
arrivals AS (
  SELECT
    range AS arrival,
    -- The day, counted from 2023-01-01, from which sample/orders.sql lets the customer order; earlier for old accounts.
    (range * 1566 + 1566 + greatest(200, ${lines} // 100) - 1) // greatest(200, ${lines} // 100) - 471 AS first_day,
    ((range + 1) * 1640531527 + (CAST(${seed} AS BIGINT) & 2147483647) * 40503) % 1000000007 AS person,
    ((range + 1) * 1540483477 + (CAST(${seed} AS BIGINT) & 2147483647) * 65599) % 1000000007 AS origin
  FROM range(greatest(200, ${lines} // 100))
),
versions AS (
  SELECT *, 0 AS age FROM arrivals
  UNION ALL
  SELECT *, 1 AS age FROM arrivals WHERE arrival % 20 = 5
),
people AS (
  SELECT
    *,
    ['Amelia', 'Oliver', 'Sofia', 'Noah', 'Freya', 'Liam', 'Chloé', 'Jürgen', 'Aisha', 'Mateo', 'Ingrid', 'Kenji', 'Zoë',
     'Patrick', 'Lucía', 'Tomasz'][person % 16 + 1] AS given_name,
    ['Smith', 'Jones', 'Taylor', 'Brown', 'O''Neill', 'Evans', 'Müller', 'García', 'Dubois', 'Rossi', 'Nowak', 'Larsen',
     'Tanaka', 'Khan', 'Murphy', 'de Vries', 'Walker', 'Silva', 'Moreau'][person // 16 % 19 + 1] AS family_name
  FROM versions
)
SELECT
  CAST(10001 + arrival AS BIGINT) AS customer_id,
  given_name || ' ' || family_name AS customer_name,
  'customer' || CAST(10001 + arrival AS VARCHAR) || '@example.com' AS email,
  CASE
    WHEN age = 1 THEN 'Budget'
    WHEN arrival % 20 < 3 THEN 'Premium'
    WHEN arrival % 20 < 13 THEN 'Standard'
    ELSE 'Budget'
  END AS segment,
  CASE
    WHEN origin % 100 < 62 THEN 'United Kingdom'
    WHEN origin % 100 < 72 THEN 'Germany'
    WHEN origin % 100 < 81 THEN 'France'
    WHEN origin % 100 < 88 THEN 'Ireland'
    WHEN origin % 100 < 94 THEN 'Netherlands'
    WHEN origin % 100 < 98 THEN 'Spain'
    ELSE 'Norway'
  END AS country,
  make_timestamp(epoch_us(TIMESTAMP '2023-01-01 00:00:00') + (first_day * 86400 + person % 25200) * 1000000) AS created_at,
  ['organic_search', 'paid_search', 'social', 'email', 'referral', 'direct'][origin // 100 % 6 + 1] AS acquisition_channel,
  make_timestamp(least(
    epoch_us(TIMESTAMP '2025-12-31 07:00:00'),
    epoch_us(TIMESTAMP '2023-01-01 00:00:00') + (first_day * 86400 + person % 25200) * 1000000
      + CASE WHEN age = 1 THEN 0 ELSE (1 + origin % 200) * 86400000000 END
  )) AS _updated_at
FROM people
ORDER BY customer_id, _updated_at
