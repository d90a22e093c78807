import { BarChart, HeatmapChart, LineChart } from 'echarts/charts'
import { GridComponent, TooltipComponent, VisualMapComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import type { ChartOption } from './options'
import { spread } from './palette'

echarts.use([LineChart, BarChart, HeatmapChart, GridComponent, TooltipComponent, VisualMapComponent, SVGRenderer])

export interface PickedMark {
  /** Its category on the axis; empty for the line or area of a whole series. */
  name: string
  series: string
  /** Its place in the series' data; -1 for a whole series. */
  index: number
}

export interface ChartProps {
  /** What the chart shows, in words, for those who do not see it. */
  label: string
  /** Built for the current theme: see `useChartColors`. */
  option: ChartOption
  height: number
  /** Where the series end, in axis units: labels at line ends are then kept apart. */
  ends?: number[]
  /** A mark was clicked. */
  onPick?: (mark: PickedMark) => void
}

/** An ECharts chart that follows its container's size. Loaded lazily: import it through LazyChart. */
export default function Chart({ label, option, height, ends, onPick }: ChartProps) {
  const host = useRef<HTMLDivElement>(null)
  const chart = useRef<echarts.ECharts>(null)
  const pick = useRef(onPick)
  pick.current = onPick
  const lineEnds = useRef(ends)
  lineEnds.current = ends

  useEffect(() => {
    if (!host.current) return
    const created = echarts.init(host.current, null, { renderer: 'svg' })
    chart.current = created
    created.on('click', ({ name, seriesName, dataIndex }) =>
      pick.current?.({ name, series: seriesName ?? '', index: dataIndex ?? -1 }),
    )
    const observer = new ResizeObserver(() => {
      created.resize()
      spreadEndLabels(created, lineEnds.current)
    })
    observer.observe(host.current)
    return () => {
      observer.disconnect()
      created.dispose()
      chart.current = null
    }
  }, [])

  useEffect(() => {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    if (!chart.current) return
    // What stays is merged: a tooltip that is made anew makes the browser lay the whole page out, for each chart.
    const replaceMerge = ['series', 'visualMap']
    chart.current.setOption({ ...option, animation: !still, animationDuration: 300 }, { replaceMerge })
    spreadEndLabels(chart.current, lineEnds.current)
  }, [option])

  return <div ref={host} role="img" aria-label={label} style={{ width: '100%', height }} />
}

/** Height of a line's end label, px. */
const labelGap = 14

function spreadEndLabels(chart: echarts.ECharts, ends: number[] | undefined): void {
  if (!ends || ends.length < 2) return
  const wanted = ends.map((end) => chart.convertToPixel({ yAxisIndex: 0 }, end))
  const spreadOut = spread(wanted, labelGap)
  // Pushed apart at the bottom, labels would leave the chart: all move up by as much.
  const bottom = Math.max(chart.convertToPixel({ yAxisIndex: 0 }, 0), ...wanted)
  const excess = Math.max(0, Math.max(...spreadOut) - bottom)
  const places = spreadOut.map((place) => place - excess)
  chart.setOption({
    series: places.map((place, index) => ({ endLabel: { offset: [0, place - (wanted[index] ?? place)] } })),
  })
}
