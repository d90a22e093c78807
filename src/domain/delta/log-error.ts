import { GoldsmithError } from '@/domain/errors'

/** Where in a log an entry stands, for messages; 1-based. */
export type LogPlace = { file: string; line: number } | { file: string; row: number }

/** The error for a log entry that is not what PROTOCOL.md says. */
export function invalidLog(place: LogPlace, what: string): GoldsmithError {
  const inText = 'line' in place
  return new GoldsmithError({
    code: 'delta.invalid_log',
    message: `${place.file}, ${inText ? `line ${place.line}` : `row ${place.row}`}: ${what}`,
    remedy: 'The table’s log is damaged. Restore this file from where the table came from, or rebuild the table.',
    file: place.file,
    ...(inText ? { line: place.line } : {}),
  })
}

/** The error for a table that needs a feature of the Delta protocol that Goldsmith does not have. */
export function unsupportedFeature(feature: string, message: string, remedy: string, file?: string): GoldsmithError {
  return new GoldsmithError({
    code: 'delta.unsupported_feature',
    message: `${message} (feature “${feature}”).`,
    remedy,
    ...(file === undefined ? {} : { file }),
  })
}
