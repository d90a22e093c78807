/** CREATE FLOW … AS {INSERT | AUTO CDC} and the legacy APPLY CHANGES INTO. */
import { parseBareNames, parseColumnNames, parseName } from './parse-names'
import type { SourcePosition, SqlText } from './project'
import type { AutoCdcFlow, ColumnSelection, FlowStatement, QualifiedName } from './statements'
import { SyntaxProblem, type TokenReader } from './token-reader'

/** After CREATE FLOW. */
export function parseFlow(reader: TokenReader): FlowStatement {
  const name = parseName(reader, 'the name of the flow')
  const comment = reader.accept('COMMENT') ? reader.string("the flow's comment, a string") : null
  reader.expect('AS')
  const head = { name, comment, spelling: 'CREATE FLOW' } as const
  if (reader.accept('INSERT')) return parseInsert(reader, head)
  if (!reader.accept('AUTO', 'CDC') && !reader.accept('APPLY', 'CHANGES')) reader.fail('INSERT INTO or AUTO CDC INTO')
  const { once, target } = parseInto(reader)
  return { type: 'flow', kind: 'auto_cdc', ...head, once, target, ...parseChanges(reader) }
}

/** APPLY CHANGES INTO, whose flow is called like its target. */
export function parseApplyChanges(reader: TokenReader): FlowStatement {
  reader.expect('APPLY', 'CHANGES')
  const { once, target } = parseInto(reader)
  const head = { name: target, comment: null, spelling: 'APPLY CHANGES INTO' } as const
  return { type: 'flow', kind: 'auto_cdc', ...head, once, target, ...parseChanges(reader) }
}

function parseInsert(
  reader: TokenReader,
  head: { name: QualifiedName; comment: string | null; spelling: 'CREATE FLOW' },
): FlowStatement {
  const { once, target } = parseInto(reader)
  if (!reader.accept('BY', 'NAME')) reader.fail('BY NAME', 'A flow matches columns by name; write BY NAME.')
  const query = reader.untilStatementEnd() ?? reader.fail('a query')
  return { type: 'flow', kind: 'insert', ...head, once, target, query }
}

/** The documentation has ONCE before INTO in one place and after it in another. A table may be called once, too. */
function parseInto(reader: TokenReader): { once: boolean; target: QualifiedName } {
  const before = reader.accept('ONCE')
  if (!reader.accept('INTO')) reader.fail(before ? 'INTO' : 'INTO or ONCE INTO')
  const isName = ['.', 'BY', 'FROM'].some((word) => reader.sees('ONCE', word))
  const after = !isName && reader.accept('ONCE')
  return { once: before || after, target: parseName(reader, 'the name of the target') }
}

type OptionalClauses = Pick<AutoCdcFlow, 'ignoreNullUpdates' | 'deleteWhen' | 'columns' | 'scdType' | 'trackHistory'>
type Clauses = OptionalClauses & Pick<AutoCdcFlow, 'sequenceBy'>
type UnfinishedClauses = OptionalClauses & { sequenceBy: SqlText | null }

function parseChanges(reader: TokenReader): Pick<AutoCdcFlow, 'source' | 'keys'> & Clauses {
  reader.expect('FROM')
  const source = parseSource(reader)
  reader.expect('KEYS')
  const keys = parseColumnNames(reader, 'a column of the key')
  return { source, keys, ...parseChangeClauses(reader) }
}

/** `name`, `STREAM name` or `STREAM(name)`. */
function parseSource(reader: TokenReader): AutoCdcFlow['source'] {
  const isQuery = (what: string) =>
    reader.unsupported(
      `${what} cannot be the source of AUTO CDC`,
      'Make a TEMPORARY VIEW of it, and name that as the source.',
    )
  if (reader.sees('(')) isQuery('A query')
  const stream = reader.sees('STREAM') && !reader.sees('STREAM', 'KEYS', '(') && !reader.sees('STREAM', '.')
  if (stream) reader.next()
  const open = stream && reader.accept('(')
  if (reader.sees('(') || reader.sees('SELECT')) isQuery('A query')
  const first = reader.position().offset
  const name = parseName(reader, 'the name of the source')
  if (reader.sees('(')) {
    reader.unsupported(
      `The function ${name.parts.join('.')} cannot be the source of AUTO CDC`,
      'Make a TEMPORARY VIEW of it, and name that as the source.',
      first,
    )
  }
  if (open) reader.expect(')')
  return { name, stream }
}

const CLAUSE_NAMES = [
  'IGNORE NULL UPDATES',
  'APPLY AS DELETE WHEN',
  'SEQUENCE BY',
  'COLUMNS',
  'STORED AS',
  'TRACK HISTORY ON',
]

/** The words that begin a clause, where an expression ends; COLUMNS and KEYS may also be column names in an expression. */
const CLAUSES: readonly (readonly string[])[] = [
  ['IGNORE', 'NULL'],
  ['APPLY', 'AS'],
  ['SEQUENCE', 'BY'],
  ['SYSTEM', 'SEQUENCE', 'BY'],
  ['COLUMNS', '('],
  ['COLUMNS', '*', 'EXCEPT'],
  ['COLUMNS', 'TO', 'UPDATE'],
  ['STORED', 'AS'],
  ['TRACK', 'HISTORY'],
  ['KEYS', '('],
]

/** The clauses after KEYS, in any order, each at most once. */
function parseChangeClauses(reader: TokenReader): Clauses {
  const clauses: UnfinishedClauses = {
    ignoreNullUpdates: false,
    deleteWhen: null,
    sequenceBy: null,
    columns: null,
    scdType: 1,
    trackHistory: null,
  }
  const left = new Set(CLAUSE_NAMES)
  while (!reader.atEnd() && !reader.sees(';')) {
    const { start } = reader.peek()
    const name = parseClause(reader, clauses) ?? reader.fail(`${[...left].join(', ')} or the end of the statement`)
    if (!left.delete(name)) {
      throw new SyntaxProblem('pipeline.syntax', `A second ${name} clause`, 'Keep one of them.', start)
    }
  }
  const { sequenceBy } = clauses
  if (sequenceBy === null) reader.fail('SEQUENCE BY', 'Say which of two changes of a key is the later one.')
  return { ...clauses, sequenceBy }
}

/** Null when no clause comes next. */
function parseClause(reader: TokenReader, clauses: UnfinishedClauses): string | null {
  const expression = (what: string) => reader.untilClause(what, () => CLAUSES.some((words) => reader.sees(...words)))
  const position = reader.position()
  refuseClause(reader)
  if (reader.accept('IGNORE', 'NULL', 'UPDATES')) {
    if (reader.sees('ON')) {
      reader.unsupported('IGNORE NULL UPDATES ON is not supported', 'Let it hold for all columns: leave ON out.')
    }
    clauses.ignoreNullUpdates = true
    return 'IGNORE NULL UPDATES'
  }
  if (reader.accept('APPLY', 'AS', 'DELETE', 'WHEN')) {
    clauses.deleteWhen = expression('the condition of deletes')
    return 'APPLY AS DELETE WHEN'
  }
  if (reader.accept('SEQUENCE', 'BY')) {
    clauses.sequenceBy = expression('what orders the changes')
    return 'SEQUENCE BY'
  }
  if (reader.accept('COLUMNS')) {
    clauses.columns = parseSelection(reader, position)
    return 'COLUMNS'
  }
  if (reader.accept('STORED', 'AS')) {
    clauses.scdType = parseScdType(reader)
    return 'STORED AS'
  }
  if (reader.accept('TRACK', 'HISTORY', 'ON')) {
    clauses.trackHistory = parseSelection(reader, position)
    return 'TRACK HISTORY ON'
  }
  return reader.sees('KEYS', '(') ? 'KEYS' : null
}

function refuseClause(reader: TokenReader): void {
  if (reader.sees('APPLY', 'AS', 'TRUNCATE')) {
    reader.unsupported(
      'APPLY AS TRUNCATE WHEN is not supported',
      'Remove the clause; delete rows with APPLY AS DELETE WHEN, or refresh the table in full.',
    )
  }
  if (reader.sees('SYSTEM', 'SEQUENCE', 'BY')) {
    reader.unsupported('SYSTEM SEQUENCE BY is not supported', 'Remove the clause; SEQUENCE BY is the only time line.')
  }
  if (reader.sees('COLUMNS', 'TO', 'UPDATE')) {
    reader.unsupported('COLUMNS TO UPDATE is not supported', 'Remove the clause.')
  }
}

function parseScdType(reader: TokenReader): 1 | 2 {
  if (reader.sees('BITEMPORAL')) {
    reader.unsupported('STORED AS BITEMPORAL is not supported', 'Use SCD TYPE 2, which has one time line.')
  }
  reader.expect('SCD', 'TYPE')
  const token = reader.peek()
  if (token.kind !== 'number' || (token.value !== '1' && token.value !== '2')) reader.fail('1 or 2')
  reader.next()
  return token.value === '2' ? 2 : 1
}

/** `(a, b)`, `a, b` or `* EXCEPT (a, b)`: the documentation does not tell whether a list has parentheses. */
function parseSelection(reader: TokenReader, position: SourcePosition): ColumnSelection {
  const except = reader.accept('*')
  if (except) reader.expect('EXCEPT')
  const isBare = !except && !reader.sees('(')
  const columns = isBare ? parseBareNames(reader, 'a column name') : parseColumnNames(reader, 'a column name')
  return { except, columns, position }
}
