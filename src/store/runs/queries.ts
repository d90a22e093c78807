/** What the Runs view asks the tables of the schema `pipeline`, in DuckDB's SQL. */
import { quoteIdentifier, quoteName, quoteText } from '@/domain/sql/quote'
import type { EventFilter } from './place'

/** Updates that are listed; older ones are still in the log. */
export const mostUpdates = 500
/** Past measurements of a rule that are charted. */
const mostMeasurements = 30

/** One row an update and dataset: what was planned last, and how it ended. */
const endedFlows = `SELECT origin.update_id AS update_id, origin.dataset_name AS dataset,
  min(sequence) AS sequence,
  max(timestamp) AS ended_at,
  any_value(details.flow_definition.flow_type) AS kind,
  arg_max(details.planning_information.plan, sequence) FILTER (WHERE event_type = 'planning_information') AS plan,
  arg_max(details.planning_information.reason, sequence) FILTER (WHERE event_type = 'planning_information') AS reason,
  arg_max(details.flow_progress.status, sequence) FILTER (WHERE event_type = 'flow_progress') AS status,
  any_value(details.flow_progress.metrics.num_output_rows) AS written,
  any_value(details.flow_progress.metrics.num_upserted_rows) AS upserted,
  any_value(details.flow_progress.metrics.num_deleted_rows) AS deleted,
  any_value(details.flow_progress.metrics.duration_ms) AS duration_ms,
  any_value(details.flow_progress.data_quality.dropped_records) AS dropped,
  any_value(details.flow_progress.data_quality.expectations) AS expectations,
  any_value(error) AS error
FROM pipeline.event_log
WHERE origin.dataset_name IS NOT NULL
GROUP BY 1, 2`

/** The same with what became of the dataset. A view has nothing to be up to date: one that is skipped lacked an input. */
const flows = `SELECT *, CASE status
    WHEN 'COMPLETED' THEN 'built'
    WHEN 'FAILED' THEN 'failed'
    WHEN 'EXCLUDED' THEN 'waiting'
    WHEN 'SKIPPED' THEN CASE WHEN plan = 'skip' AND kind <> 'view' THEN 'up to date' ELSE 'not built' END
    ELSE 'canceled'
  END AS outcome
FROM (${endedFlows}) AS ended`

/** Updates, newest first, with what became of their datasets. A view holds no rows, so it is nothing that is built. */
export const updatesQuery = `WITH flows AS (${flows}),
outcomes AS (
  SELECT update_id,
    count(*) FILTER (WHERE outcome = 'built' AND kind <> 'view') AS built,
    count(*) FILTER (WHERE outcome = 'up to date') AS up_to_date,
    count(*) FILTER (WHERE outcome = 'not built') AS not_built,
    count(*) FILTER (WHERE outcome = 'failed') AS failed,
    count(*) FILTER (WHERE outcome = 'waiting') AS waiting,
    count(*) FILTER (WHERE outcome = 'canceled') AS stopped,
    sum(CASE WHEN outcome <> 'built' THEN 0 WHEN plan = 'incremental' THEN upserted + deleted ELSE written END) AS rows_changed,
    sum(dropped) FILTER (WHERE outcome = 'built') AS dropped
  FROM flows
  GROUP BY 1
),
updates AS (
  SELECT origin.update_id AS update_id,
    min(sequence) AS sequence,
    min(timestamp) AS started_at,
    max(timestamp) AS ended_at,
    arg_max(details.update_progress.state, sequence) FILTER (WHERE event_type = 'update_progress') AS state,
    any_value(details.create_update.as_of) AS as_of,
    any_value(details.create_update.options) AS options,
    any_value(error) FILTER (WHERE event_type = 'update_progress') AS error
  FROM pipeline.event_log
  GROUP BY 1
)
SELECT updates.*, outcomes.* EXCLUDE (update_id)
FROM updates LEFT JOIN outcomes USING (update_id)
ORDER BY sequence DESC
LIMIT ${mostUpdates}`

/** The datasets of an update, in the order in which they were planned. */
export function flowsQuery(updateId: string): string {
  return `SELECT * FROM (${flows}) AS flows WHERE update_id = ${quoteText(updateId)} ORDER BY sequence`
}

/** When each dataset was last built or found up to date, for which business date, and how the last attempt ended. */
export const checksQuery = `WITH flows AS (${flows}),
dates AS (
  SELECT origin.update_id AS update_id, any_value(details.create_update.as_of) AS as_of FROM pipeline.event_log GROUP BY 1
),
checked AS (
  SELECT flows.*, as_of, outcome IN ('built', 'up to date') AS looked_after
  FROM flows JOIN dates USING (update_id)
)
SELECT dataset,
  max(ended_at) FILTER (WHERE looked_after) AS refreshed_at,
  arg_max(as_of, sequence) FILTER (WHERE looked_after) AS as_of,
  arg_max(outcome, sequence) AS last_outcome
FROM checked
GROUP BY 1`

/** What the expectations of each dataset counted in the last updates that built it, oldest first. */
export const expectationsQuery = `WITH measured AS (
  SELECT sequence, timestamp, origin.update_id AS update_id, origin.dataset_name AS dataset,
    details.flow_progress.data_quality.expectations AS expectations
  FROM pipeline.event_log
  WHERE len(details.flow_progress.data_quality.expectations) > 0
  QUALIFY row_number() OVER (PARTITION BY origin.dataset_name ORDER BY sequence DESC) <= ${mostMeasurements}
),
counted AS (SELECT * EXCLUDE (expectations), unnest(expectations) AS expectation FROM measured)
SELECT sequence, timestamp AS at, update_id, dataset, expectation.name AS rule,
  expectation.passed_records AS passed, expectation.failed_records AS failed
FROM counted
ORDER BY sequence`

/** What the quality rules of each table found, oldest first. */
export const rulesQuery = `SELECT update_id, evaluated_at AS at, dataset, rule, expected, measured, status, message
FROM pipeline.quality
QUALIFY row_number() OVER (PARTITION BY dataset, rule ORDER BY evaluated_at DESC) <= ${mostMeasurements}
ORDER BY evaluated_at, rule`

/** The events that a filter leaves, newest first. */
export function eventsQuery({ update, level, type, dataset, text }: EventFilter): string {
  const conditions = [
    ...equal('origin.update_id', update),
    ...equal('level', level),
    ...equal('event_type', type),
    ...equal('origin.dataset_name', dataset),
    ...(text === null || text === '' ? [] : [`contains(lower(message), lower(${quoteText(text)}))`]),
  ]
  const where = conditions.length === 0 ? '' : `\nWHERE ${conditions.join('\n  AND ')}`
  return `SELECT timestamp, level, event_type, origin.dataset_name AS dataset, message,
  details.flow_progress.metrics.num_output_rows AS output_rows,
  details.flow_progress.data_quality.dropped_records AS dropped_records,
  details.flow_progress.metrics.duration_ms AS duration_ms,
  error.code AS error_code, origin.update_id AS update_id
FROM pipeline.event_log${where}
ORDER BY sequence DESC`
}

/** Rules that the rows of a quarantine failed, by combination, most frequent first. */
export function reasonsQuery(quarantine: string): string {
  return `SELECT _failed_expectations AS rules, count(*) AS held FROM ${quoteName(quarantine)} GROUP BY 1 ORDER BY held DESC, 1`
}

/** Rows of a quarantine, those that failed a rule if one is given. */
export function heldRowsQuery(quarantine: string, rule: string | null): string {
  const where = rule === null ? '' : `\nWHERE list_contains(_failed_expectations, ${quoteText(rule)})`
  return `SELECT * FROM ${quoteName(quarantine)}${where}`
}

/** The latest value of each of the columns, as timestamps. */
export function dataTimeQuery(table: string, columns: readonly string[]): string {
  const values = columns.map((name) => `CAST(max(${quoteIdentifier(name)}) AS TIMESTAMP)`)
  return `SELECT ${values.join(', ')} FROM ${quoteName(table)}`
}

export const reconciliationTable = 'pipeline.reconciliation'
export const reconciliationQuery = `SELECT step, figure, dataset, unit, amount, expected, difference, status
FROM ${reconciliationTable}
ORDER BY step`

function equal(expression: string, value: string | null): string[] {
  return value === null ? [] : [`${expression} = ${quoteText(value)}`]
}
