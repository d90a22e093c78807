import { fromCents, ratio, whole } from './exact'
import { latestCustomers, latestOrders, latestProducts, type ReferenceOptions } from './sources'

/** Every row of gold.fact_sales before its expectations drop any, with the names of the DROP expectations it fails. */
export function factCandidates(options: ReferenceOptions): string {
  if (options.candidates !== undefined) return `SELECT * FROM ${options.candidates}`
  return `
WITH o AS (${latestOrders}), c AS (${latestCustomers}), p AS (${latestProducts}),
lines AS (
  SELECT
    o.*,
    c.customer_name, c.segment, c.country, c.created_at,
    p.product_name, p.category, p.subcategory,
    coalesce(${whole('o.discount', 3)}, 0) AS discount_mills,
    CAST(o.quantity AS HUGEINT) * ${whole('o.unit_price', 2)} AS gross_cents,
    CAST(o.quantity AS HUGEINT) * ${whole('p.unit_cost', 2)} AS cost_cents
  FROM o LEFT JOIN c ON o.customer_id = c.customer_id LEFT JOIN p ON o.product_id = p.product_id
  WHERE o.order_status IS NULL OR o.order_status <> 'cancelled'
),
netted AS (
  SELECT *, CAST(${ratio('gross_cents * (1000 - discount_mills)', '1000', 0, 18)} AS HUGEINT) AS net_cents FROM lines
)
SELECT
  order_id,
  ${options.orderNumber === false ? 'CAST(NULL AS VARCHAR)' : 'order_number'} AS order_number,
  order_date, customer_id, customer_name, segment AS customer_segment, country,
  product_id, product_name, category, subcategory, quantity, unit_price,
  ${fromCents('gross_cents')} AS gross_revenue,
  CAST(coalesce(discount, 0) AS DECIMAL(4,3)) AS discount,
  ${fromCents('net_cents')} AS net_revenue,
  ${fromCents('cost_cents')} AS cost_of_goods,
  ${fromCents('net_cents - cost_cents')} AS gross_profit,
  ${ratio('net_cents - cost_cents', 'gross_cents', 4, 9)} AS profit_margin,
  CAST(extract(year FROM order_date) AS INTEGER) AS year,
  CAST(extract(quarter FROM order_date) AS INTEGER) AS quarter,
  CAST(extract(month FROM order_date) AS INTEGER) AS month,
  strftime(order_date, '%A') AS day_of_week,
  isodow(order_date) > 5 AS is_weekend,
  created_at AS customer_created_at, currency, payment_method, order_status, _updated_at,
  CAST(_updated_at AS DATE) AS _updated_date,
  list_filter([
    CASE WHEN net_cents > 0 THEN NULL ELSE 'positive_revenue' END,
    CASE WHEN customer_id > 0 THEN NULL ELSE 'valid_customer' END
  ], lambda name: name IS NOT NULL) AS _failed_expectations
FROM netted`
}

/** gold.fact_sales. */
export function factSales(options: ReferenceOptions): string {
  return `SELECT * EXCLUDE (_failed_expectations) FROM (${factCandidates(options)}) WHERE len(_failed_expectations) = 0`
}

/** gold.fact_sales__quarantine but for `_update_id`, which each run chooses. */
export function factQuarantine(options: ReferenceOptions): string {
  return `SELECT * FROM (${factCandidates(options)}) WHERE len(_failed_expectations) > 0`
}
