import { heatmap } from '@/components/chart/heatmap'
import { type ChartOption, horizontalBars, type StackedSeries, stackedAreas } from '@/components/chart/options'
import { noSlot } from '@/components/chart/palette'
import { type TimeAxis, timeColumns, timeLines } from '@/components/chart/time-options'
import type { ChartColors } from '@/components/chart/use-chart-colors'
import { addDays, daysBetween, monthsBetween } from '@/domain/format/dates'
import { addDecimals, compareDecimals, type Decimal, decimalToNumber, zero } from '@/domain/format/decimal'
import { type ChartTile, type DimensionName, dimensions } from '@/store/dashboards/definition'
import { type DashboardFilter, nullKey } from '@/store/dashboards/filter'
import type { TileRow } from '@/store/dashboards/tile-model'
import { axisText, exactText, keyName, shortText } from './naming'

/** What a chart of a tile is drawn with. */
export interface TileDrawing {
  tile: ChartTile
  rows: TileRow[]
  filter: DashboardFilter
  /** Place in the palette of each value of the dimension that colours. */
  palette: Map<string | null, number>
  names: Map<string, string>
  /** Along the time axis, without gaps; empty where there is none. */
  times: string[]
  currency: string | null
  colors: ChartColors
  compact: boolean
}

/** A tile's chart, and which group each of its marks stands for. */
export interface DrawnTile {
  option: ChartOption
  /** Where lines end, for labels that keep apart. */
  ends?: number[]
  /** The row behind a mark by its index in its series. */
  marks: TileRow[]
  /** Keys of the series, where a whole series can be chosen. */
  series: Map<string, string | null>
  /** Said under the chart: what it leaves out. */
  omitted: string | null
}

/** Bars, and lines or areas, that a chart shows at most. */
export const barLimit = 12
const seriesLimit = 6

export function drawTile(drawing: TileDrawing): DrawnTile {
  switch (drawing.tile.mark.kind) {
    case 'bars':
      return drawBars(drawing, drawing.tile.mark)
    case 'columns':
      return drawColumns(drawing, drawing.tile.mark)
    case 'areas':
    case 'lines':
      return drawSeries(drawing, drawing.tile.mark)
    case 'heatmap':
      return drawHeatmap(drawing, drawing.tile.mark)
  }
}

type Mark<K extends ChartTile['mark']['kind']> = Extract<ChartTile['mark'], { kind: K }>

const noSeries = new Map<string, string | null>()

function drawBars(drawing: TileDrawing, { by, colored, label }: Mark<'bars'>): DrawnTile {
  const { tile, rows, filter, palette, names, currency, colors } = drawing
  const shown = rows.slice(0, barLimit)
  const [measure] = tile.measures
  const beside = label === undefined ? undefined : tile.measures[label]
  const items = shown.map((row) => {
    const [key = null] = row.keys
    const [value = null] = row.values
    const extra = beside && label !== undefined ? shortText(row.values[label] ?? null, beside.format) : ''
    return {
      name: keyName(by, key, names),
      value: value === null ? 0 : decimalToNumber(value),
      text: facts(drawing, row)
        .map(([name, text], place) => (place === 0 ? text : `${name} ${text}`))
        .join(' · '),
      label: [value === null ? '–' : barLabel(value, measure.format), extra].filter((text) => text !== '').join(' · '),
      ...(colored ? { color: palette.get(key) ?? noSlot } : {}),
    }
  })
  const selected = selectedKeys(filter, by).map((key) => keyName(by, key, names))
  const rest = rows.slice(barLimit)
  return {
    option: horizontalBars(items, selected, colors),
    // ECharts draws a category axis from the bottom.
    marks: shown.toReversed(),
    series: noSeries,
    omitted: rest.length === 0 ? null : `and ${rest.length} more${restSum(drawing, rest, currency)}`,
  }
}

function barLabel(value: Decimal, format: ChartTile['measures'][0]['format']): string {
  // Ratios such as LTV:CAC are read to their last digit.
  return format === 'number' ? exactText(value, format, null) : shortText(value, format)
}

/** Only sums add up. */
function restSum({ tile }: TileDrawing, rest: TileRow[], currency: string | null): string {
  const [{ expression, format }] = tile.measures
  if (expression.kind !== 'sum' && expression.kind !== 'count') return ''
  const sum = rest.reduce((total, { values }) => addDecimals(total, values[0] ?? zero), zero)
  return ` with ${exactText(sum, format, currency)}`
}

function drawColumns(drawing: TileDrawing, { x }: Mark<'columns'>): DrawnTile {
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

function drawSeries(drawing: TileDrawing, mark: Mark<'areas' | 'lines'>): DrawnTile {
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
  const series: StackedSeries[] = shown.map(([key, members]) => {
    const byTime = new Map(members.map((row) => [row.keys[0], row.values[0] ?? null]))
    return {
      name: by ? keyName(by, key, names) : measure.title,
      color: by ? (palette.get(key) ?? noSlot) : 0,
      points: axis.times.map((time) => {
        const value = byTime.get(time) ?? null
        if (value === null) return { value: stacked ? 0 : null, text: null }
        return { value: decimalToNumber(value), text: exactText(value, measure.format, currency) }
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
  return {
    option: stacked
      ? stackedAreas(axis.times, series, totals, colors, compact, axis.label)
      : timeLines(axis, series, colors, compact),
    ends,
    marks: [],
    series: by ? new Map(shown.map(([key]) => [keyName(by, key, names), key])) : noSeries,
    omitted: ranked.length > seriesLimit ? `the ${seriesLimit} largest of ${ranked.length}` : null,
  }
}

function drawHeatmap(drawing: TileDrawing, mark: Mark<'heatmap'>): DrawnTile {
  const { tile, rows, filter, colors } = drawing
  const axisOf = (dimension: DimensionName, place: number) => {
    const keys = [...new Set(rows.map((row) => row.keys[place] ?? null))]
    const numbers = keys.filter((key) => key !== null).map(Number)
    if (dimensions[dimension].kind !== 'number' || numbers.length === 0) return keys
    // Without gaps, in order.
    const first = Math.min(...numbers)
    return Array.from({ length: Math.max(...numbers) - first + 1 }, (_, index) => String(first + index))
  }
  const xs = axisOf(mark.x, 1)
  // Scores read upwards, time downwards.
  const ys = dimensions[mark.y].kind === 'number' ? axisOf(mark.y, 0).toReversed() : axisOf(mark.y, 0)
  const [measure] = tile.measures
  const chosenX = selectedKeys(filter, mark.x)
  const chosenY = selectedKeys(filter, mark.y)
  const marks = rows.filter(({ values }) => values[0] !== null)
  const cells = marks.map((row) => {
    const [yKey = null, xKey = null] = row.keys
    const [value = null] = row.values
    return {
      x: xs.indexOf(xKey),
      y: ys.indexOf(yKey),
      value: value === null ? 0 : decimalToNumber(value),
      label: shortText(value, measure.format).replace(' %', ''),
      title: `${dimensions[mark.y].title} ${keyName(mark.y, yKey)}, ${dimensions[mark.x].title.toLowerCase()} ${keyName(mark.x, xKey)}`,
      facts: facts(drawing, row),
      dimmed: !(isChosen(chosenX, xKey) && isChosen(chosenY, yKey)),
    }
  })
  return {
    option: heatmap(
      xs.map((key) => keyName(mark.x, key)),
      ys.map((key) => keyName(mark.y, key)),
      cells,
      colors,
      dimensions[mark.x].title,
    ),
    marks,
    series: noSeries,
    omitted: null,
  }
}

function facts({ tile, currency }: TileDrawing, { values }: TileRow): [string, string][] {
  return tile.measures.map(({ title, format }, place) => [title, exactText(values[place] ?? null, format, currency)])
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

/** Keys that the filter asks for; a NULL group is the text `nullKey`. */
function selectedKeys(filter: DashboardFilter, dimension: DimensionName): string[] {
  return Object.entries(filter.values).find(([name]) => name === dimension)?.[1] ?? []
}

function isChosen(chosen: string[], key: string | null): boolean {
  return chosen.length === 0 || chosen.includes(key ?? nullKey)
}
