/** Delta's own defaults. */
const defaultInterval = 10
const defaultRetention = 'interval 1 week'

/** Milliseconds; Delta allows no months or years here, since they have no fixed length. */
const units: Record<string, number> = {
  microsecond: 0.001,
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
}

/**
 * How many commits lie between checkpoints (`delta.checkpointInterval`). Null: none may be written, because the table's
 * properties ask for statistics in a form that Goldsmith does not write; readers need no checkpoint.
 */
export function checkpointInterval(configuration: Record<string, string>): number | null {
  const asks = (property: string, value: string) => configuration[property]?.toLowerCase() === value
  if (asks('delta.checkpoint.writeStatsAsJson', 'false') || asks('delta.checkpoint.writeStatsAsStruct', 'true'))
    return null
  const interval = Number(configuration['delta.checkpointInterval'] ?? defaultInterval)
  return Number.isSafeInteger(interval) && interval > 0 ? interval : defaultInterval
}

/** For how many milliseconds removed files stay in checkpoints (`delta.deletedFileRetentionDuration`). */
export function tombstoneRetention(configuration: Record<string, string>): number {
  const retention = configuration['delta.deletedFileRetentionDuration']
  return (retention === undefined ? null : milliseconds(retention)) ?? milliseconds(defaultRetention) ?? 0
}

/** `interval 30 days`, `interval 1 week 12 hours`; null for anything else. */
function milliseconds(interval: string): number | null {
  const text = interval
    .trim()
    .toLowerCase()
    .replace(/^interval\s+/, '')
  if (!/^\d+\s+[a-z]+(\s+\d+\s+[a-z]+)*$/.test(text)) return null
  let sum = 0
  for (const [, count, unit = ''] of text.matchAll(/(\d+)\s+([a-z]+)/g)) {
    const name = unit.replace(/s$/, '')
    const length = Object.hasOwn(units, name) ? units[name] : undefined
    if (length === undefined) return null
    sum += Number(count) * length
  }
  return sum
}
