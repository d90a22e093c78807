import { LexicalError, tokenize } from '@/domain/pipeline/tokens'

export interface StatementSpan {
  /** Offsets in the text; neither blanks around the statement nor its semicolon belong to it. */
  start: number
  end: number
}

/** The statements of a text. A text that the lexer cannot read is one statement: whoever runs it says what is wrong. */
export function statementSpans(text: string): StatementSpan[] {
  const spans: StatementSpan[] = []
  let open: StatementSpan | null = null
  try {
    for (const token of tokenize(text)) {
      if (token.kind === 'end' || (token.kind === 'symbol' && token.value === ';')) {
        if (open) spans.push(open)
        open = null
      } else if (open) open.end = token.end
      else open = { start: token.start, end: token.end }
    }
    return spans
  } catch (error) {
    if (!(error instanceof LexicalError)) throw error
    return [{ start: 0, end: text.length }]
  }
}

/** The statement in which the cursor stands or that ends before it; the first one when it stands before all. */
export function statementAt(text: string, offset: number): StatementSpan | null {
  const spans = statementSpans(text)
  // In the blank between two statements, the cursor is nearer to one that ends on its line.
  const inside = spans.find(({ start, end }) => start <= offset && offset <= end + 1)
  if (inside) return inside
  const before = spans.findLast(({ end }) => end <= offset)
  const after = spans.find(({ start }) => start > offset)
  if (before && after && !text.slice(before.end, offset).includes('\n')) return before
  return after ?? before ?? null
}
