/**
 * The event log of a pipeline, in the shape of Lakeflow's (event_log() of Databricks): what an update was asked, what it planned
 * and why, what each flow did to how many rows, and how it ended.
 */
import type { DatasetReport, ErrorData, RunOptions, UpdateReport } from '@/domain/automation'

export type EventLevel = 'INFO' | 'METRICS' | 'WARN' | 'ERROR'

export type FlowStatus = 'QUEUED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'SKIPPED' | 'STOPPED' | 'EXCLUDED'

/** One row of the log. Of `details`, the one field is set that the event type names. */
export interface LogEvent {
  /** Milliseconds since the epoch. */
  timestamp: number
  level: EventLevel
  message: string
  /** Null for events of the whole update. */
  dataset: string | null
  details: LogDetails
  error: ErrorData | null
}

export type LogDetails =
  | { type: 'create_update'; options: Omit<RunOptions, 'signal'>; asOf: string }
  | { type: 'planning_information'; plan: DatasetReport['plan']; reason: string }
  | { type: 'flow_definition'; kind: DatasetReport['kind']; inputs: readonly string[] }
  | { type: 'flow_progress'; status: FlowStatus; metrics: FlowMetrics | null }
  | { type: 'update_progress'; state: 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELED' }

export interface FlowMetrics {
  rowsWritten: number
  rowsUpserted: number
  rowsDeleted: number
  rowsDropped: number
  durationMs: number
  expectations: DatasetReport['expectations']
}

/** The first events of an update. */
export function updateCreated(
  timestamp: number,
  updateId: string,
  asOf: string,
  options: Omit<RunOptions, 'signal'>,
): LogEvent {
  const details: LogDetails = { type: 'create_update', options, asOf }
  return event(timestamp, `Update ${updateId} as of ${asOf} was created.`, null, details)
}

/** What an update is going to do with a dataset. */
export function datasetPlanned(
  timestamp: number,
  dataset: Pick<DatasetReport, 'name' | 'kind' | 'plan' | 'reason'>,
  inputs: readonly string[],
): LogEvent[] {
  const { name, kind } = dataset
  const reads = inputs.length === 0 ? 'reads nothing' : `reads ${inputs.join(', ')}`
  return [
    event(timestamp, `${name} ${reads}.`, name, { type: 'flow_definition', kind, inputs }),
    datasetPlan(timestamp, dataset),
    event(timestamp, `Flow ${name} is QUEUED.`, name, { type: 'flow_progress', status: 'QUEUED', metrics: null }),
  ]
}

/** The plan of a dataset: made before anything runs, and again when it turned out that it cannot be kept. */
export function datasetPlan(
  timestamp: number,
  { name, plan, reason }: Pick<DatasetReport, 'name' | 'plan' | 'reason'>,
): LogEvent {
  const details: LogDetails = { type: 'planning_information', plan, reason }
  return event(timestamp, `${name}: ${plan}, ${reason || 'no reason given'}.`, name, details)
}

export function datasetStarted(timestamp: number, name: string): LogEvent {
  return event(timestamp, `Flow ${name} is RUNNING.`, name, { type: 'flow_progress', status: 'RUNNING', metrics: null })
}

/** What became of a dataset. */
export function datasetEnded(timestamp: number, report: DatasetReport): LogEvent {
  const { name, error } = report
  const status = flowStatus(report)
  const { rowsWritten, rowsUpserted, rowsDeleted, rowsDropped, durationMs, expectations } = report
  const metrics = { rowsWritten, rowsUpserted, rowsDeleted, rowsDropped, durationMs, expectations }
  const said = `Flow ${name} has ${status}${error === undefined ? '' : `: ${error.message}`}`
  const details: LogDetails = {
    type: 'flow_progress',
    status,
    metrics: status === 'COMPLETED' || status === 'FAILED' ? metrics : null,
  }
  return { ...event(timestamp, said, name, details), level: levelOf(status, expectations), error: error ?? null }
}

export function updateStarted(timestamp: number, updateId: string): LogEvent {
  return event(timestamp, `Update ${updateId} is RUNNING.`, null, { type: 'update_progress', state: 'RUNNING' })
}

/** How an update ended; a problem that kept it from starting is its error. */
export function updateEnded(timestamp: number, { updateId, status, datasets, problems }: UpdateReport): LogEvent {
  const state = ({ completed: 'COMPLETED', failed: 'FAILED', canceled: 'CANCELED' } as const)[status]
  const failed = datasets.filter((dataset) => dataset.status === 'failed').map(({ name }) => name)
  const why = problems.length > 0 ? `: ${problems.length} problems were found before it ran` : ''
  const which = failed.length > 0 ? `: ${failed.join(', ')} failed` : why
  return {
    ...event(timestamp, `Update ${updateId} has ${state}${which}.`, null, { type: 'update_progress', state }),
    level: state === 'FAILED' ? 'ERROR' : state === 'CANCELED' ? 'WARN' : 'INFO',
    error: problems[0] ?? null,
  }
}

function flowStatus({ status }: DatasetReport): FlowStatus {
  switch (status) {
    case 'completed':
      return 'COMPLETED'
    case 'failed':
      return 'FAILED'
    case 'canceled':
      return 'STOPPED'
    case 'skipped':
      return 'SKIPPED'
    case 'waiting':
      return 'EXCLUDED'
  }
}

function levelOf(status: FlowStatus, expectations: DatasetReport['expectations']): EventLevel {
  if (status === 'FAILED') return 'ERROR'
  if (status === 'STOPPED') return 'WARN'
  return expectations.some(({ failed }) => failed > 0) ? 'WARN' : 'INFO'
}

function event(timestamp: number, message: string, dataset: string | null, details: LogDetails): LogEvent {
  return { timestamp, level: 'INFO', message, dataset, details, error: null }
}
