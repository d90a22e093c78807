import { addDecimals, type Decimal, decimalToNumber, decimalToString, parseDecimal } from '@/domain/format/decimal'
import { formatDouble, groupDigits } from '@/domain/format/number'
import { formatValue, singleLine, valueKind } from '@/domain/format/value'

/** Which columns (by place) a chart shows, and how. */
export interface ChartChoice {
  kind: 'line' | 'bar'
  x: number
  y: number
  series: number | null
}

export interface ChartData {
  categories: string[]
  /** The largest first. A point is null where there is no value. */
  series: { name: string; points: ({ value: number; text: string } | null)[] }[]
  /** Whether a point is the sum of several rows. */
  summed: boolean
  /** How many are too many to be told apart. */
  leftOut: { categories: number; series: number }
}

interface Column {
  name: string
  type: string
}

/** As many as the palette tells apart. */
export const mostSeries = 6
const mostBars = 40

/** What a result most likely wants to be seen as: a line over time, else bars by the first text; null without a number. */
export function guessChart(columns: readonly Column[]): ChartChoice | null {
  const places = [...columns.keys()]
  const kindOf = (place: number) => valueKind(columns[place]?.type ?? '')
  const time = places.find((place) => kindOf(place) === 'date' || kindOf(place) === 'timestamp')
  const texts = places.filter((place) => kindOf(place) === 'text' || kindOf(place) === 'boolean')
  const numbers = places.filter((place) => kindOf(place) === 'number')
  // A number that names a thing measures nothing.
  const measures = numbers.filter((place) => !/(^|_)(id|key|year|quarter|month)$/i.test(columns[place]?.name ?? ''))
  const x = time ?? texts[0] ?? numbers.find((place) => place !== measures[0]) ?? numbers[0]
  const y = measures.find((place) => place !== x) ?? numbers.find((place) => place !== x) ?? measures[0] ?? numbers[0]
  if (x === undefined || y === undefined) return null
  const series = time === undefined ? texts[1] : texts[0]
  return { kind: time === undefined ? 'bar' : 'line', x, y, series: series ?? null }
}

/** The points of a chart. Rows of the same place are summed, exactly where the type is exact; NULL adds nothing. */
export function chartData(
  rows: readonly (readonly unknown[])[],
  columns: readonly Column[],
  { kind, x, y, series }: ChartChoice,
): ChartData {
  const xType = columns[x]?.type ?? ''
  const yType = columns[y]?.type ?? ''
  const sums = new Map<string, Map<string, Sum>>()
  const order = new Map<string, unknown>()
  let summed = false
  for (const row of rows) {
    const value = row[y]
    const category = nameOf(row[x], xType)
    if (!order.has(category)) order.set(category, row[x])
    if (value === null || value === undefined) continue
    const name = series === null ? (columns[y]?.name ?? '') : nameOf(row[series], columns[series]?.type ?? '')
    const points = sums.get(name) ?? new Map<string, Sum>()
    sums.set(name, points)
    const before = points.get(category)
    summed ||= before !== undefined
    points.set(category, plus(before, value))
  }
  const categories = sortedCategories(order, xType)
  const shown = kind === 'bar' ? categories.slice(0, mostBars) : categories
  const bySize = [...sums].toSorted(([, a], [, b]) => sizeOf(b) - sizeOf(a))
  return {
    categories: shown,
    series: bySize.slice(0, mostSeries).map(([name, points]) => ({
      name,
      points: shown.map((category) => pointOf(points.get(category), yType)),
    })),
    summed,
    leftOut: { categories: categories.length - shown.length, series: Math.max(0, bySize.length - mostSeries) },
  }
}

/** Exact, or a floating point number where one was added. */
type Sum = Decimal | number

function plus(before: Sum | undefined, value: unknown): Sum {
  const added = parseDecimal(value) ?? Number(value)
  if (before === undefined) return added
  if (typeof before !== 'number' && typeof added !== 'number') return addDecimals(before, added)
  return numberOf(before) + numberOf(added)
}

function numberOf(sum: Sum): number {
  return typeof sum === 'number' ? sum : decimalToNumber(sum)
}

function sizeOf(points: Map<string, Sum>): number {
  return [...points.values()].reduce<number>((size, sum) => size + Math.abs(numberOf(sum)), 0)
}

function pointOf(sum: Sum | undefined, type: string): { value: number; text: string } | null {
  if (sum === undefined || !Number.isFinite(numberOf(sum))) return null
  if (typeof sum === 'number') return { value: sum, text: formatValue(sum, type) || formatDouble(sum) }
  return { value: decimalToNumber(sum), text: groupDigits(decimalToString(sum)) }
}

function nameOf(value: unknown, type: string): string {
  if (value === null || value === undefined) return 'NULL'
  return value === '' ? 'empty text' : singleLine(formatValue(value, type), 80)
}

/** Times and numbers in their order, anything else in that of the rows. */
function sortedCategories(order: ReadonlyMap<string, unknown>, type: string): string[] {
  const names = [...order.keys()]
  const kind = valueKind(type)
  if (kind === 'number') return names.toSorted((a, b) => Number(order.get(a)) - Number(order.get(b)))
  if (kind !== 'date' && kind !== 'timestamp') return names
  return names.toSorted((a, b) => (a < b ? -1 : 1))
}
