import type { ErrorData, LoadReport } from '@/domain/automation'
import { toErrorData } from '@/domain/errors'
import { tableOfPath } from '@/domain/silver/classify'
import type { LoadMode } from '@/domain/silver/load-mode'
import type { EngineEvent, InputFile, SourceView } from '@/rpc/contract'
import { type Loadable, loading, settle, valueOr } from './loadable'
import { fetchOnlineRetail } from './online-retail'
import { patchSlice, type SliceContext } from './state'

type LoadProgress = Omit<Extract<EngineEvent, { type: 'load.progress' }>, 'type'>

/** What is being read at the moment. */
export interface LoadActivity {
  label: string
  startedAt: number
  /** Bytes fetched from this page's own server, for the data that is shipped with it. */
  fetching: { bytes: number; totalBytes: number } | null
  /** The latest word on each file. */
  files: LoadProgress[]
}

/** The labels of activities that load sample data. */
export const sampleLabels = { onlineRetail: 'Online Retail', generated: 'Generated sample' }

export interface Notice {
  id: number
  /** The file that it is about, and the table that it is or was to become. */
  file: string | null
  table: string | null
  /** File or table that it is about. */
  subject: string | null
  error: ErrorData
}

export interface SourcesState {
  sources: Loadable<SourceView[]>
  activity: LoadActivity | null
  notices: Notice[]
}

export const initialSources: SourcesState = { sources: loading, activity: null, notices: [] }

export interface SourcesActions {
  refreshSources(): Promise<void>
  /** Reads files into Silver tables; what went wrong with a file becomes a notice. Rejects only as `EngineApi.load` does. */
  loadFiles(files: InputFile[], options?: { as?: string; signal?: AbortSignal }): Promise<LoadReport>
  /** Loads a table's last files again, in the other way. Rejects only as `EngineApi.loadAgain` does. */
  loadAgain(table: string, mode: LoadMode): Promise<LoadReport>
  loadSample(request: { lines: number; seed?: number }): Promise<LoadReport>
  /** Fetches the data set that is shipped with the page, then loads it. Never rejects: problems become notices. */
  loadOnlineRetail(): Promise<void>
  /** Does again what this visit's loads did, after the engine lost it; tables that were taken away stay away. */
  readSourcesAgain(): Promise<void>
  /** Tells the user about files that could not even be handed to the engine. */
  reportError(subject: string | null, error: ErrorData): void
  cancelLoad(): void
  unload(table: string): Promise<void>
  dismissNotice(id: number): void
  dismissNotices(): void
}

/** A load that can be done again. */
interface Load {
  label: string
  begin: (signal: AbortSignal) => Promise<LoadReport>
  tables: string[]
}

export function createSourcesActions({ api, environment, store }: SliceContext): SourcesActions {
  let controller: AbortController | null = null
  let lastNotice = 0
  /** The loads that the tables came from, the oldest first. */
  let loads: Load[] = []
  let restoring: Promise<void> | null = null

  /** Remembers a load; what it replaced whole need not be read again. */
  function remember(load: Omit<Load, 'tables'>, { sources }: LoadReport) {
    const tables = sources.filter(({ problems }) => problems.length === 0).map(({ table }) => table)
    loads = [
      ...loads.filter((earlier) => !earlier.tables.every((table) => tables.includes(table))),
      { ...load, tables },
    ]
  }

  function addNotices(notices: Omit<Notice, 'id'>[]) {
    if (notices.length === 0) return
    const added = notices.map((notice) => ({ ...notice, id: ++lastNotice }))
    patchSlice(store, 'sources', { notices: [...store.getState().sources.notices, ...added] })
  }

  function keepNotices(keep: (notice: Notice) => boolean) {
    patchSlice(store, 'sources', { notices: store.getState().sources.notices.filter(keep) })
  }

  function notify(thrown: unknown, subject: string | null) {
    const error = toErrorData(thrown)
    if (error.code !== 'canceled') addNotices([{ subject, error, file: error.file ?? null, table: null }])
  }

  /** Shows the activity while `work` runs; one at a time is the engine's rule, the latest is what Cancel stops. */
  async function during<T>(label: string, outer: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>) {
    const own = new AbortController()
    controller = own
    const activity: LoadActivity = { label, startedAt: environment.now(), fetching: null, files: [] }
    patchSlice(store, 'sources', { activity })
    // Another attempt makes what was said of the last one, and of no file, old.
    keepNotices(({ subject, file, table }) => file !== null || table !== null || (subject ?? label) !== label)
    try {
      return await work(outer ? AbortSignal.any([outer, own.signal]) : own.signal)
    } finally {
      if (controller === own) {
        controller = null
        patchSlice(store, 'sources', { activity: null })
      }
    }
  }

  /** Replaces what earlier loads said about the same files and tables. */
  function report(loaded: LoadReport, as?: string): LoadReport {
    const meant = as === undefined ? null : tableNamed(as)
    const files = new Set([...loaded.rejected.map(({ file }) => file), ...loaded.sources.flatMap(({ files }) => files)])
    const tables = new Set(loaded.sources.map(({ table }) => table))
    keepNotices(({ file, table }) => !(file !== null && files.has(file)) && !(table !== null && tables.has(table)))
    addNotices([
      ...loaded.rejected.map(({ file, error }) => ({ subject: file, error, file, table: meant ?? tableOf(file) })),
      ...loaded.sources.flatMap(({ table, problems }) =>
        problems.map((error) => ({ subject: table, error, file: error.file ?? null, table })),
      ),
    ])
    return loaded
  }

  async function readAgain(): Promise<void> {
    const wanted = new Set(loads.flatMap(({ tables }) => tables))
    for (const load of loads.filter(({ tables }) => tables.length > 0)) {
      try {
        const { sources } = report(await during(load.label, undefined, load.begin))
        for (const { table } of sources) if (!wanted.has(table)) await api.unload({ table })
      } catch (thrown) {
        notify(thrown, load.label)
        if (toErrorData(thrown).code !== 'engine.restarted') continue
        // What broke the engine may be this very load: it must not do so for ever. The others begin anew.
        loads = loads.filter((other) => other !== load)
        return readAgain()
      }
    }
    await actions.refreshSources()
  }

  /** The table that a refused file was to become, as its source says or its name. */
  function tableOf(file: string): string | null {
    const sources = valueOr(store.getState().sources.sources, [])
    const refused = sources.find(({ problems }) => problems.some((problem) => problem.file === file))
    return (
      refused?.table ??
      tableOfPath(
        file,
        sources.map(({ table }) => table),
      )
    )
  }

  function tableNamed(name: string): string | null {
    const sources = valueOr(store.getState().sources.sources, [])
    return sources.find(({ table }) => table === name || table === `silver.${name}`)?.table ?? null
  }

  const actions: SourcesActions = {
    async refreshSources() {
      const sources = await settle(api.sources())
      patchSlice(store, 'sources', { sources })
    },
    async loadFiles(files, options = {}) {
      const label = files.length === 1 ? (files[0]?.path ?? '') : `${files.length} files`
      const request = options.as === undefined ? { files } : { files, as: options.as }
      try {
        const loaded = await during(label, options.signal, (signal) => api.load(request, { signal }))
        remember({ label, begin: (signal) => api.load(request, { signal }) }, loaded)
        return report(loaded, options.as)
      } catch (thrown) {
        notify(thrown, null)
        throw thrown
      } finally {
        await actions.refreshSources()
      }
    },
    async loadAgain(table, mode) {
      try {
        return report(await during(table, undefined, (signal) => api.loadAgain({ table, mode }, { signal })))
      } catch (thrown) {
        notify(thrown, table)
        throw thrown
      } finally {
        await actions.refreshSources()
      }
    },
    async loadSample(request) {
      try {
        const begin = (signal: AbortSignal) => api.loadSample(request, { signal })
        const loaded = await during(sampleLabels.generated, undefined, begin)
        remember({ label: sampleLabels.generated, begin }, loaded)
        return report(loaded)
      } catch (thrown) {
        notify(thrown, sampleLabels.generated)
        throw thrown
      } finally {
        await actions.refreshSources()
      }
    },
    async loadOnlineRetail() {
      try {
        const loaded = await during(sampleLabels.onlineRetail, undefined, async (signal) => {
          const files = await fetchOnlineRetail(environment, signal, (fetching) => {
            const { activity } = store.getState().sources
            if (activity) patchSlice(store, 'sources', { activity: { ...activity, fetching } })
          })
          const { activity } = store.getState().sources
          if (activity) patchSlice(store, 'sources', { activity: { ...activity, fetching: null } })
          const begin = (again: AbortSignal) => api.load({ files }, { signal: again })
          const result = await begin(signal)
          remember({ label: sampleLabels.onlineRetail, begin }, result)
          return result
        })
        report(loaded)
      } catch (thrown) {
        notify(thrown, sampleLabels.onlineRetail)
      } finally {
        await actions.refreshSources()
      }
    },
    readSourcesAgain() {
      restoring ??= Promise.resolve()
        .then(readAgain)
        .finally(() => {
          restoring = null
        })
      return restoring
    },
    reportError(subject, error) {
      addNotices([{ subject, error, file: error.file ?? null, table: null }])
    },
    cancelLoad() {
      controller?.abort()
    },
    async unload(table) {
      try {
        await api.unload({ table })
        keepNotices((notice) => notice.table !== table)
        loads = loads.map((load) => ({ ...load, tables: load.tables.filter((one) => one !== table) }))
      } catch (thrown) {
        notify(thrown, table)
      }
      await actions.refreshSources()
    },
    dismissNotice(id) {
      keepNotices((notice) => notice.id !== id)
    },
    dismissNotices() {
      keepNotices(() => false)
    },
  }
  return actions
}

/** The activity after one more word on a file's progress. */
export function withProgress(activity: LoadActivity, progress: LoadProgress): LoadActivity {
  const others = activity.files.filter((file) => file.file !== progress.file)
  return { ...activity, files: [...others, progress] }
}
