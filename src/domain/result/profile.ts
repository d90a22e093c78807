/** What the values of a column are like. Values have the shapes that `Goldsmith.query` documents. */
export interface ColumnProfile {
  /** Place of the column in the result. */
  column: number
  rows: number
  nulls: number
  /** Different values, NULL not among them; an estimate (HyperLogLog) where counting them is too much. */
  distinct: { count: number; exact: boolean }
  /** Null where there is no value, or the type has no order that means something (nested values, bytes). */
  min: unknown
  max: unknown
  histogram: Histogram | null
  /** The most frequent values, the most frequent first; null where they were not counted. */
  top: { value: unknown; count: number }[] | null
}

/** Counts of finite values in bins of equal width along a column's axis. */
export interface Histogram {
  /** Numbers as they are, dates and timestamps in milliseconds since the epoch, UTC. */
  from: number
  to: number
  /** Each bin is one value (whole numbers, days): bin i is `from` and i steps more. */
  discrete: boolean
  counts: number[]
}

/** Where bin i of a histogram begins and ends; of a discrete one both are its value. */
export function binEdges({ from, to, discrete, counts }: Histogram, bin: number): [from: number, to: number] {
  if (discrete) {
    const step = counts.length > 1 ? (to - from) / (counts.length - 1) : 0
    return [from + bin * step, from + bin * step]
  }
  const width = (to - from) / counts.length
  return [from + bin * width, bin === counts.length - 1 ? to : from + (bin + 1) * width]
}
