-- The customers who ordered in the 365 days up to :as_of, scored against the others of their segment by all they have ordered until then.
WITH customers AS (
  SELECT
    customer_id,
    max(customer_name) AS customer_name,
    max(customer_segment) AS customer_segment,
    max(country) AS country,
    datediff(:as_of, max(order_date)) AS recency_days,
    count(DISTINCT coalesce(order_number, CAST(order_id AS STRING))) AS frequency,
    CAST(sum(net_revenue) AS DECIMAL(15,2)) AS lifetime_value
  FROM gold.fact_sales
  WHERE order_status IN ('shipped', 'delivered')
    AND order_date <= :as_of
  GROUP BY customer_id
),
-- Before ranking, so that customers who are long gone do not push the others up.
active_customers AS (
  SELECT customer_id, customer_name, customer_segment, country, recency_days, frequency, lifetime_value
  FROM customers
  WHERE recency_days < 365
),
scored AS (
  SELECT
    customer_id,
    customer_name,
    customer_segment,
    country,
    recency_days,
    frequency,
    lifetime_value,
    -- From 1, the worst fifth, to 5; whoever is equal scores equally.
    CAST(least(5, 1 + floor(5 * percent_rank() OVER (PARTITION BY customer_segment ORDER BY recency_days DESC))) AS INT) AS r_score,
    CAST(least(5, 1 + floor(5 * percent_rank() OVER (PARTITION BY customer_segment ORDER BY frequency))) AS INT) AS f_score,
    CAST(least(5, 1 + floor(5 * percent_rank() OVER (PARTITION BY customer_segment ORDER BY lifetime_value))) AS INT) AS m_score
  FROM active_customers
)
SELECT
  customer_id,
  customer_name,
  customer_segment,
  country,
  recency_days,
  frequency,
  lifetime_value,
  r_score,
  f_score,
  m_score,
  CASE
    WHEN r_score = 5 AND f_score = 5 AND m_score = 5 THEN 'VIP'
    WHEN r_score >= 4 AND m_score >= 4 THEN 'High Value'
    WHEN f_score >= 4 THEN 'Engaged'
    WHEN recency_days > 180 THEN 'At Risk'
    ELSE 'Standard'
  END AS classification
FROM scored
ORDER BY lifetime_value DESC, customer_id;
