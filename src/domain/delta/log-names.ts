const versionDigits = 20
const commitName = /^(\d{20})\.json$/
const checkpointName = /^(\d{20})\.checkpoint\.(?:parquet|(\d{10})\.(\d{10})\.parquet|[^.]+\.(?:parquet|json))$/

/** The folder inside a table's folder that holds its log. */
export const logFolder = '_delta_log'

/** The file of `_delta_log` that points readers to a recent checkpoint. */
export const lastCheckpointName = '_last_checkpoint'

/**
 * What the name of a checkpoint's file says. `classic`: the whole checkpoint; `part`: one of `parts` files (1-based);
 * `v2`: named after a UUID, possibly with more files in `_sidecars`.
 */
export type CheckpointName =
  | { kind: 'classic' | 'v2'; version: number }
  | { kind: 'part'; version: number; part: number; parts: number }

/** The name of a version's log entry inside `_delta_log`: 20 digits, zero-padded, `.json`. */
export function commitFileName(version: number): string {
  return `${digitsOf(version)}.json`
}

/** The name of a version's checkpoint when it is one file. */
export function checkpointFileName(version: number): string {
  return `${digitsOf(version)}.checkpoint.parquet`
}

/** The version that a file of `_delta_log` commits, or null for every other file (checkpoints, checksums, …). */
export function commitVersion(fileName: string): number | null {
  const digits = commitName.exec(fileName)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** What a file of `_delta_log` is, if it is (a part of) a checkpoint of any kind; else null. */
export function parseCheckpointName(fileName: string): CheckpointName | null {
  const match = checkpointName.exec(fileName)
  if (match === null) return null
  const version = Number(match[1])
  if (match[2] !== undefined) return { kind: 'part', version, part: Number(match[2]), parts: Number(match[3]) }
  return { kind: fileName === checkpointFileName(version) ? 'classic' : 'v2', version }
}

function digitsOf(version: number): string {
  return String(version).padStart(versionDigits, '0')
}
