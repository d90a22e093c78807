/**
 * How old a table may be, from its TBLPROPERTIES `sla_freshness_hours`, `_minutes` or `_seconds` and `refresh_sla_minutes`, and
 * how old it is. What cannot be told is unknown, which is never fresh.
 */
export type Freshness = 'fresh' | 'stale' | 'unknown'

export interface Sla {
  /** How old the table may be, ms; null when it does not say. */
  freshnessMs: number | null
  /** How long ago an update may have looked after it, ms; null when it does not say. */
  refreshMs: number | null
  /** Properties that promise something that cannot be read. */
  unreadable: string[]
}

/** What is known of a table's age; times in milliseconds since the epoch. */
export interface Ages {
  now: number
  /** When an update last built the table or found it up to date; null when none has. */
  refreshedAt: number | null
  /**
   * The latest change among the rows and the end of the business date that they were built for; null when the table has no
   * column that tells.
   */
  data: { changedAt: number | null; asOfEnd: number | null } | null
}

export interface FreshnessJudgement {
  /** Time since the last update that looked after the table, against the SLA of refreshing, else that of freshness. */
  refresh: Freshness
  /** Age of the newest row at the end of the business date, against the SLA of freshness; null where there is nothing to judge. */
  data: Freshness | null
  /** The worse of the two. */
  status: Freshness
}

const hour = 3_600_000
const LIMITS = [
  { property: 'sla_freshness_hours', kind: 'freshnessMs', unit: hour },
  { property: 'sla_freshness_minutes', kind: 'freshnessMs', unit: 60_000 },
  { property: 'sla_freshness_seconds', kind: 'freshnessMs', unit: 1000 },
  { property: 'refresh_sla_minutes', kind: 'refreshMs', unit: 60_000 },
] as const

/** What a table promises; of several properties for the same the strictest. Null when it promises nothing. */
export function slaOf(properties: Readonly<Record<string, string>>): Sla | null {
  const sla: Sla = { freshnessMs: null, refreshMs: null, unreadable: [] }
  for (const { property, kind, unit } of LIMITS) {
    const text = properties[property]?.trim()
    if (text === undefined || text === '') continue
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0
    if (value > 0) sla[kind] = Math.min(sla[kind] ?? Number.POSITIVE_INFINITY, value * unit)
    else sla.unreadable.push(property)
  }
  return sla.freshnessMs === null && sla.refreshMs === null && sla.unreadable.length === 0 ? null : sla
}

export function judgeFreshness(sla: Sla, { now, refreshedAt, data }: Ages): FreshnessJudgement {
  const refreshLimit = sla.refreshMs ?? sla.freshnessMs
  const refresh =
    refreshLimit === null ? 'unknown' : judgeAge(refreshedAt === null ? null : now - refreshedAt, refreshLimit)
  const judged = sla.freshnessMs === null || data === null ? null : judgeAge(dataAge(data), sla.freshnessMs)
  const verdicts = [refresh, judged, ...sla.unreadable.map(() => 'unknown' as const)]
  const status = verdicts.includes('stale') ? 'stale' : verdicts.includes('unknown') ? 'unknown' : 'fresh'
  return { refresh, data: judged, status }
}

/** How old the newest row was at the end of the business date, ms; null when either is not known. */
export function dataAge({ changedAt, asOfEnd }: NonNullable<Ages['data']>): number | null {
  // Rows of after the business date (a sample that goes further) are not older than it.
  return changedAt === null || asOfEnd === null ? null : Math.max(0, asOfEnd - changedAt)
}

/** The end of a business date, YYYY-MM-DD, ms since the epoch: the start of the next day in UTC. */
export function endOfDay(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) + 24 * hour
}

function judgeAge(age: number | null, limit: number): Freshness {
  if (age === null) return 'unknown'
  return age <= limit ? 'fresh' : 'stale'
}

export interface DataTimeColumns {
  names: string[]
  /** Whether the columns say when a row last changed, or only which day or period it is about: that is no age. */
  tells: 'change' | 'period'
}

/** Columns that say when a row last changed, by the convention of the Gold layer; the first that a table has. */
const CHANGE_COLUMNS = ['_computed_at', '_updated_at']

/**
 * Columns from which a table's data time is read: when rows last changed, else the dates of its key, else all its dates. Null for a
 * table without dates.
 */
export function dataTimeColumns(
  columns: readonly { name: string; type: string }[],
  key: readonly string[],
): DataTimeColumns | null {
  const changed = CHANGE_COLUMNS.flatMap((wanted) =>
    columns.filter(({ name, type }) => name.toLowerCase() === wanted && /^TIMESTAMP/i.test(type)),
  )
  const [first] = changed
  if (first) return { names: [first.name], tells: 'change' }
  const dates = columns.filter(({ type }) => /^(DATE|TIMESTAMP)/i.test(type)).map(({ name }) => name)
  const ofKey = dates.filter((name) => key.includes(name))
  const names = ofKey.length > 0 ? ofKey : dates
  return names.length === 0 ? null : { names, tells: 'period' }
}
