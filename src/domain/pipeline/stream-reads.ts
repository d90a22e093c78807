import { LexicalError, type Token, tokenize } from './tokens'

/**
 * The query with the STREAM of FROM and JOIN, `STREAM t` or `STREAM(t)`, blanked, so that it reads the whole of `t`; every
 * other character keeps its place.
 */
export function withoutStream(query: string): string {
  const blanks: Token[] = []
  const tokens = tokensOf(query)
  tokens.forEach((token, index) => {
    const before = tokens[index - 1]
    if (!isWord(token, 'STREAM') || !(isWord(before, 'FROM') || isWord(before, 'JOIN'))) return
    const open = tokens[index + 1]
    const last = endOfName(tokens, open?.value === '(' ? index + 2 : index + 1)
    if (last === null) return
    if (open?.value !== '(') {
      blanks.push(token)
      return
    }
    const close = tokens[last + 1]
    if (close?.value === ')') blanks.push(token, open, close)
  })
  return blanks.reduce(
    (text, { start, end }) => text.slice(0, start) + ' '.repeat(end - start) + text.slice(end),
    query,
  )
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
