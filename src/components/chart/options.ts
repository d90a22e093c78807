import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts'
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components'
import type { ComposeOption } from 'echarts/core'
import { formatCompact } from '@/domain/format/number'
import type { ChartColors } from './use-chart-colors'

export type ChartOption = ComposeOption<
  LineSeriesOption | BarSeriesOption | GridComponentOption | TooltipComponentOption
>

export interface StackedSeries {
  name: string
  /** Place in the palette: see `paletteSlots`. */
  color: number
  /** One position a day (null where no data is known), and the exact text for the tooltip; null text where there was nothing. */
  points: { value: number | null; text: string | null }[]
}

export interface BarItem {
  name: string
  value: number
  /** Exact, for the tooltip. */
  text: string
  /** Stands at the bar's end. */
  label: string
}

/** Names and values come from files: as text they are harmless, as tooltip HTML they would not be. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** Days along x, one area a series, stacked from zero, each named at its right end. */
export function stackedAreas(
  days: string[],
  series: StackedSeries[],
  totals: string[],
  colors: ChartColors,
  compact: boolean,
): ChartOption {
  return {
    textStyle: { fontFamily: colors.font },
    grid: { left: 8, right: compact ? 12 : 84, top: 14, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      ...tooltipStyle(colors),
      formatter(parameters) {
        const items = Array.isArray(parameters) ? parameters : [parameters]
        const index = items[0]?.dataIndex ?? 0
        const lines = series.toReversed().map(({ name, color, points }) => {
          const text = points[index]?.text ?? '–'
          return tooltipLine(colors.series[color] ?? colors.muted, name, text)
        })
        return [
          `<b>${escapeHtml(days[index] ?? '')}</b>`,
          ...lines,
          tooltipLine(null, 'Total', totals[index] ?? ''),
        ].join('')
      },
    },
    xAxis: {
      type: 'category',
      data: days,
      boundaryGap: false,
      axisLine: { lineStyle: { color: colors.line } },
      axisTick: { show: false },
      axisLabel: { color: colors.muted, fontSize: 11, formatter: (day: string) => day.slice(5), hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      // A stacked area says its size only from zero.
      min: (extent: { min: number }) => Math.min(0, extent.min),
      splitLine: { lineStyle: { color: colors.line } },
      axisLabel: { color: colors.muted, fontSize: 11, formatter: (value: number) => formatCompact(value) },
    },
    series: series.map(({ name, color, points }) => {
      const stroke = colors.series[color] ?? colors.muted
      return {
        type: 'line',
        name,
        stack: 'total',
        data: points.map(({ value }) => value),
        showSymbol: false,
        color: stroke,
        lineStyle: { width: 1.3 },
        areaStyle: { opacity: 0.24 },
        emphasis: { disabled: true },
        endLabel: {
          show: !compact,
          formatter: () => (name.length > 12 ? `${name.slice(0, 11)}…` : name),
          color: colors.seriesText[color] ?? colors.muted,
          fontWeight: 600,
          fontSize: 11,
          distance: 6,
        },
      }
    }),
  }
}

/** One bar an item, from zero, longest on top, with its label at its end. */
export function horizontalBars(items: BarItem[], selected: string[], colors: ChartColors): ChartOption {
  const bottomUp = items.toReversed()
  return {
    textStyle: { fontFamily: colors.font },
    grid: { left: 4, right: 92, top: 4, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'item',
      ...tooltipStyle(colors),
      formatter(parameters) {
        const item = Array.isArray(parameters) ? parameters[0] : parameters
        const bar = bottomUp[item?.dataIndex ?? 0]
        return bar ? tooltipLine(null, bar.name, bar.text) : ''
      },
    },
    xAxis: {
      type: 'value',
      min: (extent: { min: number }) => Math.min(0, extent.min),
      splitLine: { show: false },
      axisLabel: { show: false },
    },
    yAxis: {
      type: 'category',
      data: bottomUp.map(({ name }) => name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: colors.muted, fontSize: 11, width: 120, overflow: 'truncate' },
    },
    series: [
      {
        type: 'bar',
        barMaxWidth: 14,
        cursor: 'pointer',
        data: bottomUp.map(({ name, value }) => ({
          value,
          itemStyle: { opacity: selected.length === 0 || selected.includes(name) ? 1 : 0.3 },
        })),
        color: colors.bar,
        itemStyle: { borderRadius: 2 },
        label: {
          show: true,
          position: 'right',
          // The label of a bar that was not chosen stays readable.
          opacity: 1,
          color: colors.muted,
          fontSize: 11,
          formatter: ({ dataIndex }) => bottomUp[dataIndex]?.label ?? '',
        },
      },
    ],
  }
}

export function tooltipStyle(colors: ChartColors) {
  return {
    backgroundColor: colors.surface,
    borderColor: colors.line,
    textStyle: { color: colors.text, fontSize: 12 },
    confine: true,
    transitionDuration: 0,
  }
}

export function tooltipLine(color: string | null, name: string, value: string): string {
  const mark =
    color === null
      ? ''
      : `<span style="display:inline-block;width:8px;height:8px;border-radius:2px;margin-right:6px;background:${color}"></span>`
  const shortened = name.length > 60 ? `${name.slice(0, 59)}…` : name
  return `<div style="display:flex;justify-content:space-between;gap:20px"><span>${mark}${escapeHtml(shortened)}</span><b style="font-variant-numeric:tabular-nums">${escapeHtml(value)}</b></div>`
}
