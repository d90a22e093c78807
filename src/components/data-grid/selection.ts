export interface CellPlace {
  row: number
  column: number
}

/** A rectangle of cells, from where the reader began to where they are. */
export interface CellSelection {
  anchor: CellPlace
  /** The active cell. */
  focus: CellPlace
}

export interface CellRange {
  top: number
  bottom: number
  left: number
  right: number
}

export function rangeOf({ anchor, focus }: CellSelection): CellRange {
  return {
    top: Math.min(anchor.row, focus.row),
    bottom: Math.max(anchor.row, focus.row),
    left: Math.min(anchor.column, focus.column),
    right: Math.max(anchor.column, focus.column),
  }
}

export function holds({ top, bottom, left, right }: CellRange, row: number, column: number): boolean {
  return row >= top && row <= bottom && column >= left && column <= right
}

export function cellCount({ top, bottom, left, right }: CellRange): number {
  return (bottom - top + 1) * (right - left + 1)
}

export interface GridSize {
  rows: number
  columns: number
  /** Rows that a page key moves. */
  page: number
}

export interface PressedKey {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
}

/**
 * Where a key leads; null for one that does not move. Arrows go one cell, with Ctrl or Cmd to the edge; Shift stretches the
 * selection, Ctrl-A takes everything. `start` is where the first key of all begins.
 */
export function moved(
  selection: CellSelection | null,
  pressed: PressedKey,
  { rows, columns, page }: GridSize,
  start: CellPlace,
): CellSelection | null {
  const far = pressed.ctrlKey || pressed.metaKey
  if (far && pressed.key.toLowerCase() === 'a') {
    return { anchor: { row: 0, column: 0 }, focus: { row: rows - 1, column: columns - 1 } }
  }
  const { row, column } = selection?.focus ?? start
  const steps: Record<string, CellPlace> = {
    ArrowUp: { row: far ? 0 : row - 1, column },
    ArrowDown: { row: far ? rows - 1 : row + 1, column },
    ArrowLeft: { row, column: far ? 0 : column - 1 },
    ArrowRight: { row, column: far ? columns - 1 : column + 1 },
    PageUp: { row: row - page, column },
    PageDown: { row: row + page, column },
    Home: { row: far ? 0 : row, column: 0 },
    End: { row: far ? rows - 1 : row, column: columns - 1 },
  }
  const step = steps[pressed.key]
  if (step === undefined) return null
  const isFirst = selection === null && (pressed.key === 'ArrowDown' || pressed.key === 'ArrowRight') && !far
  const focus = isFirst ? start : { row: clamp(step.row, rows), column: clamp(step.column, columns) }
  return { anchor: pressed.shiftKey && selection !== null ? selection.anchor : focus, focus }
}

function clamp(place: number, count: number): number {
  return Math.min(count - 1, Math.max(0, place))
}
