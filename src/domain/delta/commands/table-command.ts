/** Statements of Databricks SQL that tend a Delta table, or say what a query would read of it. */
import { instantOf, type TableMoment } from '@/domain/delta/moment'
import { GoldsmithError } from '@/domain/errors'
import { SyntaxProblem, TokenReader } from '@/domain/pipeline/token-reader'

/** A condition as written; `offset` is where it starts in the statement's text. */
export interface Condition {
  text: string
  offset: number
}

export type TableCommand =
  | { kind: 'optimize'; table: string[]; where: Condition | null; zOrderBy: string[] }
  | { kind: 'vacuum'; table: string[]; retainHours: number | null; dryRun: boolean }
  | { kind: 'restore'; table: string[]; moment: TableMoment }
  | { kind: 'delete'; table: string[]; alias: string | null; where: Condition | null }
  | { kind: 'add constraint'; table: string[]; name: string; check: string }
  | { kind: 'drop constraint'; table: string[]; name: string }
  /** The query, in its place in the text. */
  | { kind: 'explain'; query: string }

/**
 * The command that a text is; null when it is something else. Names are lower-case, one to three parts. Throws `sql.syntax`
 * with the place, and `sql.not_a_query` for a statement after the first.
 */
export function parseTableCommand(sql: string): TableCommand | null {
  const reader = new TokenReader(sql)
  const parse = Object.entries(PARSERS).find(([head]) => reader.accept(...head.split(' ')))?.[1]
  if (parse === undefined) return null
  try {
    const command = parse(reader)
    while (reader.accept(';'));
    if (!reader.atEnd()) reader.fail('the end of the statement', 'Run one statement at a time.')
    if (reader.lexicalError !== null) throw reader.lexicalError
    return command
  } catch (error) {
    const offset = error instanceof SyntaxProblem ? error.offset : reader.lexicalError?.offset
    if (offset === undefined || !(error instanceof Error)) throw error
    const { line, column } = reader.positionAt(offset)
    const remedy = error instanceof SyntaxProblem ? error.remedy : 'Correct the SQL at the place named.'
    throw new GoldsmithError({ code: 'sql.syntax', message: `${error.message}.`, remedy, line, column, sql })
  }
}

const PARSERS: Record<string, (reader: TokenReader) => TableCommand> = {
  OPTIMIZE: parseOptimize,
  VACUUM: parseVacuum,
  RESTORE: parseRestore,
  'DELETE FROM': parseDelete,
  'ALTER TABLE': parseAlter,
  EXPLAIN: parseExplain,
}

function parseOptimize(reader: TokenReader): TableCommand {
  const table = tableName(reader)
  const where = condition(reader, () => reader.sees('ZORDER', 'BY'))
  const zOrderBy: string[] = []
  if (reader.accept('ZORDER', 'BY')) {
    const inParentheses = reader.accept('(')
    do zOrderBy.push(reader.identifier('a column'))
    while (reader.accept(','))
    if (inParentheses) reader.expect(')')
  }
  return { kind: 'optimize', table, where, zOrderBy }
}

function parseVacuum(reader: TokenReader): TableCommand {
  const table = tableName(reader)
  let retainHours: number | null = null
  if (reader.accept('RETAIN')) {
    const token = reader.peek()
    retainHours = Number(token.value)
    if (token.kind !== 'number' || !Number.isFinite(retainHours)) reader.fail('a number of hours')
    reader.next()
    reader.expect('HOURS')
  }
  return { kind: 'vacuum', table, retainHours, dryRun: reader.accept('DRY', 'RUN') }
}

function parseRestore(reader: TokenReader): TableCommand {
  reader.accept('TABLE')
  const table = tableName(reader)
  reader.expect('TO')
  if (reader.accept('VERSION', 'AS', 'OF')) {
    const token = reader.peek()
    if (token.kind !== 'number' || !/^\d+$/.test(token.value)) reader.fail('a version, a whole number')
    return { kind: 'restore', table, moment: { version: Number(reader.next().value) } }
  }
  reader.expect('TIMESTAMP', 'AS', 'OF')
  const token = reader.peek()
  const timestampMs = token.kind === 'string' ? instantOf(token.value) : null
  if (timestampMs === null) return reader.fail("a timestamp, as in '2024-01-31 12:00:00'")
  reader.next()
  return { kind: 'restore', table, moment: { timestampMs } }
}

function parseDelete(reader: TokenReader): TableCommand {
  const table = tableName(reader)
  const hasAlias = reader.accept('AS') || (!reader.sees('WHERE') && reader.peek().kind === 'word')
  const alias = hasAlias ? reader.identifier('an alias').toLowerCase() : null
  return { kind: 'delete', table, alias, where: condition(reader, () => false) }
}

function parseAlter(reader: TokenReader): TableCommand {
  const table = tableName(reader)
  if (reader.accept('DROP', 'CONSTRAINT')) {
    reader.accept('IF', 'EXISTS')
    return { kind: 'drop constraint', table, name: reader.identifier('a constraint') }
  }
  reader.expect('ADD', 'CONSTRAINT')
  const name = reader.identifier('a constraint')
  reader.expect('CHECK', '(')
  return { kind: 'add constraint', table, name, check: reader.untilClosing('a condition').text }
}

/** Blanks take the place of EXPLAIN, so that places in the query are those in the text. */
function parseExplain(reader: TokenReader): TableCommand {
  reader.accept('EXTENDED')
  const first = reader.peek()
  while (!reader.atEnd()) reader.next()
  const rest = reader.slice(first).text
  return { kind: 'explain', query: `${reader.text.slice(0, first.start).replaceAll(/[^\n\r]/g, ' ')}${rest}` }
}

function tableName(reader: TokenReader): string[] {
  const parts = [reader.identifier('a table')]
  while (parts.length < 3 && reader.accept('.')) parts.push(reader.identifier('a name'))
  return parts.map((part) => part.toLowerCase())
}

function condition(reader: TokenReader, ends: () => boolean): Condition | null {
  if (!reader.accept('WHERE')) return null
  const offset = reader.peek().start
  return { text: reader.untilClause('a condition', ends).text, offset }
}
