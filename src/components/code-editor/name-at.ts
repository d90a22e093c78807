const NAME = /(?:[\p{L}\p{N}_]+|(?:`[^`]*`)+|(?:"[^"]*")+)(?:\s*\.\s*(?:[\p{L}\p{N}_]+|(?:`[^`]*`)+|(?:"[^"]*")+))*/gu

/** The columns of the whole dotted name at a column, or of that one character. */
export function nameAt(line: string, column: number): [start: number, end: number] {
  for (const { 0: name, index } of line.matchAll(NAME)) {
    if (index < column && column <= index + name.length) return [index + 1, index + name.length + 1]
  }
  return [column, column + 1]
}
