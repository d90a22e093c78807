-- AUTO CDC takes columns as they are, so what is computed is computed here. Every row counts, not only the latest of a customer.
CREATE TEMPORARY VIEW customer_changes
COMMENT 'Each row of silver.customers as a change of gold_marketing.dim_customer.'
TBLPROPERTIES (
  'team' = 'marketing-analytics',
  'grain' = 'one row per row of silver.customers'
)
AS
SELECT
  customer_id,
  customer_name,
  email,
  country,
  segment,
  acquisition_channel,
  CAST(created_at AS DATE) AS acquisition_date,
  _updated_at
FROM STREAM(silver.customers);
