import type { Action, AddFile } from '@/domain/delta/actions'
import { checkWritable } from '@/domain/delta/features'
import type { TableMoment } from '@/domain/delta/moment'
import type { CommitContext, CommitPlan } from '@/domain/delta/plan-commit'
import type { Snapshot } from '@/domain/delta/snapshot'
import { planCommand, removeFile } from './plan-command'

/** How the files of a version become those of another. */
export interface RestoreChange {
  removed: AddFile[]
  restored: AddFile[]
}

export function restoreChange(now: Snapshot, target: Snapshot): RestoreChange {
  const without = (files: readonly AddFile[], others: readonly AddFile[]) => {
    const paths = new Set(others.map(({ path }) => path))
    return files.filter(({ path }) => !paths.has(path))
  }
  return { removed: without(now.files, target.files), restored: without(target.files, now.files) }
}

/** Named as in the log; the same numbers are the command's result. */
export function restoreMetrics(target: Snapshot, { removed, restored }: RestoreChange): Record<string, number> {
  const bytes = (files: readonly AddFile[]) => files.reduce((sum, { size }) => sum + size, 0)
  return {
    tableSizeAfterRestore: bytes(target.files),
    numOfFilesAfterRestore: target.files.length,
    numRemovedFiles: removed.length,
    numRestoredFiles: restored.length,
    removedFilesSize: bytes(removed),
    restoredFilesSize: bytes(restored),
  }
}

/**
 * The log entry after which the table is what it was at `target`, its definition included. Its protocol only ever rises. The new
 * version says that it was built from what that one was. Throws `delta.append_only` and `delta.unsupported_feature`.
 */
export function planRestore(
  table: string,
  now: Snapshot,
  target: Snapshot,
  moment: TableMoment,
  context: CommitContext,
): CommitPlan {
  const change = restoreChange(now, target)
  checkWritable(table, { ...now, files: change.removed }, now.metaData.configuration)
  const isTime = 'timestampMs' in moment
  const metrics = Object.entries(restoreMetrics(target, change)).map(([name, value]) => [name, String(value)])
  const info = {
    operation: 'RESTORE',
    operationParameters: {
      version: isTime ? null : target.version,
      timestamp: isTime ? new Date(moment.timestampMs).toISOString() : null,
    },
    operationMetrics: Object.fromEntries(metrics),
  }
  const isDefinedAlike = JSON.stringify(now.metaData) === JSON.stringify(target.metaData)
  const actions: Action[] = [
    ...(isDefinedAlike ? [] : [{ metaData: target.metaData }]),
    ...change.removed.map((file) => ({ remove: removeFile(file, context.now, true) })),
    ...change.restored.map((file) => ({ add: { ...file, dataChange: true } })),
  ]
  return planCommand(now, info, actions, context, target.userMetadata)
}
