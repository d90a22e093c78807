/**
 * Statement heads of Lakeflow / Spark Declarative Pipelines SQL: everything but queries and expressions, which are kept as
 * text with their places for the dialect. Grammar: CREATE MATERIALIZED VIEW, STREAMING TABLE, TEMPORARY VIEW, FLOW in the
 * Databricks SQL reference, and CREATE SCHEMA, CREATE TABLE of Spark.
 */
import type { ErrorData } from '@/domain/automation'
import { LineMap } from './lines'
import { parseClauses, parseProperties } from './parse-clauses'
import { parseColumnList } from './parse-columns'
import type { Clauses, ColumnList, DatasetStatement, QualifiedName, Statement } from './statements'
import { SyntaxProblem, TokenReader } from './token-reader'
import { LexicalError } from './tokens'

export interface ParsedFile {
  statements: Statement[]
  problems: ErrorData[]
}

/** Reads all statements of a file; one that is wrong is a problem, and reading goes on after its `;`. */
export function parseFile(file: string, text: string): ParsedFile {
  const statements: Statement[] = []
  const problems: ErrorData[] = []
  let reader: TokenReader
  try {
    reader = new TokenReader(text)
  } catch (error) {
    if (!(error instanceof LexicalError)) throw error
    return { statements, problems: [lexicalProblem(file, text, error)] }
  }
  while (!reader.atEnd()) {
    if (reader.accept(';')) continue
    try {
      statements.push(parseStatement(reader))
      if (!reader.atEnd()) reader.expect(';')
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error
      problems.push(syntaxProblem(file, text, error))
      reader.untilStatementEnd()
    }
  }
  return { statements, problems }
}

function lexicalProblem(file: string, text: string, error: LexicalError): ErrorData {
  const { line, column } = new LineMap(text).at(error.offset)
  return { code: 'pipeline.syntax', message: `${file}: ${error.message}`, remedy: 'Close it.', file, line, column }
}

function syntaxProblem(file: string, text: string, error: SyntaxProblem): ErrorData {
  const { line, column } = new LineMap(text).at(error.offset)
  return { code: error.code, message: `${file}: ${error.message}`, remedy: error.remedy, file, line, column }
}

function parseStatement(reader: TokenReader): Statement {
  if (reader.sees('APPLY', 'CHANGES')) return parseApplyChanges(reader)
  const start = reader.peek()
  if (!reader.accept('CREATE')) reader.fail('CREATE', 'A pipeline file holds CREATE statements only.')
  if (reader.accept('OR')) {
    if (!reader.accept('REFRESH')) reader.expect('REPLACE')
  }
  if (reader.accept('SCHEMA') || reader.accept('DATABASE')) return parseSchema(reader)
  if (reader.accept('FLOW')) return parseFlow(reader)
  const isPrivate = reader.accept('PRIVATE')
  // Legacy spellings: CREATE [TEMPORARY] [INCREMENTAL | STREAMING] LIVE {TABLE | VIEW}.
  const temporary = reader.accept('TEMPORARY') || reader.accept('TEMP')
  const streaming = reader.accept('STREAMING') || reader.accept('INCREMENTAL')
  const live = reader.accept('LIVE')
  if (reader.accept('MATERIALIZED', 'VIEW'))
    return parseDataset(reader, 'materialized_view', { isPrivate, temporary: false })
  if (reader.accept('VIEW')) return parseDataset(reader, 'view', { isPrivate, temporary: temporary || live })
  if (reader.accept('TABLE')) {
    if (streaming) return parseDataset(reader, 'streaming_table', { isPrivate, temporary })
    if (live) return parseDataset(reader, 'materialized_view', { isPrivate, temporary })
    return parseTable(reader)
  }
  const seen = reader.peek()
  throw new SyntaxProblem(
    'pipeline.unsupported',
    `CREATE ${reader.text.slice(seen.start, seen.end).slice(0, 40).toUpperCase()} is not a statement of a pipeline`,
    'A pipeline has MATERIALIZED VIEW, STREAMING TABLE, TEMPORARY VIEW, FLOW, SCHEMA, and TABLE for sources.',
    start.start,
  )
}

function parseDataset(
  reader: TokenReader,
  kind: DatasetStatement['kind'],
  flags: { isPrivate: boolean; temporary: boolean },
): DatasetStatement {
  const name = parseNewName(reader)
  const list = parseOptionalColumns(reader)
  const clauses = parseClauses(reader)
  const query = reader.accept('AS') ? reader.untilStatementEnd() : null
  if (query === null && kind !== 'streaming_table') reader.fail('AS and a query')
  return {
    type: 'dataset',
    kind,
    temporary: flags.temporary,
    private: flags.isPrivate,
    name,
    ...list,
    ...clauses,
    query,
  }
}

function parseTable(reader: TokenReader): Statement {
  const name = parseNewName(reader)
  const list = parseOptionalColumns(reader)
  const clauses: Clauses = parseClauses(reader)
  if (reader.sees('AS')) {
    throw new SyntaxProblem(
      'pipeline.unsupported',
      'CREATE TABLE … AS is not a statement of a pipeline',
      'Use CREATE MATERIALIZED VIEW for a table that a query builds.',
      reader.peek().start,
    )
  }
  return { type: 'table', name, ...list, ...clauses }
}

function parseSchema(reader: TokenReader): Statement {
  const name = parseNewName(reader)
  let comment: string | null = null
  let properties: ReturnType<typeof parseProperties> = []
  while (!reader.atEnd() && !reader.sees(';')) {
    if (reader.accept('COMMENT')) comment = reader.string("the schema's comment, a string")
    else if (reader.accept('WITH', 'DBPROPERTIES')) properties = parseProperties(reader)
    else reader.fail('COMMENT, WITH DBPROPERTIES or the end of the statement')
  }
  return { type: 'schema', name, comment, properties }
}

function parseFlow(reader: TokenReader): Statement {
  const name = parseName(reader, 'the name of the flow')
  reader.expect('AS')
  const body = reader.untilStatementEnd() ?? reader.fail('INSERT INTO or AUTO CDC INTO')
  return { type: 'flow', name, spelling: 'CREATE FLOW', body }
}

function parseApplyChanges(reader: TokenReader): Statement {
  const first = reader.peek()
  reader.expect('APPLY', 'CHANGES', 'INTO')
  const name = parseName(reader, 'the name of the target')
  reader.untilStatementEnd()
  return { type: 'flow', name, spelling: 'APPLY CHANGES INTO', body: reader.slice(first) }
}

function parseNewName(reader: TokenReader): QualifiedName {
  reader.accept('IF', 'NOT', 'EXISTS')
  return parseName(reader, 'a name')
}

/** `table`, `schema.table` or `catalog.schema.table`; the legacy prefix LIVE is dropped. */
function parseName(reader: TokenReader, what: string): QualifiedName {
  const position = reader.position()
  const parts = [reader.identifier(what)]
  while (parts.length < 3 && reader.accept('.')) parts.push(reader.identifier('the next part of the name'))
  if (parts.length === 2 && parts[0]?.toUpperCase() === 'LIVE') parts.shift()
  return { parts, position }
}

function parseOptionalColumns(reader: TokenReader): ColumnList {
  return reader.accept('(') ? parseColumnList(reader) : { columns: [], expectations: [], primaryKey: null }
}
