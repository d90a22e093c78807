import type { AddFile } from '@/domain/delta/actions'
import { checkWritable } from '@/domain/delta/features'
import type { CommitContext, CommitPlan } from '@/domain/delta/plan-commit'
import type { Snapshot } from '@/domain/delta/snapshot'
import { planCommand, removeFile } from './plan-command'

/** What a DELETE found. Rows are null where whole files went without a look into them and do not say how many they have. */
export interface Deletion {
  /** Files that rows were deleted from. */
  removed: readonly AddFile[]
  /** What stays of them. */
  added: readonly AddFile[]
  deletedRows: number
  copiedRows: number
}

/** The log entry after which rows are gone. Throws `delta.append_only` and `delta.unsupported_feature`. */
export function planDelete(
  table: string,
  snapshot: Snapshot,
  { removed, added, deletedRows, copiedRows }: Deletion,
  predicate: string | null,
  context: CommitContext,
  userMetadata: string | null,
): CommitPlan {
  checkWritable(table, { ...snapshot, files: [...removed] }, snapshot.metaData.configuration)
  const bytes = (files: readonly AddFile[]) => String(files.reduce((sum, { size }) => sum + size, 0))
  const info = {
    operation: 'DELETE',
    operationParameters: { predicate: JSON.stringify(predicate === null ? [] : [predicate]) },
    operationMetrics: {
      numDeletedRows: String(deletedRows),
      numCopiedRows: String(copiedRows),
      numAddedFiles: String(added.length),
      numRemovedFiles: String(removed.length),
      numAddedBytes: bytes(added),
      numRemovedBytes: bytes(removed),
    },
  }
  const actions = [
    ...removed.map((file) => ({ remove: removeFile(file, context.now, true) })),
    ...added.map((add) => ({ add })),
  ]
  return planCommand(snapshot, info, actions, context, userMetadata)
}
