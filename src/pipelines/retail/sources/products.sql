CREATE TABLE silver.products (
  product_id BIGINT NOT NULL COMMENT 'Product number',
  product_name STRING COMMENT 'Name as sold',
  category STRING COMMENT 'Product group',
  subcategory STRING COMMENT 'Product subgroup',
  unit_cost DECIMAL(10,2) COMMENT 'Cost of one unit; NULL when unknown',
  _updated_at TIMESTAMP COMMENT 'When the source last changed the row (UTC)',
  PRIMARY KEY (product_id)
)
COMMENT 'Products. Of several rows with one product_id the latest counts.'
TBLPROPERTIES (
  'source.sequence_by' = '_updated_at'
);
