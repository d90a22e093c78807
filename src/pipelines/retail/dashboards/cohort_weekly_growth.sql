-- Week-over-week growth of revenue by customer segment; NULL after a calendar week without sales.
SELECT
  week_start,
  customer_segment,
  weekly_revenue,
  prior_week_revenue,
  CAST(round((weekly_revenue - prior_week_revenue) * 100 / NULLIF(prior_week_revenue, 0), 2) AS DECIMAL(20,2))
    AS week_over_week_growth_pct
FROM gold.gold_product_weekly_engagement
ORDER BY week_start, customer_segment;
