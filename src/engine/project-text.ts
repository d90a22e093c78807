/** Texts of a pipeline file with `${name}` replaced, and the way back from a place in the result to the file. */
import type { ErrorData } from '@/domain/automation'
import { LineMap } from '@/domain/pipeline/lines'
import { nearestName } from '@/domain/pipeline/nearest'
import type { SqlText } from '@/domain/pipeline/project'
import { LexicalError, tokenize } from '@/domain/pipeline/tokens'

/** A file and the slice of it that is looked at. */
export interface FileSlice {
  file: string
  fileText: string
  slice: SqlText
}

export interface PreparedText {
  sql: string
  problems: ErrorData[]
  /** An offset in `sql` as a 1-based place in the file. */
  placeAt(offset: number): { line: number; column: number }
  /** An error inside `sql` as one inside the file. */
  inFile(error: ErrorData): ErrorData
}

/** Replaces each `${name}` outside comments by its value, as text. Unknown names are problems. */
export function prepareText(of: FileSlice, configuration: Readonly<Record<string, string>>): PreparedText {
  const { text, position } = of.slice
  const fileLines = new LineMap(of.fileText)
  const problems: ErrorData[] = []
  /** Where replaced stretches lie in the result, and how far the text after them has moved. */
  const moves: { start: number; end: number; original: number; originalEnd: number }[] = []
  const isComment = commentTest(text)
  let sql = ''
  let copied = 0
  for (const match of text.matchAll(/\$\{([^{}]*)\}/g)) {
    const [written, inner = ''] = match
    const name = inner.trim()
    if (isComment(match.index)) continue
    const value = Object.hasOwn(configuration, name) ? configuration[name] : undefined
    if (value === undefined) {
      const { line, column } = fileLines.at(position.offset + match.index)
      const nearest = nearestName(name, Object.keys(configuration))
      problems.push({
        code: 'pipeline.unknown_configuration',
        message: `${of.file}: the configuration has no value named '${name.slice(0, 80)}'`,
        remedy: nearest === null ? 'Add it to configuration in spark-pipeline.yml.' : `Did you mean ${nearest}?`,
        file: of.file,
        line,
        column,
      })
    }
    sql += text.slice(copied, match.index)
    const start = sql.length
    sql += value ?? 'NULL'
    copied = match.index + written.length
    moves.push({ start, end: sql.length, original: match.index, originalEnd: copied })
  }
  sql += text.slice(copied)
  const sqlLines = new LineMap(sql)
  const placeAt = (offset: number) => {
    const { line, column } = fileLines.at(position.offset + originalOffset(offset, moves))
    return { line, column }
  }
  const inFile = (error: ErrorData): ErrorData => ({
    ...error,
    message: `${of.file}: ${error.message}`,
    file: of.file,
    ...placeAt(sqlLines.offsetOf(error.line ?? 1, error.column ?? 1)),
  })
  return { sql, problems, placeAt, inFile }
}

function originalOffset(
  offset: number,
  moves: readonly { start: number; end: number; original: number; originalEnd: number }[],
): number {
  const move = moves.findLast((candidate) => candidate.start <= offset)
  if (!move) return offset
  return offset < move.end ? move.original : move.originalEnd + (offset - move.end)
}

/** Tells whether an offset lies between the tokens. */
function commentTest(text: string): (offset: number) => boolean {
  try {
    const tokens = tokenize(text)
    return (offset) => !tokens.some((token) => token.start <= offset && offset < token.end)
  } catch (error) {
    if (error instanceof LexicalError) return () => false
    throw error
  }
}
