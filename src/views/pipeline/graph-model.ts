import type { DatasetNodeData } from '@/components/graph/dataset-node'
import type { DotTone } from '@/components/status-dot'
import type { DatasetReport, TableInfo, UpdateReport } from '@/domain/automation'
import { formatCount, formatQuantity } from '@/domain/format/number'
import { formatDuration } from '@/domain/format/units'
import type { DatasetProgress, DatasetView, ProjectView, SourceView } from '@/store/contract'
import type { Update } from '@/store/run'
import { byName, failedUpstream, inputsByName } from './blocked'

/** What is known about a dataset's last or present build. */
export interface DatasetState {
  report: DatasetReport | DatasetProgress | null
  /** True while an update is running that has this dataset ahead of it or in hand. */
  live: boolean
  /** The failed dataset because of which this one was not built. */
  blockedBy: string | null
}

/** `inputs` says what each dataset reads. */
export function datasetState(
  name: string,
  update: Update,
  last: UpdateReport | null,
  inputs: ReadonlyMap<string, string[]>,
): DatasetState {
  if (update.status === 'running' && update.order.includes(name)) {
    const reports = new Map(Object.entries(update.datasets))
    return { report: reports.get(name) ?? null, live: true, blockedBy: failedUpstream(name, reports, inputs) }
  }
  const reports = byName(last?.datasets ?? [])
  return { report: reports.get(name) ?? null, live: false, blockedBy: failedUpstream(name, reports, inputs) }
}

/** The state as a dot's colour and a word, with what caused it where that is another dataset. */
export function describeState(
  { report, live, blockedBy }: DatasetState,
  stored: boolean,
): { tone: DotTone; word: string; cause: string | null } {
  if (blockedBy !== null) {
    return {
      tone: stored ? 'warning' : 'idle',
      word: stored ? 'not updated' : 'not built',
      cause: `${blockedBy} failed`,
    }
  }
  return { ...describeReport(report, live, stored), cause: null }
}

function describeReport(
  report: DatasetState['report'],
  live: boolean,
  stored: boolean,
): { tone: DotTone; word: string } {
  if (!report)
    return live
      ? { tone: 'none', word: 'queued' }
      : { tone: stored ? 'ok' : 'none', word: stored ? 'stored' : 'not built' }
  switch (report.status) {
    case 'queued':
      return { tone: 'none', word: 'queued' }
    case 'building':
      return { tone: 'active', word: 'building' }
    case 'storing':
      return { tone: 'active', word: 'storing' }
    case 'completed':
      return { tone: 'ok', word: 'completed' }
    case 'skipped':
      // What a dry run would build is skipped too, but not because it is up to date.
      if (report.plan !== 'skip') return { tone: stored ? 'warning' : 'none', word: 'would be built' }
      return { tone: 'ok', word: 'up to date' }
    case 'waiting':
      return { tone: 'idle', word: 'waiting' }
    case 'canceled':
      return { tone: 'idle', word: 'canceled' }
    case 'failed':
      return { tone: 'error', word: 'failed' }
  }
}

/** Silver sources and datasets as the graph draws them. */
export function graphNodes(
  project: ProjectView,
  sources: SourceView[],
  tables: TableInfo[],
  update: Update,
  last: UpdateReport | null,
): DatasetNodeData[] {
  const read = new Set(project.datasets.flatMap((dataset) => dataset.inputs))
  const sourceNodes = sources
    .filter((source) => read.has(source.table))
    .map((source): DatasetNodeData => {
      const tone: DotTone = source.status === 'ready' ? 'ok' : source.status === 'invalid' ? 'error' : 'none'
      const { status, fact } = describeSource(source)
      return { name: source.table, kind: 'source', tone, status, facts: [fact], heldBack: null, running: false }
    })
  const tableOf = byName(tables)
  const inputs = inputsByName(project.datasets)
  const datasetNodes = project.datasets.map((dataset): DatasetNodeData => {
    const table = tableOf.get(dataset.name)
    const state = datasetState(dataset.name, update, last, inputs)
    const { tone, word, cause } = describeState(state, table?.version != null)
    const rows = rowsOf(state, table)
    const dropped = state.report?.rowsDropped ?? 0
    const held = heldBackOf(state, tableOf.get(`${dataset.name}__quarantine`), dropped)
    const facts = datasetFacts(dataset, state, rows, word)
    return {
      name: dataset.name,
      kind: dataset.kind,
      tone,
      status: cause === null ? word : `${word}: ${cause}`,
      facts,
      heldBack: dataset.expectations.some(({ action }) => action === 'drop') ? heldBackText(held, state, table) : null,
      running: tone === 'active',
    }
  })
  return [...sourceNodes, ...datasetNodes]
}

/** A source's state in full, and as the few words that its node has room for. */
function describeSource(source: SourceView): { status: string; fact: string } {
  switch (source.status) {
    case 'absent':
      return { status: 'not loaded', fact: source.optional ? 'optional' : 'not loaded' }
    case 'invalid': {
      const why = source.problems[0]?.message
      return { status: why === undefined ? 'not usable' : `not usable: ${why}`, fact: 'not usable' }
    }
    case 'ready':
      return { status: 'ready', fact: formatQuantity(source.rows, 'row') }
  }
}

export function graphEdges(project: ProjectView, nodes: { name: string }[]): { source: string; target: string }[] {
  const names = new Set(nodes.map((node) => node.name))
  return project.datasets.flatMap((dataset) =>
    dataset.inputs.filter((input) => names.has(input)).map((input) => ({ source: input, target: dataset.name })),
  )
}

function datasetFacts(
  dataset: DatasetView,
  { report, live, blockedBy }: DatasetState,
  rows: number | null,
  word: string,
): string[] {
  // A view holds no rows and takes no time of its own: only trouble is worth a word.
  if (dataset.kind === 'view') {
    return [live || blockedBy !== null || report?.status === 'failed' ? word : 'view']
  }
  const built = report?.status === 'completed' || report?.status === 'building' || report?.status === 'storing'
  return [
    rows === null ? word : formatQuantity(rows, 'row'),
    ...(built && report.durationMs > 0 ? [formatDuration(report.durationMs)] : []),
  ]
}

function heldBackText(held: number, state: DatasetState, table: TableInfo | undefined) {
  if (held > 0) return { text: `${formatCount(held)} held back`, some: true }
  const known = table !== undefined || state.report?.status === 'completed'
  return { text: known ? 'no rows held back' : 'drops rows by rule', some: false }
}

/** Rows that are kept out: the quarantine says so even after an update that skipped the dataset. */
function heldBackOf(state: DatasetState, quarantine: TableInfo | undefined, dropped: number): number {
  if (state.report && state.report.status === 'completed') return dropped
  return quarantine?.rows ?? dropped
}

function rowsOf(state: DatasetState, table: TableInfo | undefined): number | null {
  const { report } = state
  if (state.live && report && ['building', 'storing'].includes(report.status)) return report.rowsWritten || null
  if (state.live && (report === null || report.status === 'queued')) return null
  return table?.rows ?? null
}

/** Rules of a dataset with their counts, as far as they were measured. */
export function expectationCounts(dataset: DatasetView, counts: DatasetReport['expectations']) {
  const measured = new Map(counts.map((expectation) => [expectation.name, expectation]))
  return dataset.expectations.map((expectation) => ({ ...expectation, counts: measured.get(expectation.name) ?? null }))
}
