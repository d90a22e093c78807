-- The one place that says who the current customers are, and what each has been worth.
CREATE TEMPORARY VIEW customer_values
COMMENT 'Every customer of silver.customers with the revenue of its whole life, 0 without recognised orders.'
AS
WITH latest_customers AS (
  SELECT customer_id
  FROM silver.customers
  QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY _updated_at DESC) = 1
)
SELECT
  customer.customer_id,
  CAST(coalesce(ltv.total_revenue, 0) AS DECIMAL(15,2)) AS lifetime_value
FROM latest_customers AS customer
LEFT JOIN gold.customer_ltv_gold AS ltv ON ltv.customer_id = customer.customer_id;
