const versionDigits = 20
const commitName = /^(\d{20})\.json$/
const checkpointName = /^\d{20}\.checkpoint(\.|$)/

/** The folder inside a table's folder that holds its log. */
export const logFolder = '_delta_log'

/** The name of a version's log entry inside `_delta_log`: 20 digits, zero-padded, `.json`. */
export function commitFileName(version: number): string {
  return `${String(version).padStart(versionDigits, '0')}.json`
}

/** The version that a file of `_delta_log` commits, or null for every other file (checkpoints, checksums, …). */
export function commitVersion(fileName: string): number | null {
  const digits = commitName.exec(fileName)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** Whether a file of `_delta_log` is (a part of) a checkpoint of any kind. */
export function isCheckpoint(fileName: string): boolean {
  return checkpointName.test(fileName)
}
