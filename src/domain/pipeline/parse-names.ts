import type { ColumnName, QualifiedName } from './statements'
import type { TokenReader } from './token-reader'

/** The name of what a CREATE statement makes. */
export function parseNewName(reader: TokenReader): QualifiedName {
  reader.accept('IF', 'NOT', 'EXISTS')
  return parseName(reader, 'a name')
}

/** `table`, `schema.table` or `catalog.schema.table`; the legacy prefix LIVE is dropped. */
export function parseName(reader: TokenReader, what: string): QualifiedName {
  const position = reader.position()
  const parts = [reader.identifier(what)]
  while (parts.length < 3 && reader.accept('.')) parts.push(reader.identifier('the next part of the name'))
  if (parts.length === 2 && parts[0]?.toUpperCase() === 'LIVE') parts.shift()
  return { parts, position }
}

/** `(name, name, …)`, also without any name. */
export function parseNames(reader: TokenReader): string[] {
  reader.expect('(')
  return reader.accept(')') ? [] : parseRest(reader, 'a column name').map(({ name }) => name)
}

/** `(name, name, …)` with at least one name; `what` says what it is. */
export function parseColumnNames(reader: TokenReader, what: string): ColumnName[] {
  reader.expect('(')
  return parseRest(reader, what)
}

/** `name, name, …` without parentheses. */
export function parseBareNames(reader: TokenReader, what: string): ColumnName[] {
  const names: ColumnName[] = []
  do {
    const position = reader.position()
    names.push({ name: reader.identifier(what), position })
  } while (reader.accept(','))
  return names
}

function parseRest(reader: TokenReader, what: string): ColumnName[] {
  const names = parseBareNames(reader, what)
  if (!reader.accept(')')) reader.fail("',' or ')'")
  return names
}
