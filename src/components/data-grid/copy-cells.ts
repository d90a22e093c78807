import { formatCount } from '@/domain/format/number'
import type { FetchRows } from './row-cache'
import type { CellRange } from './selection'
import { tsv } from './tsv'
import type { GridColumn } from './types'

/** More does not fit the clipboard of most programs, and would be held in the page as one text. */
const MOST_CELLS = 1_000_000
const WINDOW_ROWS = 5000

/** Why a range is not copied; null when it can be. */
export function copyRefusal({ top, bottom, left, right }: CellRange, columns: readonly GridColumn[]): string | null {
  if ((bottom - top + 1) * (right - left + 1) > MOST_CELLS) {
    return `Up to ${formatCount(MOST_CELLS)} cells can be copied: select fewer, or export the rows.`
  }
  const masked = columns.slice(left, right + 1).find((column) => column.masked)
  return masked ? `${masked.name} is masked: show it first, or leave it out.` : null
}

/** The cells of a range as tab-separated text, read in windows; with the columns' names if asked. */
export async function copyCells(
  fetchRows: FetchRows,
  { top, bottom, left, right }: CellRange,
  names: readonly string[] | null,
  signal: AbortSignal,
): Promise<string> {
  const parts = names ? [tsv([names.slice(left, right + 1)])] : []
  for (let offset = top; offset <= bottom; offset += WINDOW_ROWS) {
    const rows = await fetchRows(offset, Math.min(WINDOW_ROWS, bottom + 1 - offset), signal)
    signal.throwIfAborted()
    parts.push(tsv(rows.map((row) => row.slice(left, right + 1))))
  }
  return parts.join('\n')
}
