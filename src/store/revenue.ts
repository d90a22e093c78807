import { GoldsmithError, toErrorData } from '@/domain/errors'
import { type Decimal, parseDecimal, zero } from '@/domain/format/decimal'
import type { EngineApi, QueryRows } from '@/rpc/contract'
import type { DashboardFilter } from './dashboards/filter'
import { type Loadable, loading, settle } from './loadable'
import { readAll } from './read-all'
import { cells, type RevenueRow, readRevenue } from './revenue-model'
import { currencyQuery, distinctQuery, grossQuery, heldBackQuery, lastRevenueDateQuery } from './revenue-queries'
import { patchSlice, type SliceContext } from './state'

export interface RevenueData {
  asOf: string
  rows: RevenueRow[]
  /** Currencies of the recognised sales in the window; amounts are only comparable when there is one. */
  currencies: string[]
  /** Last day with recognised revenue in the whole table; null when it has none. */
  lastDate: string | null
}

/** Figures that depend on the filter and cannot be summed from the rows. */
export interface RevenueFigures {
  customers: bigint
  orders: bigint
  /** `carrying` is how many of the rows the revenue is the sum of. */
  heldBack: { rows: bigint; carrying: bigint; revenue: Decimal }
}

export interface RevenueState {
  data: Loadable<RevenueData>
  figures: Loadable<RevenueFigures>
}

export const initialRevenue: RevenueState = { data: loading, figures: loading }

export interface RevenueActions {
  /** Reads the dashboard for the business date; never rejects. */
  loadRevenue(asOf: string): Promise<void>
  /** Counts for the filter; a later call supersedes an earlier one; never rejects. */
  loadRevenueFigures(asOf: string, filter: DashboardFilter): Promise<void>
}

export function createRevenueActions({ api, store }: SliceContext): RevenueActions {
  let dataCall: AbortController | null = null
  let figuresCall: AbortController | null = null
  return {
    async loadRevenue(asOf) {
      dataCall?.abort()
      const own = new AbortController()
      dataCall = own
      // The rows of another business date may stay on screen until the new ones are here.
      if (store.getState().revenue.data.status !== 'ready') patchSlice(store, 'revenue', { data: loading })
      const data = await settle(readData(api, asOf, own.signal))
      if (dataCall === own) patchSlice(store, 'revenue', { data })
    },
    async loadRevenueFigures(asOf, filter) {
      figuresCall?.abort()
      const own = new AbortController()
      figuresCall = own
      patchSlice(store, 'revenue', { figures: loading })
      const figures = await settle(readFigures(api, asOf, filter, own.signal))
      if (figuresCall === own) patchSlice(store, 'revenue', { figures })
    },
  }
}

async function readData(api: EngineApi, asOf: string, signal: AbortSignal): Promise<RevenueData> {
  const dashboard = await api.dashboard({ name: 'revenue', asOf }, { signal })
  const [gross, currencies, last] = await Promise.all([
    readAll(api, { sql: grossQuery(asOf), dialect: 'duckdb' }, signal),
    readAll(api, { sql: currencyQuery(asOf), dialect: 'duckdb' }, signal),
    readAll(api, { sql: lastRevenueDateQuery, dialect: 'duckdb' }, signal),
  ])
  const lastDate = last.rows[0]?.[0]
  return {
    asOf,
    rows: readRevenue(dashboard, gross),
    currencies: currencies.rows.flatMap(([currency]) => (typeof currency === 'string' ? [currency] : [])),
    lastDate: typeof lastDate === 'string' ? lastDate : null,
  }
}

async function readFigures(
  api: EngineApi,
  asOf: string,
  filter: DashboardFilter,
  signal: AbortSignal,
): Promise<RevenueFigures> {
  const [distinct, held] = await Promise.all([
    readAll(api, { sql: distinctQuery(asOf, filter), dialect: 'duckdb' }, signal),
    readAll(api, { sql: heldBackQuery(asOf, filter), dialect: 'duckdb' }, signal).catch(withoutQuarantine),
  ])
  const distinctRow = distinct.rows[0] ?? []
  const heldRow = held?.rows[0] ?? []
  const count = (value: unknown) => parseDecimal(value)?.units ?? 0n
  return {
    customers: count(cells(distinct)(distinctRow, 'customers')),
    orders: count(cells(distinct)(distinctRow, 'orders')),
    heldBack: held
      ? {
          rows: count(cells(held)(heldRow, 'held_rows')),
          carrying: count(cells(held)(heldRow, 'carrying_rows')),
          revenue: parseDecimal(cells(held)(heldRow, 'held_revenue')) ?? zero,
        }
      : { rows: 0n, carrying: 0n, revenue: zero },
  }
}

/** A fact that never dropped a row has no quarantine table: nothing is held back then. */
function withoutQuarantine(thrown: unknown): QueryRows | null {
  const error = toErrorData(thrown)
  if (error.code === 'sql.unknown_table') return null
  throw new GoldsmithError(error)
}
