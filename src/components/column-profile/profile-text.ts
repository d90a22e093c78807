import { formatCompact, formatCount, formatDouble } from '@/domain/format/number'
import { formatValue, singleLine, valueKind } from '@/domain/format/value'
import { binEdges, type ColumnProfile, type Histogram } from '@/domain/result/profile'

/** A value of a profile on one line. */
export function valueText(value: unknown, type: string, length = 60): string {
  if (value === null || value === undefined) return ''
  return value === '' ? 'empty text' : singleLine(formatValue(value, type), length)
}

/** "4,338", or "≈ 4,338" for an estimate. */
export function distinctText({ count, exact }: ColumnProfile['distinct']): string {
  return exact ? formatCount(count) : `≈ ${formatCount(count)}`
}

/** The share of NULLs: "0", "0.03 %", "< 0.01 %". No share that is not nothing reads as nothing, and none that is not all as all. */
export function nullShare({ nulls, rows }: Pick<ColumnProfile, 'nulls' | 'rows'>): string {
  if (nulls === 0) return '0'
  if (nulls === rows) return '100 %'
  const percent = (nulls / rows) * 100
  if (percent < 0.01) return '< 0.01 %'
  if (percent > 99.99) return '> 99.99 %'
  return `${percent.toFixed(percent < 10 ? 2 : 1)} %`
}

/** What a bin counts: "1,204 from 10 to 20". */
export function binText(histogram: Histogram, bin: number, type: string): string {
  const [from, to] = binEdges(histogram, bin).map((edge) => axisText(edge, type))
  const count = formatCount(histogram.counts[bin] ?? 0)
  return histogram.discrete ? `${from}: ${count}` : `${from} to ${to}: ${count}`
}

/** A place on the axis of a histogram. */
function axisText(place: number, type: string): string {
  const kind = valueKind(type)
  if (kind === 'date' || kind === 'timestamp') {
    const date = new Date(place)
    if (Number.isNaN(date.getTime())) return formatDouble(place)
    return date
      .toISOString()
      .slice(0, kind === 'date' ? 10 : 16)
      .replace('T', ' ')
  }
  return Math.abs(place) >= 1e6 ? formatCompact(place) : formatDouble(Number(place.toPrecision(4)))
}
