import { LexicalError, type Token, tokenize } from './tokens'

/** A query as one over whole tables, and which of them it reads as streams. */
export interface StreamReads {
  /** The query with the STREAM of FROM and JOIN, `STREAM t` or `STREAM(t)`, blanked; every other character keeps its place. */
  text: string
  /** Where the names of the streams stand: [start, end) in the text. */
  names: { start: number; end: number }[]
}

/** Finds what a query reads as a stream. */
export function streamReads(query: string): StreamReads {
  const blanks: Token[] = []
  const names: StreamReads['names'] = []
  const tokens = tokensOf(query)
  tokens.forEach((token, index) => {
    const before = tokens[index - 1]
    if (!isWord(token, 'STREAM') || !(isWord(before, 'FROM') || isWord(before, 'JOIN'))) return
    const open = tokens[index + 1]
    const first = open?.value === '(' ? index + 2 : index + 1
    const last = endOfName(tokens, first)
    if (last === null) return
    if (open?.value !== '(') blanks.push(token)
    else {
      const close = tokens[last + 1]
      if (close?.value !== ')') return
      blanks.push(token, open, close)
    }
    names.push({ start: tokens[first]?.start ?? 0, end: tokens[last]?.end ?? 0 })
  })
  const text = blanks.reduce(
    (blanked, { start, end }) => blanked.slice(0, start) + ' '.repeat(end - start) + blanked.slice(end),
    query,
  )
  return { text, names }
}

/** The query as one that reads its streams as whole tables. */
export function withoutStream(query: string): string {
  return streamReads(query).text
}

/** None when the query has no end, which its parser will say. */
function tokensOf(query: string): Token[] {
  try {
    return tokenize(query)
  } catch (error) {
    if (error instanceof LexicalError) return []
    throw error
  }
}

/** The index of the last token of the dotted name that begins at the index; null when none does. */
function endOfName(tokens: readonly Token[], from: number): number | null {
  const isPart = (token: Token | undefined) => token?.kind === 'word' || token?.kind === 'name'
  if (!isPart(tokens[from]) || NOT_NAMES.some((word) => isWord(tokens[from], word))) return null
  let last = from
  while (tokens[last + 1]?.value === '.' && isPart(tokens[last + 2])) last += 2
  return last
}

/** What may follow a table that is itself called stream. */
const NOT_NAMES = [
  'AS',
  'JOIN',
  'LEFT',
  'RIGHT',
  'FULL',
  'INNER',
  'CROSS',
  'WHERE',
  'GROUP',
  'ORDER',
  'HAVING',
  'LIMIT',
  'UNION',
]

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.value.toUpperCase() === word
}
