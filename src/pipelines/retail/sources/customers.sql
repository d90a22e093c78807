CREATE TABLE silver.customers (
  customer_id BIGINT NOT NULL COMMENT 'Customer number',
  customer_name STRING COMMENT 'Full name',
  email STRING COMMENT 'E-mail address',
  segment STRING COMMENT 'Commercial segment, such as Premium, Standard, Budget',
  country STRING COMMENT 'Country of residence',
  created_at TIMESTAMP COMMENT 'When the account was opened (UTC)',
  acquisition_channel STRING COMMENT 'Channel that brought the customer',
  _updated_at TIMESTAMP COMMENT 'When the source last changed the row (UTC)',
  PRIMARY KEY (customer_id)
)
COMMENT 'Customers. Of several rows with one customer_id the latest counts; their sequence is the history.'
TBLPROPERTIES (
  'source.sequence_by' = '_updated_at',
  'source.history' = 'true',
  'pii_columns' = 'customer_name, email'
);
