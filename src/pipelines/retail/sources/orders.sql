CREATE TABLE silver.orders (
  order_id BIGINT NOT NULL COMMENT 'Number of the order line',
  order_number STRING COMMENT 'Number of the order that the line belongs to; without it every line is an order of its own',
  order_date DATE COMMENT 'Business date of the order',
  date_id INT COMMENT 'order_date as yyyymmdd',
  customer_id BIGINT COMMENT 'Buyer; NULL when unknown',
  product_id BIGINT COMMENT 'Product sold',
  quantity INT COMMENT 'Units; negative for goods that came back and for corrections',
  unit_price DECIMAL(10,2) COMMENT 'Price of one unit before discount, in currency',
  discount DECIMAL(4,3) COMMENT 'Discount as a share of the price, 0 to 1; NULL means none',
  currency STRING COMMENT 'ISO 4217 code of unit_price',
  payment_method STRING COMMENT 'credit_card, paypal, bank_transfer, …',
  order_status STRING COMMENT 'pending, shipped, delivered, returned or cancelled',
  _processed_date TIMESTAMP COMMENT 'When the row reached Silver (UTC)',
  _updated_at TIMESTAMP COMMENT 'When the source last changed the line (UTC)',
  PRIMARY KEY (order_id)
)
COMMENT 'Order lines. A line that changed may be present several times: its latest row counts.'
TBLPROPERTIES (
  'source.optional_columns' = 'order_number, date_id',
  'source.sequence_by' = '_updated_at, _processed_date'
);
