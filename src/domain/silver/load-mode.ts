/** What becomes of the rows that a table has when a file for it is loaded. */
import { formatCount, formatQuantity } from '@/domain/format/number'

/** `replace`: the file's rows are the table. `merge`: the file holds changes, and all other rows stay. */
export type LoadMode = 'replace' | 'merge'

/** How the last load of a table that had rows already went. */
export interface LastLoad {
  mode: LoadMode
  /** Paths of the files. */
  files: string[]
  /** Rows in the files. */
  rows: number
  /** Rows that the table had not had, whether their keys were new or not. Only after a merge. */
  inserted: number
  /** Rows that others took the place of. Only after a merge. */
  superseded: number
  /** Why the files were loaded in this way, as a sentence. */
  reason: string
  /** Whether the same files can be loaded in the other way now. */
  canSwitch: boolean
}

/** How a file's rows compare with those of the table that it is for. */
export interface BatchEvidence {
  table: string
  /** Rows of the file. */
  rows: number
  tableRows: number
  /** Rows whose key the table has, and that are newer than its newest row of that key. */
  newer: number
  /** Rows whose key the table has not, and that are no older than its newest row. */
  added: number
}

/** Above this share of the table's rows, a file is taken for the whole table. */
const MOST_ROWS = 0.3
/** The share of a file's rows that must be news for it to be taken for changes. */
const LEAST_NEWS = 0.8

/** Tells from the content whether a file is a table or changes to it, and why, as a sentence. */
export function modeByContent({ table, rows, tableRows, newer, added }: BatchEvidence): {
  mode: LoadMode
  reason: string
} {
  const news = newer + added
  const size = `${formatQuantity(rows, 'row')}, where ${table} had ${formatCount(tableRows)}`
  if (rows > tableRows * MOST_ROWS) return { mode: 'replace', reason: `It is a whole table: ${size}.` }
  if (news < rows * LEAST_NEWS) {
    const some = news === 0 ? 'none' : `only ${formatCount(news)}`
    return { mode: 'replace', reason: `It is another table: ${size}, ${some} of them newer.` }
  }
  const parts = [
    ...(newer > 0 ? [`${formatQuantity(newer, 'newer version')} of rows that were there`] : []),
    ...(added > 0 ? [formatQuantity(added, 'new row')] : []),
  ]
  return { mode: 'merge', reason: `It holds only changes: ${size}, of them ${parts.join(' and ')}.` }
}
