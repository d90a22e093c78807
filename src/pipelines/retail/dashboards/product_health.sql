-- Events, users and adoption by day and feature flag over the 90 days up to :as_of; the flag NULL is events without one.
WITH active_users AS (
  SELECT event_date, count(DISTINCT user_id) AS active_users
  FROM gold_product.fact_user_events
  WHERE event_date > date_sub(:as_of, 90)
    AND event_date <= :as_of
  GROUP BY event_date
)
SELECT
  adoption.event_date,
  adoption.feature_flag,
  adoption.events,
  adoption.users,
  adoption.sessions,
  active.active_users,
  CAST(round(adoption.users / NULLIF(active.active_users, 0), 4) AS DECIMAL(20,4)) AS adoption_rate
FROM gold_product.feature_adoption_daily AS adoption
INNER JOIN active_users AS active ON active.event_date = adoption.event_date
ORDER BY adoption.event_date, adoption.feature_flag;
