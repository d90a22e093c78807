import type { ChartOption } from './options'
import { tooltipFacts, tooltipStyle } from './tooltip'
import type { ChartColors } from './use-chart-colors'

export interface HeatCell {
  /** Places on the axes. */
  x: number
  y: number
  value: number
  /** Stands in the cell. */
  label: string
  title: string
  /** Exact, for the tooltip. */
  facts: [name: string, value: string][]
  dimmed: boolean
}

/** A grid of cells, darker for more, each with its value; the first of `ys` is the top row. */
export function heatmap(
  xs: string[],
  ys: string[],
  cells: HeatCell[],
  titles: { x: string; y: string },
  colors: ChartColors,
): ChartOption {
  const most = cells.reduce((max, { value }) => Math.max(max, value), 0)
  const axis = { axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false } }
  const axisLabel = { color: colors.muted, fontSize: 11 }
  return {
    textStyle: { fontFamily: colors.font },
    grid: { left: 4, right: 8, top: 24, bottom: 22, containLabel: true },
    tooltip: {
      trigger: 'item',
      ...tooltipStyle(colors),
      formatter(parameters) {
        const cell = cells[(Array.isArray(parameters) ? parameters[0] : parameters)?.dataIndex ?? -1]
        return cell ? tooltipFacts(cell.title, cell.facts) : ''
      },
    },
    xAxis: {
      type: 'category',
      data: xs,
      ...axis,
      axisLabel: { ...axisLabel, hideOverlap: true },
      name: titles.x,
      nameLocation: 'middle',
      nameGap: 26,
      nameTextStyle: { color: colors.muted, fontSize: 11 },
    },
    yAxis: {
      type: 'category',
      data: ys,
      inverse: true,
      ...axis,
      axisLabel,
      name: titles.y,
      nameLocation: 'start',
      nameGap: 8,
      nameTextStyle: { color: colors.muted, fontSize: 11, align: 'left', padding: [0, 0, 0, -8] },
    },
    // ECharts draws no heatmap without one: it maps the value, the third of each cell, to the colour.
    visualMap: {
      show: false,
      type: 'continuous',
      dimension: 2,
      min: 0,
      max: most === 0 ? 1 : most,
      inRange: { color: [colors.heat[0], colors.heat[1]] },
    },
    series: [
      {
        type: 'heatmap',
        cursor: 'pointer',
        data: cells.map(({ x, y, value, dimmed }) => ({
          value: [x, y, value],
          itemStyle: { opacity: dimmed ? 0.35 : 1 },
          // Text on the darkest cells needs the other colour.
          label: {
            color: colors.heatText[!dimmed && value > most * colors.heatTurn ? 1 : 0],
            opacity: dimmed ? 0.75 : 1,
          },
        })),
        itemStyle: { borderColor: colors.surface, borderWidth: 2, borderRadius: 3 },
        label: { show: true, fontSize: 11, formatter: ({ dataIndex }) => cells[dataIndex]?.label ?? '' },
        labelLayout: { hideOverlap: true },
        emphasis: { disabled: true },
      },
    ],
  }
}
