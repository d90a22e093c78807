import { tombstoneRetention } from '@/domain/delta/checkpoint-properties'
import { logFolder } from '@/domain/delta/log-names'
import type { LogState } from '@/domain/delta/log-state'
import type { CommitContext, CommitPlan } from '@/domain/delta/plan-commit'
import type { Snapshot } from '@/domain/delta/snapshot'
import { GoldsmithError } from '@/domain/errors'
import { planCommand } from './plan-command'

const HOUR_MS = 3_600_000

/** The setting of Spark's that lets VACUUM keep files for less time than the table wants. */
export const RETENTION_CHECK = 'spark.databricks.delta.retentionDurationCheck.enabled'

export interface Retention {
  /** For how long files stay that no version needs, in milliseconds. */
  ms: number
  /** What the table's properties ask for. */
  defaultMs: number
  /** What the statement asks for. */
  specifiedMs: number | null
  isChecked: boolean
}

/**
 * How long VACUUM keeps what was removed. Throws `delta.retention_too_short` when the statement asks for less than the table's
 * properties, and the check is not off.
 */
export function vacuumRetention(
  table: string,
  configuration: Record<string, string>,
  retainHours: number | null,
  isChecked: boolean,
): Retention {
  const defaultMs = tombstoneRetention(configuration)
  const specifiedMs = retainHours === null ? null : retainHours * HOUR_MS
  if (specifiedMs !== null && specifiedMs < defaultMs && isChecked) {
    throw new GoldsmithError({
      code: 'delta.retention_too_short',
      message: `VACUUM of ${table} was to keep files for ${retainHours} hours, less than the ${defaultMs / HOUR_MS} that the table asks for: older versions, and readers in other tabs, may still need them.`,
      remedy: `Retain more, set delta.deletedFileRetentionDuration in TBLPROPERTIES, or set ${RETENTION_CHECK} to false in the pipeline's configuration.`,
    })
  }
  return { ms: specifiedMs ?? defaultMs, defaultMs, specifiedMs, isChecked }
}

/** A file in the table's folder. `modified` is null where the store does not tell. */
export interface StoredFile {
  /** Relative to the table's folder. */
  path: string
  size: number
  modified: number | null
}

/** Whether a path in a table's folder is one that VACUUM never touches: the log, and what is hidden by its name. */
export function isHidden(path: string): boolean {
  if (path.startsWith(`${logFolder}/`)) return true
  // A partition column may begin with an underscore.
  return path.split('/').some((segment) => /^[._]/.test(segment) && !segment.includes('='))
}

/**
 * The files that no version within the retention needs: removed ones whose time is up, and those that no entry names and that
 * are older than that. What is being written now, perhaps by another tab, is younger.
 */
export function planVacuum(
  files: readonly StoredFile[],
  { files: current, tombstones }: Pick<LogState, 'files' | 'tombstones'>,
  retention: Pick<Retention, 'ms'>,
  now: number,
): StoredFile[] {
  const before = now - retention.ms
  return files.filter(({ path, modified }) => {
    if (isHidden(path) || current.has(path)) return false
    const tombstone = tombstones.get(path)
    const since = tombstone === undefined ? modified : (tombstone.deletionTimestamp ?? 0)
    return since !== null && since < before
  })
}

/** The entries before and after the files are deleted; rows and versions stay. */
export function planVacuumStart(
  snapshot: Snapshot,
  deleted: readonly StoredFile[],
  { isChecked, defaultMs, specifiedMs }: Retention,
  context: CommitContext,
): CommitPlan {
  const info = {
    operation: 'VACUUM START',
    operationParameters: {
      retentionCheckEnabled: String(isChecked),
      defaultRetentionMillis: String(defaultMs),
      ...(specifiedMs === null ? {} : { specifiedRetentionMillis: String(specifiedMs) }),
    },
    operationMetrics: {
      numFilesToDelete: String(deleted.length),
      sizeOfDataToDelete: String(deleted.reduce((sum, { size }) => sum + size, 0)),
    },
  }
  return planCommand(snapshot, info, [], context)
}

export function planVacuumEnd(
  snapshot: Snapshot,
  { deletedFiles, folders, isCompleted }: { deletedFiles: number; folders: number; isCompleted: boolean },
  context: CommitContext,
): CommitPlan {
  const info = {
    operation: 'VACUUM END',
    operationParameters: { status: isCompleted ? 'COMPLETED' : 'FAILED' },
    operationMetrics: { numDeletedFiles: String(deletedFiles), numVacuumedDirectories: String(folders) },
  }
  return planCommand(snapshot, info, [], context)
}
