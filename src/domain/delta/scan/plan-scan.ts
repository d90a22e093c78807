import type { AddFile } from '@/domain/delta/actions'
import { recordCount } from '@/domain/delta/statistics'
import { couldMatch } from './could-match'
import { type BoundedTable, fileBounds } from './file-bounds'
import type { Predicate } from './predicate'

/** Which files a filter has to look into. */
export interface ScanPlan {
  read: AddFile[]
  skipped: AddFile[]
}

/** Files whose statistics and partition values prove that no row of them makes the predicate TRUE are skipped. */
export function planScan(files: readonly AddFile[], table: BoundedTable, predicate: Predicate): ScanPlan {
  const plan: ScanPlan = { read: [], skipped: [] }
  for (const file of files) (couldMatch(predicate, fileBounds(file, table)) ? plan.read : plan.skipped).push(file)
  return plan
}

/** Bytes of these files together. */
export function bytesOf(files: readonly AddFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}

/** Rows of these files together, as far as they say. */
export function rowsOf(files: readonly AddFile[]): number {
  return files.reduce((sum, { stats }) => sum + (recordCount(stats) ?? 0), 0)
}
