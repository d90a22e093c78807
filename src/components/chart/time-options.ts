import type { ChartOption } from './options'
import { tooltipFacts, tooltipLine, tooltipStyle, tooltipTitle } from './tooltip'
import type { ChartColors } from './use-chart-colors'

/** Points along time, and how they are written. */
export interface TimeAxis {
  /** ISO dates in order, without gaps. */
  times: string[]
  /** Short, for the axis. */
  label: (time: string) => string
  /** Short, for the other axis. */
  value: (value: number) => string
}

export interface LineSeries {
  name: string
  /** Place in the palette: see `paletteSlots`. */
  color: number
  /** One a time; null where there is none. Text is exact. */
  points: { value: number | null; text: string | null }[]
}

export interface Column {
  value: number | null
  /** Above the column; empty for none. */
  label: string
  /** Exact, for the tooltip. */
  facts: [name: string, value: string][]
}

/** One line a series, each named at its right end. A time without a value is a gap, not a zero. */
export function timeLines(axis: TimeAxis, series: LineSeries[], colors: ChartColors, compact: boolean): ChartOption {
  return {
    textStyle: { fontFamily: colors.font },
    grid: { left: 8, right: compact || series.length < 2 ? 14 : 96, top: 14, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      ...tooltipStyle(colors),
      formatter(parameters) {
        const index = (Array.isArray(parameters) ? parameters[0] : parameters)?.dataIndex ?? 0
        const lines = series.map(({ name, color, points }) =>
          tooltipLine(colors.series[color] ?? colors.muted, name, points[index]?.text ?? '–'),
        )
        return [tooltipTitle(axis.times[index] ?? ''), ...lines].join('')
      },
    },
    ...axes(axis, colors, false),
    series: series.map(({ name, color, points }) => {
      const stroke = colors.series[color] ?? colors.muted
      return {
        type: 'line',
        name,
        triggerLineEvent: true,
        data: points.map(({ value }, index) => ({ value, symbol: isAlone(points, index) ? 'circle' : 'none' })),
        symbolSize: 5,
        color: stroke,
        lineStyle: { width: 1.6 },
        emphasis: { disabled: true },
        endLabel: {
          show: !compact && series.length > 1,
          formatter: () => (name.length > 13 ? `${name.slice(0, 12)}…` : name),
          color: colors.seriesText[color] ?? colors.muted,
          fontWeight: 600,
          fontSize: 11,
          distance: 6,
        },
      }
    }),
  }
}

/** A point between gaps has no line that would show it. */
function isAlone(points: LineSeries['points'], index: number): boolean {
  const isGap = (at: number) => (points[at]?.value ?? null) === null
  return points.length === 1 || (isGap(index - 1) && isGap(index + 1))
}

/** One column a time, from zero; of chosen ones the others are dimmed. */
export function timeColumns(axis: TimeAxis, columns: Column[], selected: string[], colors: ChartColors): ChartOption {
  return {
    textStyle: { fontFamily: colors.font },
    grid: { left: 8, right: 12, top: 20, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: colors.muted, opacity: 0.08 } },
      ...tooltipStyle(colors),
      formatter(parameters) {
        const index = (Array.isArray(parameters) ? parameters[0] : parameters)?.dataIndex ?? 0
        return tooltipFacts(axis.times[index] ?? '', columns[index]?.facts ?? [])
      },
    },
    ...axes(axis, colors, true),
    series: [
      {
        type: 'bar',
        barMaxWidth: 36,
        cursor: 'pointer',
        color: colors.bar,
        itemStyle: { borderRadius: 2 },
        data: columns.map(({ value }, index) => ({
          value,
          itemStyle: { opacity: selected.length === 0 || selected.includes(axis.times[index] ?? '') ? 1 : 0.3 },
          label: { position: value !== null && value < 0 ? 'bottom' : 'top' },
        })),
        label: {
          show: true,
          color: colors.muted,
          fontSize: 11,
          opacity: 1,
          formatter: ({ dataIndex }) => columns[dataIndex]?.label ?? '',
        },
        labelLayout: { hideOverlap: true },
      },
    ],
  }
}

function axes({ times, label, value }: TimeAxis, colors: ChartColors, gap: boolean) {
  return {
    xAxis: {
      type: 'category' as const,
      data: times,
      boundaryGap: gap,
      axisLine: { lineStyle: { color: colors.line } },
      axisTick: { show: false },
      axisLabel: {
        color: colors.muted,
        fontSize: 11,
        formatter: label,
        hideOverlap: true,
      },
    },
    yAxis: {
      type: 'value' as const,
      splitLine: { lineStyle: { color: colors.line } },
      axisLabel: { color: colors.muted, fontSize: 11, formatter: value },
    },
  }
}
