CREATE VIEW gold_features.product_timeseries_recent
COMMENT 'gold_features.product_timeseries_features of the 90 days up to the business date, for serving.'
TBLPROPERTIES (
  'team' = 'data-science',
  'grain' = 'one row per product_id and order_date with sales',
  'public_contract' = 'product_id, order_date, category, daily_units, daily_revenue, daily_transactions, revenue_7day_avg, revenue_30day_avg, revenue_volatility_90d, trend_slope_30d, trend_direction',
  'consumers' = 'data science'
)
AS SELECT
  product_id,
  order_date,
  category,
  daily_units,
  daily_revenue,
  daily_transactions,
  revenue_7day_avg,
  revenue_30day_avg,
  revenue_volatility_90d,
  trend_slope_30d,
  trend_direction
FROM gold_features.product_timeseries_features
WHERE order_date > date_sub(CURRENT_DATE, 90)
  AND order_date <= CURRENT_DATE;
