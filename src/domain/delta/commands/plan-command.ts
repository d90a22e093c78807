import type { Action, AddFile, CommitInfo, RemoveFile } from '@/domain/delta/actions'
import { checkpointInterval } from '@/domain/delta/checkpoint-properties'
import type { CommitContext, CommitPlan } from '@/domain/delta/plan-commit'
import type { Snapshot } from '@/domain/delta/snapshot'

/** What a command notes about itself in the log. Values as Delta's own writers write them: JSON as text, numbers as text. */
export type CommandInfo = Pick<CommitInfo, 'operation' | 'operationParameters' | 'operationMetrics'>

/**
 * The log entry of a command over the version that the snapshot is of. The text that says from what a version was built goes on
 * to the new one unless `userMetadata` says otherwise: a command does not change what the rows follow from.
 */
export function planCommand(
  snapshot: Snapshot,
  info: CommandInfo,
  actions: readonly Action[],
  { now, engineVersion, newId }: CommitContext,
  userMetadata: string | null = snapshot.userMetadata,
): CommitPlan {
  const commitInfo: CommitInfo = {
    timestamp: now,
    ...info,
    isBlindAppend: false,
    engineInfo: `Goldsmith/${engineVersion}`,
    txnId: newId(),
    ...(userMetadata === null ? {} : { userMetadata }),
  }
  return {
    readVersion: snapshot.version,
    actions: [{ commitInfo }, ...actions],
    checkpointInterval: checkpointInterval(snapshot.metaData.configuration),
  }
}

/** `dataChange` is false when the table's rows stay the same. */
export function removeFile(file: AddFile, now: number, dataChange: boolean): RemoveFile {
  return {
    path: file.path,
    deletionTimestamp: now,
    dataChange,
    extendedFileMetadata: true,
    partitionValues: file.partitionValues,
    size: file.size,
  }
}

/** Sizes of files, as OPTIMIZE's metrics have them. */
export interface FileSizes {
  min: number
  max: number
  avg: number
  totalFiles: number
  totalSize: number
}

export function fileSizes(files: readonly AddFile[]): FileSizes {
  const sizes = files.map(({ size }) => size)
  const totalSize = sizes.reduce((sum, size) => sum + size, 0)
  return {
    min: sizes.reduce((a, b) => Math.min(a, b), sizes[0] ?? 0),
    max: sizes.reduce((a, b) => Math.max(a, b), 0),
    avg: sizes.length === 0 ? 0 : Math.round(totalSize / sizes.length),
    totalFiles: sizes.length,
    totalSize,
  }
}
