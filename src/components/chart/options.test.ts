import { expect, test } from 'vitest'
import { horizontalBars, stackedAreas } from './options'
import { escapeHtml } from './tooltip'
import type { ChartColors } from './use-chart-colors'

const colors: ChartColors = {
  series: ['#000001', '#000002'],
  seriesText: ['#000003', '#000004'],
  text: '#111',
  muted: '#222',
  line: '#333',
  surface: '#444',
  bar: '#555',
  heat: ['#fff', '#006'],
  heatText: ['#111', '#fff'],
  heatTurn: 0.5,
  font: 'sans',
}

const hostile = '<img src=x onerror="alert(1)">\'&'

function tooltipOf(option: ReturnType<typeof stackedAreas>, parameters: unknown): string {
  const tooltip = Array.isArray(option.tooltip) ? option.tooltip[0] : option.tooltip
  const formatter = tooltip?.formatter
  if (typeof formatter !== 'function') throw new Error('no formatter')
  return String(Reflect.apply(formatter, null, [parameters, '', () => undefined]))
}

test('a hostile name in a tooltip is text, not HTML', () => {
  expect(escapeHtml(hostile)).not.toMatch(/[<>"']/)
  const areas = stackedAreas(
    ['2011-12-09'],
    [{ name: hostile, color: 0, points: [{ value: 1, text: '£1.00' }] }],
    ['£1.00'],
    colors,
    false,
  )
  expect(tooltipOf(areas, [{ dataIndex: 0 }])).not.toContain('<img')
  const bars = horizontalBars([{ name: hostile, value: 1, text: '£1.00', label: '35 %' }], [], colors)
  expect(tooltipOf(bars, { dataIndex: 0 })).not.toContain('<img')
})

test('the tooltip shows exact texts and says when a day had nothing', () => {
  const areas = stackedAreas(
    ['2011-12-09'],
    [
      { name: 'Premium', color: 0, points: [{ value: 1234.5, text: '£1,234.50' }] },
      { name: 'Budget', color: 1, points: [{ value: 0, text: null }] },
    ],
    ['£1,234.50'],
    colors,
    false,
  )
  const html = tooltipOf(areas, [{ dataIndex: 0 }])
  expect(html).toContain('£1,234.50')
  expect(html).toContain('–')
})

test('bars stand longest first from the top', () => {
  const option = horizontalBars(
    [
      { name: 'long', value: 9, text: '9', label: '' },
      { name: 'short', value: 1, text: '1', label: '' },
    ],
    [],
    colors,
  )
  // ECharts draws a category axis from the bottom.
  expect(option.yAxis).toMatchObject({ data: ['short', 'long'] })
})
