-- What users do in a generated shop with ${lines} order lines during the last 120 days of its three years: sessions of one to
-- eight events. DuckDB SQL, whole numbers only (see orders.sql). One event in 100 is told twice, the later row with a correction.
WITH
sessions AS (
  SELECT
    range AS session,
    ((range + 1) * 1540483477 + (CAST(${seed} AS BIGINT) & 2147483647) * 1274126177) & 2147483647 AS s
  FROM range(greatest(50, least(10000, ${lines} // 20)))
),
mixed_1 AS (SELECT session, xor(s, s >> 15) * 739982445 & 2147483647 AS s FROM sessions),
mixed_2 AS (SELECT session, xor(s, s >> 12) * 695872825 & 2147483647 AS s FROM mixed_1),
draws AS (
  SELECT
    session,
    -- More sessions towards the end, as there are more orders.
    1095 - ((s >> 7) * (s >> 7) >> 24) * 120 // 16777216 AS day_index,
    s * 1640531527 & 2147483647 AS member_draw,
    (s * 1566083941 & 2147483647) * 57600 >> 31 AS second_draw,
    (s * 668265263 & 2147483647) * 100 >> 31 AS device_draw,
    1 + ((s * 374761393 & 2147483647) * 8 >> 31) AS event_count
  FROM mixed_2
),
-- Customers who have arrived by then (see customers.sql), the earlier ones more often; one session in 25 is nobody's.
visitors AS (
  SELECT
    *,
    CASE WHEN device_draw % 25 <> 9 THEN
      10001 + greatest(200, ${lines} // 100) * (471 + day_index) // 1566 * ((member_draw >> 15) * (member_draw >> 15) >> 16) // 65536
    END AS user_id
  FROM draws
),
-- Flags are rolled out to more and more users, by the user's own number.
flagged AS (
  SELECT
    *,
    CASE
      WHEN user_id * 40503 % 997 % 100 < (day_index - 1000) * 80 // 96 THEN 'one_click_checkout'
      WHEN user_id * 65599 % 991 % 100 < 30 THEN 'new_search'
      WHEN user_id * 40503 % 991 % 100 < 5 THEN 'dark_mode'
    END AS feature_flag
  FROM visitors
),
events AS (
  SELECT *, unnest(range(event_count)) AS step
  FROM flagged
),
versions AS (
  SELECT *, 0 AS correction FROM events
  UNION ALL
  SELECT *, 1 AS correction FROM events WHERE (session * 8 + step) % 100 = 42
)
SELECT
  CAST(1 + session * 8 + step AS BIGINT) AS event_id,
  make_timestamp(
    epoch_us(TIMESTAMP '2023-01-01 06:00:00') + (day_index * 86400 + second_draw + step * (20 + second_draw % 70)) * 1000000
  ) AS event_timestamp,
  CAST(user_id AS BIGINT) AS user_id,
  -- A session goes as far towards an order as it is long.
  ['page_view', 'search', 'product_view', 'product_view', 'add_to_cart', 'view_cart', 'checkout', 'purchase'][step + 1] AS event_type,
  feature_flag,
  's' || CAST(session AS VARCHAR) AS session_id,
  CASE WHEN device_draw < 48 THEN 'mobile' WHEN device_draw < 88 THEN 'desktop' WHEN device_draw < 97 THEN 'tablet' END AS device_type,
  CASE WHEN correction = 1 OR (session * 8 + step) % 100 <> 42 THEN
    ['United Kingdom', 'United Kingdom', 'United Kingdom', 'Germany', 'France', 'Ireland', 'Netherlands'][member_draw % 7 + 1]
  END AS country,
  make_timestamp(
    epoch_us(TIMESTAMP '2023-01-01 06:00:00') + (day_index * 86400 + second_draw + step * (20 + second_draw % 70) + correction * 3600) * 1000000
  ) AS _updated_at
FROM versions
ORDER BY event_id, _updated_at
