import { customerLtv } from './orders-tables'
import type { ReferenceOptions } from './sources'

/** What a new version of a customer is made for. */
const tracked = 'customer_name, email, country, segment, acquisition_channel'

const OTHERWISE = `(${tracked
  .split(', ')
  .map((column) => `earlier.${column} IS DISTINCT FROM later.${column}`)
  .join(' OR ')})`

/**
 * gold_marketing.dim_customer without windows: a row begins a version when the row before it, if there is one, says something else; the
 * version has what its last row says, and ends where the next one begins.
 */
export const dimCustomer = `
WITH states AS MATERIALIZED (SELECT DISTINCT customer_id, ${tracked}, created_at, _updated_at FROM silver.customers),
pairs AS (
  SELECT later.customer_id, later._updated_at, max(earlier._updated_at) AS before
  FROM states AS later LEFT JOIN states AS earlier
    ON earlier.customer_id = later.customer_id AND earlier._updated_at < later._updated_at
  GROUP BY ALL
),
starts AS (
  SELECT later.customer_id, later._updated_at AS start_at
  FROM states AS later JOIN pairs USING (customer_id, _updated_at)
  LEFT JOIN states AS earlier ON earlier.customer_id = later.customer_id AND earlier._updated_at = pairs.before
  WHERE earlier.customer_id IS NULL OR ${OTHERWISE}
),
spans AS (
  SELECT one.customer_id, one.start_at, min(next.start_at) AS end_at
  FROM starts AS one LEFT JOIN starts AS next ON next.customer_id = one.customer_id AND next.start_at > one.start_at
  GROUP BY ALL
),
lasts AS (
  SELECT spans.*, max(states._updated_at) AS last_at
  FROM spans JOIN states ON states.customer_id = spans.customer_id AND states._updated_at >= start_at
    AND (end_at IS NULL OR states._updated_at < end_at)
  GROUP BY ALL
)
SELECT
  CAST('0x' || left(md5(customer_id || '|' || strftime(start_at, '%Y-%m-%d %H:%M:%S.%f')), 15) AS BIGINT) AS customer_key,
  customer_id, ${tracked}, CAST(created_at AS DATE) AS acquisition_date, _updated_at, start_at AS __START_AT, end_at AS __END_AT
FROM lasts JOIN states USING (customer_id) WHERE states._updated_at = last_at`

/** gold_marketing.dim_customer_current. */
export function dimCustomerCurrent(options: ReferenceOptions): string {
  return `
SELECT customer.*, CAST(coalesce((SELECT total_revenue FROM (${customerLtv(options)}) AS worth
  WHERE worth.customer_id = customer.customer_id), 0) AS DECIMAL(15,2)) AS lifetime_value
FROM (${dimCustomer}) AS customer WHERE __END_AT IS NULL`
}
