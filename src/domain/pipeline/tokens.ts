/** Lexical structure of Databricks SQL, as far as statement heads and the ends of statements need it. */

export interface Token {
  /** `name` is a backquoted identifier, `word` a bare one or a keyword. */
  kind: 'word' | 'name' | 'string' | 'number' | 'symbol' | 'end'
  /** The written text for words, numbers and symbols; the decoded content of names and strings. */
  value: string
  start: number
  /** Offset after the last character. */
  end: number
}

/** A lexical error: a string, name or comment that never ends. */
export class LexicalError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message)
  }
}

const WORD_START = /[\p{L}_]/u
const WORD_PART = /[\p{L}\p{N}_]/u
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[A-Za-z]{0,2}/y

/** The tokens of the text, with a last one of kind `end`. Throws LexicalError. */
export function tokenize(text: string): Token[] {
  const { tokens, error } = tokenizeStart(text)
  if (error) throw error
  return tokens
}

/** The tokens up to the end of the text or to what never ends in it; then `error` says so, and the `end` stands there. */
export function tokenizeStart(text: string): { tokens: Token[]; error: LexicalError | null } {
  const tokens: Token[] = []
  let at = 0
  try {
    while (true) {
      at = skipBlank(text, at)
      if (at >= text.length) break
      const token = readToken(text, at)
      tokens.push(token)
      at = token.end
    }
  } catch (error) {
    if (!(error instanceof LexicalError)) throw error
    tokens.push({ kind: 'end', value: '', start: error.offset, end: error.offset })
    return { tokens, error }
  }
  tokens.push({ kind: 'end', value: '', start: text.length, end: text.length })
  return { tokens, error: null }
}

function skipBlank(text: string, from: number): number {
  let at = from
  while (at < text.length) {
    const two = text.slice(at, at + 2)
    if (/[\s\uFEFF]/.test(text[at] ?? '')) at++
    else if (two === '--') at = endOfLine(text, at)
    else if (two === '/*') at = endOfComment(text, at)
    else break
  }
  return at
}

function endOfLine(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++
  return at
}

/** Bracketed comments nest, as in Spark. */
function endOfComment(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const two = text.slice(at, at + 2)
    if (two === '/*') {
      depth++
      at++
    } else if (two === '*/') {
      depth--
      at++
      if (depth === 0) return at + 1
    }
  }
  throw new LexicalError('The comment that starts here has no closing */', from)
}

function readToken(text: string, start: number): Token {
  const char = text[start] ?? ''
  if (char === "'" || char === '"') return readString(text, start, start)
  if (/[rR]/.test(char) && /['"]/.test(text[start + 1] ?? '')) return readString(text, start, start + 1)
  if (char === '`') return readName(text, start)
  NUMBER.lastIndex = start
  const number = NUMBER.exec(text)
  if (number) return { kind: 'number', value: number[0], start, end: start + number[0].length }
  if (WORD_START.test(char)) {
    let end = start + 1
    while (WORD_PART.test(text[end] ?? '')) end++
    return { kind: 'word', value: text.slice(start, end), start, end }
  }
  return { kind: 'symbol', value: char, start, end: start + 1 }
}

function readName(text: string, start: number): Token {
  let value = ''
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== '`') value += text[at]
    else if (text[at + 1] === '`') value += text[at++]
    else return { kind: 'name', value, start, end: at + 1 }
  }
  throw new LexicalError('The name that starts here has no closing backquote', start)
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', 0: '\0', Z: '\x1A' }

/** `open` is the offset of the quote, which an `r` may precede: then a backslash is itself. */
function readString(text: string, start: number, open: number): Token {
  const quote = text[open]
  const raw = open > start
  let value = ''
  for (let at = open + 1; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char === '\\' && !raw) {
      at++
      const escaped = text[at] ?? ''
      const code = /^u([0-9a-fA-F]{4})/.exec(text.slice(at, at + 5))
      if (code) {
        value += String.fromCharCode(Number.parseInt(code[1] ?? '', 16))
        at += 4
      } else value += escaped === '%' || escaped === '_' ? `\\${escaped}` : (ESCAPES[escaped] ?? escaped)
    } else if (char !== quote) value += char
    else if (text[at + 1] === quote && !raw) {
      value += quote
      at++
    } else return { kind: 'string', value, start, end: at + 1 }
  }
  throw new LexicalError('The string that starts here has no closing quote', start)
}
