import { signatureOf, sqlFunctions } from '@/domain/sql/functions'

export type EditorDialect = 'databricks' | 'duckdb'

/** A table that the editor may offer, with its columns. */
export interface CompletionTable {
  /** schema.table */
  name: string
  comment: string | null
  columns: { name: string; type: string; comment: string | null }[]
}

export interface CompletionEntry {
  label: string
  insert: string
  detail: string
  comment: string | null
  kind: 'table' | 'column' | 'function' | 'keyword'
  /** Sorts before others when smaller. */
  rank: number
}

const keywords =
  'SELECT FROM WHERE GROUP BY ORDER HAVING QUALIFY LIMIT OFFSET WITH AS JOIN LEFT RIGHT INNER FULL CROSS ANTI SEMI ON USING UNION EXCEPT INTERSECT ALL DISTINCT CASE WHEN THEN ELSE END AND OR NOT NULL IS IN BETWEEN LIKE EXISTS CAST INTERVAL DATE TIMESTAMP TRUE FALSE ASC DESC NULLS FIRST LAST OVER PARTITION ROWS RANGE UNBOUNDED PRECEDING FOLLOWING CURRENT ROW VALUES'.split(
    ' ',
  )

/**
 * What may stand at the cursor: after `alias.` or `schema.` only its columns or tables; else the columns of tables that the
 * statement names first, then tables, functions and keywords.
 */
export function completionsAt(
  tables: CompletionTable[],
  statement: string,
  beforeCursor: string,
  dialect: EditorDialect = 'databricks',
): CompletionEntry[] {
  const qualifier = /([A-Za-z_][\w]*(?:\.[A-Za-z_][\w]*)?)\.\w*$/.exec(beforeCursor)?.[1]?.toLowerCase()
  const mentioned = mentionedTables(tables, statement)
  if (qualifier !== undefined) {
    const target = mentioned.get(qualifier) ?? tables.find((table) => table.name.toLowerCase() === qualifier)
    if (target) return columnEntries([target], dialect)
    const prefix = `${qualifier}.`
    return tables
      .filter((table) => table.name.toLowerCase().startsWith(prefix))
      .map((table) => tableEntry(table, table.name.slice(prefix.length), dialect))
  }
  // Where a table is due, a column is never right.
  const tableIsDue = /\b(?:from|join)\s+\w*$/i.test(beforeCursor)
  return [
    ...(tableIsDue ? [] : columnEntries(new Set(mentioned.values()), dialect)),
    ...tables.map((table) => tableEntry(table, table.name, dialect)),
    ...(tableIsDue ? [] : functionEntries(dialect)),
    ...keywords.map((keyword): CompletionEntry => {
      return { label: keyword, insert: keyword, detail: '', comment: null, kind: 'keyword', rank: 3 }
    }),
  ]
}

/** Tables that the statement reads, by name, bare name and alias, in lower case. */
export function mentionedTables(tables: CompletionTable[], statement: string): Map<string, CompletionTable> {
  const byName = new Map(tables.map((table) => [table.name.toLowerCase(), table]))
  const found = new Map<string, CompletionTable>()
  const pattern = /\b(?:from|join)\s+([a-z_][\w]*\.[a-z_][\w]*)(?:\s+(?:as\s+)?([a-z_][\w]*))?/gi
  for (const [, name = '', alias] of statement.matchAll(pattern)) {
    const table = byName.get(name.toLowerCase())
    if (!table) continue
    found.set(name.toLowerCase(), table)
    found.set(name.toLowerCase().replace(/^.*\./, ''), table)
    if (alias !== undefined) found.set(alias.toLowerCase(), table)
  }
  return found
}

function columnEntries(tables: Iterable<CompletionTable>, dialect: EditorDialect): CompletionEntry[] {
  return Array.from(tables).flatMap((table) =>
    table.columns.map((column): CompletionEntry => {
      const detail = `${column.type} · ${table.name}`
      const insert = writtenName(column.name, dialect)
      return { label: column.name, insert, detail, comment: column.comment, kind: 'column', rank: 0 }
    }),
  )
}

function tableEntry(table: CompletionTable, label: string, dialect: EditorDialect): CompletionEntry {
  const insert = writtenTableName(label, dialect)
  return { label, insert, detail: `${table.columns.length} columns`, comment: table.comment, kind: 'table', rank: 1 }
}

function functionEntries(dialect: EditorDialect): CompletionEntry[] {
  return sqlFunctions
    .filter(({ inDuckDb }) => dialect === 'databricks' || inDuckDb)
    .map((entry) => ({
      label: entry.name,
      insert: entry.name,
      detail: signatureOf(entry),
      comment: entry.summary,
      kind: 'function',
      rank: 2,
    }))
}

/** schema.table as it is written in a query. */
export function writtenTableName(name: string, dialect: EditorDialect): string {
  return name
    .split('.')
    .map((part) => writtenName(part, dialect))
    .join('.')
}

/** The name as SQL text: bare where it is a plain identifier, else quoted. */
export function writtenName(name: string, dialect: EditorDialect): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name
  return dialect === 'duckdb' ? `"${name.replaceAll('"', '""')}"` : `\`${name.replaceAll('`', '``')}\``
}
