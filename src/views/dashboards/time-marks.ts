import { type StackedSeries, stackedAreas } from '@/components/chart/options'
import { noSlot, paletteSize } from '@/components/chart/palette'
import { type TimeAxis, timeColumns, timeLines } from '@/components/chart/time-options'
import { addDays, daysBetween, monthsBetween } from '@/domain/format/dates'
import { addDecimals, compareDecimals, type Decimal, decimalToNumber, zero } from '@/domain/format/decimal'
import { formatQuantity } from '@/domain/format/number'
import { type DimensionName, dimensions } from '@/store/dashboards/definition'
import type { DashboardFilter } from '@/store/dashboards/filter'
import type { TileRow } from '@/store/dashboards/tile-model'
import { type DrawnTile, facts, type Mark, noSeries, selectedKeys, type TileDrawing } from './drawing'
import { axisText, exactText, keyName, shortText } from './naming'

/** Lines or areas that a chart shows at most. */
const seriesLimit = paletteSize

/** One column a time; times without rows stay empty. */
export function drawColumns(drawing: TileDrawing, { x }: Mark<'columns'>): DrawnTile {
  const { tile, rows, filter, colors, compact } = drawing
  const axis = timeAxis(drawing, x)
  const byTime = new Map(rows.map((row) => [row.keys[0], row]))
  const [measure] = tile.measures
  const few = axis.times.length <= (compact ? 8 : 16)
  const columns = axis.times.map((time) => {
    const row = byTime.get(time)
    const value = row?.values[0] ?? null
    return {
      value: value === null ? null : decimalToNumber(value),
      label: few ? shortText(value, measure.format) : '',
      facts: row ? facts(drawing, row) : [],
    }
  })
  return {
    option: timeColumns(axis, columns, selectedKeys(filter, x), colors),
    marks: axis.times.map((time) => byTime.get(time) ?? { keys: [time], values: [] }),
    series: noSeries,
    omitted: null,
  }
}

/** One line or area a group, the largest first. */
export function drawSeries(drawing: TileDrawing, mark: Mark<'areas' | 'lines'>): DrawnTile {
  const { tile, rows, palette, names, currency, colors, compact } = drawing
  const axis = timeAxis(drawing, mark.x)
  const [measure] = tile.measures
  const { by } = mark
  const bySeries = new Map<string | null, TileRow[]>()
  for (const row of rows) {
    const key = row.keys[1] ?? null
    bySeries.set(key, [...(bySeries.get(key) ?? []), row])
  }
  const ranked = [...bySeries].sort(([, a], [, b]) => compareDecimals(total(b), total(a)))
  const shown = ranked.slice(0, seriesLimit)
  const stacked = mark.kind === 'areas'
  const most = mark.kind === 'lines' ? (mark.most ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY
  let beyond = 0
  const series: StackedSeries[] = shown.map(([key, members]) => {
    const byTime = new Map(members.map((row) => [row.keys[0], row.values[0] ?? null]))
    return {
      name: by ? keyName(by, key, names) : measure.title,
      color: by ? (palette.get(key) ?? noSlot) : 0,
      points: axis.times.map((time) => {
        const value = byTime.get(time) ?? null
        if (value === null) return { value: stacked ? 0 : null, text: null }
        const exact = decimalToNumber(value)
        if (exact > most) beyond++
        return { value: Math.min(exact, most), text: exactText(value, measure.format, currency) }
      }),
    }
  })
  let top = 0
  const ends = series.map(({ points }) => {
    const last = points.findLast(({ value }) => value !== null)?.value ?? 0
    top += last
    return stacked ? top : last
  })
  const totals = axis.times.map((time) => {
    const values = shown.flatMap(([, members]) => members.filter(({ keys }) => keys[0] === time))
    return exactText(total(values), measure.format, currency)
  })
  const omitted = [
    ...(ranked.length > seriesLimit ? [`the ${seriesLimit} largest of ${ranked.length}`] : []),
    ...(beyond > 0 ? [`${formatQuantity(beyond, 'value')} above ${axis.value(most)}, where the axis ends`] : []),
  ]
  return {
    option: stacked
      ? stackedAreas(axis.times, series, totals, colors, compact, axis.label)
      : timeLines(axis, series, colors, compact),
    ends,
    marks: [],
    series: by ? new Map(shown.map(([key]) => [keyName(by, key, names), key])) : noSeries,
    omitted: omitted.length > 0 ? omitted.join('; ') : null,
  }
}

function total(rows: TileRow[]): Decimal {
  return rows.reduce((sum, { values }) => addDecimals(sum, values[0] ?? zero), zero)
}

function timeAxis({ tile, times }: TileDrawing, x: DimensionName): TimeAxis {
  const [{ format }] = tile.measures
  const monthly = dimensions[x].kind === 'month' || times.length > 200 || spansYears(times)
  return {
    times,
    label: (time) => (monthly ? time.slice(0, 7) : time.slice(5)),
    value: (value) => axisText(value, format),
  }
}

function spansYears(times: string[]): boolean {
  const days = Date.parse(times.at(-1) ?? '') - Date.parse(times[0] ?? '')
  return days > 300 * 86_400_000
}

/** Every time from the first to the last of these, as far as the filter lets them through. */
export function timesOf(x: DimensionName, keys: (string | null)[], { from, to }: DashboardFilter): string[] {
  const known = keys.filter((key) => key !== null)
  const [first] = known
  const last = known.at(-1)
  if (first === undefined || last === undefined) return []
  return timesBetween(x, first, last).filter((time) => (from === null || time >= from) && (to === null || time <= to))
}

function timesBetween(x: DimensionName, first: string, last: string): string[] {
  switch (dimensions[x].kind) {
    case 'month':
      return monthsBetween(first, last)
    case 'week': {
      const weeks: string[] = []
      for (let week = first; week <= last; week = addDays(week, 7)) weeks.push(week)
      return weeks
    }
    case 'day':
      return daysBetween(first, last)
    case 'text':
    case 'number':
      return []
  }
}
