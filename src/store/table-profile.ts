import type { ErrorData } from '@/domain/automation'
import { throwIfCanceled, toErrorData } from '@/domain/errors'
import type { ColumnProfile } from '@/domain/result/profile'
import type { ResultInfo } from '@/rpc/contract'
import { patchSlice, type SliceContext } from './state'

/** What the columns of a table are like, as far as that is known. */
export interface TableProfile {
  /** `paused`: the reader went elsewhere before all columns were read. */
  status: 'running' | 'paused' | 'done' | 'failed'
  columns: Record<string, ColumnProfile>
  /** Null until the table is open. */
  total: number | null
  error: ErrorData | null
}

/** Columns that are read at a time: between two readings the engine does what else is asked of it. */
const COLUMNS_AT_A_TIME = 12

/** Profiles a table into the catalog's state. The engine remembers columns that it has read, by the table's version. */
export async function profileTable({ api, store }: SliceContext, table: string, signal: AbortSignal): Promise<void> {
  const { revision, profiles } = store.getState().catalog
  const before = profiles[table]
  if (before?.status === 'running' || before?.status === 'done') return
  let profile: TableProfile = { columns: {}, total: null, ...before, status: 'running', error: null }
  const put = (change: Partial<TableProfile>) => {
    profile = { ...profile, ...change }
    const { catalog } = store.getState()
    // Another revision of the catalog has other rows, and asks anew.
    if (catalog.revision === revision)
      patchSlice(store, 'catalog', { profiles: { ...catalog.profiles, [table]: profile } })
  }
  put({})
  let opened: ResultInfo | null = null
  try {
    opened = await api.openTable({ table }, { signal })
    const { id, columns } = opened
    put({ total: columns.length })
    const places = [...columns.keys()]
    for (let start = 0; start < places.length; start += COLUMNS_AT_A_TIME) {
      throwIfCanceled(signal)
      const found = await api.profile({ id, columns: places.slice(start, start + COLUMNS_AT_A_TIME) }, { signal })
      const named = found.map((column) => [columns[column.column]?.name ?? '', column] as const)
      put({ columns: { ...profile.columns, ...Object.fromEntries(named) } })
    }
    put({ status: 'done' })
  } catch (thrown) {
    const error = toErrorData(thrown)
    put(error.code === 'canceled' ? { status: 'paused' } : { status: 'failed', error })
  } finally {
    if (opened) api.closeResult({ id: opened.id }).catch(() => undefined)
  }
}
