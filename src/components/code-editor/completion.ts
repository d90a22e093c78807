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
  kind: 'table' | 'column' | 'keyword'
  /** Sorts before others when smaller. */
  rank: number
}

const keywords =
  'SELECT FROM WHERE GROUP BY ORDER HAVING QUALIFY LIMIT WITH AS JOIN LEFT INNER FULL CROSS ON USING UNION ALL DISTINCT CASE WHEN THEN ELSE END AND OR NOT NULL IS IN BETWEEN LIKE CAST OVER PARTITION ROWS RANGE PRECEDING FOLLOWING CURRENT ROW COUNT SUM AVG MIN MAX ROUND COALESCE NULLIF'.split(
    ' ',
  )

/**
 * What may stand at the cursor: after `alias.` or `schema.` only its columns or tables; else the columns of tables that the
 * statement names first, then tables, then keywords.
 */
export function completionsAt(tables: CompletionTable[], statement: string, beforeCursor: string): CompletionEntry[] {
  const qualifier = /([A-Za-z_][\w]*(?:\.[A-Za-z_][\w]*)?)\.\w*$/.exec(beforeCursor)?.[1]?.toLowerCase()
  const mentioned = mentionedTables(tables, statement)
  if (qualifier !== undefined) {
    const target = mentioned.get(qualifier) ?? tables.find((table) => table.name.toLowerCase() === qualifier)
    if (target) return columnEntries([target], 0)
    const prefix = `${qualifier}.`
    return tables
      .filter((table) => table.name.toLowerCase().startsWith(prefix))
      .map((table) => tableEntry(table, table.name.slice(prefix.length)))
  }
  return [
    ...columnEntries(new Set(mentioned.values()), 0),
    ...tables.map((table) => tableEntry(table, table.name)),
    ...keywords.map((keyword): CompletionEntry => {
      return { label: keyword, insert: keyword, detail: '', comment: null, kind: 'keyword', rank: 2 }
    }),
  ]
}

/** Tables that the statement reads, by name, bare name and alias, in lower case. */
function mentionedTables(tables: CompletionTable[], statement: string): Map<string, CompletionTable> {
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

function columnEntries(tables: Iterable<CompletionTable>, rank: number): CompletionEntry[] {
  return Array.from(tables).flatMap((table) =>
    table.columns.map((column): CompletionEntry => {
      const detail = `${column.type} · ${table.name}`
      return { label: column.name, insert: asName(column.name), detail, comment: column.comment, kind: 'column', rank }
    }),
  )
}

function tableEntry(table: CompletionTable, label: string): CompletionEntry {
  const insert = label.split('.').map(asName).join('.')
  return { label, insert, detail: `${table.columns.length} columns`, comment: table.comment, kind: 'table', rank: 1 }
}

/** The name as SQL text: bare where it is a plain identifier, else quoted. */
function asName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `\`${name.replaceAll('`', '``')}\``
}
