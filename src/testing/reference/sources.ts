/** What the Silver schema of a reference run holds. */
export interface ReferenceOptions {
  /** The run's business date, YYYY-MM-DD. */
  asOf: string
  /** Whether silver.dates exists. */
  dates: boolean
  /** Whether silver.holidays exists. */
  holidays: boolean
  /** Whether silver.orders has the column order_number; default true. */
  orderNumber?: boolean
  /** Month in which the fiscal year begins; default 1. */
  fiscalStartMonth?: number
  /** Tax in thousandths of net revenue; default 0. */
  taxPerMille?: number
  /** First and last snapshot of the training set, YYYY-MM-DD; default all. */
  trainingStart?: string
  trainingEnd?: string
  /** Days after a snapshot within which a customer must order again; default 30. */
  horizonDays?: number
  /** A table that has the rows of `factCandidates` already. */
  candidates?: string
}

/** The latest row per key: the greatest (_updated_at, _processed_date), a missing time before every other. */
function latestRows(table: string, key: string[], sequence: string[]): string {
  const order = sequence.map((column, i) => `s${i}: coalesce(t.${column}, TIMESTAMP '-infinity')`).join(', ')
  return `SELECT unnest(arg_max(t, {${order}})) FROM ${table} AS t GROUP BY ${key.map((column) => `t.${column}`).join(', ')}`
}

export const latestOrders = latestRows('silver.orders', ['order_id'], ['_updated_at', '_processed_date'])
export const latestCustomers = latestRows('silver.customers', ['customer_id'], ['_updated_at'])
export const latestProducts = latestRows('silver.products', ['product_id'], ['_updated_at'])
export const latestCampaigns = latestRows('silver.campaigns', ['campaign_id', 'campaign_date'], ['_updated_at'])
export const latestEvents = latestRows('silver.user_events', ['event_id'], ['_updated_at'])

/** Orders that count as revenue. */
export const recognised = `(order_status = 'shipped' OR order_status = 'delivered')`

/** The order that a line belongs to. */
export const orderName = 'CASE WHEN order_number IS NULL THEN CAST(order_id AS VARCHAR) ELSE order_number END'
