-- A view of its own, because an expectation counts every row of its dataset, and what the run log shall count is snapshots.
CREATE TEMPORARY VIEW training_snapshots (
  CONSTRAINT label_is_known EXPECT (date_add(feature_timestamp, ${label_horizon_days}) <= last_order_date) ON VIOLATION DROP ROW
)
COMMENT 'The snapshots from training_start to training_end whose label can be known: those too near the last recognised order are censored.'
TBLPROPERTIES (
  'team' = 'data-science',
  'grain' = 'one row per feature_timestamp'
)
AS
WITH last_order AS (
  SELECT max(order_date) AS last_order_date
  FROM gold_features.recognised_order_days
)
SELECT snapshots.feature_timestamp, last_order.last_order_date
FROM feature_snapshots AS snapshots
CROSS JOIN last_order
WHERE snapshots.feature_timestamp BETWEEN DATE '${training_start}' AND DATE '${training_end}';
