import type { DatasetReport, ErrorData } from '@/domain/automation'
import { formatQuantity } from '@/domain/format/number'
import type { QueryRows } from '@/rpc/contract'
import { errorOf, isRecord, rowsOf } from './cells'

/** An update as the event log tells it. */
export interface PastUpdate {
  id: string
  status: 'completed' | 'failed' | 'canceled'
  /** Milliseconds since the epoch. */
  startedAt: number
  durationMs: number
  /** Business date; null when what was asked for is no date. */
  asOf: string | null
  /** What was asked for beside the business date, in words; empty for everything. */
  asked: string
  built: number
  upToDate: number
  /** Because an input failed. */
  notBuilt: number
  failed: number
  /** For a source. */
  waiting: number
  /** By Cancel. */
  stopped: number
  /** Rows that were written, changed or deleted in all tables. */
  rowsChanged: number
  dropped: number
  /** What kept the update from starting. */
  error: ErrorData | null
}

const outcomes = ['built', 'up to date', 'not built', 'failed', 'waiting', 'canceled'] as const
export type FlowOutcome = (typeof outcomes)[number]

/** A dataset in an update. */
export interface PastFlow {
  dataset: string
  kind: DatasetReport['kind']
  plan: DatasetReport['plan']
  reason: string
  outcome: FlowOutcome
  /** Null for a dataset that was not built. */
  rows: { written: number; upserted: number; deleted: number; dropped: number } | null
  durationMs: number | null
  failures: { rule: string; failed: number }[]
  error: ErrorData | null
}

export function readUpdates(result: QueryRows): PastUpdate[] {
  return rowsOf(result).map((row) => {
    const startedAt = row.instant('started_at') ?? 0
    const state = row.text('state')
    return {
      id: row.text('update_id'),
      status: state === 'COMPLETED' ? 'completed' : state === 'CANCELED' ? 'canceled' : 'failed',
      startedAt,
      durationMs: (row.instant('ended_at') ?? startedAt) - startedAt,
      asOf: row.textOrNull('as_of'),
      asked: askedFor(row.textOrNull('options')),
      built: row.count('built'),
      upToDate: row.count('up_to_date'),
      notBuilt: row.count('not_built'),
      failed: row.count('failed'),
      waiting: row.count('waiting'),
      stopped: row.count('stopped'),
      rowsChanged: row.count('rows_changed'),
      dropped: row.count('dropped'),
      error: errorOf(row.value('error')),
    }
  })
}

export function readFlows(result: QueryRows): PastFlow[] {
  return rowsOf(result).map((row) => {
    const plan = row.text('plan')
    const outcome = outcomeOf(row.text('outcome'))
    const measured = row.value('written') !== null && outcome === 'built'
    return {
      dataset: row.text('dataset'),
      kind: kindOf(row.text('kind')),
      plan: plan === 'full' || plan === 'incremental' ? plan : 'skip',
      reason: row.text('reason'),
      outcome,
      rows: measured
        ? {
            written: row.count('written'),
            upserted: row.count('upserted'),
            deleted: row.count('deleted'),
            dropped: row.count('dropped'),
          }
        : null,
      durationMs: row.value('duration_ms') === null ? null : row.count('duration_ms'),
      failures: failuresOf(row.value('expectations')),
      error: errorOf(row.value('error')),
    }
  })
}

/** What became of an update's datasets, in words. */
export function describeUpdate(update: PastUpdate): string {
  const { built, upToDate, notBuilt, failed, waiting, stopped, error } = update
  const parts = [
    ...(failed > 0 ? [`${formatQuantity(failed, 'dataset')} failed`] : []),
    ...(notBuilt > 0 ? [`${notBuilt} not built because of that`] : []),
    ...(stopped > 0 ? [`${formatQuantity(stopped, 'dataset')} canceled`] : []),
    ...(built > 0 ? [`${formatQuantity(built, 'table')} built`] : []),
    ...(upToDate > 0 ? [`${upToDate} up to date`] : []),
    ...(waiting > 0 ? [`${waiting} waiting for a source`] : []),
  ]
  if (parts.length > 0) return parts.join(', ')
  return error === null ? 'nothing to do' : error.message
}

function outcomeOf(text: string): FlowOutcome {
  return outcomes.find((outcome) => outcome === text) ?? 'canceled'
}

function kindOf(text: string): DatasetReport['kind'] {
  return text === 'view' || text === 'streaming_table' ? text : 'materialized_view'
}

/** The options of an update that say more than its business date does. */
function askedFor(options: string | null): string {
  const asked = parseJson(options)
  if (!isRecord(asked)) return ''
  const names = (value: unknown) => (Array.isArray(value) ? value.map(String).join(', ') : '')
  const { fullRefresh, refresh, select } = asked
  return [
    ...(fullRefresh === 'all'
      ? ['full refresh of everything']
      : names(fullRefresh)
        ? [`full refresh of ${names(fullRefresh)}`]
        : []),
    ...(names(refresh) ? [`refresh of ${names(refresh)}`] : []),
    ...(names(select) ? [`only ${names(select)}`] : []),
  ].join('; ')
}

function failuresOf(expectations: unknown): PastFlow['failures'] {
  if (!Array.isArray(expectations)) return []
  return expectations.flatMap((expectation) => {
    if (!isRecord(expectation)) return []
    const failed = Number(expectation.failed_records ?? 0)
    return failed > 0 ? [{ rule: String(expectation.name), failed }] : []
  })
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}
