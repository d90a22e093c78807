/** Functions of one row, by their Spark names: how each is said in DuckDB so that the values are Spark's. */
import { quoteLiteral } from '@/domain/sql/quote'
import { extractField, strftimeFormat, TRUNCATION_UNITS } from './dates'
import { allArgs, type FunctionCall, type FunctionDefinition, MANY, same, scalar } from './definitions'
import { integerLiteral, stringLiteral, Unsupported } from './nodes'
import { currentDate, currentTimestamp } from './now'
import { printRound } from './rounding'
import { checkedPattern, printSequence } from './specials'

function datePart(field: string): FunctionDefinition {
  return scalar(1, 1, (call) => extractField(field, call.arg(0)) ?? '')
}

function truncated(call: FunctionCall, unit: unknown, date: string): string {
  const text = stringLiteral(unit)
  const known = text === null ? undefined : TRUNCATION_UNITS[text.toUpperCase()]
  if (known === undefined) {
    throw new Unsupported(
      'sql.unsupported_unit',
      `${call.name} with the unit ${text === null ? 'of an expression' : `'${text}'`} is not supported here`,
      `Write one of ${Object.keys(TRUNCATION_UNITS).join(', ')} as a string.`,
      call.name,
    )
  }
  return `date_trunc('${known}', ${date})`
}

function formatArg(call: FunctionCall, index: number): string {
  const pattern = stringLiteral(call.args[index])
  if (pattern === null) {
    throw new Unsupported(
      'sql.unsupported_pattern',
      `${call.name} needs its pattern as a string literal`,
      'Write the pattern in quotes.',
      call.name,
    )
  }
  return quoteLiteral(strftimeFormat(pattern))
}

function printSha2(call: FunctionCall): string {
  const bits = integerLiteral(call.args[1])
  if (bits !== 256 && bits !== 0) {
    throw new Unsupported(
      'sql.unsupported_function',
      'sha2 is supported with 256 bits only',
      'Write sha2(x, 256).',
      'sha2',
    )
  }
  return `sha256(${call.arg(0)})`
}

/** Hexadecimal digits to decimal ones; Spark's conv knows more bases. */
function printConversion(call: FunctionCall): string {
  if (integerLiteral(call.args[1]) !== 16 || integerLiteral(call.args[2]) !== 10) {
    throw new Unsupported(
      'sql.unsupported_function',
      'conv is supported from 16 to 10 only',
      'Write conv(x, 16, 10).',
      'conv',
    )
  }
  return `CAST(CAST('0x' || ${call.arg(0)} AS UBIGINT) AS VARCHAR)`
}

/** Spark writes groups of the replacement as $1, DuckDB as \1. */
function printRegexpReplace(call: FunctionCall): string {
  const replacement = stringLiteral(call.args[2])
  if (replacement === null) {
    throw new Unsupported(
      'sql.unsupported_pattern',
      'regexp_replace needs its replacement as a string literal',
      'Write it in quotes.',
      call.name,
    )
  }
  const groups = replacement.replaceAll(/\\(.)|\$(\d)/g, (_, escaped: string | undefined, group: string | undefined) =>
    escaped === undefined ? `\\${group}` : escaped === '\\' ? '\\\\' : escaped,
  )
  return `regexp_replace(${call.arg(0)}, ${checkedPattern(call, 1)}, ${quoteLiteral(groups)}, 'g')`
}

const NUMBERS: Record<string, FunctionDefinition> = {
  abs: same('abs', 1),
  ceil: scalar(1, 1, (call) => `CAST(ceil(${call.arg(0)}) AS BIGINT)`),
  ceiling: scalar(1, 1, (call) => `CAST(ceil(${call.arg(0)}) AS BIGINT)`),
  div: scalar(2, 2, (call) => `integer_quotient(${allArgs(call)})`),
  exp: same('exp', 1),
  floor: scalar(1, 1, (call) => `CAST(floor(${call.arg(0)}) AS BIGINT)`),
  greatest: same('greatest', 2, MANY),
  least: same('least', 2, MANY),
  ln: scalar(1, 1, (call) => `natural_logarithm(${call.arg(0)})`),
  mod: scalar(2, 2, (call) => `remainder_of(${allArgs(call)})`),
  pow: scalar(2, 2, (call) => `pow(${allArgs(call)})`),
  power: scalar(2, 2, (call) => `pow(${allArgs(call)})`),
  round: scalar(1, 2, (call) => {
    const digits = call.args.length === 2 ? integerLiteral(call.args[1]) : 0
    if (digits === null) {
      throw new Unsupported(
        'sql.unsupported_function',
        'round needs its number of digits as an integer literal',
        'Write the number of digits.',
        'round',
      )
    }
    return printRound(call.args[0], digits, call.t)
  }),
  sign: scalar(1, 1, (call) => `CAST(sign(${call.arg(0)}) AS DOUBLE)`),
  sqrt: scalar(1, 1, (call) => `square_root(${call.arg(0)})`),
  try_divide: scalar(2, 2, (call) => `(${call.arg(0)} / nullif(${call.arg(1)}, 0))`),
}

const CONDITIONS: Record<string, FunctionDefinition> = {
  coalesce: same('coalesce', 1, MANY),
  if: scalar(3, 3, (call) => `CASE WHEN ${call.arg(0)} THEN ${call.arg(1)} ELSE ${call.arg(2)} END`),
  ifnull: same('coalesce', 2),
  isnotnull: scalar(1, 1, (call) => `(${call.arg(0)} IS NOT NULL)`),
  isnull: scalar(1, 1, (call) => `(${call.arg(0)} IS NULL)`),
  nullif: same('nullif', 2),
  nvl: same('coalesce', 2),
  nvl2: scalar(3, 3, (call) => `CASE WHEN ${call.arg(0)} IS NOT NULL THEN ${call.arg(1)} ELSE ${call.arg(2)} END`),
}

const DATES: Record<string, FunctionDefinition> = {
  add_months: scalar(2, 2, (call) => `CAST(CAST(${call.arg(0)} AS DATE) + to_months(${call.arg(1)}) AS DATE)`),
  curdate: scalar(0, 0, (call) => currentDate(call.t)),
  current_date: scalar(0, 0, (call) => currentDate(call.t)),
  current_timestamp: scalar(0, 0, (call) => currentTimestamp(call.t)),
  date: scalar(1, 1, (call) => `CAST(${call.arg(0)} AS DATE)`),
  date_add: scalar(2, 2, (call) => `(CAST(${call.arg(0)} AS DATE) + CAST(${call.arg(1)} AS INTEGER))`),
  date_diff: scalar(2, 2, (call) => `CAST(CAST(${call.arg(0)} AS DATE) - CAST(${call.arg(1)} AS DATE) AS INTEGER)`),
  date_format: scalar(2, 2, (call) => `strftime(${call.arg(0)}, ${formatArg(call, 1)})`),
  date_part: scalar(2, 2, (call) => {
    const field = stringLiteral(call.args[0])
    const text = field === null ? null : extractField(field, call.arg(1))
    if (text !== null) return text
    throw new Unsupported(
      'sql.unsupported_unit',
      'date_part with this field is not supported here',
      'Use extract.',
      call.name,
    )
  }),
  date_sub: scalar(2, 2, (call) => `(CAST(${call.arg(0)} AS DATE) - CAST(${call.arg(1)} AS INTEGER))`),
  date_trunc: scalar(2, 2, (call) => `CAST(${truncated(call, call.args[0], call.arg(1))} AS TIMESTAMP)`),
  datediff: scalar(2, 2, (call) => `CAST(CAST(${call.arg(0)} AS DATE) - CAST(${call.arg(1)} AS DATE) AS INTEGER)`),
  day: datePart('DAY'),
  dayofmonth: datePart('DAY'),
  dayofweek: datePart('DAYOFWEEK'),
  dayofyear: datePart('DOY'),
  hour: datePart('HOUR'),
  last_day: scalar(1, 1, (call) => `last_day(CAST(${call.arg(0)} AS DATE))`),
  make_date: scalar(3, 3, (call) => `make_date(${allArgs(call)})`),
  minute: datePart('MINUTE'),
  month: datePart('MONTH'),
  now: scalar(0, 0, (call) => currentTimestamp(call.t)),
  quarter: datePart('QUARTER'),
  to_date: scalar(1, 2, (call) =>
    call.args.length === 1
      ? `CAST(${call.arg(0)} AS DATE)`
      : `CAST(strptime(${call.arg(0)}, ${formatArg(call, 1)}) AS DATE)`,
  ),
  to_timestamp: scalar(1, 2, (call) =>
    call.args.length === 1 ? `CAST(${call.arg(0)} AS TIMESTAMP)` : `strptime(${call.arg(0)}, ${formatArg(call, 1)})`,
  ),
  trunc: scalar(2, 2, (call) => `CAST(${truncated(call, call.args[1], `CAST(${call.arg(0)} AS DATE)`)} AS DATE)`),
  weekday: scalar(1, 1, (call) => `(CAST(isodow(${call.arg(0)}) AS INTEGER) - 1)`),
  weekofyear: datePart('WEEK'),
  year: datePart('YEAR'),
}

const STRINGS: Record<string, FunctionDefinition> = {
  char_length: same('length', 1),
  concat: scalar(1, MANY, (call) =>
    call.args.length === 1 ? call.arg(0) : `(${call.args.map((_, index) => call.arg(index)).join(' || ')})`,
  ),
  concat_ws: same('concat_ws', 2, MANY),
  contains: same('contains', 2),
  conv: scalar(3, 3, printConversion),
  left: scalar(2, 2, (call) => `substring(${call.arg(0)}, 1, greatest(0, ${call.arg(1)}))`),
  length: same('length', 1),
  lower: same('lower', 1),
  lpad: same('lpad', 3),
  ltrim: same('ltrim', 1, 2),
  md5: same('md5', 1),
  regexp_extract: scalar(2, 3, (call) => {
    const group = call.args.length === 3 ? call.arg(2) : '1'
    return `regexp_extract(${call.arg(0)}, ${checkedPattern(call, 1)}, ${group})`
  }),
  regexp_like: scalar(2, 2, (call) => `regexp_matches(${call.arg(0)}, ${checkedPattern(call, 1)})`),
  regexp_replace: scalar(3, 3, printRegexpReplace),
  replace: same('replace', 3),
  reverse: same('reverse', 1),
  right: scalar(2, 2, (call) => `right(${call.arg(0)}, greatest(0, ${call.arg(1)}))`),
  rpad: same('rpad', 3),
  rtrim: same('rtrim', 1, 2),
  sha2: scalar(2, 2, printSha2),
  startswith: same('starts_with', 2),
  substr: scalar(2, 3, (call) => `substring_of(${allArgs(call)})`),
  substring: scalar(2, 3, (call) => `substring_of(${allArgs(call)})`),
  trim: same('trim', 1, 2),
  upper: same('upper', 1),
}

const ARRAYS: Record<string, FunctionDefinition> = {
  array: scalar(0, MANY, (call) => `[${allArgs(call)}]`),
  array_contains: same('list_contains', 2),
  array_size: scalar(1, 1, (call) => `CAST(len(${call.arg(0)}) AS INTEGER)`),
  sequence: scalar(2, 3, printSequence),
  size: scalar(1, 1, (call) => `CAST(len(${call.arg(0)}) AS INTEGER)`),
}

export const SCALARS: Record<string, FunctionDefinition> = {
  ...NUMBERS,
  ...CONDITIONS,
  ...DATES,
  ...STRINGS,
  ...ARRAYS,
}
