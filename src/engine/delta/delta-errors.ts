import { unsupportedFeature } from '@/domain/delta/log-error'
import { logFolder } from '@/domain/delta/log-names'
import { GoldsmithError } from '@/domain/errors'

const writeAgain = 'The table is unchanged. Run again; if it happens again, free storage or reload the page first.'

/** Another writer was faster, or the table went away. */
export function conflict(path: string, readVersion: number | null, latest: number | null): GoldsmithError {
  const said = (version: number | null) => (version === null ? 'no table' : `version ${version}`)
  return new GoldsmithError({
    code: 'delta.conflict',
    message: `The table “${path}” changed while it was being written: this update started from ${said(readVersion)}, now there is ${said(latest)}.`,
    remedy: 'Nothing of this update was stored in this table. Run again; keep one tab for running.',
    file: path,
  })
}

export function unknownVersion(path: string, version: number, oldest: number, latest: number): GoldsmithError {
  return new GoldsmithError({
    code: 'delta.unknown_version',
    message: `The table “${path}” has no version ${version}; it has versions ${oldest} to ${latest}.`,
    remedy: 'Choose one of these versions.',
    file: path,
  })
}

export function logGap(path: string, missing: number): GoldsmithError {
  return new GoldsmithError({
    code: 'delta.missing_commit',
    message: `The log of the Delta table “${path}” has no entry for version ${missing}, though there are later ones.`,
    remedy: 'Restore the missing file of _delta_log from where the table came from, or rebuild the table.',
    file: `${path}/${logFolder}`,
  })
}

/** `why` is a whole sentence. */
export function damagedCheckpoint(file: string, why: string): GoldsmithError {
  return new GoldsmithError({
    code: 'delta.damaged_checkpoint',
    message: `The checkpoint “${file}” cannot be read: ${why}`,
    remedy:
      'Restore this file, or the log entries that it stands for, from where the table came from, or rebuild the table.',
    file,
  })
}

export function incompleteCheckpoint(
  path: string,
  { version, parts, missing }: { version: number; parts: number; missing: number },
): GoldsmithError {
  const file = `${path}/${logFolder}`
  return new GoldsmithError({
    code: 'delta.damaged_checkpoint',
    message: `The checkpoint of version ${version} in “${file}” was written in ${parts} files, of which ${missing} ${missing === 1 ? 'is' : 'are'} missing.`,
    remedy:
      'Restore them, or the log entries that they stand for, from where the table came from, or rebuild the table.',
    file,
  })
}

export function unsupportedCheckpoint(path: string, version: number): GoldsmithError {
  return unsupportedFeature(
    'v2Checkpoint',
    `Version ${version} of the Delta table “${path}” cannot be read: its log before a checkpoint of the V2 kind was cleaned up`,
    'Write a checkpoint with the property delta.checkpointPolicy = classic, or load the table’s rows as plain Parquet.',
    `${path}/${logFolder}`,
  )
}

export function unexpectedSize(file: string, expected: number, actual: number): GoldsmithError {
  return new GoldsmithError({
    code: 'storage.torn_write',
    message: `“${file}” has ${actual} bytes in storage, but ${expected} were written.`,
    remedy: writeAgain,
    file,
  })
}

export function unexpectedRows(file: string, expected: number, actual: number): GoldsmithError {
  return new GoldsmithError({
    code: 'storage.row_count',
    message: `“${file}” has ${actual} rows in storage, but ${expected} were to be written.`,
    remedy: writeAgain,
    file,
  })
}

export function unexpectedColumns(file: string, problems: readonly string[]): GoldsmithError {
  return new GoldsmithError({
    code: 'storage.columns',
    message: `“${file}” does not have the table’s columns: ${problems.join('; ')}.`,
    remedy: writeAgain,
    file,
  })
}
