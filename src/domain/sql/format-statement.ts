import { LexicalError, type Token, tokenize } from '@/domain/pipeline/tokens'
import { tokenizeDuckdb } from './duckdb-tokens'

const CLAUSES = words(
  'select from where group having qualify window order limit offset union intersect except minus lateral',
)
const JOIN_WORDS = words('left right full inner cross outer semi anti natural asof join')
const CONDITIONS = words('where on having qualify')
const STEP = '  '

/** What a pair of parentheses, or the text as a whole, holds. */
interface Level {
  /** A query is laid out; anything else stays on its line. */
  isQuery: boolean
  indent: string
  clause: string
  /** Whether each item of the SELECT list has a line of its own. */
  isListBroken: boolean
  /** BETWEENs whose AND has yet to come, and CASEs that have not ended. */
  betweens: number
  cases: number
}

/**
 * SQL laid out by clauses. Nothing but blanks between the words changes, comments included: what it means cannot. A text that
 * the lexer cannot read is given back as it is.
 */
export function formatSql(text: string, dialect: 'databricks' | 'duckdb'): string {
  try {
    return laidOut(text, dialect === 'duckdb' ? tokenizeDuckdb(text) : tokenize(text))
  } catch (error) {
    if (error instanceof LexicalError) return text
    throw error
  }
}

function laidOut(text: string, tokens: readonly Token[]): string {
  const levels: Level[] = [newLevel(true, '')]
  let out = ''
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1]
    const gap = text.slice(before?.end ?? 0, token.start)
    const broken = breakBefore(tokens, index, levels)
    out += joined(gap, broken, levels.at(-1)?.indent ?? '', out === '')
    if (token.kind === 'end') break
    out += text.slice(token.start, token.end)
    enter(tokens, index, levels)
  }
  return out.trimEnd() + (/\n\s*$/.test(text) ? '\n' : '')
}

function newLevel(isQuery: boolean, indent: string): Level {
  return { isQuery, indent, clause: '', isListBroken: false, betweens: 0, cases: 0 }
}

/** The line break that a token begins with: what it is indented by, or null for none. Leaves the level that a parenthesis closes. */
function breakBefore(tokens: readonly Token[], index: number, levels: Level[]): string | null {
  const token = tokens[index]
  const before = tokens[index - 1]
  const level = levels.at(-1)
  if (!token || !before || !level) return null
  if (isSymbol(before, ';')) return `\n${level.indent}`
  if (isSymbol(token, ')') && levels.length > 1) {
    levels.pop()
    return level.isQuery ? (levels.at(-1)?.indent ?? '') : null
  }
  if (!level.isQuery || token.kind === 'end') return null
  const inner = `${level.indent}${STEP}`
  if (isSymbol(before, '(')) return level.indent
  if (isSymbol(before, ',')) {
    if (level.clause === 'with') return level.indent
    return level.clause === 'select' && level.isListBroken ? inner : null
  }
  if (isClause(tokens, index)) return level.indent
  if (level.clause === 'select' && level.isListBroken && isListStart(tokens, index)) return inner
  const isConnective = /^(and|or)$/.test(wordOf(token)) && CONDITIONS.has(level.clause)
  return isConnective && level.betweens === 0 && level.cases === 0 ? inner : null
}

/** Keeps the account of clauses and parentheses after a token was written. */
function enter(tokens: readonly Token[], index: number, levels: Level[]): void {
  const token = tokens[index]
  const level = levels.at(-1)
  if (!token || !level) return
  if (isSymbol(token, '(')) {
    const isQuery = /^(select|with|from)$/.test(wordOf(tokens[index + 1]))
    levels.push(newLevel(isQuery, isQuery ? `${level.indent}${STEP}` : level.indent))
    return
  }
  if (isSymbol(token, ';')) {
    levels.splice(0, levels.length, newLevel(true, ''))
    return
  }
  const word = wordOf(token)
  if (word === 'between') level.betweens += 1
  if (word === 'and' && level.betweens > 0) level.betweens -= 1
  if (word === 'case') level.cases += 1
  if (word === 'end' && level.cases > 0) level.cases -= 1
  if (word === 'on' || (word === 'with' && level.clause === '') || isClause(tokens, index)) level.clause = word
  if (word === 'select') level.isListBroken = hasSeveralItems(tokens, index)
}

/** Whether a token begins a clause of the query that it stands in. */
function isClause(tokens: readonly Token[], index: number): boolean {
  const word = wordOf(tokens[index])
  const before = wordOf(tokens[index - 1])
  const after = tokens[index + 1]
  if (JOIN_WORDS.has(word)) {
    // LEFT(text, 3) is a function.
    return !JOIN_WORDS.has(before) && before !== 'lateral' && !isSymbol(after, '(') && !isSymbol(tokens[index - 1], '.')
  }
  if (!CLAUSES.has(word) || isSymbol(tokens[index - 1], '.') || isSymbol(after, '.')) return false
  if (word === 'except' || word === 'minus') return !isSymbol(tokens[index - 1], '*')
  if (word === 'from') return before !== 'distinct'
  if (word === 'lateral') return before !== ',' && !JOIN_WORDS.has(before)
  return word !== 'group' || before !== 'within'
}

/** Whether a token is the first of a SELECT list, after DISTINCT or ALL. */
function isListStart(tokens: readonly Token[], index: number): boolean {
  const before = wordOf(tokens[index - 1])
  if (before === 'select') return !/^(distinct|all)$/.test(wordOf(tokens[index]))
  return /^(distinct|all)$/.test(before) && wordOf(tokens[index - 2]) === 'select' && wordOf(tokens[index]) !== 'on'
}

function hasSeveralItems(tokens: readonly Token[], select: number): boolean {
  let depth = 0
  for (let index = select + 1; index < tokens.length; index++) {
    const token = tokens[index]
    if (isSymbol(token, '(')) depth += 1
    else if (isSymbol(token, ')')) depth -= 1
    if (depth < 0 || isSymbol(token, ';') || (depth === 0 && isClause(tokens, index))) return false
    if (depth === 0 && isSymbol(token, ',')) return true
  }
  return false
}

/** What stands between two tokens: their comments, and a line break or one blank where there was any. */
function joined(gap: string, broken: string | null, indent: string, isFirst: boolean): string {
  const comments = gap.trim()
  const line = broken === null ? null : `\n${broken}`
  if (comments === '') return isFirst ? '' : (line ?? (gap === '' ? '' : ' '))
  // A comment to the end of the line needs one; other comments are left where they are.
  const endsLine = /--[^\n]*$/.test(comments) || /\n\s*$/.test(gap)
  const lead = isFirst ? '' : /^[^\S\n]*\n/.test(gap) ? `\n${broken ?? indent}` : gap.startsWith(' ') ? ' ' : ''
  const trail = line ?? (endsLine ? `\n${indent}` : /\s$/.test(gap) ? ' ' : '')
  return `${lead}${comments}${trail}`
}

function isSymbol(token: Token | undefined, value: string): boolean {
  return token?.kind === 'symbol' && token.value === value
}

/** A bare word in lower case; a symbol as it is; nothing for names and values. */
function wordOf(token: Token | undefined): string {
  return token?.kind === 'word' ? token.value.toLowerCase() : token?.kind === 'symbol' ? token.value : ''
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '))
}
