-- The products of a generated shop with ${lines} order lines. DuckDB SQL, whole numbers only (see orders.sql).
WITH
ranks AS (
  SELECT
    range AS popularity_rank,
    ((range + 1) * 1640531527 + (CAST(${seed} AS BIGINT) & 2147483647) * 40503) % 1000003 % 1000 AS price_draw,
    ((range + 1) * 1540483477 + (CAST(${seed} AS BIGINT) & 2147483647) * 40503) % 1000003 AS cost_draw,
    range % 24 AS kind,
    range // 24 AS variant
  FROM range(greatest(50, least(2000, ${lines} // 50)))
),
-- The same list prices as in sample/orders.sql, in pence.
priced AS (
  SELECT
    *,
    (60 + price_draw * price_draw * price_draw // 125000) // 10 * 10 + 5 AS list_price
  FROM ranks
)
SELECT
  CAST(10001 + popularity_rank * 7919 % greatest(50, least(2000, ${lines} // 50)) AS BIGINT) AS product_id,
  CASE WHEN cost_draw % 211 <> 0 THEN
    ['Classic', 'Vintage', 'Modern', 'Rustic', 'Nordic', 'Pocket', 'Grand', 'Little', 'Striped', 'Dotted', 'Woven', 'Painted'][variant % 12 + 1]
    || ' '
    || ['Ivory', 'Sage', 'Rose', 'Slate', 'Amber', 'Indigo', 'Copper', 'Pearl'][variant // 12 + 1]
    || ' '
    || ['Mug', 'Teapot', 'Plate', 'Vase', 'Candle', 'Cushion', 'Lantern', 'Clock', 'Planter', 'Trowel', 'Bird Feeder', 'Notebook',
        'Pen Set', 'Calendar', 'Puzzle', 'Kite', 'Plush Bear', 'Scarf', 'Tote Bag', 'Umbrella', 'Bauble', 'Garland', 'Wrap Set', 'Wreath'][kind + 1]
  END AS product_name,
  CASE WHEN cost_draw % 211 <> 0 THEN
    ['Kitchen', 'Home Decor', 'Home Decor', 'Garden', 'Stationery', 'Toys', 'Accessories', 'Christmas'][kind // 3 + 1]
  END AS category,
  CASE WHEN cost_draw % 211 <> 0 THEN
    ['Tableware', 'Soft Furnishing', 'Lighting & Clocks', 'Garden Tools', 'Desk', 'Play', 'Bags & Wraps', 'Decorations'][kind // 3 + 1]
  END AS subcategory,
  CASE WHEN cost_draw % 37 <> 0 THEN
    CAST(CAST(list_price * (40 + cost_draw % 30) // 100 AS INTEGER) * 0.01 AS DECIMAL(10,2))
  END AS unit_cost,
  make_timestamp(epoch_us(TIMESTAMP '2023-01-01 06:00:00') + cost_draw % 1000 * 86400000000) AS _updated_at
FROM priced
ORDER BY product_id
