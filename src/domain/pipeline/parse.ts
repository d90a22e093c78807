/**
 * Statement heads of Lakeflow / Spark Declarative Pipelines SQL: everything but queries and expressions, which are kept as
 * text with their places for the dialect. Grammar: CREATE MATERIALIZED VIEW, STREAMING TABLE, TEMPORARY VIEW, FLOW in the
 * Databricks SQL reference, and CREATE SCHEMA, CREATE TABLE of Spark.
 */
import type { ErrorData } from '@/domain/automation'
import { flowProblems } from './flow-rules'
import { LineMap } from './lines'
import { parseClauses, parseProperties } from './parse-clauses'
import { parseColumnList } from './parse-columns'
import { parseApplyChanges, parseFlow } from './parse-flows'
import { parseNewName } from './parse-names'
import type { Clauses, ColumnList, DatasetStatement, Property, Statement } from './statements'
import { SyntaxProblem, TokenReader } from './token-reader'

export interface ParsedFile {
  statements: Statement[]
  problems: ErrorData[]
}

/** Reads all statements of a file; one that is wrong is a problem, and reading goes on after its `;`. */
export function parseFile(file: string, text: string): ParsedFile {
  const statements: Statement[] = []
  const reader = new TokenReader(text)
  const found: SyntaxProblem[] = []
  while (!reader.atEnd()) {
    if (reader.accept(';')) continue
    try {
      const statement = parseStatement(reader)
      if (!reader.atEnd()) reader.expect(';')
      else if (reader.lexicalError) continue
      statements.push(statement)
      if (statement.type === 'flow') found.push(...flowProblems(statement))
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error
      const isCutOff = reader.lexicalError?.offset === error.offset
      if (!isCutOff) found.push(error)
      reader.untilStatementEnd()
    }
  }
  const lines = new LineMap(text)
  const { lexicalError } = reader
  if (lexicalError) {
    found.push(new SyntaxProblem('pipeline.syntax', lexicalError.message, 'Close it.', lexicalError.offset))
  }
  const problems = found.map(({ code, message, remedy, offset }): ErrorData => {
    const { line, column } = lines.at(offset)
    return { code, message: `${file}: ${message}`, remedy, file, line, column }
  })
  return { statements, problems }
}

function parseStatement(reader: TokenReader): Statement {
  if (reader.sees('APPLY', 'CHANGES')) return parseApplyChanges(reader)
  const start = reader.peek()
  if (!reader.accept('CREATE')) reader.fail('CREATE', 'A pipeline file holds CREATE statements only.')
  if (reader.accept('SCHEMA') || reader.accept('DATABASE')) return parseSchema(reader)
  if (reader.accept('FLOW')) return parseFlow(reader)
  if (reader.accept('OR')) {
    if (!reader.accept('REFRESH') && !reader.accept('REPLACE')) reader.fail('REFRESH or REPLACE')
  }
  const isPrivate = reader.accept('PRIVATE')
  // Legacy spellings: CREATE [TEMPORARY] [INCREMENTAL | STREAMING] LIVE {TABLE | VIEW}.
  const temporary = reader.accept('TEMPORARY') || reader.accept('TEMP')
  const streaming = reader.accept('STREAMING') || reader.accept('INCREMENTAL')
  const live = reader.accept('LIVE')
  // What PRIVATE says of a table was TEMPORARY once.
  const table = { isPrivate: isPrivate || temporary, temporary: false }
  if (!streaming && !live && reader.accept('MATERIALIZED', 'VIEW')) {
    return parseDataset(reader, 'materialized_view', table)
  }
  if (!isPrivate && (live || !streaming) && reader.accept('VIEW')) {
    return parseDataset(reader, 'view', { isPrivate, temporary: temporary || live })
  }
  if (streaming || live) {
    if (!reader.accept('TABLE')) reader.fail(live ? 'TABLE or VIEW' : 'TABLE')
    return parseDataset(reader, streaming ? 'streaming_table' : 'materialized_view', table)
  }
  if (!isPrivate && !temporary && reader.accept('TABLE')) return parseTable(reader)
  const end = reader.peek().end
  return reader.unsupported(
    `${reader.text.slice(start.start, end).trim().replaceAll(/\s+/g, ' ').slice(0, 60).toUpperCase()} is not a statement of a pipeline`,
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
  const hasQuery = reader.accept('AS')
  const query = hasQuery ? reader.untilStatementEnd() : null
  if (query === null && (hasQuery || kind !== 'streaming_table')) reader.fail('AS and a query')
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
    reader.unsupported(
      'CREATE TABLE … AS is not a statement of a pipeline',
      'Use CREATE MATERIALIZED VIEW for a table that a query builds.',
    )
  }
  return { type: 'table', name, ...list, ...clauses }
}

function parseSchema(reader: TokenReader): Statement {
  const name = parseNewName(reader)
  let comment: string | null = null
  let properties: Property[] | null = null
  while (!reader.atEnd() && !reader.sees(';')) {
    if (comment === null && reader.accept('COMMENT')) comment = reader.string("the schema's comment, a string")
    else if (properties === null && reader.accept('WITH', 'DBPROPERTIES')) properties = parseProperties(reader)
    else reader.fail('COMMENT or WITH DBPROPERTIES, each once, or the end of the statement')
  }
  return { type: 'schema', name, comment, properties: properties ?? [] }
}

function parseOptionalColumns(reader: TokenReader): ColumnList {
  return reader.accept('(') ? parseColumnList(reader) : { columns: [], expectations: [], primaryKey: null }
}
