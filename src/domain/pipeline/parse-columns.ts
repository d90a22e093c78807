import type { ColumnDefinition, Expectation, SourcePosition } from './project'
import type { ColumnList } from './statements'
import { SyntaxProblem, type TokenReader } from './token-reader'

/** Column definitions and table constraints up to the closing parenthesis; the opening one is consumed. */
export function parseColumnList(reader: TokenReader): ColumnList {
  const list: ColumnList = { columns: [], expectations: [], primaryKey: null }
  do {
    if (reader.accept('CONSTRAINT')) parseNamedConstraint(reader, list)
    else if (reader.sees('PRIMARY', 'KEY')) parsePrimaryKey(reader, list)
    else if (reader.sees('FOREIGN', 'KEY')) skipForeignKey(reader)
    else parseColumn(reader, list)
  } while (reader.accept(','))
  if (!reader.accept(')')) reader.fail("',' or ')'")
  return list
}

function parseNamedConstraint(reader: TokenReader, list: ColumnList): void {
  const name = reader.identifier('the name of the constraint')
  if (reader.sees('PRIMARY', 'KEY')) parsePrimaryKey(reader, list)
  else if (reader.sees('FOREIGN', 'KEY')) skipForeignKey(reader)
  else if (reader.accept('EXPECT')) list.expectations.push(parseExpectation(reader, name))
  else reader.fail('EXPECT, PRIMARY KEY or FOREIGN KEY')
}

function parseExpectation(reader: TokenReader, name: string): Expectation {
  reader.expect('(')
  const expression = reader.untilClosing('the condition that rows have to meet')
  let action: Expectation['action'] = 'warn'
  if (reader.accept('ON', 'VIOLATION')) {
    if (reader.accept('FAIL', 'UPDATE')) action = 'fail'
    else if (reader.accept('DROP', 'ROW')) action = 'drop'
    else reader.fail('FAIL UPDATE or DROP ROW')
  }
  return { name, expression, action }
}

function parsePrimaryKey(reader: TokenReader, list: ColumnList): void {
  const position = reader.position()
  reader.expect('PRIMARY', 'KEY')
  if (!reader.sees('(')) reader.fail("'('")
  setPrimaryKey(list, parseNames(reader), position, reader)
  skipKeyOptions(reader)
}

function setPrimaryKey(list: ColumnList, columns: string[], position: SourcePosition, reader: TokenReader): void {
  if (list.primaryKey) {
    throw new SyntaxProblem('pipeline.syntax', 'A second PRIMARY KEY', 'Name all key columns in one.', position.offset)
  }
  if (columns.length === 0) reader.fail('a column of the key')
  list.primaryKey = { columns, position }
}

/** Key options state what the engine may assume; here keys are always checked, so they change nothing. */
function skipKeyOptions(reader: TokenReader): void {
  while (reader.accept('NOT', 'ENFORCED') || reader.accept('RELY') || reader.accept('NORELY'));
}

/** A foreign key informs readers and is never enforced, in Databricks as here. */
function skipForeignKey(reader: TokenReader): void {
  reader.expect('FOREIGN', 'KEY', '(')
  reader.untilClosing('a column')
  reader.expect('REFERENCES')
  let depth = 0
  while (!reader.atEnd() && (depth > 0 || !(reader.sees(',') || reader.sees(')')))) {
    if (reader.sees('(')) depth++
    else if (reader.sees(')')) depth--
    reader.next()
  }
}

/** `(name, name, …)` */
export function parseNames(reader: TokenReader): string[] {
  reader.expect('(')
  const names: string[] = []
  if (reader.accept(')')) return names
  do names.push(reader.identifier('a column name'))
  while (reader.accept(','))
  if (!reader.accept(')')) reader.fail("',' or ')'")
  return names
}

function parseColumn(reader: TokenReader, list: ColumnList): void {
  const position = reader.position()
  const name = reader.identifier('a column name or a constraint')
  const column: ColumnDefinition = {
    name,
    type: parseType(reader),
    notNull: false,
    generatedAs: null,
    comment: null,
    position,
  }
  while (!reader.sees(',') && !reader.sees(')')) {
    if (reader.accept('NOT', 'NULL')) column.notNull = true
    else if (reader.accept('GENERATED', 'ALWAYS', 'AS')) {
      reader.expect('(')
      column.generatedAs = reader.untilClosing('the expression that gives the value')
    } else if (reader.accept('COMMENT')) column.comment = reader.string("the column's comment, a string")
    else if (reader.accept('PRIMARY', 'KEY')) {
      setPrimaryKey(list, [name], position, reader)
      skipKeyOptions(reader)
    } else reader.fail("NOT NULL, GENERATED ALWAYS AS, COMMENT, ',' or ')'")
  }
  list.columns.push(column)
}

const COLUMN_OPTIONS = ['NOT', 'GENERATED', 'COMMENT', 'PRIMARY', 'DEFAULT', 'MASK', 'CONSTRAINT', 'COLLATE']

/** The type as written, with its parentheses and angle brackets. A definition without a type has the type ''. */
function parseType(reader: TokenReader): string {
  const first = reader.peek()
  let depth = 0
  while (!reader.atEnd() && !reader.sees(';')) {
    if (depth === 0 && (reader.sees(',') || reader.sees(')') || COLUMN_OPTIONS.some((word) => reader.sees(word)))) break
    if (reader.sees('(') || reader.sees('<')) depth++
    else if (reader.sees(')') || reader.sees('>')) depth--
    reader.next()
  }
  return reader.peek() === first ? '' : reader.slice(first).text
}
