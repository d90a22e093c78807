/** A table as it was: at a version, or at the last one that there was at an instant (milliseconds since the epoch). */
export type TableMoment = { version: number } | { timestampMs: number }

/** The name under which a table's rows of a moment are queried: never one of a table, since those hold no @. */
export function momentName(table: string, moment: TableMoment): string {
  return 'version' in moment ? `${table}@v${moment.version}` : `${table}@t${moment.timestampMs}`
}

/** The instant of a timestamp literal, read as UTC; null when it is none. A date alone is its midnight. */
export function instantOf(text: string): number | null {
  const [, date, time = '00:00:00'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))?Z?$/.exec(text.trim()) ?? []
  if (date === undefined) return null
  const instant = Date.parse(`${date}T${time}Z`)
  return Number.isNaN(instant) ? null : instant
}
