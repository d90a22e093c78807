CREATE VIEW gold_marketing.dim_customer_current
COMMENT 'The version of each customer that holds now, with what the customer has been worth so far.'
TBLPROPERTIES (
  'team' = 'marketing-analytics',
  'grain' = 'one row per customer that was not deleted'
)
AS
SELECT
  customer.customer_key,
  customer.customer_id,
  customer.customer_name,
  customer.email,
  customer.country,
  customer.segment,
  customer.acquisition_channel,
  customer.acquisition_date,
  customer._updated_at,
  customer.__START_AT,
  customer.__END_AT,
  -- A customer without recognised orders has no row there.
  CAST(coalesce(worth.total_revenue, 0) AS DECIMAL(15,2)) AS lifetime_value
FROM gold_marketing.dim_customer AS customer
LEFT JOIN gold.customer_ltv_gold AS worth ON worth.customer_id = customer.customer_id
WHERE customer.__END_AT IS NULL;
