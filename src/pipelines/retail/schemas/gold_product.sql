CREATE SCHEMA IF NOT EXISTS gold_product
COMMENT 'What users do in the product, and which features they adopt.'
WITH DBPROPERTIES (
  'domain' = 'product',
  'team' = 'product-analytics',
  'sla_freshness_hours' = '1'
);
