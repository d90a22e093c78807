import { distinctUses } from '@/domain/lineage/column-use'
import { HISTORY_COLUMNS } from '@/domain/pipeline/flow-rules'
import type { Dataset, Project, SqlText } from '@/domain/pipeline/project'
import type { AutoCdcFlow } from '@/domain/pipeline/statements'
import { withoutStream } from '@/domain/pipeline/stream-reads'
import type { QueryLineage } from '@/engine/ports'
import { prepareText } from './project-text'

/** Reads a query's lineage; null when the dialect cannot. */
type ReadLineage = (sql: string) => QueryLineage | null

/**
 * What the rows of a dataset come from: its own query and its flows together. Null when none can be read. Places are offsets into the
 * dataset's own query; what a flow of another statement uses is placed at the start.
 */
export function writtenLineage(
  dataset: Dataset,
  { configuration }: Pick<Project, 'configuration'>,
  columnsOf: (table: string) => readonly string[] | null,
  read: ReadLineage,
): QueryLineage | null {
  const prepared = (slice: SqlText, { path, text }: { path: string; text: string }) =>
    prepareText({ file: path, fileText: text, slice }, configuration).sql
  const own = { path: dataset.file, text: dataset.fileText }
  const found = dataset.query.text === '' ? [] : [read(withoutStream(prepared(dataset.query, own)))]
  for (const { statement, file, source } of dataset.flows) {
    if (statement.kind === 'insert') found.push(unplaced(read(withoutStream(prepared(statement.query, file)))))
    else if (source !== null) {
      const expressions = {
        sequence: prepared(statement.sequenceBy, file),
        deletes: statement.deleteWhen && prepared(statement.deleteWhen, file),
      }
      found.push(unplaced(changesLineage(statement, source, expressions, columnsOf(source), read)))
    }
  }
  const all = found.filter((lineage) => lineage !== null)
  return all.length === 0 ? null : together(all)
}

/** Which change of a key counts is decided by its key and its sequence, as in a query that groups and filters. */
function changesLineage(
  { keys, columns, scdType }: AutoCdcFlow,
  source: string,
  { sequence, deletes }: { sequence: string; deletes: string | null },
  known: readonly string[] | null,
  read: ReadLineage,
): QueryLineage | null {
  const listed = new Set(columns?.columns.map(({ name }) => name.toLowerCase()))
  const isSelected = (name: string) => columns === null || columns.except !== listed.has(name.toLowerCase())
  const names = columns?.except === false ? columns.columns.map(({ name }) => name) : known?.filter(isSelected)
  const values = [
    ...(names?.map(quoted) ?? ['*']),
    ...(scdType === 2 ? HISTORY_COLUMNS.map((name) => `(${sequence}\n) AS ${name}`) : []),
  ]
  const table = source.split('.').map(quoted).join('.')
  const lineage = read(
    `SELECT ${values.join(', ')} FROM ${table}${deletes === null ? '' : ` WHERE (${deletes}\n) IS NOT TRUE`}`,
  )
  if (lineage === null) return null
  const byKey = keys.map(({ name }) => ({
    table: source,
    column: name.toLowerCase(),
    usage: 'GROUP_BY' as const,
    offset: 0,
  }))
  return { ...lineage, rowInputs: [...lineage.rowInputs, ...byKey] }
}

/** Columns of one name are one column, which comes from what each of them comes from. */
function together([first, ...others]: QueryLineage[]): QueryLineage {
  const columns = new Map((first?.columns ?? []).map((column) => [column.name.toLowerCase(), column]))
  const rowInputs = [...(first?.rowInputs ?? [])]
  for (const other of others) {
    for (const column of other.columns) {
      const known = columns.get(column.name.toLowerCase())
      const merged = known ? { ...known, inputs: distinctUses([...known.inputs, ...column.inputs]) } : column
      columns.set(column.name.toLowerCase(), merged)
    }
    rowInputs.push(...other.rowInputs)
  }
  return { columns: [...columns.values()], rowInputs: distinctUses(rowInputs) }
}

function unplaced(lineage: QueryLineage | null): QueryLineage | null {
  if (lineage === null) return null
  const atStart = <T extends { offset: number }>(uses: readonly T[]) => uses.map((use) => ({ ...use, offset: 0 }))
  return {
    columns: lineage.columns.map((column) => ({ ...column, inputs: atStart(column.inputs) })),
    rowInputs: atStart(lineage.rowInputs),
  }
}

/** A Databricks identifier. */
function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}
