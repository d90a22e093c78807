import { formatValue, singleLine, valueKind } from '@/domain/format/value'

/** px: a digit of the grid's font, a character of a name in the header, and the padding of a cell. */
const size = { character: 8, headerCharacter: 7.4, padding: 22 }

/** px: text is cut off where it is long, and the status line has all of it; numbers, dates and times never are. */
const widestText = 320

export function isRightAligned(type: string): boolean {
  return valueKind(type) === 'number'
}

/** The most characters that each column was seen to hold; of rows without end only some are ever seen. */
export type Lengths = readonly number[]

/** The lengths after more rows came; the same array when nothing got wider. Text is measured in the first rows only: a column that may be cut off need not move under the reader's eyes. */
export function withRows(lengths: Lengths, columns: readonly { type: string }[], rows: readonly unknown[][]): Lengths {
  const next = columns.map(({ type }, index) => {
    const known = lengths[index]
    if (known !== undefined && !isWhole(type)) return known
    return rows.reduce((most, row) => Math.max(most, lengthOf(row[index], type)), known ?? 0)
  })
  return next.every((length, index) => length === lengths[index]) ? lengths : next
}

/** Width of a column, px, from its name, its type and the values that were seen. */
export function columnWidth(name: string, type: string, length: number): number {
  const kind = valueKind(type)
  const byType = { number: 104, date: 112, timestamp: 168, boolean: 80, text: 150, binary: 160, nested: 220 }[kind]
  const byName = Math.min(widestText, name.length * size.headerCharacter + size.padding + 4)
  const byValues = length * size.character + size.padding
  return Math.max(byType, byName, isWhole(type) ? byValues : Math.min(widestText, byValues))
}

/** Whether values of a type are always shown whole. */
function isWhole(type: string): boolean {
  return ['number', 'date', 'timestamp', 'boolean'].includes(valueKind(type))
}

function lengthOf(value: unknown, type: string): number {
  // Structures and bytes can be long, and writing them out to measure them is not worth it.
  if (['nested', 'binary'].includes(valueKind(type))) return 0
  // Longer text than this changes no width, and long ones are costly to write out.
  return singleLine(formatValue(value, type), widestText / size.character).length
}
