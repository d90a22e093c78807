import type { TableInfo, TableVersion } from '@/domain/automation'
import type { ResultInfo } from '@/rpc/contract'
import { type Loadable, loading, settle } from './loadable'
import { patchSlice, type SliceContext } from './state'

export interface CatalogState {
  tables: Loadable<TableInfo[]>
  /** Versions by table, for the tables that were looked at since the catalog last changed. */
  history: Record<string, Loadable<TableVersion[]>>
  /** Counts the catalog's changes: an open table is stale when its number is older. */
  revision: number
}

export const initialCatalog: CatalogState = { tables: loading, history: {}, revision: 0 }

export interface CatalogActions {
  refreshTables(): Promise<void>
  loadHistory(table: string): Promise<void>
  openTable(table: string, signal: AbortSignal): Promise<ResultInfo>
  fetchRows(id: string, offset: number, limit: number): Promise<unknown[][]>
  closeResult(id: string): void
}

export function createCatalogActions({ api, store }: SliceContext): CatalogActions {
  return {
    async refreshTables() {
      const tables = await settle(api.tables())
      const revision = store.getState().catalog.revision + 1
      patchSlice(store, 'catalog', { tables, revision, history: {} })
    },
    async loadHistory(table) {
      if (store.getState().catalog.history[table]) return
      const put = (versions: Loadable<TableVersion[]>) =>
        patchSlice(store, 'catalog', { history: { ...store.getState().catalog.history, [table]: versions } })
      put(loading)
      put(await settle(api.history({ table })))
    },
    openTable: (table, signal) => api.openTable({ table }, { signal }),
    fetchRows: (id, offset, limit) => api.fetchRows({ id, offset, limit }),
    closeResult(id) {
      // The engine may have dropped the result already (reset, reload): nothing is lost then.
      api.closeResult({ id }).catch(() => undefined)
    },
  }
}
