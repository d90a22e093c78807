-- Order lines ${first} to ${last} of a generated shop with ${lines} lines from 2023-01-01 to 2025-12-31, in order of date.
-- DuckDB SQL. A line depends on its own number, ${lines} and ${seed} alone, and only on whole numbers: any batch, any
-- number of threads and any platform give the same rows. Chance is a number of 31 bits that multiplications and shifts
-- have mixed; `(x * c & 2147483647) * n >> 31` draws one of 0 … n - 1 from such an x, and another for another odd c.
WITH
-- How busy each day is: growth (twice as much at the end), month, weekday, and chance. Closed on Christmas Day.
day_weights AS (
  SELECT
    day_index,
    order_date,
    (1000 + day_index)
      * [82, 80, 90, 92, 98, 96, 92, 94, 108, 118, 150, 165][month(order_date)]
      * [100, 98, 100, 104, 118, 96, 70][isodow(order_date)]
      * (90 + ((day_index + 1) * 1640531527 + (CAST(${seed} AS BIGINT) & 2147483647) * 40503) % 1000003 % 21)
      * CASE WHEN month(order_date) = 12 AND day(order_date) = 25 THEN 0 ELSE 1 END AS weight
  FROM (SELECT range AS day_index, DATE '2023-01-01' + CAST(range AS INTEGER) AS order_date FROM range(1096))
),
cumulative_weights AS (
  SELECT
    day_index,
    order_date,
    sum(weight) OVER (ORDER BY day_index ROWS UNBOUNDED PRECEDING) - weight AS weight_before,
    sum(weight) OVER (ORDER BY day_index ROWS UNBOUNDED PRECEDING) AS weight_through,
    sum(weight) OVER () AS total_weight
  FROM day_weights
),
days AS (
  SELECT
    day_index,
    order_date,
    CAST(strftime(order_date, '%Y%m%d') AS INTEGER) AS date_id,
    epoch_us(CAST(order_date AS TIMESTAMP)) AS midnight_us,
    CAST(100 + 3 * (year(order_date) - 2023) AS INTEGER) AS price_level,
    CASE WHEN month(order_date) = 11 AND day(order_date) >= 24 THEN 100 ELSE 0 END AS sale_mills,
    1095 - day_index AS age_days,
    greatest(200, ${lines} // 100) * (471 + day_index) // 1566 // 20 AS customer_groups,
    CAST(${lines} * weight_before // total_weight AS BIGINT) + 1 AS first_line,
    CAST(${lines} * weight_through // total_weight AS BIGINT) AS last_line
  FROM cumulative_weights
),
numbered AS (
  SELECT
    days.*,
    unnest(range(greatest(first_line, ${first}), least(last_line, ${last}) + 1)) AS line
  FROM days
  WHERE first_line <= ${last} AND last_line >= ${first}
),
-- Of each 500 lines one is told twice: an older row, sometimes before and sometimes after the row that supersedes it.
lines AS (
  SELECT
    * EXCLUDE (last_line),
    CASE WHEN line % 500 = 0 AND line > first_line THEN line - 1 ELSE line END AS order_id,
    (line % 1000 = 0 AND line > first_line) OR (line % 1000 = 499 AND line < last_line) AS is_superseded
  FROM numbered
),
-- Orders of one to sixteen lines: in each block of 16 lines of a day, the set bits of a mask say where an order begins.
blocks AS (
  SELECT
    *,
    (order_id - first_line) & 15 AS position,
    order_id - ((order_id - first_line) & 15) AS block_line
  FROM lines
),
hashed_blocks AS (
  SELECT *, (block_line * 1640531527 + (CAST(${seed} AS BIGINT) & 2147483647) * 668265263) & 2147483647 AS block_hash
  FROM blocks
),
orders AS (
  SELECT
    * EXCLUDE (position, block_line, block_hash, first_line),
    block_line + bit_count(
      (1 | (block_hash * 1566083941 >> 15 & block_hash * 374761393 >> 11)) & ((CAST(2 AS BIGINT) << position) - 1)
    ) - 1 AS order_key
  FROM hashed_blocks
),
mixed_1 AS (
  SELECT
    *,
    (order_key * 1540483477 + (CAST(${seed} AS BIGINT) & 2147483647) * 1274126177 + 374761393) & 2147483647 AS o,
    (order_id * 1274126177 + (CAST(${seed} AS BIGINT) & 2147483647) * 1640531527 + 668265263) & 2147483647 AS l
  FROM orders
),
mixed_2 AS (
  SELECT * REPLACE (
    xor(o, o >> 15) * 739982445 & 2147483647 AS o,
    xor(l, l >> 15) * 739982445 & 2147483647 AS l
  ) FROM mixed_1
),
mixed_3 AS (
  SELECT * REPLACE (
    xor(o, o >> 12) * 695872825 & 2147483647 AS o,
    xor(l, l >> 12) * 695872825 & 2147483647 AS l
  ) FROM mixed_2
),
draws AS (
  SELECT
    * EXCLUDE (o, l),
    o * 100 >> 31 AS segment_draw,
    (o * 1640531527 & 2147483647) >> 15 AS loyalty,
    o * 1540483477 & 2147483647 AS member_draw,
    (o * 1274126177 & 2147483647) * 1000 >> 31 AS status_draw,
    (o * 668265263 & 2147483647) * 1000 >> 31 AS buyer_draw,
    (o * 374761393 & 2147483647) * 43200 >> 31 AS second_draw,
    (o * 1566083941 & 2147483647) * 100 >> 31 AS payment_draw,
    l >> 10 AS popularity,
    (l * 1640531527 & 2147483647) >> 23 AS quantity_draw,
    l * 1540483477 & 2147483647 AS discount_draw,
    (l * 1274126177 & 2147483647) * 1000 >> 31 AS dirt_draw
  FROM mixed_3
),
-- Customers come in groups of twenty, in order of arrival: 3 Premium, 10 Standard, 7 Budget.
candidates AS (
  SELECT
    * EXCLUDE (customer_groups, loyalty, member_draw, popularity),
    -- The older a group, the more it orders.
    customer_groups * (loyalty + (3 * loyalty * loyalty >> 16)) >> 18 AS customer_group,
    CASE
      WHEN segment_draw < 38 THEN member_draw * 3 >> 31
      WHEN segment_draw < 82 THEN (member_draw * 10 >> 31) + 3
      ELSE (member_draw * 7 >> 31) + 13
    END AS member,
    -- Powers of an even draw: few products sell much, most sell little.
    ((popularity * popularity >> 11) + (popularity * popularity * popularity >> 32))
      * greatest(50, least(2000, ${lines} // 50)) >> 32 AS popularity_rank
  FROM draws
),
lifetimes AS (
  SELECT
    *,
    -- Days since the group arrived (see customers.sql), and for how many a member stays, by its number: Budget the shortest.
    471 + day_index - 1566 * 20 * customer_group // greatest(200, ${lines} // 100) AS days_known,
    ((customer_group * 20 + member) * 1640531527 + (CAST(${seed} AS BIGINT) & 2147483647) * 668265263 & 2147483647)
      * CASE WHEN segment_draw < 38 THEN 900 WHEN segment_draw < 82 THEN 600 ELSE 300 END >> 31 AS days_of_custom
  FROM candidates
),
buyers AS (
  SELECT
    * EXCLUDE (customer_group, member, days_known, days_of_custom),
    -- Whoever has left is replaced by one of the group who stays: the first Premium, three Standard, the first Budget member.
    10001 + 20 * customer_group + CASE
      WHEN days_known < days_of_custom THEN member
      WHEN segment_draw < 38 THEN 0
      WHEN segment_draw < 82 THEN 3 + member % 3
      ELSE 13
    END AS buyer
  FROM lifetimes
),
-- The list prices of sample/products.sql, in pence.
prices AS (
  SELECT
    range AS popularity_rank,
    CAST(10001 + range * 7919 % greatest(50, least(2000, ${lines} // 50)) AS BIGINT) AS product_id,
    CAST((60 + price_draw * price_draw * price_draw // 125000) // 10 * 10 + 5 AS INTEGER) AS list_price
  FROM (
    SELECT range, ((range + 1) * 1640531527 + (CAST(${seed} AS BIGINT) & 2147483647) * 40503) % 1000003 % 1000 AS price_draw
    FROM range(greatest(50, least(2000, ${lines} // 50)))
  )
)
SELECT
  order_id,
  CAST(1000000 + order_key AS VARCHAR) AS order_number,
  order_date,
  date_id,
  CASE WHEN buyer_draw < 40 THEN NULL WHEN buyer_draw < 43 THEN 900001 + segment_draw ELSE buyer END AS customer_id,
  CASE WHEN dirt_draw = 5 THEN 90001 ELSE product_id END AS product_id,
  CAST(CASE
    WHEN dirt_draw < 4 THEN -1
    WHEN segment_draw < 38 THEN 1 + (quantity_draw * quantity_draw * 24 >> 16)
    WHEN segment_draw < 82 THEN 1 + (quantity_draw * quantity_draw * 8 >> 16)
    ELSE 1 + (quantity_draw >> 6)
  END AS INTEGER) AS quantity,
  CAST(CASE WHEN dirt_draw = 4 THEN 0 ELSE list_price * price_level // 100 END * 0.01 AS DECIMAL(10,2)) AS unit_price,
  CASE WHEN dirt_draw NOT BETWEEN 6 AND 9 THEN
    CAST(CAST(sale_mills + 25 * CASE
      WHEN segment_draw < 38 THEN greatest(17, discount_draw * 20 >> 31) - 17
      WHEN segment_draw < 82 THEN greatest(11, discount_draw * 16 >> 31) - 11
      ELSE greatest(4, discount_draw * 12 >> 31) - 4
    END AS INTEGER) * 0.001 AS DECIMAL(4,3))
  END AS discount,
  'GBP' AS currency,
  CASE WHEN payment_draw < 55 THEN 'credit_card' WHEN payment_draw < 80 THEN 'paypal' ELSE 'bank_transfer' END AS payment_method,
  CASE
    WHEN is_superseded THEN 'pending'
    WHEN status_draw = 999 THEN NULL
    WHEN status_draw < 20 THEN 'cancelled'
    WHEN age_days < 2 + status_draw % 3 THEN 'pending'
    WHEN age_days < 5 + status_draw % 4 THEN 'shipped'
    WHEN status_draw < 45 THEN 'returned'
    ELSE 'delivered'
  END AS order_status,
  -- 02:00 on the next day, one in 200 three days later still; a superseded row came with a load at 23:30.
  make_timestamp(midnight_us + CASE
    WHEN is_superseded THEN 84600000000
    WHEN order_id % 200 = 0 THEN 352800000000
    ELSE 93600000000
  END) AS _processed_date,
  -- Between 08:00 and 20:00; a superseded row is up to two hours older, or as old and told by its load alone.
  make_timestamp(
    midnight_us + (28800 + second_draw) * 1000000 - CASE WHEN is_superseded THEN order_id % 3 * 3600000000 ELSE 0 END
  ) AS _updated_at
FROM buyers
INNER JOIN prices ON prices.popularity_rank = buyers.popularity_rank
