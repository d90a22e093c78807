import { type Token, tokenize } from '@/domain/pipeline/tokens'
import { type FilteredTable, type Predicate, parsePredicate } from './predicate'

/** Clauses that may follow WHERE. */
const AFTER_WHERE = new Set(
  'group having order sort cluster distribute qualify window limit offset union except intersect minus'.split(' '),
)

/**
 * The condition on a table's rows in a query that reads nothing else: one SELECT without joins. Unknown for every other
 * query, whose conditions may be about rows of several tables.
 */
export function queryFilter(sql: string, columns: FilteredTable['columns'], name: string): Predicate {
  const unknown: Predicate = { kind: 'unknown' }
  const tokens = tokenize(sql).slice(0, -1)
  const count = (word: string) => tokens.filter((token) => isWord(token, word)).length
  if (count('select') !== 1 || count('join') > 0 || count('from') !== 1) return unknown
  const from = tokens.findIndex((token) => isWord(token, 'from'))
  const where = tokens.findIndex((token, index) => index > from && isWord(token, 'where'))
  if (where < 0) return unknown
  const source = tokens.slice(from + 1, where)
  if (source.some(({ kind, value }) => kind === 'symbol' && value !== '.')) return unknown
  const end = endOfCondition(tokens, where + 1)
  const [, own = name] = name.split('.')
  const alias = aliasOf(source)
  const table = { columns, qualifiers: new Set(alias === null ? [name, own] : [alias]) }
  return parsePredicate(sql, tokens.slice(where + 1, end), table)
}

function endOfCondition(tokens: readonly Token[], start: number): number {
  let depth = 0
  for (let at = start; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token?.kind === 'symbol' && token.value === '(') depth += 1
    if (token?.kind === 'symbol' && token.value === ')') depth -= 1
    const isClause = token?.kind === 'word' && AFTER_WHERE.has(token.value.toLowerCase())
    // A parenthesis around the whole query closes, or the statement ends.
    if (depth < 0 || (depth === 0 && (isClause || (token?.kind === 'symbol' && token.value === ';')))) return at
  }
  return tokens.length
}

/** What a table is called in the query: the last name, unless it is part of the table's own or of its moment. */
function aliasOf(source: readonly Token[]): string | null {
  const last = source.at(-1)
  const before = source.at(-2)
  if (last === undefined || before === undefined) return null
  const isName = last.kind === 'word' || last.kind === 'name'
  const isOwn = before.kind === 'symbol' && before.value === '.'
  return isName && !isOwn ? last.value.toLowerCase() : null
}

function isWord(token: Token, word: string): boolean {
  return token.kind === 'word' && token.value.toLowerCase() === word
}
