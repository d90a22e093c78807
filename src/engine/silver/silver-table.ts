import type { ErrorData } from '@/domain/automation'
import type { LastLoad } from '@/domain/silver/load-mode'

/** A Silver table that is loaded, and what is known of it. */
export interface SilverTable {
  name: string
  files: { path: string; rows: number; bytes: number }[]
  rows: number
  bytes: number
  /** The Delta table that the rows came from: its folder and the version that was read; null for other rows. */
  delta: { folder: string; version: number } | null
  /** How the last files came to those that were there; null when there were none. */
  lastLoad: LastLoad | null
  /** Lower-case names of all columns that the files have, read or not. */
  available: string[]
  /** Columns read, in the contract's order. */
  columns: { name: string; type: string }[]
  dateRange: { column: string; min: string; max: string } | null
  /** Changes exactly when the rows or the columns change, whatever files they came in. */
  fingerprint: string
}

/** The last attempt to load a table that failed, shown until a load succeeds. */
export interface SilverFailure {
  files: { path: string; rows: number; bytes: number }[]
  problems: ErrorData[]
}
