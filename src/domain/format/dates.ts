const isoDate = /^(\d{4})-(\d{2})-(\d{2})$/

/** True for a calendar date that exists, written YYYY-MM-DD. */
export function isIsoDate(text: string): boolean {
  const match = isoDate.exec(text)
  if (!match) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && toIsoDate(time) === text
}

/** The UTC date of an instant in milliseconds since the epoch. */
export function toIsoDate(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10)
}

/** The date `days` calendar days later (earlier when negative). */
export function addDays(date: string, days: number): string {
  return toIsoDate(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000)
}

/** Every calendar day from `first` to `last`, both included. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = []
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day)
  return days
}

/** The first day of each calendar month from that of `first` to that of `last`. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = []
  let [year = 0, month = 1] = first.split('-').map(Number)
  for (;;) {
    const start = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`
    if (start > last) return months
    months.push(start)
    if (month === 12) year += 1
    month = month === 12 ? 1 : month + 1
  }
}

/** A timestamp for reading, in UTC to the second: "2011-12-09 12:50:00". Text that is no ISO timestamp stays as it is. */
export function formatTimestamp(text: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d+)?(?:Z|\+00(?::?00)?)?$/.exec(text)
  if (!match) return text
  const fraction = (match[3] ?? '').replace(/\.?0+$/, '')
  return `${match[1]} ${match[2]}${fraction}`
}

/** An instant in milliseconds since the epoch for reading, in UTC to the second: "2011-12-09 12:50:00". */
export function formatInstant(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ')
}
