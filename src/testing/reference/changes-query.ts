import type { DuckDBConnection } from '@duckdb/node-api'
import { appliedChanges } from '@/domain/cdc/apply-changes'
import { BATCH, DELETED, SEQUENCE } from '@/domain/cdc/change-log'
import type { AutoCdcFlow, ColumnSelection } from '@/domain/pipeline/statements'

/** The rows that an AUTO CDC flow gives when all rows of its source come at once; the source's columns are named as the flow writes them. */
export async function changesQuery(
  connection: DuckDBConnection,
  flow: AutoCdcFlow,
  expression: (sql: string) => string,
): Promise<string> {
  const source = flow.source.name.parts.join('.')
  const described = await connection.runAndReadAll(`DESCRIBE ${source}`)
  const selected = (selection: ColumnSelection | null, all: readonly string[]) =>
    all.filter((name) => selection === null || selection.except !== selection.columns.some((one) => one.name === name))
  const columns = selected(
    flow.columns,
    described.getRows().map(([name]) => String(name)),
  )
  const deleted = flow.deleteWhen === null ? 'FALSE' : `(${expression(flow.deleteWhen.text)}) IS TRUE`
  const changes = `(SELECT ${columns.map((name) => `"${name}"`).join(', ')}, ${expression(flow.sequenceBy.text)} AS ${SEQUENCE},
    ${deleted} AS ${DELETED}, 0 AS ${BATCH} FROM ${source})`
  const rule = {
    keys: flow.keys.map(({ name }) => name),
    columns,
    scdType: flow.scdType,
    ignoreNullUpdates: flow.ignoreNullUpdates,
    tracked: selected(flow.trackHistory, columns),
  }
  return appliedChanges(rule, changes)
}
