import type { SourcePosition } from './project'

/** Offsets to lines and columns of one text. Lines end with LF, CRLF or CR. */
export class LineMap {
  private readonly starts: number[] = [0]

  constructor(text: string) {
    for (let i = 0; i < text.length; i++) {
      const char = text[i]
      if (char === '\n' || (char === '\r' && text[i + 1] !== '\n')) this.starts.push(i + 1)
    }
  }

  /** The 1-based line and column of an offset. */
  at(offset: number): SourcePosition {
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (this.starts[low] ?? 0) + 1, offset }
  }

  /** The offset of a 1-based line and column; the line's start when the column is unknown. */
  offsetOf(line: number, column = 1): number {
    return (this.starts[line - 1] ?? 0) + column - 1
  }
}
