import { expect, test } from 'vitest'
import { parseDecimal } from '@/domain/format/decimal'
import type { ChartTile, Measure } from '@/store/dashboards/definition'
import { sum } from '@/store/dashboards/expression'
import { noFilter } from '@/store/dashboards/filter'
import type { TileRow } from '@/store/dashboards/tile-model'
import { exactText, keyName, shortText } from './naming'
import { drawTile } from './tile-option'
import { timesOf } from './time-marks'

const colors = {
  series: ['#1', '#2', '#3', '#4', '#5', '#6'],
  seriesText: [],
  text: '#111',
  muted: '#777',
  line: '#eee',
  surface: '#fff',
  bar: '#1',
  heat: ['#fff', '#006'] as [string, string],
  heatText: ['#111', '#fff'] as [string, string],
  heatTurn: 0.8,
  font: 'sans',
}
const revenue: Measure = { name: 'revenue', title: 'Revenue', expression: sum('revenue'), format: 'money' }
const growth: Measure = { ...revenue, title: 'Growth', format: 'percent' }

function row(keys: (string | null)[], ...values: (string | null)[]): TileRow {
  return { keys, values: values.map(parseDecimal) }
}

function draw(mark: ChartTile['mark'], rows: TileRow[], measure = revenue, times: string[] = []) {
  const tile: ChartTile = { title: 't', note: '', source: 's', measures: [measure], mark }
  return drawTile({
    tile,
    rows,
    times,
    filter: noFilter,
    palette: new Map(),
    names: new Map(),
    currency: 'GBP',
    colors,
    compact: false,
  })
}

test('bars that find no place are counted, with their exact sum', () => {
  const rows = Array.from({ length: 15 }, (_, index) => row([`c${index}`], `${100 - index}.10`))
  const { marks, omitted } = draw({ kind: 'bars', by: 'country' }, rows)
  expect(marks).toHaveLength(12)
  expect(marks[0]?.keys).toEqual(['c11'])
  expect(omitted).toBe('and 3 more with £261.30')
})

test('the axis of growth ends where it is told, and what is beyond is counted', () => {
  const weeks = ['2011-11-28', '2011-12-05']
  const rows = [row(['2011-11-28', 'Premium'], '0.1000'), row(['2011-12-05', 'Premium'], '21.5000')]
  const { option, omitted } = draw({ kind: 'lines', x: 'week', by: 'segment', most: 2 }, rows, growth, weeks)
  expect(option.series).toMatchObject([{ data: [{ value: 0.1 }, { value: 2 }] }])
  expect(omitted).toBe('1 value above 200 %, where the axis ends')
})

test('a time without rows is nothing in a stack, and a gap in a line', () => {
  const days = ['2011-12-01', '2011-12-02', '2011-12-03']
  const rows = [row(['2011-12-01', 'a'], '5.00'), row(['2011-12-03', 'a'], '7.00')]
  const areas = draw({ kind: 'areas', x: 'day', by: 'flag' }, rows, revenue, days)
  expect(areas.option.series).toMatchObject([{ data: [5, 0, 7] }])
  const lines = draw({ kind: 'lines', x: 'day', by: 'flag' }, rows, revenue, days)
  expect(lines.option.series).toMatchObject([
    { data: [{ value: 5, symbol: 'circle' }, { value: null }, { value: 7, symbol: 'circle' }] },
  ])
})

test('scores of a heatmap stand in order without gaps, the best on top', () => {
  const { option } = draw({ kind: 'heatmap', x: 'recency', y: 'monetary', pick: 'both' }, [
    row(['1', '1'], '3'),
    row(['4', '2'], '5'),
  ])
  expect(option.yAxis).toMatchObject({ data: ['4', '3', '2', '1'] })
  expect(option.xAxis).toMatchObject({ data: ['1', '2'] })
  expect(option.series).toMatchObject([{ data: [{ value: [0, 3, 3] }, { value: [1, 0, 5] }] }])
})

test('times have no gaps and stay within the filter', () => {
  expect(timesOf('month', ['2011-11-01', '2012-02-01', null], noFilter)).toEqual([
    '2011-11-01',
    '2011-12-01',
    '2012-01-01',
    '2012-02-01',
  ])
  expect(timesOf('week', ['2011-11-28', '2011-12-19'], { ...noFilter, from: '2011-12-01', to: null })).toEqual([
    '2011-12-05',
    '2011-12-12',
    '2011-12-19',
  ])
  expect(timesOf('day', [null], noFilter)).toEqual([])
})

test('texts are exact in full and short beside a mark', () => {
  const amount = parseDecimal('1161817.25')
  expect(exactText(amount, 'money', 'GBP')).toBe('£1,161,817.25')
  expect(shortText(amount, 'money')).toBe('1.2M')
  expect(shortText(parseDecimal('65.09'), 'money')).toBe('65.09')
  expect(shortText(parseDecimal('0.3481'), 'percent')).toBe('35 %')
  expect(exactText(null, 'percent', null)).toBe('–')
  expect(keyName('month', '2011-11-01')).toBe('2011-11')
  expect(keyName('flag', null)).toBe('no flag')
})
