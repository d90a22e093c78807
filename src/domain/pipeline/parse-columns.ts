import { parseColumnNames, parseName } from './parse-names'
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
  const columns = parseColumnNames(reader, 'a column of the key').map(({ name }) => name)
  setPrimaryKey(list, columns, position)
  skipKeyOptions(reader)
}

function setPrimaryKey(list: ColumnList, columns: string[], position: SourcePosition): void {
  if (list.primaryKey) {
    throw new SyntaxProblem('pipeline.syntax', 'A second PRIMARY KEY', 'Name all key columns in one.', position.offset)
  }
  list.primaryKey = { columns, position }
}

/** Key options state what the engine may assume; here keys are always checked, so they change nothing. */
function skipKeyOptions(reader: TokenReader): void {
  while (acceptAny(reader, KEY_OPTIONS));
}

/** A foreign key informs readers and is never enforced, in Databricks as here. */
function skipForeignKey(reader: TokenReader): void {
  reader.expect('FOREIGN', 'KEY')
  parseColumnNames(reader, 'a column of the key')
  skipReferences(reader)
}

function skipReferences(reader: TokenReader): void {
  reader.expect('REFERENCES')
  parseName(reader, 'the table that the key refers to')
  if (reader.sees('(')) parseColumnNames(reader, 'a column of the other table')
  while (acceptAny(reader, FOREIGN_KEY_OPTIONS));
}

const KEY_OPTIONS = [['NOT', 'ENFORCED'], ['DEFERRABLE'], ['INITIALLY', 'DEFERRED'], ['RELY'], ['NORELY']]
const FOREIGN_KEY_OPTIONS = [
  ...KEY_OPTIONS,
  ['MATCH', 'FULL'],
  ['ON', 'UPDATE', 'NO', 'ACTION'],
  ['ON', 'DELETE', 'NO', 'ACTION'],
]

function acceptAny(reader: TokenReader, options: readonly (readonly string[])[]): boolean {
  return options.some((words) => reader.accept(...words))
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
  while (!reader.sees(',') && !reader.sees(')')) parseColumnOption(reader, list, column)
  list.columns.push(column)
}

function parseColumnOption(reader: TokenReader, list: ColumnList, column: ColumnDefinition): void {
  refuseColumnOption(reader)
  if (!column.notNull && reader.accept('NOT', 'NULL')) column.notNull = true
  else if (column.generatedAs === null && reader.accept('GENERATED', 'ALWAYS', 'AS')) {
    reader.expect('(')
    column.generatedAs = reader.untilClosing('the expression that gives the value')
  } else if (column.comment === null && reader.accept('COMMENT')) {
    column.comment = reader.string("the column's comment, a string")
  } else if (reader.accept('CONSTRAINT')) {
    reader.identifier('the name of the constraint')
    if (!acceptColumnKey(reader, list, column)) reader.fail('PRIMARY KEY, FOREIGN KEY or REFERENCES')
  } else if (!acceptColumnKey(reader, list, column)) {
    reader.fail("NOT NULL, GENERATED ALWAYS AS, COMMENT, each once, ',' or ')'")
  }
}

function acceptColumnKey(reader: TokenReader, list: ColumnList, { name, position }: ColumnDefinition): boolean {
  if (reader.accept('PRIMARY', 'KEY')) {
    setPrimaryKey(list, [name], position)
    skipKeyOptions(reader)
    return true
  }
  if (!reader.sees('REFERENCES') && !reader.accept('FOREIGN', 'KEY')) return false
  skipReferences(reader)
  return true
}

const REFUSED_OPTIONS = [
  ['DEFAULT'],
  ['MASK'],
  ['COLLATE'],
  ['GENERATED', 'BY'],
  ['GENERATED', 'ALWAYS', 'AS', 'IDENTITY'],
]

function refuseColumnOption(reader: TokenReader): void {
  const words = REFUSED_OPTIONS.find((option) => reader.sees(...option))
  if (words) reader.unsupported(`${words.join(' ')} of a column is not supported`, 'Give the value in the query.')
}

const COLUMN_OPTIONS = [
  ...['NOT', 'GENERATED', 'COMMENT', 'PRIMARY', 'FOREIGN', 'REFERENCES'],
  ...['DEFAULT', 'MASK', 'CONSTRAINT', 'COLLATE'],
]

/** The type as written, with its parentheses and angle brackets. A definition without a type has the type ''. */
function parseType(reader: TokenReader): string {
  const first = reader.peek()
  let depth = 0
  while (!reader.atEnd() && !reader.sees(';')) {
    if (
      depth === 0 &&
      ([',', ')', '>'].some((symbol) => reader.sees(symbol)) || COLUMN_OPTIONS.some((word) => reader.sees(word)))
    )
      break
    if (reader.sees('(') || reader.sees('<')) depth++
    else if (reader.sees(')') || reader.sees('>')) depth--
    reader.next()
  }
  return reader.peek() === first ? '' : reader.slice(first).text
}
