/**
 * The part of a filter that statistics can answer: comparisons of columns with literals, put together by AND and OR. Whatever is
 * not recognised for certain is `unknown`, about which nothing is assumed.
 */
import type { Token } from '@/domain/pipeline/tokens'

export type Predicate =
  | { kind: 'and' | 'or'; parts: Predicate[] }
  | { kind: 'compare'; column: string; operator: Operator; literal: Literal; text: string }
  | { kind: 'between'; column: string; low: Literal; high: Literal; text: string }
  | { kind: 'in'; column: string; literals: Literal[]; text: string }
  | { kind: 'null'; column: string; negated: boolean; text: string }
  | { kind: 'unknown' }

export type Operator = '=' | '<' | '<=' | '>' | '>='

export interface Literal {
  type: 'number' | 'string' | 'date' | 'timestamp' | 'boolean'
  /** Numbers as written, with their sign; the content of strings. */
  text: string
}

/** The table that a filter is about. */
export interface FilteredTable {
  columns: readonly { name: string }[]
  /** What may stand before a column's name, lower-case: `sales`, `gold.sales`, an alias. */
  qualifiers: ReadonlySet<string>
}

const UNKNOWN: Predicate = { kind: 'unknown' }

/** Reads a Databricks SQL condition; `text` is what the tokens' offsets are in, and they end without an `end`. */
export function parsePredicate(text: string, tokens: readonly Token[], table: FilteredTable): Predicate {
  return new PredicateParser(text, table).parse(tokens)
}

/** The conditions that are understood, as written. */
export function understood(predicate: Predicate): string[] {
  switch (predicate.kind) {
    case 'unknown':
      return []
    case 'and':
      return predicate.parts.flatMap(understood)
    case 'or':
      // Half of an alternative rules nothing out.
      if (predicate.parts.some(isOpen)) return []
      return [`(${predicate.parts.map((part) => understood(part).join(' AND ')).join(' OR ')})`]
    default:
      return [predicate.text]
  }
}

function isOpen(predicate: Predicate): boolean {
  return understood(predicate).length === 0
}

class PredicateParser {
  readonly #text: string
  readonly #columns: ReadonlyMap<string, string>
  readonly #qualifiers: ReadonlySet<string>

  constructor(text: string, { columns, qualifiers }: FilteredTable) {
    this.#text = text
    this.#columns = new Map(columns.map(({ name }) => [name.toLowerCase(), name]))
    this.#qualifiers = qualifiers
  }

  parse(tokens: readonly Token[]): Predicate {
    const inner = withoutParentheses(tokens)
    // CASE has ANDs of its own.
    if (inner.some((token) => isWord(token, 'case'))) return UNKNOWN
    const alternatives = split(inner, 'or')
    if (alternatives.length > 1) return { kind: 'or', parts: alternatives.map((part) => this.parse(part)) }
    const conjuncts = split(inner, 'and')
    if (conjuncts.length > 1) return { kind: 'and', parts: conjuncts.map((part) => this.parse(part)) }
    return this.#leaf(inner) ?? UNKNOWN
  }

  #leaf(tokens: readonly Token[]): Predicate | null {
    const column = this.#column(tokens)
    if (column === null) return this.#flipped(tokens)
    const { name, rest } = column
    const text = this.#written(tokens)
    const words = rest.map((token) => (token.kind === 'word' ? token.value.toLowerCase() : token.kind)).join(' ')
    if (words === 'is null' || words === 'is not null') {
      return { kind: 'null', column: name, negated: words !== 'is null', text }
    }
    if (isWord(rest[0], 'between')) return this.#between(name, rest.slice(1), text)
    if (isWord(rest[0], 'in')) return inList(name, rest.slice(1), text)
    const comparison = operatorOf(rest)
    const literal = comparison && literalOf(comparison.rest)
    return comparison && literal
      ? { kind: 'compare', column: name, operator: comparison.operator, literal, text }
      : null
  }

  /** A literal before the operator. */
  #flipped(tokens: readonly Token[]): Predicate | null {
    const at = tokens.findIndex(({ kind, value }) => kind === 'symbol' && /[<>=!]/.test(value))
    const literal = at < 1 ? null : literalOf(tokens.slice(0, at))
    const comparison = operatorOf(tokens.slice(Math.max(0, at)))
    const column = comparison && this.#column(comparison.rest)
    if (!literal || !column || column.rest.length > 0) return null
    const operator = FLIPPED[comparison.operator]
    return { kind: 'compare', column: column.name, operator, literal, text: this.#written(tokens) }
  }

  #between(column: string, tokens: readonly Token[], text: string): Predicate | null {
    const at = tokens.findIndex((token) => isWord(token, 'and'))
    const [low, high] = at < 0 ? [] : [literalOf(tokens.slice(0, at)), literalOf(tokens.slice(at + 1))]
    return low && high ? { kind: 'between', column, low, high, text } : null
  }

  /** The table's column with whose name the tokens begin. */
  #column(tokens: readonly Token[]): { name: string; rest: readonly Token[] } | null {
    const parts: string[] = []
    let at = 0
    for (; at < tokens.length; at += 2) {
      const token = tokens[at]
      if (token?.kind !== 'word' && token?.kind !== 'name') return null
      parts.push(token.value.toLowerCase())
      if (!isSymbol(tokens[at + 1], '.')) break
    }
    const name = this.#columns.get(parts.pop() ?? '')
    // What looks like a table may be a column with fields.
    if (name === undefined || (parts.length > 0 && this.#columns.has(parts[0] ?? ''))) return null
    if (parts.length > 0 && !this.#qualifiers.has(parts.join('.'))) return null
    return { name, rest: tokens.slice(at + 1) }
  }

  #written(tokens: readonly Token[]): string {
    return this.#text.slice(tokens[0]?.start, tokens.at(-1)?.end).replaceAll(/\s+/g, ' ')
  }
}

const FLIPPED: Record<Operator, Operator> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' }

function inList(column: string, tokens: readonly Token[], text: string): Predicate | null {
  if (!isSymbol(tokens[0], '(') || !isSymbol(tokens.at(-1), ')')) return null
  const items = split(tokens.slice(1, -1), ',')
  const literals = items.map(literalOf)
  const known = literals.filter((literal) => literal !== null)
  return known.length === literals.length && known.length > 0 ? { kind: 'in', column, literals: known, text } : null
}

/** The comparison with which the tokens begin; `<=>` is `=` here, since the literals that follow are never NULL. */
function operatorOf(tokens: readonly Token[]): { operator: Operator; rest: readonly Token[] } | null {
  let length = 0
  let written = ''
  let end = tokens[0]?.start
  while (
    tokens[length]?.kind === 'symbol' &&
    tokens[length]?.start === end &&
    /[<>=]/.test(tokens[length]?.value ?? '')
  ) {
    written += tokens[length]?.value
    end = tokens[length]?.end
    length += 1
  }
  const operator = written === '==' || written === '<=>' ? '=' : written
  const isKnown = (text: string): text is Operator => Object.hasOwn(FLIPPED, text)
  return isKnown(operator) ? { operator, rest: tokens.slice(length) } : null
}

/** The literal that the tokens are, all of them. */
function literalOf(tokens: readonly Token[]): Literal | null {
  const [first, second, third] = tokens
  if (first === undefined || third !== undefined) return null
  if (second === undefined) {
    if (first.kind === 'string') return { type: 'string', text: first.value }
    if (first.kind === 'number') return numberOf(first.value)
    return isWord(first, 'true', 'false') ? { type: 'boolean', text: first.value.toLowerCase() } : null
  }
  if (isSymbol(first, '-') && second.kind === 'number') return numberOf(`-${second.value}`)
  if (second.kind !== 'string') return null
  if (isWord(first, 'date')) return { type: 'date', text: second.value }
  return isWord(first, 'timestamp') ? { type: 'timestamp', text: second.value } : null
}

/** Numbers with an exponent or a suffix that says their type are left alone. */
function numberOf(text: string): Literal | null {
  return /^-?\d+(\.\d+)?$/.test(text) ? { type: 'number', text } : null
}

function withoutParentheses(tokens: readonly Token[]): readonly Token[] {
  let inner = tokens
  while (isSymbol(inner[0], '(') && closing(inner) === inner.length - 1) inner = inner.slice(1, -1)
  return inner
}

/** Where the parenthesis closes with which the tokens begin. */
function closing(tokens: readonly Token[]): number {
  let depth = 0
  return tokens.findIndex((token) => {
    if (isSymbol(token, '(')) depth += 1
    if (isSymbol(token, ')')) depth -= 1
    return depth === 0
  })
}

/** The parts between a word or symbol that stands outside parentheses; the AND of BETWEEN does not count. */
function split(tokens: readonly Token[], separator: 'or' | 'and' | ','): Token[][] {
  const parts: Token[][] = [[]]
  let depth = 0
  let isBetween = false
  for (const token of tokens) {
    if (isSymbol(token, '(')) depth += 1
    if (isSymbol(token, ')')) depth -= 1
    const isHere = depth === 0 && (separator === ',' ? isSymbol(token, ',') : isWord(token, separator))
    if (isHere && !(separator === 'and' && isBetween)) parts.push([])
    else parts.at(-1)?.push(token)
    if (depth === 0 && isWord(token, 'between')) isBetween = true
    else if (depth === 0 && isWord(token, 'and')) isBetween = false
  }
  return parts
}

function isWord(token: Token | undefined, ...words: string[]): boolean {
  return token?.kind === 'word' && words.includes(token.value.toLowerCase())
}

function isSymbol(token: Token | undefined, value: string): boolean {
  return token?.kind === 'symbol' && token.value === value
}
