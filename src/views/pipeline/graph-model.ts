import type { DatasetNodeData } from '@/components/graph/dataset-node'
import type { DotTone } from '@/components/status-dot'
import type { DatasetReport, TableInfo, UpdateReport } from '@/domain/automation'
import { formatCount, formatQuantity } from '@/domain/format/number'
import { formatDuration } from '@/domain/format/units'
import type { DatasetProgress, DatasetView, ProjectView, SourceView } from '@/store/contract'
import type { Update } from '@/store/run'

/** What is known about a dataset's last or present build. */
export interface DatasetState {
  report: DatasetReport | DatasetProgress | null
  /** True while an update is running that has this dataset ahead of it or in hand. */
  live: boolean
}

export function datasetState(name: string, update: Update, last: UpdateReport | null): DatasetState {
  if (update.status === 'running' && update.order.includes(name)) {
    return { report: update.datasets[name] ?? null, live: true }
  }
  return { report: last?.datasets.find((dataset) => dataset.name === name) ?? null, live: false }
}

/** The state as a dot's colour and a word. */
export function describeState({ report, live }: DatasetState, stored: boolean): { tone: DotTone; word: string } {
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
      const status = source.status === 'absent' ? 'not loaded' : source.status === 'ready' ? 'ready' : 'not usable'
      const facts =
        source.status === 'absent'
          ? [source.optional ? 'optional' : 'not loaded']
          : [formatQuantity(source.rows, 'row')]
      return { name: source.table, kind: 'source', tone, status, facts, heldBack: null, running: false }
    })
  const byName = new Map(tables.map((table) => [table.name, table]))
  const datasetNodes = project.datasets.map((dataset): DatasetNodeData => {
    const table = byName.get(dataset.name)
    const state = datasetState(dataset.name, update, last)
    const { tone, word } = describeState(state, table?.version != null)
    const rows = rowsOf(state, table)
    const dropped = state.report?.rowsDropped ?? 0
    const held = heldBackOf(state, byName.get(`${dataset.name}__quarantine`), dropped)
    const facts = datasetFacts(dataset, state, rows, word)
    return {
      name: dataset.name,
      kind: dataset.kind,
      tone,
      status: word,
      facts,
      heldBack: dataset.expectations.some(({ action }) => action === 'drop') ? heldBackText(held, state, table) : null,
      running: tone === 'active',
    }
  })
  return [...sourceNodes, ...datasetNodes]
}

export function graphEdges(project: ProjectView, nodes: { name: string }[]): { source: string; target: string }[] {
  const names = new Set(nodes.map((node) => node.name))
  return project.datasets.flatMap((dataset) =>
    dataset.inputs.filter((input) => names.has(input)).map((input) => ({ source: input, target: dataset.name })),
  )
}

function datasetFacts(
  dataset: DatasetView,
  { report, live }: DatasetState,
  rows: number | null,
  word: string,
): string[] {
  // A view holds no rows and takes no time of its own: only trouble is worth a word.
  if (dataset.kind === 'view') return [live || report?.status === 'failed' ? word : 'view']
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

/** One sentence on an update that ended. A view is nothing that is built, so only its failure counts. */
export function summarize(report: UpdateReport): { tone: 'ok' | 'warning' | 'error'; title: string } {
  const counted = report.datasets.filter(({ kind, status }) => kind !== 'view' || status === 'failed')
  const count = (status: DatasetReport['status']) => counted.filter((dataset) => dataset.status === status).length
  const skipped = count('skipped')
  const built = count('completed')
  const failed = count('failed')
  const waiting = count('waiting')
  const time = formatDuration(report.durationMs)
  if (report.status === 'canceled') {
    return {
      tone: 'warning',
      title: `Canceled after ${time}. ${formatQuantity(built, 'table')} finished; the others keep their last version.`,
    }
  }
  if (report.problems.length > 0 && report.datasets.length === 0) {
    return {
      tone: 'error',
      title: `Nothing ran: ${formatQuantity(report.problems.length, 'problem')} in the pipeline.`,
    }
  }
  if (failed > 0 || report.status === 'failed') {
    const kept = waiting > 0 ? `, ${waiting} waiting` : ''
    return {
      tone: 'error',
      title: `${formatQuantity(failed, 'dataset')} failed${kept}. What failed keeps its last version.`,
    }
  }
  if (skipped > 0 && built === 0) {
    return { tone: 'ok', title: `Nothing changed: ${formatQuantity(skipped, 'table')} already up to date.` }
  }
  const rest = [
    ...(skipped > 0 ? [`${skipped} already up to date`] : []),
    ...(waiting > 0 ? [`${waiting} waiting for a source`] : []),
  ]
  return {
    tone: 'ok',
    title: `${formatQuantity(built, 'table')} built in ${time}${rest.length > 0 ? `; ${rest.join(', ')}` : ''}.`,
  }
}

/** Rules of a dataset with their counts, as far as they were measured. */
export function expectationCounts(dataset: DatasetView, counts: DatasetReport['expectations']) {
  const measured = new Map(counts.map((expectation) => [expectation.name, expectation]))
  return dataset.expectations.map((expectation) => ({ ...expectation, counts: measured.get(expectation.name) ?? null }))
}
