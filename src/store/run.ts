import type { DatasetReport, ErrorData, RunOptions, UpdateReport } from '@/domain/automation'
import { toErrorData } from '@/domain/errors'
import { isIsoDate } from '@/domain/format/dates'
import type { DatasetProgress, EngineEvent, SourceView } from '@/rpc/contract'
import { type AsOf, effectiveAsOf } from './as-of'
import { valueOr } from './loadable'
import { type GoldsmithState, patchSlice, type SliceContext } from './state'

/** The life of an update, as the page follows it. */
export type Update =
  | { status: 'idle' }
  | { status: 'starting'; startedAt: number; canceling: boolean }
  | {
      status: 'running'
      startedAt: number
      canceling: boolean
      updateId: string
      order: string[]
      datasets: Record<string, DatasetProgress>
    }

export interface RunState {
  update: Update
  /** The last update that ended, here or in an earlier visit. */
  report: UpdateReport | null
  /** What the rules of each stored dataset last counted: an update that runs, failed or was canceled has no counts of its own. */
  measured: Record<string, DatasetReport['expectations']>
  /** True until the report of this visit's last update was dismissed. */
  showReport: boolean
  /** True when an update of this visit ended while another place than the pipeline or the list of updates was shown, until one of them is opened. */
  unseen: boolean
  /** Whether the report is about the sources as they are loaded now. */
  current: boolean
  /** An update that could not even be planned. */
  error: ErrorData | null
  /** The business date that the user chose; null follows the data. */
  chosenAsOf: string | null
}

const asOfKey = 'goldsmith.asOf'

export function initialRun(remembered: string | null): RunState {
  return {
    update: { status: 'idle' },
    report: null,
    measured: {},
    showReport: false,
    unseen: false,
    current: false,
    error: null,
    chosenAsOf: remembered !== null && isIsoDate(remembered) ? remembered : null,
  }
}

export interface RunActions {
  refreshLastUpdate(): Promise<void>
  /** Runs an update; Cancel on the page stops it too. Rejects as `EngineApi.run` does. */
  run(options: RunOptions): Promise<UpdateReport>
  /** Runs with the page's business date, everything unless told otherwise; never rejects: what went wrong is shown. */
  runPipeline(options?: Pick<RunOptions, 'select' | 'fullRefresh' | 'dryRun'>): Promise<void>
  cancelRun(): void
  dismissReport(): void
  /** null follows the data again. */
  chooseAsOf(date: string | null): void
  /** Past updates and the chosen business date; an update that runs goes on. */
  forgetUpdates(): void
}

export function createRunActions({ api, environment, store }: SliceContext): RunActions {
  let controller: AbortController | null = null

  const actions: RunActions = {
    async refreshLastUpdate() {
      try {
        const report = await api.lastUpdate()
        if (report) patchSlice(store, 'run', withReport(store.getState().run, report))
      } catch (thrown) {
        patchSlice(store, 'run', { error: toErrorData(thrown) })
      }
    },
    async run({ signal, ...request }) {
      const own = new AbortController()
      controller = own
      const update: Update = { status: 'starting', startedAt: environment.now(), canceling: false }
      patchSlice(store, 'run', { update, error: null, showReport: false, unseen: false })
      try {
        const report = await api.run(request, { signal: signal ? AbortSignal.any([signal, own.signal]) : own.signal })
        patchSlice(store, 'run', { ...withReport(store.getState().run, report), showReport: true })
        return report
      } catch (thrown) {
        const error = toErrorData(thrown)
        if (error.code !== 'canceled') patchSlice(store, 'run', { error, unseen: !isShown(store.getState()) })
        throw thrown
      } finally {
        if (controller === own) {
          controller = null
          patchSlice(store, 'run', { update: { status: 'idle' } })
        }
      }
    },
    async runPipeline(options = {}) {
      const asOf = selectAsOf(store.getState(), environment.now()).date
      await actions.run({ ...options, asOf }).catch(() => undefined)
    },
    cancelRun() {
      controller?.abort()
      const { update } = store.getState().run
      if (update.status !== 'idle') patchSlice(store, 'run', { update: { ...update, canceling: true } })
    },
    dismissReport() {
      patchSlice(store, 'run', { showReport: false, error: null })
    },
    chooseAsOf(date) {
      environment.memory.set(asOfKey, date)
      patchSlice(store, 'run', { chosenAsOf: date })
    },
    forgetUpdates() {
      environment.memory.set(asOfKey, null)
      patchSlice(store, 'run', { ...initialRun(null), update: store.getState().run.update })
    },
  }
  return actions
}

/** Whether the engine and the pipeline are there: before that nothing can be said about an update. */
export function isEngineReady({ engine, project }: GoldsmithState): boolean {
  return engine.info.status === 'ready' && project.project.status === 'ready'
}

/** Why no update may start, as a sentence that names the tables; null when one may. */
export function whyNotRun(state: GoldsmithState): string | null {
  if (!isEngineReady(state)) return 'The engine is not ready.'
  const required = valueOr(state.sources.sources, []).filter(({ optional }) => !optional)
  const listed = (wanted: SourceView['status']) =>
    required.filter(({ status }) => status === wanted).map(({ table }) => table)
  const absent = listed('absent')
  const invalid = listed('invalid')
  const parts = [
    ...(absent.length > 0 ? [`Load ${absent.join(', ')} first.`] : []),
    ...(invalid.length > 0 ? [`${invalid.join(', ')} cannot be used: Sources says why.`] : []),
  ]
  return parts.length === 0 ? null : parts.join(' ')
}

/** What the last update made of the sources as they are loaded now; null when it was before them, canceled or only a part. */
export function outcomeOfRun({ run, project }: GoldsmithState): 'built' | 'failed' | null {
  if (run.error !== null) return 'failed'
  const { report } = run
  if (!run.current || report === null) return null
  if (report.status !== 'completed') return report.status === 'failed' ? 'failed' : null
  const datasets = valueOr(project.project, null)?.datasets.length ?? 0
  // A dry run skips what it would have to build.
  const whole = report.datasets.length >= datasets
  return whole && report.datasets.every(({ status, plan }) => status !== 'skipped' || plan === 'skip') ? 'built' : null
}

/** Whether a place that shows how the last update ended is the one on screen. */
export function isShown({ route }: Pick<GoldsmithState, 'route'>): boolean {
  return route.view === 'pipeline' || (route.view === 'runs' && route.tab === 'updates')
}

export function rememberedAsOf(memory: { get(key: string): string | null }): string | null {
  return memory.get(asOfKey)
}

function selectAsOf(state: GoldsmithState, now: number): AsOf {
  return effectiveAsOf(state.run.chosenAsOf, valueOr(state.sources.sources, []), state.run.report?.asOf ?? null, now)
}

/** The change that a report makes to what is known of past updates. */
export function withReport(state: RunState, report: UpdateReport): Pick<RunState, 'report' | 'measured'> {
  const counted = report.datasets.filter(
    ({ status, expectations }) => (status === 'completed' || status === 'skipped') && expectations.length > 0,
  )
  return {
    report,
    measured: {
      ...state.measured,
      ...Object.fromEntries(counted.map(({ name, expectations }) => [name, expectations])),
    },
  }
}

/** The update after an event of the engine. */
export function reduceUpdate(update: Update, event: EngineEvent, now: number): Update {
  switch (event.type) {
    case 'update.started':
      return {
        status: 'running',
        startedAt: update.status === 'idle' ? now : update.startedAt,
        canceling: update.status !== 'idle' && update.canceling,
        updateId: event.updateId,
        order: event.datasets,
        datasets: {},
      }
    case 'update.dataset':
      if (update.status !== 'running' || update.updateId !== event.updateId) return update
      return { ...update, datasets: { ...update.datasets, [event.dataset.name]: event.dataset } }
    case 'update.finished':
    case 'engine.restarted':
      return { status: 'idle' }
    case 'load.progress':
    case 'sources.changed':
    case 'catalog.changed':
    case 'export.progress':
    case 'engine.resources':
    case 'engine.failed':
      return update
  }
}

/** Datasets that are done, of all that the update has; null while none runs. */
export function updateProgress(update: Update): { done: number; total: number; current: string | null } | null {
  if (update.status !== 'running') return null
  const states = Object.values(update.datasets)
  const current = states.find(({ status }) => status === 'building' || status === 'storing')?.name ?? null
  const done = states.filter(({ status }) => !['queued', 'building', 'storing'].includes(status)).length
  return { done, total: update.order.length, current }
}
