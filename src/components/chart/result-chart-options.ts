import { formatCompact } from '@/domain/format/number'
import type { ChartData } from '@/domain/result/chart-model'
import type { ChartOption } from './options'
import { paletteSlots } from './palette'
import { tooltipLine, tooltipStyle } from './tooltip'
import type { ChartColors } from './use-chart-colors'

/** Points of a query's result as lines or as bars beside each other, from zero, with exact values where the pointer is. */
export function resultChart({ categories, series }: ChartData, kind: 'line' | 'bar', colors: ChartColors): ChartOption {
  const slots = paletteSlots(series.map(({ name }) => name))
  const colorOf = (name: string) => colors.series[slots.get(name) ?? 0] ?? colors.muted
  const isAlone = series.length === 1
  return {
    textStyle: { fontFamily: colors.font },
    grid: { left: 8, right: 16, top: 14, bottom: 6, containLabel: true },
    tooltip: {
      trigger: 'axis',
      ...tooltipStyle(colors),
      formatter(parameters) {
        const items = Array.isArray(parameters) ? parameters : [parameters]
        const index = items[0]?.dataIndex ?? 0
        return [
          tooltipLine(null, categories[index] ?? '', ''),
          ...series.map(({ name, points }) => tooltipLine(colorOf(name), name, points[index]?.text ?? '–')),
        ].join('')
      },
    },
    xAxis: {
      type: 'category',
      data: categories,
      boundaryGap: kind === 'bar',
      axisLine: { lineStyle: { color: colors.line } },
      axisTick: { show: false },
      axisLabel: { color: colors.muted, fontSize: 11, hideOverlap: true, width: 110, overflow: 'truncate' },
    },
    yAxis: {
      type: 'value',
      min: (extent: { min: number }) => Math.min(0, extent.min),
      splitLine: { lineStyle: { color: colors.line } },
      axisLabel: { color: colors.muted, fontSize: 11, formatter: (value: number) => formatCompact(value) },
    },
    series: series.map(({ name, points }) => {
      const data = points.map((point) => point?.value ?? null)
      const color = isAlone ? colors.bar : colorOf(name)
      if (kind === 'bar') {
        return { type: 'bar', name, data, color, barMaxWidth: 34, itemStyle: { borderRadius: [2, 2, 0, 0] } }
      }
      // Without connecting them, a value between two that are missing would not be seen at all.
      const isSparse = categories.length < 40
      return { type: 'line', name, data, color, connectNulls: true, showSymbol: isSparse, lineStyle: { width: 1.6 } }
    }),
  }
}
