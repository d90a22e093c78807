import type { Condition } from '@/domain/delta/commands/table-command'
import { type FilteredTable, type Predicate, parsePredicate } from '@/domain/delta/scan/predicate'
import { GoldsmithError } from '@/domain/errors'
import { LineMap } from '@/domain/pipeline/lines'
import { tokenize } from '@/domain/pipeline/tokens'
import { dialectContext } from '@/engine/project-translate'
import { readingStatement } from '@/engine/query/read-only'
import type { CommandContext, CommandTable } from './command-table'

/** A condition on a table's rows, in the forms that commands need. */
export interface TableCondition {
  /** As written. */
  text: string
  duckdbSql: string
  /** Lower-case names of the columns that it mentions. */
  columnNames: string[]
  /** As far as statistics can answer it. */
  predicate: Predicate
}

/**
 * A condition of a statement, translated. `sql` is the whole statement, for places. Throws `sql.*` for what cannot be translated,
 * and for a subquery: a condition looks at one row.
 */
export function tableCondition(
  { project, dialect, clock }: CommandContext,
  table: CommandTable,
  { text, offset }: Condition,
  sql: string,
  alias: string | null = null,
): TableCondition {
  const { line, column } = new LineMap(sql).at(offset)
  const tokens = tokenize(text).slice(0, -1)
  const subquery = tokens.find(({ kind, value }) => kind === 'word' && value.toLowerCase() === 'select')
  if (subquery) {
    throw new GoldsmithError({
      code: 'sql.unsupported_syntax',
      message: `A subquery cannot be part of this condition on ${table.name}.`,
      remedy: 'Write the condition over the columns of the table alone.',
      ...placeOf(sql, offset + subquery.start),
    })
  }
  const asOf = new Date(clock.now()).toISOString().slice(0, 10)
  const analyzed = dialect.analyzeExpression(text, dialectContext(project, { asOf }))
  if ('error' in analyzed) {
    const { error } = analyzed
    const isFirstLine = error.line === undefined || error.line === 1
    throw new GoldsmithError({
      ...error,
      line: line + (error.line ?? 1) - 1,
      column: isFirstLine ? column + (error.column ?? 1) - 1 : (error.column ?? 1),
    })
  }
  // What runs is the translation: between parentheses it has to stay an expression.
  readingStatement(`SELECT (${analyzed.duckdbSql})`, 'duckdb')
  return { ...analyzed, text, predicate: parsePredicate(text, tokens, filteredTable(table, alias)) }
}

/** What may stand before a column's name: with an alias, only that. */
function filteredTable({ name, columns }: Pick<CommandTable, 'name' | 'columns'>, alias: string | null): FilteredTable {
  const [, own = name] = name.split('.')
  return { columns, qualifiers: new Set(alias === null ? [name, own] : [alias]) }
}

function placeOf(sql: string, offset: number): { line: number; column: number } {
  const { line, column } = new LineMap(sql).at(offset)
  return { line, column }
}
