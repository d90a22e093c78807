CREATE OR REFRESH MATERIALIZED VIEW gold.fact_sales (
  order_id BIGINT NOT NULL COMMENT 'Number of the order line',
  order_number STRING COMMENT 'Number of the order, as delivered; where NULL the line is an order of its own',
  order_date DATE COMMENT 'Business date of the order',
  customer_id BIGINT COMMENT 'Buyer',
  customer_name STRING COMMENT 'Name of the buyer; NULL when silver.customers does not know the customer',
  customer_segment STRING COMMENT 'Current segment of the buyer',
  country STRING COMMENT 'Current country of the buyer',
  product_id BIGINT COMMENT 'Product sold',
  product_name STRING COMMENT 'Name of the product; NULL when silver.products does not know it',
  category STRING COMMENT 'Product group',
  subcategory STRING COMMENT 'Product subgroup',
  quantity INT COMMENT 'Units sold',
  unit_price DECIMAL(10,2) COMMENT 'Price of one unit before discount, in currency',
  gross_revenue DECIMAL(15,2) COMMENT 'quantity * unit_price, in currency',
  discount DECIMAL(4,3) COMMENT 'Discount as a share of the price, 0 to 1; 0 when the source has none',
  net_revenue DECIMAL(15,2) COMMENT 'quantity * unit_price * (1 - discount), rounded half away from zero to cents',
  cost_of_goods DECIMAL(15,2) COMMENT 'quantity * unit_cost; NULL when the cost is unknown',
  gross_profit DECIMAL(15,2) COMMENT 'net_revenue - cost_of_goods; NULL when the cost is unknown',
  profit_margin DECIMAL(9,4) COMMENT 'gross_profit / gross_revenue as a ratio; NULL when either is unknown or revenue is 0',
  year INT COMMENT 'Calendar year of order_date',
  quarter INT COMMENT 'Calendar quarter of order_date',
  month INT COMMENT 'Calendar month of order_date',
  day_of_week STRING COMMENT 'English name of the weekday of order_date',
  is_weekend BOOLEAN COMMENT 'Whether order_date is a Saturday or Sunday',
  customer_created_at TIMESTAMP COMMENT 'When the buyer opened the account (UTC)',
  currency STRING COMMENT 'ISO 4217 code of all amounts of the row',
  payment_method STRING COMMENT 'How the order was paid',
  order_status STRING COMMENT 'pending, shipped, delivered or returned; NULL when the source has none',
  _updated_at TIMESTAMP COMMENT 'When the source last changed the order line (UTC)',
  _updated_date DATE GENERATED ALWAYS AS (CAST(_updated_at AS DATE)) COMMENT 'UTC day of _updated_at',
  CONSTRAINT valid_order_ids EXPECT (order_id IS NOT NULL) ON VIOLATION FAIL UPDATE,
  CONSTRAINT positive_revenue EXPECT (net_revenue > 0) ON VIOLATION DROP ROW,
  CONSTRAINT valid_customer EXPECT (customer_id > 0) ON VIOLATION DROP ROW,
  CONSTRAINT complete_data EXPECT (product_id IS NOT NULL AND customer_id IS NOT NULL AND order_date IS NOT NULL),
  CONSTRAINT known_customer EXPECT (customer_name IS NOT NULL),
  CONSTRAINT known_product EXPECT (product_name IS NOT NULL),
  CONSTRAINT known_cost EXPECT (cost_of_goods IS NOT NULL),
  CONSTRAINT fact_sales_key PRIMARY KEY (order_id)
)
PARTITIONED BY (year, month)
COMMENT 'Order lines that were not cancelled, in their latest state, with what is known of customer, product and day.'
TBLPROPERTIES (
  'team' = 'analytics-platform',
  'refresh_frequency' = 'daily',
  'refresh_time_utc' = '03:00',
  'sla_freshness_hours' = '24',
  'pii_columns' = 'customer_name',
  'sensitivity' = 'confidential',
  'retention_days' = '3650',
  'version' = '1.0.0',
  'metric_definitions' = 'gross_revenue: quantity * unit_price; net_revenue: quantity * unit_price * (1 - discount); gross_profit: net_revenue - quantity * unit_cost; profit_margin: gross_profit / gross_revenue',
  'grain' = 'one row per order line (order_id)',
  'public_contract' = 'order_id, order_number, order_date, customer_id, customer_segment, product_id, category, quantity, gross_revenue, net_revenue, cost_of_goods, gross_profit, order_status, _updated_at',
  'consumers' = 'the metrics of gold, gold_finance.fact_revenue, pipeline.reconciliation, dashboards',
  'pipelines.autoOptimize.zOrderCols' = 'customer_id, product_id, order_date'
)
AS
WITH latest_orders AS (
  SELECT
    order_id,
    order_number,
    order_date,
    customer_id,
    product_id,
    quantity,
    unit_price,
    discount,
    currency,
    payment_method,
    order_status,
    _updated_at
  FROM silver.orders
  QUALIFY row_number() OVER (PARTITION BY order_id ORDER BY _updated_at DESC, _processed_date DESC) = 1
),
latest_customers AS (
  SELECT customer_id, customer_name, segment, country, created_at
  FROM silver.customers
  QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY _updated_at DESC) = 1
),
latest_products AS (
  SELECT product_id, product_name, category, subcategory, unit_cost
  FROM silver.products
  QUALIFY row_number() OVER (PARTITION BY product_id ORDER BY _updated_at DESC) = 1
)
SELECT
  line.order_id,
  line.order_number,
  line.order_date,
  line.customer_id,
  customer.customer_name,
  customer.segment AS customer_segment,
  customer.country,
  line.product_id,
  product.product_name,
  product.category,
  product.subcategory,
  line.quantity,
  line.unit_price,
  CAST(line.quantity * line.unit_price AS DECIMAL(15,2)) AS gross_revenue,
  CAST(coalesce(line.discount, 0) AS DECIMAL(4,3)) AS discount,
  CAST(line.quantity * line.unit_price * (1 - coalesce(line.discount, 0)) AS DECIMAL(15,2)) AS net_revenue,
  CAST(line.quantity * product.unit_cost AS DECIMAL(15,2)) AS cost_of_goods,
  CAST(net_revenue - cost_of_goods AS DECIMAL(15,2)) AS gross_profit,
  round(gross_profit / NULLIF(gross_revenue, 0), 4) AS profit_margin,
  day.year,
  day.quarter,
  day.month,
  day.day_name AS day_of_week,
  day.is_weekend,
  customer.created_at AS customer_created_at,
  line.currency,
  line.payment_method,
  line.order_status,
  line._updated_at
FROM latest_orders AS line
LEFT JOIN gold_common.dim_date AS day ON day.date_value = line.order_date
LEFT JOIN latest_customers AS customer ON customer.customer_id = line.customer_id
LEFT JOIN latest_products AS product ON product.product_id = line.product_id
-- Not `<> 'cancelled'`: a line without a status was not cancelled.
WHERE line.order_status IS DISTINCT FROM 'cancelled';
