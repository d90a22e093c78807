import type { DatasetReport, UpdateReport } from '@/domain/automation'
import { formatQuantity } from '@/domain/format/number'
import { formatDuration } from '@/domain/format/units'
import type { DatasetView } from '@/store/contract'
import { byName, failedUpstream } from './blocked'

interface Summary {
  tone: 'ok' | 'warning' | 'error'
  title: string
}

/**
 * One sentence on an update that ended. A view is nothing that is built, so only its failure counts. `inputs` says what each
 * dataset reads: without it what was not built because of a failure looks up to date.
 */
export function summarize(report: UpdateReport, inputs: ReadonlyMap<string, readonly string[]>): Summary {
  const reports = byName(report.datasets)
  const counted = report.datasets.filter(({ kind, status }) => kind !== 'view' || status === 'failed')
  const count = (status: DatasetReport['status']) => counted.filter((dataset) => dataset.status === status).length
  const blocked = counted.filter(({ name }) => failedUpstream(name, reports, inputs) !== null)
  const planned = counted.filter((dataset) => isPlanned(dataset) && !blocked.includes(dataset))
  const skipped = count('skipped') - blocked.length - planned.length
  const built = count('completed')
  const failed = counted.filter(({ status }) => status === 'failed')
  const waiting = count('waiting')
  const time = formatDuration(report.durationMs)
  if (report.status === 'canceled') {
    const unfinished = counted.filter(({ status }) => status === 'canceled')
    return {
      tone: 'warning',
      title: `Canceled after ${time}. ${formatQuantity(built, 'table')} finished; ${afterCancel(unfinished)}.`,
    }
  }
  if (report.problems.length > 0 && report.datasets.length === 0) {
    return {
      tone: 'error',
      title: `Nothing ran: ${formatQuantity(report.problems.length, 'problem')} in the pipeline.`,
    }
  }
  if (failed.length > 0 || report.status === 'failed') {
    const others = [
      ...(blocked.length > 0 ? [`${blocked.length} not built because of that`] : []),
      ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ]
    const counts = [`${formatQuantity(failed.length, 'dataset')} failed`, ...others].join(', ')
    const lost = [...failed, ...blocked].filter(({ kind }) => kind !== 'view')
    return { tone: 'error', title: [`${counts}.`, ...whatIsKept(lost, blocked.length > 0)].join(' ') }
  }
  if (planned.length > 0) {
    const rest = skipped > 0 ? `, ${skipped} already up to date` : ''
    return { tone: 'ok', title: `Dry run: ${formatQuantity(planned.length, 'table')} would be built${rest}.` }
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

/** Skipped although it has work to do: by a dry run. */
function isPlanned({ status, plan }: DatasetReport): boolean {
  return status === 'skipped' && plan !== 'skip'
}

/** What is stored of the tables that an update could not build; a report without a version says that nothing is. */
function whatIsKept(tables: DatasetReport[], moreThanFailed: boolean): string[] {
  const kept = tables.filter(({ version }) => version !== null).length
  const none = tables.length - kept
  if (tables.length === 0) return []
  if (none === 0) return [`What ${moreThanFailed ? 'was not built' : 'failed'} keeps its last version.`]
  if (kept === 0) return [tables.length === 1 ? 'It has no earlier version.' : 'None of them has an earlier version.']
  return [
    `${kept} ${kept === 1 ? 'keeps its' : 'keep their'} last version; ${none} ${none === 1 ? 'has' : 'have'} none.`,
  ]
}

function afterCancel(unfinished: DatasetReport[]): string {
  const kept = unfinished.filter(({ version }) => version !== null).length
  if (kept === unfinished.length) return 'the others keep their last version'
  return kept === 0 ? 'the others are not built yet' : 'the others keep their last version where they have one'
}

/**
 * Rows of a source that a dataset's own query left out (its WHERE, or older versions of a key), worked out from counts: only
 * where the dataset has one row for a row of that source, which is when they have the same key. Null when it cannot be known.
 */
export function leftOut(
  report: DatasetReport,
  key: readonly string[],
  sources: readonly { table: string; key: string[]; rows: number }[],
): { rows: number; source: string } | null {
  if (report.status !== 'completed' || report.plan !== 'full' || key.length === 0) return null
  const driving = sources.filter((source) => source.key.toSorted().join() === key.toSorted().join())
  const [source] = driving
  if (source === undefined || driving.length > 1) return null
  const rows = source.rows - report.rowsWritten - report.rowsDropped
  return rows > 0 ? { rows, source: source.table } : null
}

/** The rule that an error names, in SQL. */
export function brokenRule(message: string, dataset: DatasetView | undefined): string | null {
  const words = new Set(message.match(/\w+/g) ?? [])
  const rule = dataset?.expectations.find(({ name, action }) => action === 'fail' && words.has(name))
  return rule?.expression ?? null
}
