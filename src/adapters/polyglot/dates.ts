import { Unsupported } from './nodes'

/** Spark's datetime pattern letters (Spark SQL reference, "Datetime Patterns") as strftime directives of DuckDB. */
const DIRECTIVES: Record<string, string> = {
  yyyy: '%Y',
  yy: '%y',
  MMMM: '%B',
  MMM: '%b',
  MM: '%m',
  M: '%-m',
  dd: '%d',
  d: '%-d',
  EEEE: '%A',
  EEE: '%a',
  E: '%a',
  DDD: '%j',
  HH: '%H',
  H: '%-H',
  hh: '%I',
  h: '%-I',
  mm: '%M',
  ss: '%S',
  SSS: '%g',
  SSSSSS: '%f',
  a: '%p',
}

/** A Spark datetime pattern as a strftime/strptime format. Throws Unsupported with the letters that have no counterpart. */
export function strftimeFormat(pattern: string): string {
  let format = ''
  const parts = pattern.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'/g)
  for (const part of parts) {
    const [text, quoted, letter] = part
    if (quoted !== undefined) format += escapePercent(quoted === '' ? "'" : quoted.replaceAll("''", "'"))
    else if (letter === undefined) format += escapePercent(text)
    else {
      const directive = DIRECTIVES[text]
      if (directive === undefined) {
        throw new Unsupported(
          'sql.unsupported_pattern',
          `The datetime pattern '${pattern}' has '${text}', which is not supported here`,
          `Supported are ${Object.keys(DIRECTIVES).join(', ')} and text in quotes.`,
          pattern,
        )
      }
      format += directive
    }
  }
  return format
}

function escapePercent(text: string): string {
  return text.replaceAll('%', '%%')
}

/** Units of date_trunc and trunc by Spark's spellings, as DuckDB's. */
export const TRUNCATION_UNITS: Record<string, string> = {
  YEAR: 'year',
  YYYY: 'year',
  YY: 'year',
  QUARTER: 'quarter',
  MONTH: 'month',
  MM: 'month',
  MON: 'month',
  WEEK: 'week',
  DAY: 'day',
  DD: 'day',
  HOUR: 'hour',
  MINUTE: 'minute',
  SECOND: 'second',
}

/**
 * Fields of extract and date_part. Spark's day of week runs from Sunday = 1, its ISO one from Monday = 1; DuckDB's dayofweek
 * from Sunday = 0. WEEK is the ISO week in both.
 */
export function extractField(field: string, date: string): string | null {
  const number = (text: string) => `CAST(${text} AS INTEGER)`
  switch (field.toUpperCase()) {
    case 'YEAR':
    case 'Y':
    case 'YEARS':
      return number(`year(${date})`)
    case 'YEAROFWEEK':
      return number(`isoyear(${date})`)
    case 'QUARTER':
    case 'QTR':
      return number(`quarter(${date})`)
    case 'MONTH':
    case 'MON':
    case 'MONTHS':
      return number(`month(${date})`)
    case 'WEEK':
    case 'W':
    case 'WEEKS':
      return number(`weekofyear(${date})`)
    case 'DAY':
    case 'D':
    case 'DAYS':
      return number(`day(${date})`)
    case 'DAYOFWEEK':
    case 'DOW':
      return `(${number(`dayofweek(${date})`)} + 1)`
    case 'DAYOFWEEK_ISO':
    case 'DOW_ISO':
      return number(`isodow(${date})`)
    case 'DAYOFYEAR':
    case 'DOY':
      return number(`dayofyear(${date})`)
    case 'HOUR':
    case 'HOURS':
      return number(`hour(${date})`)
    case 'MINUTE':
    case 'MINUTES':
      return number(`minute(${date})`)
    default:
      return null
  }
}
