/** Entries that the timeline keeps at most: it is there for looking, not for ever. */
const KEPT_ENTRIES = 5000

let kept = 0

/**
 * Puts a piece of work on the worker's User Timing timeline, where the browser's profiler and benchmarks find it: a statement
 * with its SQL, an append with its table.
 */
export async function measured<T>(kind: 'sql' | 'append', detail: string, running: Promise<T>): Promise<T> {
  const start = performance.now()
  try {
    return await running
  } finally {
    if (kept >= KEPT_ENTRIES) {
      performance.clearMeasures()
      kept = 0
    }
    kept += 1
    performance.measure(kind, { start, detail })
  }
}
