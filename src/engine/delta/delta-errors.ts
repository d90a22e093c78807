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

export function unknownVersion(path: string, version: number, latest: number): GoldsmithError {
  return new GoldsmithError({
    code: 'delta.unknown_version',
    message: `The table “${path}” has no version ${version}; it has versions 0 to ${latest}.`,
    remedy: 'Choose one of these versions.',
    file: path,
  })
}

export function logGap(path: string, missing: number, hasCheckpoint: boolean): GoldsmithError {
  const folder = `${path}/${logFolder}`
  if (hasCheckpoint) {
    return unsupportedFeature(
      'checkpoints',
      `The Delta table “${path}” cannot be read: its log before a checkpoint was cleaned up (version ${missing} is gone)`,
      'Give the whole log, from version 0, or load the table’s rows as plain Parquet.',
      folder,
    )
  }
  return new GoldsmithError({
    code: 'delta.missing_commit',
    message: `The log of the Delta table “${path}” has no entry for version ${missing}, though there are later ones.`,
    remedy: 'Restore the missing file of _delta_log from where the table came from, or rebuild the table.',
    file: folder,
  })
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
