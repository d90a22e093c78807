import type { ErrorData } from '@/domain/automation'
import type { DeltaColumn } from '@/domain/delta/schema'
import { quoteLiteral, quoteText } from '@/domain/sql/quote'
import type { FlowMetrics, LogEvent } from './event-log'

const EXPECTATIONS = 'STRUCT("name" VARCHAR, "dataset" VARCHAR, "passed_records" BIGINT, "failed_records" BIGINT)[]'
const FLOW_PROGRESS = `STRUCT("status" VARCHAR,
  "metrics" STRUCT("num_output_rows" BIGINT, "num_upserted_rows" BIGINT, "num_deleted_rows" BIGINT, "duration_ms" BIGINT),
  "data_quality" STRUCT("dropped_records" BIGINT, "expectations" ${EXPECTATIONS}))`

/** Fields of `details`, one an event type, by the names and nesting of Lakeflow's. */
const DETAILS = {
  create_update: 'STRUCT("as_of" DATE, "options" VARCHAR)',
  flow_definition: 'STRUCT("flow_type" VARCHAR, "input_datasets" VARCHAR[])',
  planning_information: 'STRUCT("plan" VARCHAR, "reason" VARCHAR)',
  flow_progress: FLOW_PROGRESS,
  update_progress: 'STRUCT("state" VARCHAR)',
} as const
const ERROR = 'STRUCT("code" VARCHAR, "message" VARCHAR, "file" VARCHAR, "line" INTEGER)'
const ORIGIN = 'STRUCT("pipeline_name" VARCHAR, "update_id" VARCHAR, "dataset_name" VARCHAR, "flow_name" VARCHAR)'

const detailsType = `STRUCT(${Object.entries(DETAILS)
  .map(([name, type]) => `"${name}" ${type}`)
  .join(', ')})`.replaceAll(/\s+/g, ' ')

/** The table `pipeline.event_log`. Lakeflow keeps `details` and `origin` as JSON text; here they are structs, so that SQL reaches into them. */
export const eventLogColumns: readonly DeltaColumn[] = [
  column('id', 'VARCHAR', 'Unique identifier of the event'),
  column('sequence', 'BIGINT', 'Order of the events, also among those of one millisecond'),
  column('origin', ORIGIN, 'Pipeline, update, dataset and flow that the event is about'),
  column('timestamp', 'TIMESTAMP', 'When the event was recorded, UTC'),
  column('level', 'VARCHAR', 'INFO, METRICS, WARN or ERROR'),
  column('event_type', 'VARCHAR', 'Which field of details is set'),
  column('message', 'VARCHAR', 'The event in words'),
  column('details', detailsType, 'What the event type tells, in the field of its name; the others are NULL'),
  column('error', ERROR, 'What went wrong; NULL when nothing did'),
]

/** Events that one update can have before their sequence numbers run into the next millisecond's. */
const EVENTS_A_MILLISECOND = 10_000n

export interface EventOrigin {
  pipeline: string
  updateId: string
  /** Milliseconds since the epoch. */
  updateStartedAt: number
  /** By dataset, what fills it where that is a flow of another name. */
  flowNames: ReadonlyMap<string, string>
}

/** A DuckDB query that gives the events as rows of the table. `newId` gives a UUID a call. */
export function eventRowsSql(events: readonly LogEvent[], origin: EventOrigin, newId: () => string): string {
  const first = BigInt(origin.updateStartedAt) * EVENTS_A_MILLISECOND
  const rows = events.map((event, index) => {
    const values = [
      quoteLiteral(newId()),
      String(first + BigInt(index)),
      struct({
        pipeline_name: quoteText(origin.pipeline),
        update_id: quoteText(origin.updateId),
        dataset_name: quoteText(event.dataset),
        flow_name: quoteText(event.dataset && (origin.flowNames.get(event.dataset) ?? event.dataset)),
      }),
      `make_timestamp(${BigInt(event.timestamp) * 1000n})`,
      quoteText(event.level),
      quoteText(event.details.type),
      quoteText(event.message),
      details(event),
      errorStruct(event.error),
    ]
    const cast = values.map((value, at) => `CAST(${value} AS ${eventLogColumns[at]?.type ?? 'VARCHAR'})`)
    return `(${cast.join(', ')})`
  })
  const names = eventLogColumns.map(({ name }) => `"${name}"`).join(', ')
  return `SELECT * FROM (VALUES ${rows.join(',\n')}) AS events(${names})`
}

function details(event: LogEvent): string {
  const own = detailsOf(event)
  const fields = Object.keys(DETAILS).map((name) => [name, name === event.details.type ? own : 'NULL'])
  return struct(Object.fromEntries(fields))
}

function detailsOf({ details: said, dataset }: LogEvent): string {
  switch (said.type) {
    case 'create_update':
      return struct({
        as_of: `TRY_CAST(${quoteText(said.asOf)} AS DATE)`,
        options: quoteText(JSON.stringify(said.options)),
      })
    case 'flow_definition':
      return struct({ flow_type: quoteText(said.kind), input_datasets: list(said.inputs.map(quoteText), 'VARCHAR') })
    case 'planning_information':
      return struct({ plan: quoteText(said.plan), reason: quoteText(said.reason) })
    case 'flow_progress':
      return struct({ status: quoteText(said.status), ...metricsOf(said.metrics, dataset) })
    case 'update_progress':
      return struct({ state: quoteText(said.state) })
  }
}

function metricsOf(metrics: FlowMetrics | null, dataset: string | null): { metrics: string; data_quality: string } {
  if (metrics === null) return { metrics: 'NULL', data_quality: 'NULL' }
  const expectations = metrics.expectations.map(({ name, passed, failed }) =>
    struct({
      name: quoteText(name),
      dataset: quoteText(dataset),
      passed_records: String(passed),
      failed_records: String(failed),
    }),
  )
  return {
    metrics: struct({
      num_output_rows: String(metrics.rowsWritten),
      num_upserted_rows: String(metrics.rowsUpserted),
      num_deleted_rows: String(metrics.rowsDeleted),
      duration_ms: String(Math.round(metrics.durationMs)),
    }),
    data_quality: struct({
      dropped_records: String(metrics.rowsDropped),
      expectations: list(expectations, EXPECTATIONS.slice(0, -'[]'.length)),
    }),
  }
}

function errorStruct(error: ErrorData | null): string {
  if (error === null) return 'NULL'
  return struct({
    code: quoteText(error.code),
    message: quoteText(error.message),
    file: quoteText(error.file ?? null),
    line: String(error.line ?? 'NULL'),
  })
}

function struct(fields: Readonly<Record<string, string>>): string {
  return `{${Object.entries(fields)
    .map(([name, value]) => `'${name}': ${value}`)
    .join(', ')}}`
}

function list(values: readonly string[], elementType: string): string {
  return `CAST([${values.join(', ')}] AS ${elementType}[])`
}

function column(name: string, type: string, comment: string): DeltaColumn {
  return { name, type: type.replaceAll(/\s+/g, ' '), nullable: true, comment, generationExpression: null }
}
