import { GoldsmithError } from '@/domain/errors'

/** Where in a log an entry stands, for messages. */
export interface LogPlace {
  file: string
  /** 1-based. */
  line: number
}

/** The error for a log entry that is not what PROTOCOL.md says. */
export function invalidLog(place: LogPlace, what: string): GoldsmithError {
  return new GoldsmithError({
    code: 'delta.invalid_log',
    message: `${place.file}, line ${place.line}: ${what}`,
    remedy: 'The table’s log is damaged. Restore this file from where the table came from, or rebuild the table.',
    file: place.file,
    line: place.line,
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
