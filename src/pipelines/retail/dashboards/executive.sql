-- Recognised revenue, cost and margin by month, beside the calendar month before and the same month a year before.
WITH with_neighbours AS (
  SELECT
    current_month.summary_month,
    current_month.total_revenue,
    current_month.total_cost,
    current_month.total_profit,
    current_month.margin_pct,
    current_month.transaction_count,
    current_month.customer_count,
    month_before.total_revenue AS prior_month_revenue,
    year_before.total_revenue AS prior_year_revenue
  FROM gold_finance.monthly_revenue_summary AS current_month
  LEFT JOIN gold_finance.monthly_revenue_summary AS month_before
    ON month_before.summary_month = add_months(current_month.summary_month, -1)
  LEFT JOIN gold_finance.monthly_revenue_summary AS year_before
    ON year_before.summary_month = add_months(current_month.summary_month, -12)
)
SELECT
  summary_month,
  total_revenue,
  total_cost,
  total_profit,
  margin_pct,
  transaction_count,
  customer_count,
  prior_month_revenue,
  CAST(round((total_revenue - prior_month_revenue) * 100 / NULLIF(prior_month_revenue, 0), 2) AS DECIMAL(20,2))
    AS month_over_month_pct,
  prior_year_revenue,
  CAST(round((total_revenue - prior_year_revenue) * 100 / NULLIF(prior_year_revenue, 0), 2) AS DECIMAL(20,2))
    AS year_over_year_pct
FROM with_neighbours
ORDER BY summary_month;
