import { GoldsmithError, toErrorData } from '@/domain/errors'
import type { EngineApi, QueryRows } from '@/rpc/contract'
import { type Loadable, loading, settle } from '@/store/loadable'
import { readAll } from '@/store/read-all'
import { patchSlice, type SliceContext } from '@/store/state'
import type { ColumnTable } from './column-table'
import { type DeclaredName, definitions } from './dashboards'
import { sourceTable } from './tile-model'

export interface DashboardData {
  name: DeclaredName
  asOf: string
  /** The rows of each source of the definition. */
  tables: Record<string, ColumnTable>
  /** Currencies of the sales; amounts are only comparable when there is one. */
  currencies: string[]
}

export interface DashboardsState {
  /** The dashboard that was asked for last. */
  name: DeclaredName | null
  data: Loadable<DashboardData>
}

export const initialDashboards: DashboardsState = { name: null, data: loading }

export interface DashboardsActions {
  /** Reads the rows of a dashboard for the business date; a later call supersedes an earlier one; never rejects. */
  loadDashboard(name: DeclaredName, asOf: string): Promise<void>
}

export function createDashboardsActions({ api, store }: SliceContext): DashboardsActions {
  let call: AbortController | null = null
  return {
    async loadDashboard(name, asOf) {
      call?.abort()
      const own = new AbortController()
      call = own
      const shown = store.getState().dashboards
      // The rows of another business date may stay on screen until the new ones are here, those of another dashboard may not.
      if (shown.name !== name || shown.data.status !== 'ready') patchSlice(store, 'dashboards', { name, data: loading })
      const data = await settle(readDashboard(api, name, asOf, own.signal))
      if (call === own) patchSlice(store, 'dashboards', { data })
    },
  }
}

async function readDashboard(
  api: EngineApi,
  name: DeclaredName,
  asOf: string,
  signal: AbortSignal,
): Promise<DashboardData> {
  const sources = Object.entries(definitions[name].sources)
  const queries = [...new Set(sources.map(([, { query }]) => query))]
  const results = new Map<string, QueryRows>()
  for (const query of queries) results.set(query, await api.dashboard({ name: query, asOf }, { signal }))
  const currencies = await readAll(api, { sql: currenciesQuery, dialect: 'duckdb' }, signal).catch(withoutSales)
  const tables = sources.flatMap(([id, source]) => {
    const rows = results.get(source.query)
    return rows ? [[id, sourceTable(source, rows)] as const] : []
  })
  return {
    name,
    asOf,
    tables: Object.fromEntries(tables),
    currencies: (currencies?.rows ?? []).flatMap(([currency]) => (typeof currency === 'string' ? [currency] : [])),
  }
}

const currenciesQuery =
  'SELECT DISTINCT currency FROM gold.fact_sales WHERE currency IS NOT NULL ORDER BY currency LIMIT 20'

/** Campaigns and events may be there without any sales: their amounts then have no currency. */
function withoutSales(thrown: unknown): null {
  const error = toErrorData(thrown)
  if (error.code === 'sql.unknown_table') return null
  throw new GoldsmithError(error)
}
