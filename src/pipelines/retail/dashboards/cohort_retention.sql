-- Retention heatmap: customers who came back and their revenue, by month of the first order and months since.
SELECT
  cohort_month,
  months_since,
  cohort_size,
  active_customers,
  retention_rate,
  revenue,
  CAST(round(revenue / NULLIF(cohort_size, 0), 2) AS DECIMAL(20,2)) AS revenue_per_customer
FROM gold.gold_product_cohort_retention
ORDER BY cohort_month, months_since;
