/** Bytes with decimal prefixes, as storage and network tools print them: 2507134 → "2.5 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB', 'PB']
  let value = bytes
  let unit = 'B'
  for (const next of units) {
    // 999.95 would print as "1000.0", so it already belongs to the next unit.
    if (value < 999.95) break
    value /= 1000
    unit = next
  }
  return `${value < 10 ? value.toFixed(1) : value < 99.95 ? value.toFixed(1) : Math.round(value)} ${unit}`
}

/** Milliseconds as a person says them: 84 → "84 ms", 7100 → "7.1 s", 125000 → "2 min 5 s". */
export function formatDuration(ms: number): string {
  if (ms < 1) return '< 1 ms'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Time since (or until) an instant, in its largest unit: "2 min ago", "just now". Both in milliseconds since the epoch. */
export function formatRelativeTime(instant: number, now: number): string {
  const distance = Math.abs(now - instant)
  const units: [number, string, string][] = [
    [86_400_000, 'day', 'days'],
    [3_600_000, 'h', 'h'],
    [60_000, 'min', 'min'],
  ]
  for (const [size, singular, plural] of units) {
    const count = Math.floor(distance / size)
    if (count >= 1) {
      const text = `${count} ${count === 1 ? singular : plural}`
      return instant <= now ? `${text} ago` : `in ${text}`
    }
  }
  return 'just now'
}
