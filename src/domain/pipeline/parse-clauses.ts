import { parseNames } from './parse-names'
import type { Clauses, Property } from './statements'
import { SyntaxProblem, type TokenReader } from './token-reader'

/** Clauses that Databricks has and that would change nothing here if they were dropped in silence; they are refused. */
const UNSUPPORTED = ['SCHEDULE', 'TRIGGER', 'LOCATION', 'WITH', 'DEFAULT', 'OPTIONS', 'CLUSTERED', 'FLOW']

/** The clauses between the columns and AS, in any order, each at most once. */
export function parseClauses(reader: TokenReader): Clauses {
  const clauses: Clauses = { partitionedBy: [], clusterBy: [], comment: null, properties: [] }
  const seen = new Set<string>()
  while (!reader.atEnd() && !reader.sees('AS') && !reader.sees(';')) {
    const start = reader.peek()
    const word = start.value.toUpperCase()
    if (seen.has(word)) {
      throw new SyntaxProblem('pipeline.syntax', `A second ${word} clause`, 'Keep one of them.', start.start)
    }
    seen.add(word)
    parseClause(reader, clauses)
  }
  return clauses
}

function parseClause(reader: TokenReader, clauses: Clauses): void {
  if (reader.accept('PARTITIONED', 'BY')) clauses.partitionedBy = parseNames(reader)
  else if (reader.accept('CLUSTER', 'BY')) {
    if (!reader.accept('AUTO') && !reader.accept('NONE')) clauses.clusterBy = parseNames(reader)
  } else if (reader.accept('COMMENT')) clauses.comment = reader.string('the comment, a string')
  else if (reader.accept('TBLPROPERTIES')) clauses.properties = parseProperties(reader)
  else if (reader.accept('USING')) {
    if (!reader.accept('DELTA')) reader.fail('DELTA', 'Gold tables are Delta tables; leave the clause out.')
  } else if (UNSUPPORTED.some((word) => reader.sees(word))) {
    const word = reader.peek().value.toUpperCase()
    const remedy = word === 'FLOW' ? 'Write CREATE FLOW as a statement of its own.' : 'Remove the clause.'
    reader.unsupported(`The clause ${word} is not supported here`, remedy)
  } else reader.fail('PARTITIONED BY, CLUSTER BY, COMMENT, TBLPROPERTIES or AS')
}

/** `('key' = 'value', dotted.key = 1, …)`; a later value of the same key replaces the earlier. */
export function parseProperties(reader: TokenReader): Property[] {
  reader.expect('(')
  const properties: Property[] = []
  do {
    const key = parseKey(reader)
    if (!reader.accept('=')) reader.fail("'='")
    properties.push({ key, position: reader.position(), value: parseValue(reader) })
  } while (reader.accept(','))
  if (!reader.accept(')')) reader.fail("',' or ')'")
  return properties
}

function parseKey(reader: TokenReader): string {
  if (reader.peek().kind === 'string') return reader.next().value
  let key = reader.identifier('the name of a property')
  while (reader.accept('.')) key += `.${reader.identifier('the next part of the name')}`
  return key
}

function parseValue(reader: TokenReader): string {
  const token = reader.peek()
  if (token.kind === 'string' || token.kind === 'number') return reader.next().value
  if (reader.sees('TRUE') || reader.sees('FALSE')) return reader.next().value.toLowerCase()
  if (reader.sees('-') && reader.peek(1).kind === 'number') {
    reader.next()
    return `-${reader.next().value}`
  }
  return reader.fail("the property's value: a string, a number, true or false")
}
