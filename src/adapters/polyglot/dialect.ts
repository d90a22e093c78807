import type { ErrorData } from '@/domain/automation'
import { LineMap } from '@/domain/pipeline/lines'
import { LexicalError, type Token, tokenize } from '@/domain/pipeline/tokens'
import type { AnalyzedQuery, DialectContext, QueryLineage, SqlDialect } from '@/engine/ports'
import { drivingPlaceholder } from './driving'
import { printExpression } from './expressions'
import { readLineage } from './lineage'
import { fields, listOf, nodeOf, UnknownNode, Unsupported, unsupportedFunction } from './nodes'
import { printQuery } from './queries'
import { queryFlow } from './row-flow'
import { type Findings, newFindings, type Translator } from './translator'
import { duckdbType } from './types'

/** The functions of the parser's library that are used here, in either of its builds. */
export interface ParserLibrary {
  parse(sql: string): ParseOutcome
  parseDataType(sql: string): { success: boolean; dataType?: unknown; error?: string | null | undefined }
  /** An expression as Databricks SQL, for people to read. */
  print(expression: unknown): string
}

export interface ParseOutcome {
  success: boolean
  ast?: unknown
  error?: string | null
  /** In code points. */
  errorStart?: number | null
}

/**
 * Databricks SQL, parsed by the library and printed as DuckDB SQL here, node by node from a list of allowed ones: nothing gets
 * through that was not translated on purpose. (The library's own translation changes values: CAST to TRY_CAST, days of the week.)
 */
export class PolyglotDialect implements SqlDialect {
  private library: ParserLibrary | null = null

  constructor(private readonly open: () => Promise<ParserLibrary>) {}

  async load(): Promise<void> {
    this.library ??= await this.open()
  }

  analyzeQuery(sql: string, context: DialectContext): AnalyzedQuery | { error: ErrorData } {
    return this.attempt(sql, () => {
      const statement = this.parse(sql, 'a query')
      const found = newFindings()
      const printer = translator(context, found)
      const duckdbSql = printer.query(statement)
      const slotted = translator(context, newFindings(), { slots: true, reduce: true })
      const reduced =
        found.latestPerKey.length > 0 ? translator(context, newFindings(), { reduce: true }).query(statement) : null
      return {
        duckdbSql,
        tables: found.tables.map((table) => ({ ...table, offset: utf16Offset(sql, table.offset) })),
        columnNames: [...found.columnNames].sort(),
        usesAsOf: found.usesAsOf,
        latestPerKey: found.latestPerKey,
        reducedSql: reduced,
        drivingPlaceholder: drivingPlaceholder(statement, printer),
        flow: queryFlow(statement, slotted.query(statement), slotted),
      }
    })
  }

  columnLineage(
    sql: string,
    context: DialectContext,
    columnsOf: (table: string) => readonly string[] | null,
  ): QueryLineage | { error: ErrorData } {
    return this.attempt(sql, () =>
      readLineage(this.parse(sql, 'a query'), context, columnsOf, {
        print: (expression) => this.opened().print(expression),
        offset: offsetsOf(sql),
      }),
    )
  }

  analyzeExpression(
    sql: string,
    context: DialectContext,
  ): { duckdbSql: string; columnNames: string[] } | { error: ErrorData } {
    return this.attempt(sql, () => {
      const prefix = 'SELECT '
      const statement = nodeOf(this.parse(sql, 'an expression', prefix))
      const items = statement.kind === 'select' ? listOf(fields(statement, 'expressions').expressions) : []
      const found = newFindings()
      if (items.length !== 1 || ['alias', 'star'].includes(nodeOf(items[0]).kind)) {
        throw new Unsupported('sql.syntax', 'Expected one expression', 'Write a single condition or value.', 0)
      }
      const duckdbSql = translator(context, found).expression(items[0])
      return { duckdbSql, columnNames: [...found.columnNames].sort() }
    })
  }

  dataType(sql: string): string | { error: ErrorData } {
    return this.attempt(sql, () => {
      const parsed = this.opened().parseDataType(sql)
      if (!parsed.success || parsed.dataType === undefined) {
        throw new Unsupported(
          'sql.unknown_type',
          `Unknown type ${sql.slice(0, 80)}`,
          'Use a type of Databricks SQL.',
          0,
        )
      }
      return duckdbType(parsed.dataType)
    })
  }

  private opened(): ParserLibrary {
    if (!this.library) throw new Error('The dialect is used before it is loaded')
    return this.library
  }

  private parse(sql: string, what: string, prefix = ''): unknown {
    const tokens = tokenize(sql)
    refuseParserLeniency(sql, tokens)
    const outcome = this.opened().parse(prefix + withoutComments(sql, tokens))
    if (!outcome.success) {
      const offset = Math.max(0, (outcome.errorStart ?? prefix.length) - prefix.length)
      const message = (outcome.error ?? '').replace(/^(Parse|Tokenization) error at line \d+, column \d+: /, '')
      const token = tokenAt(sql, utf16Offset(sql, offset))
      if (/DEPTH_EXCEEDED|call stack/.test(message)) {
        throw new Unsupported('sql.too_deep', 'The SQL is nested too deeply', 'Split it with WITH.', offset)
      }
      // The parser names tokens by its own words (LParen); the text says it better.
      const said = /^(Unexpected token|Invalid expression)/.test(message) ? `Unexpected ${token}` : message
      throw new Unsupported('sql.syntax', said, 'Correct the SQL here.', offset)
    }
    const statements = listOf(outcome.ast)
    if (statements.length !== 1) {
      throw new Unsupported('sql.syntax', `Expected ${what}, found ${statements.length} statements`, 'Write one.', 0)
    }
    return statements[0]
  }

  private attempt<T>(sql: string, work: () => T): T | { error: ErrorData } {
    try {
      return work()
    } catch (error) {
      if (error instanceof Unsupported) return { error: located(error, sql) }
      if (error instanceof LexicalError) {
        return { error: located(new Unsupported('sql.syntax', error.message, 'Close it.', null), sql, error.offset) }
      }
      throw error
    }
  }
}

function translator(
  context: DialectContext,
  found: Findings,
  { reduce = false, slots = false }: { reduce?: boolean; slots?: boolean } = {},
): Translator {
  const t: Translator = {
    context,
    reduce,
    slots,
    found,
    scopes: [],
    expression: (value) => printExpression(value, t),
    query: (value) => printQuery(value, t),
  }
  return t
}

/**
 * What the parser lets pass and Databricks does not: a comma with nothing after it; and coded characters in strings, of which it
 * leaves \u as it is and decodes \x, which Spark does not have.
 */
function refuseParserLeniency(sql: string, tokens: readonly Token[]): void {
  tokens.forEach((token, index) => {
    const written = sql.slice(token.start, token.end)
    if (token.kind === 'string' && /^['"]/.test(written) && /(?<!\\)(?:\\\\)*\\[uUx0-7]/.test(written)) {
      throw new Unsupported('sql.unsupported_syntax', 'A coded character in a string', 'Write the character.', written)
    }
    const next = tokens[index + 1]
    const ends =
      next?.kind === 'end' || (next?.kind !== 'string' && /^(FROM|WHERE|GROUP|\)|;)$/i.test(next?.value ?? ''))
    if (token.kind === 'symbol' && written === ',' && ends && next?.kind !== 'name') {
      throw new Unsupported(
        'sql.syntax',
        'Nothing follows the comma',
        'Remove the comma.',
        codePoints(sql, token.start),
      )
    }
  })
}

/**
 * The text with blanks for comments, all else in its place: the parser hangs comments on nodes, or nodes on comments, in more ways
 * than the translation could know.
 */
function withoutComments(sql: string, tokens: readonly Token[]): string {
  let text = ''
  let copied = 0
  for (const { start, end } of tokens) {
    // One blank a code point, as the parser counts.
    text += sql.slice(copied, start).replaceAll(/\S/gu, ' ') + sql.slice(start, end)
    copied = end
  }
  return text
}

function located(error: Unsupported, sql: string, at?: number): ErrorData {
  const called = error instanceof UnknownNode ? findCall(sql, error.kind) : null
  if (called) return located(unsupportedFunction(called.value), sql, called.start)
  const offset = at ?? (typeof error.near === 'number' ? utf16Offset(sql, error.near) : findWord(sql, error.near))
  const place = offset === null ? { line: 1, column: 1 } : new LineMap(sql).at(offset)
  return { code: error.code, message: error.message, remedy: error.remedy, line: place.line, column: place.column, sql }
}

function codePoints(text: string, offset: number): number {
  return Array.from(text.slice(0, offset)).length
}

/** The token at an offset as an error calls it. */
function tokenAt(sql: string, offset: number): string {
  const token = tokensOf(sql).find(({ kind, end }) => kind !== 'end' && end > offset)
  return token ? `'${sql.slice(token.start, token.end).slice(0, 60)}'` : 'end of the SQL'
}

/** The parser counts code points, the rest of the project UTF-16 units. */
function utf16Offset(text: string, codePoints: number): number {
  let offset = 0
  for (let i = 0; i < codePoints && offset < text.length; i++)
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1
  return offset
}

/** `utf16Offset` for many places in one text. */
function offsetsOf(text: string): (codePoints: number) => number {
  const starts: number[] = []
  let offset = 0
  for (const character of text) {
    starts.push(offset)
    offset += character.length
  }
  return (codePoints) => starts[codePoints] ?? text.length
}

/** Function nodes have no place of their own: the first word like it, before a parenthesis if there is such a one. */
function findWord(sql: string, word: string | null): number | null {
  if (word === null) return null
  const called = findCall(sql, word)
  const like = called ?? wordsLike(sql, word)[0]
  return like?.start ?? null
}

/** The first call of a function whose name is like the word: case and underscores do not count. */
function findCall(sql: string, word: string): Token | null {
  const tokens = tokensOf(sql)
  return (
    wordsLike(sql, word).find((like) => tokens[tokens.findIndex((t) => t.start === like.start) + 1]?.value === '(') ??
    null
  )
}

function wordsLike(sql: string, word: string): Token[] {
  const plain = (text: string) => text.replaceAll('_', '').toLowerCase()
  return tokensOf(sql).filter(({ value, start, end }) => plain(value) === plain(word) || sql.slice(start, end) === word)
}

function tokensOf(sql: string): Token[] {
  try {
    return tokenize(sql)
  } catch (error) {
    if (error instanceof LexicalError) return []
    throw error
  }
}
