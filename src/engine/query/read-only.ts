import type { ErrorData } from '@/domain/automation'
import { GoldsmithError } from '@/domain/errors'
import { LineMap } from '@/domain/pipeline/lines'
import { LexicalError, type Token, tokenize } from '@/domain/pipeline/tokens'
import { tokenizeDuckdb } from '@/domain/sql/duckdb-tokens'
import type { QueryRequest } from '@/rpc/contract'

const READS = new Set('with select from values table describe desc summarize show pivot unpivot'.split(' '))

const READ_ONLY = 'Write a SELECT. Tables change by the pipeline’s files only.'

/**
 * The one statement of a text, without what follows its last token; places in it are those in the text. Queries only read:
 * Gold changes by runs of the pipeline alone. Throws `sql.not_a_query`, or `sql.syntax` when the text cannot be read.
 *
 * What this is to prove: between parentheses, the statement is a subquery and nothing more. It holds no semicolon, and
 * every parenthesis of it has its partner, so it cannot leave the ones around it, and DuckDB's grammar admits nothing
 * into a subquery that writes. The head words only make for better messages than DuckDB's.
 */
export function readingStatement(sql: string, dialect: NonNullable<QueryRequest['dialect']>): string {
  const tokens = tokensOf(sql, dialect)
  while (isSymbol(tokens.at(-1), ';')) tokens.pop()
  const [first] = tokens
  const last = tokens.at(-1)
  if (first === undefined || last === undefined) {
    throw problem(sql, 0, { code: 'sql.not_a_query', message: 'There is no statement to run.', remedy: READ_ONLY })
  }
  const head = headOf(tokens, first)
  if (head.kind !== 'word' || !READS.has(head.value.toLowerCase())) {
    const message = `Only queries can be run here, not ${head.value.slice(0, 40).toUpperCase()}.`
    throw problem(sql, head.start, { code: 'sql.not_a_query', message, remedy: READ_ONLY })
  }
  const semicolon = tokens.findIndex((token) => isSymbol(token, ';'))
  if (semicolon >= 0) {
    throw problem(sql, tokens[semicolon + 1]?.start ?? 0, {
      code: 'sql.not_a_query',
      message: 'Only one query can be run at a time, and another statement starts here.',
      remedy: 'Run them one after the other.',
    })
  }
  refuseLoneParentheses(sql, tokens)
  return sql.slice(0, last.end)
}

function tokensOf(sql: string, dialect: NonNullable<QueryRequest['dialect']>): Token[] {
  try {
    const tokens = dialect === 'duckdb' ? tokenizeDuckdb(sql) : tokenize(sql)
    return tokens.slice(0, -1)
  } catch (error) {
    if (!(error instanceof LexicalError)) throw error
    const remedy = 'Correct the SQL at the place named.'
    throw problem(sql, error.offset, { code: 'sql.syntax', message: `${error.message}.`, remedy })
  }
}

/** The word that says what the statement does: the first one, or the one after the common table expressions. */
function headOf(tokens: readonly Token[], first: Token): Token {
  const start = tokens.findIndex((token) => !isSymbol(token, '('))
  const head = tokens[start] ?? first
  if (head.kind !== 'word' || head.value.toLowerCase() !== 'with') return head
  let depth = 0
  for (const [index, token] of tokens.entries()) {
    if (index <= start) continue
    if (isSymbol(token, '(')) depth += 1
    if (!isSymbol(token, ')')) continue
    depth -= 1
    const next = tokens[index + 1]
    // After a column list comes AS or USING KEY, after an expression the next one or what reads them.
    if (depth === 0 && next?.kind === 'word' && !/^(as|using)$/i.test(next.value)) return next
    if (depth <= 0 && (isSymbol(next, '(') || isSymbol(next, ')'))) return head
  }
  return head
}

function refuseLoneParentheses(sql: string, tokens: readonly Token[]): void {
  const open: Token[] = []
  const refuse = (token: Token, message: string) =>
    problem(sql, token.start, { code: 'sql.syntax', message, remedy: 'Correct the SQL at the place named.' })
  for (const token of tokens) {
    if (isSymbol(token, '(')) open.push(token)
    else if (isSymbol(token, ')') && open.pop() === undefined)
      throw refuse(token, 'This closing parenthesis has no opening one.')
  }
  const unclosed = open.at(-1)
  if (unclosed) throw refuse(unclosed, 'The parenthesis that opens here is never closed.')
}

function isSymbol(token: Token | undefined, value: string): boolean {
  return token?.kind === 'symbol' && token.value === value
}

function problem(sql: string, offset: number, data: ErrorData): GoldsmithError {
  const { line, column } = new LineMap(sql).at(offset)
  return new GoldsmithError({ ...data, line, column, sql })
}
