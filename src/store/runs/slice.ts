import type { TableInfo } from '@/domain/automation'
import { GoldsmithError, toErrorData } from '@/domain/errors'
import type { EngineApi, QueryRows } from '@/rpc/contract'
import { type Loadable, loading, settle } from '@/store/loadable'
import { readAll } from '@/store/read-all'
import { patchSlice, type SliceContext } from '@/store/state'
import { type Check, hasTimes, readChecks, readTimes, type TableTimes, timeColumnsOf } from './freshness'
import { type Reason, readReasons } from './quarantine'
import {
  checksQuery,
  dataTimeQuery,
  expectationsQuery,
  flowsQuery,
  reasonsQuery,
  reconciliationQuery,
  rulesQuery,
  updatesQuery,
} from './queries'
import { readReconciliation, type Statement } from './reconciliation'
import { type QualityHistory, readQuality } from './trends'
import { type PastFlow, type PastUpdate, readFlows, readUpdates } from './updates'

/** What the tables of the schema `pipeline` say of past updates. */
export interface RunsState {
  /** Newest first. */
  updates: Loadable<PastUpdate[]>
  /** The datasets of the update that was looked at last. */
  detail: { updateId: string | null; flows: Loadable<PastFlow[]> }
  quality: Loadable<QualityHistory>
  checks: Loadable<Map<string, Check>>
  /** By table, the times of a version. */
  times: Record<string, { version: number | null; value: Loadable<TableTimes> }>
  /** By quarantine, why its rows are held. */
  reasons: Record<string, Loadable<Reason[]>>
  /** Null when the pipeline has none, or has not built it. */
  reconciliation: Loadable<Statement | null>
}

export const initialRuns: RunsState = {
  updates: loading,
  detail: { updateId: null, flows: loading },
  quality: loading,
  checks: loading,
  times: {},
  reasons: {},
  reconciliation: loading,
}

/** Each reads anew; what was read before stays until then. None rejects. */
export interface RunsActions {
  loadUpdates(): Promise<void>
  loadFlows(updateId: string): Promise<void>
  loadQuality(): Promise<void>
  /** Reads when the tables were refreshed, committed and changed; a version that was read is not read again. */
  loadFreshness(tables: readonly TableInfo[]): Promise<void>
  loadReasons(quarantine: string): Promise<void>
  loadReconciliation(): Promise<void>
  forgetRuns(): void
}

export function createRunsActions({ api, store }: SliceContext): RunsActions {
  const calls = new Map<string, AbortController>()
  const state = () => store.getState().runs

  /** Starts a call that makes an earlier one of the same name void. */
  function begin(name: string): { signal: AbortSignal; isCurrent: () => boolean } {
    calls.get(name)?.abort()
    const own = new AbortController()
    calls.set(name, own)
    return { signal: own.signal, isCurrent: () => calls.get(name) === own }
  }

  async function load<T>(name: string, read: (signal: AbortSignal) => Promise<T>, put: (value: Loadable<T>) => void) {
    const { signal, isCurrent } = begin(name)
    const value = await settle(read(signal))
    if (isCurrent()) put(value)
  }

  const patch = (change: Partial<RunsState>) => patchSlice(store, 'runs', change)
  const rows = (sql: string, signal: AbortSignal) => readAll(api, { sql, dialect: 'duckdb' }, signal)

  return {
    loadUpdates: () =>
      load(
        'updates',
        async (signal) => {
          const result = await rows(updatesQuery, signal).catch(noneWithoutTable)
          return result === null ? [] : readUpdates(result)
        },
        (updates) => patch({ updates }),
      ),
    async loadFlows(updateId) {
      if (state().detail.updateId !== updateId) patch({ detail: { updateId, flows: loading } })
      await load(
        'flows',
        async (signal) => {
          const result = await rows(flowsQuery(updateId), signal).catch(noneWithoutTable)
          return result === null ? [] : readFlows(result)
        },
        (flows) => patch({ detail: { updateId, flows } }),
      )
    },
    loadQuality: () =>
      load(
        'quality',
        async (signal) => {
          const expectations = await rows(expectationsQuery, signal).catch(noneWithoutTable)
          return readQuality(expectations, await rows(rulesQuery, signal).catch(noneWithoutTable))
        },
        (quality) => patch({ quality }),
      ),
    async loadFreshness(tables) {
      const { signal, isCurrent } = begin('freshness')
      const checks = await settle(rows(checksQuery, signal).catch(noneWithoutTable).then(readChecks))
      if (!isCurrent()) return
      patch({ checks })
      for (const table of tables.filter(hasTimes)) {
        const { name, version } = table
        const known = state().times[name]
        if (known?.version === version && known.value.status === 'ready') continue
        const value = await settle(tableTimes(api, table, signal))
        if (!isCurrent()) return
        patch({ times: { ...state().times, [name]: { version, value } } })
      }
    },
    loadReasons: (quarantine) =>
      load(
        'reasons',
        async (signal) => readReasons(await rows(reasonsQuery(quarantine), signal)),
        (reasons) => patch({ reasons: { ...state().reasons, [quarantine]: reasons } }),
      ),
    loadReconciliation: () =>
      load(
        'reconciliation',
        async (signal) => {
          const result = await rows(reconciliationQuery, signal).catch(noneWithoutTable)
          return result === null ? null : readReconciliation(result)
        },
        (reconciliation) => patch({ reconciliation }),
      ),
    forgetRuns() {
      for (const call of calls.values()) call.abort()
      calls.clear()
      patch(initialRuns)
    },
  }
}

async function tableTimes(api: EngineApi, table: TableInfo, signal: AbortSignal): Promise<TableTimes> {
  const columns = timeColumnsOf(table)
  const versions = await api.history({ table: table.name })
  if (columns === null) return readTimes(versions, null, [])
  const sql = dataTimeQuery(table.name, columns.names)
  const { rows } = await readAll(api, { sql, dialect: 'duckdb' }, signal)
  return readTimes(versions, columns, rows[0] ?? [])
}

/** Before the first update there is no log, and a pipeline need not declare a reconciliation: that is no error. */
function noneWithoutTable(thrown: unknown): QueryRows | null {
  const error = toErrorData(thrown)
  if (error.code === 'sql.unknown_table' || error.code === 'sql.table_not_built') return null
  throw new GoldsmithError(error)
}
