import { LineMap } from './lines'
import type { SourcePosition, SqlText } from './project'
import { type LexicalError, type Token, tokenizeStart } from './tokens'

/** A statement that does not follow the grammar; `offset` is where. */
export class SyntaxProblem extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
    readonly offset: number,
  ) {
    super(message)
  }
}

/** Walks the tokens of one text. Keywords are compared without regard to case. */
export class TokenReader {
  private readonly tokens: Token[]
  private readonly lines: LineMap
  private index = 0

  /** Why the tokens end before the text does. */
  readonly lexicalError: LexicalError | null

  constructor(readonly text: string) {
    this.lines = new LineMap(text)
    const { tokens, error } = tokenizeStart(text)
    this.tokens = tokens
    this.lexicalError = error
  }

  peek(ahead = 0): Token {
    const token = this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)]
    if (!token) throw new RangeError('a text without its end token')
    return token
  }

  next(): Token {
    const token = this.peek()
    if (token.kind !== 'end') this.index++
    return token
  }

  atEnd(): boolean {
    return this.peek().kind === 'end'
  }

  /** True when the next tokens are these keywords or symbols. */
  sees(...words: string[]): boolean {
    return words.every((word, ahead) => {
      const token = this.peek(ahead)
      return (token.kind === 'word' || token.kind === 'symbol') && token.value.toUpperCase() === word
    })
  }

  /** Consumes the keywords or symbols when they come next. */
  accept(...words: string[]): boolean {
    if (!this.sees(...words)) return false
    this.index += words.length
    return true
  }

  expect(...words: string[]): void {
    for (const word of words) if (!this.accept(word)) this.fail(/^\w/.test(word) ? word : `'${word}'`)
  }

  position(token: Token = this.peek()): SourcePosition {
    return this.lines.at(token.start)
  }

  positionAt(offset: number): SourcePosition {
    return this.lines.at(offset)
  }

  unsupported(message: string, remedy: string, offset: number = this.peek().start): never {
    throw new SyntaxProblem('pipeline.unsupported', message, remedy, offset)
  }

  /** Throws: `expected` is what would have been right here. */
  fail(expected: string, remedy = 'Correct the statement here.'): never {
    const token = this.peek()
    const found =
      token.kind === 'end' ? 'the end of the file' : `'${this.text.slice(token.start, token.end).slice(0, 60)}'`
    throw new SyntaxProblem('pipeline.syntax', `Expected ${expected}, found ${found}`, remedy, token.start)
  }

  identifier(what: string): string {
    const token = this.peek()
    if (token.kind !== 'word' && token.kind !== 'name') this.fail(what)
    if (token.value === '') this.fail(what)
    return this.next().value
  }

  string(what: string): string {
    if (this.peek().kind !== 'string') this.fail(what)
    return this.next().value
  }

  /** Consumes up to the parenthesis that closes the one just consumed; returns what stood between. */
  untilClosing(what: string): SqlText {
    const first = this.peek()
    let depth = 0
    while (!this.atEnd() && !this.sees(';')) {
      if (this.sees('(')) depth++
      else if (this.sees(')')) {
        if (depth === 0) {
          if (this.peek() === first) this.fail(what)
          const slice = this.slice(first)
          this.next()
          return slice
        }
        depth--
      }
      this.next()
    }
    return this.fail("')'")
  }

  /** Consumes up to where `ends` holds outside parentheses, or to the statement's end; returns what stood before. */
  untilClause(what: string, ends: () => boolean): SqlText {
    const first = this.peek()
    let depth = 0
    while (!this.atEnd() && !this.sees(';') && !(depth === 0 && ends())) {
      if (this.sees('(') || this.sees('[')) depth++
      else if (this.sees(')') || this.sees(']')) {
        if (depth === 0) this.fail('a clause or the end of the statement')
        depth--
      }
      this.next()
    }
    if (depth > 0) this.fail("')'")
    return this.peek() === first ? this.fail(what) : this.slice(first)
  }

  /** Consumes up to the `;` that ends the statement, or the end; the `;` itself is left. */
  untilStatementEnd(): SqlText | null {
    const first = this.peek()
    while (!this.atEnd() && !this.sees(';')) this.next()
    return this.peek() === first ? null : this.slice(first)
  }

  /** The text from a token to the last consumed one. */
  slice(first: Token): SqlText {
    const last = this.tokens[this.index - 1] ?? first
    return { text: this.text.slice(first.start, last.end), position: this.position(first) }
  }
}
