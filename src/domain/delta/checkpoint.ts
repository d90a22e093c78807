import type { Action } from './actions'
import { tombstoneRetention } from './checkpoint-properties'
import { isJsonObject } from './field-reader'
import type { LogListing } from './log-listing'
import type { LogState } from './log-state'

/** The actions of a checkpoint: the state, and tombstones for as long as VACUUM may still want them. */
export function checkpointActions(state: LogState, now: number): Action[] {
  const { protocol, metaData, files, tombstones, transactions } = state
  const keptSince = now - tombstoneRetention(metaData.configuration)
  const kept = [...tombstones.values()].filter(({ deletionTimestamp }) => (deletionTimestamp ?? 0) > keptSince)
  return [
    { protocol },
    { metaData },
    ...[...transactions.values()].map((txn): Action => ({ txn })),
    ...kept.map((remove): Action => ({ remove })),
    ...[...files.values()].map((add): Action => ({ add })),
  ]
}

/**
 * Whether a checkpoint is to be written after the commit of `version`: at every multiple of the interval, and later when
 * the one that was due then is not there. `interval` null: never. `pointedTo` is the version in `_last_checkpoint`, which is
 * written last: a checkpoint that it does not point to may be a torn one.
 */
export function isCheckpointDue(
  { checkpoints }: LogListing,
  pointedTo: number | null,
  version: number,
  interval: number | null,
): boolean {
  const due = lastDue(version, interval)
  if (due === null) return false
  const written = checkpoints.find((checkpoint) => checkpoint.version === pointedTo)?.version ?? -1
  return written < due || written > version
}

/** The last version up to this one after which a checkpoint is due, or null. */
export function lastDue(version: number, interval: number | null): number | null {
  const due = interval === null ? 0 : version - (version % interval)
  return due > 0 ? due : null
}

/** The text of `_last_checkpoint`. */
export function formatLastCheckpoint(version: number, actions: readonly Action[], sizeInBytes: number): string {
  const numOfAddFiles = actions.filter((action) => 'add' in action).length
  return JSON.stringify({ version, size: actions.length, sizeInBytes, numOfAddFiles })
}

/** The version that the text of `_last_checkpoint` points to; null when it is damaged. It is a hint, so that is no error. */
export function parseLastCheckpoint(text: string): number | null {
  try {
    const parsed: unknown = JSON.parse(text)
    return isJsonObject(parsed) && typeof parsed.version === 'number' ? parsed.version : null
  } catch {
    return null
  }
}
