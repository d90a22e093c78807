const MICROSECONDS_PER_DAY = 86_400_000_000n
const MICROSECONDS_PER_SECOND = 1_000_000n
/** DuckDB's infinite dates (days) and timestamps (microseconds). */
const INFINITE_DAYS = 2_147_483_647
const INFINITE_MICROSECONDS = 9_223_372_036_854_775_807n

/**
 * A count of days since 1970-01-01 as YYYY-MM-DD. DuckDB knows dates that JavaScript's Date does not, and spells them as here:
 * `10000-01-01`, `0044-03-15 (BC)`, `infinity`.
 */
export function dateText(days: number): string {
  if (Math.abs(days) >= INFINITE_DAYS) return days > 0 ? 'infinity' : '-infinity'
  const { year, month, day } = civilDate(days)
  const text = `${padded(year > 0 ? year : 1 - year, 4)}-${padded(month, 2)}-${padded(day, 2)}`
  return year > 0 ? text : `${text} (BC)`
}

/** Microseconds since 1970-01-01 UTC as ISO 8601 with microseconds; what is infinite as `dateText` has it. */
export function timestampText(microseconds: bigint): string {
  if (microseconds >= INFINITE_MICROSECONDS) return 'infinity'
  if (microseconds <= -INFINITE_MICROSECONDS) return '-infinity'
  const inDay = ((microseconds % MICROSECONDS_PER_DAY) + MICROSECONDS_PER_DAY) % MICROSECONDS_PER_DAY
  const [date = '', era] = dateText(Number((microseconds - inDay) / MICROSECONDS_PER_DAY)).split(' ')
  return `${date}T${timeText(inDay)}Z${era === undefined ? '' : ` ${era}`}`
}

/** Microseconds since midnight as HH:MM:SS.ffffff. */
export function timeText(microseconds: bigint): string {
  const seconds = Number(microseconds / MICROSECONDS_PER_SECOND)
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return `${parts.map((part) => padded(part, 2)).join(':')}.${padded(Number(microseconds % MICROSECONDS_PER_SECOND), 6)}`
}

function padded(value: number, length: number): string {
  return String(value).padStart(length, '0')
}

/** The proleptic Gregorian date of a day (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days). */
function civilDate(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}
