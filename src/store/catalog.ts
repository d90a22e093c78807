import type { TableVersion } from '@/domain/automation'
import type { Arrangement } from '@/domain/result/arrangement'
import type { ColumnProfile } from '@/domain/result/profile'
import { quoteName } from '@/domain/sql/quote'
import type { ResultColumn, ResultInfo, StoredTable } from '@/rpc/contract'
import { type Loadable, loading, settle, valueOr } from './loadable'
import { readAll } from './read-all'
import type { Route } from './route'
import { patchSlice, type SliceContext } from './state'
import { profileTable, type TableProfile } from './table-profile'

export interface CatalogState {
  /** What is published: Silver, Gold, quarantines and views. */
  tables: Loadable<StoredTable[]>
  /** What the pipeline keeps for itself; only the pipeline's own view shows it. */
  privateTables: StoredTable[]
  /** Versions by table, for the tables that were looked at since the catalog last changed. */
  history: Record<string, Loadable<TableVersion[]>>
  /** Counts the catalog's changes: an open table is stale when its number is older. */
  revision: number
  /** Columns of views that the engine has not described itself, as far as they were asked for. */
  viewColumns: Record<string, Loadable<ResultColumn[]>>
  /** What the columns of tables are like, for the tables that were looked at since the catalog last changed. */
  profiles: Record<string, TableProfile>
  /** Tables whose personal data the user has asked to see; until then it is masked. */
  revealed: Record<string, true>
  /** The table that was looked at last: what leads to the catalog leads back to it. */
  place: CatalogPlace
}

type CatalogPlace = Pick<Extract<Route, { view: 'catalog' }>, 'table' | 'tab'>

export const initialCatalog: CatalogState = {
  tables: loading,
  privateTables: [],
  history: {},
  revision: 0,
  viewColumns: {},
  profiles: {},
  revealed: {},
  place: { table: null, tab: 'columns' },
}

/** The catalog's state after the page went to a place. */
export function withPlace(state: CatalogState, route: Route): CatalogState {
  return route.view === 'catalog' ? { ...state, place: { table: route.table, tab: route.tab } } : state
}

/**
 * Bytes of the current versions of all stored tables; null while they are not known. The browser's own estimate of what a page
 * stores is stale after it was started again, which would read as lost data.
 */
export function goldBytes({ catalog: { tables, privateTables } }: { catalog: CatalogState }): number | null {
  if (tables.status !== 'ready') return null
  return [...tables.value, ...privateTables].reduce(
    (sum, { layer, bytes }) => (layer === 'gold' ? sum + (bytes ?? 0) : sum),
    0,
  )
}

/** The tables without those that the pipeline keeps for itself. */
export function published(tables: readonly StoredTable[]): StoredTable[] {
  return tables.filter((table) => !table.private)
}

export interface CatalogActions {
  refreshTables(): Promise<void>
  loadHistory(table: string): Promise<void>
  /** Asks for the columns of a view: an empty result has them. Never rejects. */
  loadViewColumns(view: string): Promise<void>
  openTable(table: string, signal: AbortSignal): Promise<ResultInfo>
  /** The rows of a query in DuckDB's SQL, to be read in windows; whoever opens them closes them. */
  openRows(sql: string, signal: AbortSignal): Promise<ResultInfo>
  fetchRows(id: string, offset: number, limit: number): Promise<unknown[][]>
  /** Rows of a result, sorted and filtered: a result of its own. */
  arrange(id: string, arrangement: Arrangement, signal: AbortSignal): Promise<ResultInfo>
  /** What the values of one column of a result are like, exactly. */
  profileColumn(id: string, column: number, signal: AbortSignal): Promise<ColumnProfile>
  /**
   * Profiles all columns of a table, some at a time, as long as the signal lets it; what was found by then stays. Never rejects.
   */
  profileTable(table: string, signal: AbortSignal): Promise<void>
  /** Shows a table's personal data, or masks it again. */
  revealPersonalData(table: string, shown: boolean): void
  closeResult(id: string): void
}

export function createCatalogActions(context: SliceContext): CatalogActions {
  const { api, store } = context
  return {
    async refreshTables() {
      const stored = await settle(api.tables())
      const tables = stored.status === 'ready' ? { ...stored, value: published(stored.value) } : stored
      const privateTables = valueOr(stored, []).filter((table) => table.private)
      const revision = store.getState().catalog.revision + 1
      patchSlice(store, 'catalog', { tables, privateTables, revision, history: {}, viewColumns: {}, profiles: {} })
    },
    async loadHistory(table) {
      if (store.getState().catalog.history[table]) return
      const put = (versions: Loadable<TableVersion[]>) =>
        patchSlice(store, 'catalog', { history: { ...store.getState().catalog.history, [table]: versions } })
      put(loading)
      put(await settle(api.history({ table })))
    },
    async loadViewColumns(view) {
      if (store.getState().catalog.viewColumns[view]) return
      const put = (columns: Loadable<ResultColumn[]>) =>
        patchSlice(store, 'catalog', { viewColumns: { ...store.getState().catalog.viewColumns, [view]: columns } })
      put(loading)
      const sql = `SELECT * FROM ${quoteName(view)} LIMIT 0`
      put(await settle(readAll(api, { sql, dialect: 'duckdb' }).then(({ columns }) => columns)))
    },
    openTable: (table, signal) => api.openTable({ table }, { signal }),
    openRows: (sql, signal) => api.query({ sql, dialect: 'duckdb' }, { signal }),
    fetchRows: (id, offset, limit) => api.fetchRows({ id, offset, limit }),
    arrange: (id, arrangement, signal) => api.arrange({ id, arrangement }, { signal }),
    async profileColumn(id, column, signal) {
      const [profile] = await api.profile({ id, columns: [column], exact: true }, { signal })
      if (profile) return profile
      throw new RangeError(`The rows have no column ${column}.`)
    },
    profileTable: (table, signal) => profileTable(context, table, signal),
    revealPersonalData(table, shown) {
      const { [table]: _, ...others } = store.getState().catalog.revealed
      patchSlice(store, 'catalog', { revealed: shown ? { ...others, [table]: true } : others })
    },
    closeResult(id) {
      // The engine may have dropped the result already (reset, reload): nothing is lost then.
      api.closeResult({ id }).catch(() => undefined)
    },
  }
}
