import { BarChart, HeatmapChart, LineChart } from 'echarts/charts'
import { GridComponent, TooltipComponent, VisualMapComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import type { ChartOption } from './options'
import type { ChartColors } from './use-chart-colors'

echarts.use([LineChart, BarChart, HeatmapChart, GridComponent, TooltipComponent, VisualMapComponent, CanvasRenderer])

export interface PictureRequest {
  title: string
  note: string
  option: ChartOption
  /** CSS pixels; the picture has twice as many. */
  width: number
  height: number
  colors: ChartColors
}

const ratio = 2
const margin = 16
const headHeight = 52

/** The chart under its title as a PNG file, in the colours of the current theme. Rejects when the browser makes no picture. */
export async function chartPng({ title, note, option, width, height, colors }: PictureRequest): Promise<Blob> {
  const host = document.createElement('div')
  const chart = echarts.init(host, null, { renderer: 'canvas', width, height, devicePixelRatio: ratio })
  try {
    chart.setOption({ ...option, animation: false })
    const drawn = chart.renderToCanvas({ pixelRatio: ratio, backgroundColor: colors.surface })
    const picture = document.createElement('canvas')
    picture.width = (width + 2 * margin) * ratio
    picture.height = (height + headHeight + margin) * ratio
    const context = picture.getContext('2d')
    if (!context) throw new Error('The browser gives no canvas to draw the picture on.')
    context.scale(ratio, ratio)
    context.fillStyle = colors.surface
    context.fillRect(0, 0, width + 2 * margin, height + headHeight + margin)
    context.fillStyle = colors.text
    context.font = `600 14px ${colors.font}`
    context.fillText(title, margin, 24, width)
    context.fillStyle = colors.muted
    context.font = `12px ${colors.font}`
    context.fillText(note, margin, 42, width)
    context.drawImage(drawn, margin, headHeight, width, height)
    return await new Promise((resolve, reject) =>
      picture.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser made no picture.'))), 'image/png'),
    )
  } finally {
    chart.dispose()
  }
}
