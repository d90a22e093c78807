-- The customers of a generated shop with ${lines} order lines. DuckDB SQL, whole numbers only (see orders.sql).
-- One customer in twenty has changed segment once, and one in forty of all twice: each state is told, in order of _updated_at.
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
-- Age 0 is the latest state, others came before it; first_age is that of the first.
versions AS (
  SELECT
    *,
    CASE WHEN arrival % 40 = 5 THEN 2 WHEN arrival % 20 = 5 THEN 1 ELSE 0 END AS first_age,
    unnest(range(CASE WHEN arrival % 40 = 5 THEN 3 WHEN arrival % 20 = 5 THEN 2 ELSE 1 END)) AS age,
    epoch_us(TIMESTAMP '2023-01-01 00:00:00') + (first_day * 86400 + person % 25200) * 1000000 AS created_us,
    epoch_us(TIMESTAMP '2025-12-31 07:00:00') AS last_us
  FROM arrivals
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
    WHEN age = 2 THEN 'Budget'
    WHEN age = 1 THEN CASE WHEN first_age = 2 THEN 'Premium' ELSE 'Budget' END
    WHEN arrival % 97 = 11 THEN NULL
    -- Businesses are served from the middle of 2024 on.
    WHEN arrival % 20 = 12 AND first_day >= 547 THEN 'Business'
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
  make_timestamp(created_us) AS created_at,
  ['organic_search', 'paid_search', 'social', 'email', 'referral', 'direct'][origin // 100 % 6 + 1] AS acquisition_channel,
  -- The first state of those who changed is that of the account's first moment; changes come at even distances.
  make_timestamp(created_us + CASE
    WHEN first_age = 0 THEN least((1 + origin % 200) * 86400000000, last_us - created_us)
    ELSE least((1 + origin % 200) * 86400000000, last_us - created_us) * (first_age - age) // first_age
  END) AS _updated_at
FROM people
ORDER BY customer_id, _updated_at
