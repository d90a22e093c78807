/** One time that something was checked. */
export interface TrendPoint {
  /** Unique among the points. */
  key: string
  tone: 'ok' | 'warning' | 'error' | 'unknown'
  /** What the bar's height says, from zero; null for one that has no size and fills the chart. */
  value: number | null
  /** The exact figures. */
  title: string
}

/** px: what is not zero is seen, however small it is beside the largest. */
const smallest = { something: 4, nothing: 2 }

/** Heights of bars, px: in proportion to the largest value, which is as high as the chart. */
export function barsOf(points: readonly TrendPoint[], height: number): (TrendPoint & { height: number })[] {
  const largest = points.reduce((most, { value }) => Math.max(most, value ?? 0), 0)
  return points.map((point) => ({ ...point, height: barHeight(point.value, largest, height) }))
}

function barHeight(value: number | null, largest: number, height: number): number {
  if (value === null) return height
  if (value <= 0) return smallest.nothing
  return Math.max(smallest.something, Math.round((value / largest) * height))
}
