import type { ErrorData } from '@/domain/automation'
import type { Arrangement } from '@/domain/result/arrangement'
import type { ColumnProfile } from '@/domain/result/profile'

export interface GridColumn {
  name: string
  /** SQL type as DuckDB prints it. */
  type: string
  /** Personal data that the reader has not asked for: its values do not reach the grid. */
  masked?: boolean
}

/** How whoever has the rows sorts, filters and counts them. Columns are meant by their place in the grid. */
export interface Arranging {
  /** What was asked for; the rows follow when they are ready. */
  arrangement: Arrangement
  /** Rows without any filter. */
  allRows: number
  busy: boolean
  /** Why the rows are not arranged as was asked. */
  error: ErrorData | null
  onArrange(arrangement: Arrangement): void
  /** Must be the same function as long as the rows are the same. */
  profile(column: number, signal: AbortSignal): Promise<ColumnProfile>
}
