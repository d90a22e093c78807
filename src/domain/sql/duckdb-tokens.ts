/**
 * Lexical structure of DuckDB's SQL, as far as it takes to be certain where a statement ends. DuckDB's own lexer is
 * PostgreSQL's, with more ways to write a text than are worth following: one whose end could be read in two ways is refused.
 */
import { LexicalError, type Token } from '@/domain/pipeline/tokens'

const BLANK = /[\s\uFEFF]/
/** A dollar sign is part of a name, but for the first character. */
const WORD = /(?:[A-Za-z0-9_$]|(?!\s|\uFEFF)[\u0080-\uFFFF])+/y
const DOLLAR_QUOTE = /\$(?:[A-Za-z_][A-Za-z0-9_]*)?\$/y
/** What may stand before a quote without a blank between: texts with escapes, bits, hexadecimal, national. */
const PREFIX = /^[ebxn]$/i

/** The tokens of the text, with a last one of kind `end`. Names and strings keep their quotes. Throws LexicalError. */
export function tokenizeDuckdb(text: string): Token[] {
  const nul = text.indexOf('\0')
  if (nul >= 0) throw new LexicalError('SQL text cannot hold the character NUL', nul)
  const tokens: Token[] = []
  let at = skipBlank(text, 0)
  while (at < text.length) {
    const token = readToken(text, at)
    tokens.push(token)
    at = skipBlank(text, token.end)
    // A text that goes on in the next line goes on with the escapes of its first part.
    if (text[at] === "'" && isEscaped(token))
      throw new LexicalError('A text cannot follow a text with escapes here', at)
  }
  tokens.push({ kind: 'end', value: '', start: text.length, end: text.length })
  return tokens
}

function isEscaped({ kind, value }: Token): boolean {
  return kind === 'string' && /^e/i.test(value)
}

function skipBlank(text: string, from: number): number {
  let at = from
  while (at < text.length) {
    const two = text.slice(at, at + 2)
    if (BLANK.test(text[at] ?? '')) at++
    else if (two === '--') at = endOfLine(text, at)
    else if (two === '/*') at = endOfComment(text, at)
    else break
  }
  return at
}

function endOfLine(text: string, from: number): number {
  const length = text.slice(from).search(/[\n\r]/)
  return length < 0 ? text.length : from + length
}

function endOfComment(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const two = text.slice(at, at + 2)
    if (two === '/*') depth++
    else if (two === '*/') depth--
    else continue
    at++
    if (depth === 0) return at + 1
  }
  throw new LexicalError('The comment that starts here has no closing */', from)
}

function readToken(text: string, start: number): Token {
  const char = text[start]
  if (char === "'") return tokenAt(text, 'string', start, endOfQuotes(text, start, false))
  if (char === '"') return tokenAt(text, 'name', start, endOfQuotes(text, start, false))
  const dollar = match(DOLLAR_QUOTE, text, start)
  if (dollar !== null) {
    refuseAfterOddBlank(text, start)
    const close = text.indexOf(dollar, start + dollar.length)
    if (close < 0) throw new LexicalError(`The text that starts here has no closing ${dollar}`, start)
    return tokenAt(text, 'string', start, close + dollar.length)
  }
  const word = match(WORD, text, start)
  if (word === null) return tokenAt(text, 'symbol', start, start + 1)
  const end = start + word.length
  const dollarAt = word.indexOf('$')
  if (dollarAt >= 0) throw new LexicalError('A $ can only stand in quotes here', start + dollarAt)
  if (text[end] !== "'") return tokenAt(text, /^\d/.test(word) ? 'number' : 'word', start, end)
  if (!PREFIX.test(word)) throw new LexicalError('A text cannot start here: put a blank before it', end)
  refuseAfterOddBlank(text, start)
  return tokenAt(text, 'string', start, endOfQuotes(text, end, word.toLowerCase() === 'e'))
}

/** Blanks beyond ASCII are parts of names for DuckDB in some places: a name that ends here, or a prefix that starts. */
function refuseAfterOddBlank(text: string, start: number): void {
  if (start > 0 && text.charCodeAt(start - 1) > 0x7f) {
    throw new LexicalError('A text cannot start here: put a plain blank before it', start)
  }
}

function tokenAt(text: string, kind: Token['kind'], start: number, end: number): Token {
  return { kind, value: text.slice(start, end), start, end }
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}

/** A doubled quote is one inside; with escapes, so is one after a backslash. */
function endOfQuotes(text: string, open: number, escapes: boolean): number {
  const quote = text[open]
  for (let at = open + 1; at < text.length; at++) {
    if (escapes && text[at] === '\\') at++
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1
      at++
    }
  }
  throw new LexicalError(`The ${quote === '"' ? 'name' : 'text'} that starts here has no closing quote`, open)
}
