import { expect, test } from 'vitest'
import { decimalToString } from '@/domain/format/decimal'
import { ColumnTable } from './column-table'
import type { ChartTile, Source } from './definition'
import { count, growth, quotient, sum } from './expression'
import { carriedFilter, noFilter, nullKey, withPick, withValues } from './filter'
import { dimensionNames, figureValue, largestKeys, sourceTable, type TileRow, tileRows } from './tile-model'

const source: Source = {
  query: 'q',
  columns: { segment: 'segment', month: 'month', campaign: 'id' },
  names: { campaign: 'name' },
  date: 'month',
}
const table = new ColumnTable({
  columns: ['segment', 'month', 'id', 'name', 'revenue', 'cost'].map((name) => ({ name, type: '' })),
  rows: [
    ['Premium', '2011-10-01', 1n, 'Sale', '10.00', '4.00'],
    ['Premium', '2011-11-01', 2n, 'Sale', '30.00', '0.00'],
    ['Budget', '2011-11-01', 3n, 'Brand', '5.00', null],
    [null, '2011-12-01', 3n, 'Brand', '50.00', '8.00'],
  ],
})
const revenue = { name: 'revenue', title: 'Revenue', expression: sum('revenue'), format: 'money' as const }

function tile(mark: ChartTile['mark'], ...others: ChartTile['measures'][number][]): ChartTile {
  return { title: 't', note: '', source: 's', measures: [revenue, ...others], mark }
}

function texts(rows: TileRow[]): string[] {
  return rows.map(
    ({ keys, values }) =>
      `${keys.map(String).join('/')} ${values.map((value) => (value ? decimalToString(value) : 'NULL')).join(' ')}`,
  )
}

test('bars come largest first, with NULL as a group', () => {
  expect(texts(tileRows(tile({ kind: 'bars', by: 'segment' }), source, table, noFilter))).toEqual([
    'null 50.00',
    'Premium 40.00',
    'Budget 5.00',
  ])
})

test('a filter on what a bar chart compares leaves its bars, one on something else does not', () => {
  const bars = tile({ kind: 'bars', by: 'segment' })
  const bySegment = withValues(noFilter, 'segment', ['Premium'])
  expect(tileRows(bars, source, table, bySegment)).toHaveLength(3)
  expect(texts(tileRows(bars, source, table, withValues(noFilter, 'month', ['2011-11-01'])))).toEqual([
    'Premium 30.00',
    'Budget 5.00',
  ])
  const areas = tile({ kind: 'areas', x: 'month', by: 'segment' })
  expect(texts(tileRows(areas, source, table, bySegment))).toEqual([
    '2011-10-01/Premium 10.00',
    '2011-11-01/Premium 30.00',
  ])
})

test('NULL and dates can be filtered by', () => {
  const columns = tile({ kind: 'columns', x: 'month' })
  expect(texts(tileRows(columns, source, table, withValues(noFilter, 'segment', [nullKey])))).toEqual([
    '2011-12-01 50.00',
  ])
  expect(texts(tileRows(columns, source, table, { ...noFilter, from: '2011-10-15', to: '2011-11-30' }))).toEqual([
    '2011-11-01 35.00',
  ])
})

test('a ratio of a group is one of sums, and NULL when it would be divided by zero', () => {
  const ratio = {
    name: 'r',
    title: 'R',
    format: 'number' as const,
    expression: quotient(sum('revenue'), sum('cost'), 2),
  }
  const rows = tileRows(tile({ kind: 'columns', x: 'month' }, ratio), source, table, noFilter)
  expect(texts(rows)).toEqual(['2011-10-01 10.00 2.50', '2011-11-01 35.00 NULL', '2011-12-01 50.00 6.25'])
})

test('growth over several rows counts only those with a prior amount', () => {
  const measure = { name: 'g', title: 'G', format: 'percent' as const, expression: growth('revenue', 'cost') }
  // Of 10, 30 and 50 with 4, 0 and 8 before; the 5 has nothing before it.
  const { value } = figureValue({ title: 'G', source: 's', measure }, source, table, noFilter)
  expect(value && decimalToString(value)).toBe('6.5000')
})

test('the latest figure is about the last month that the filter lets through', () => {
  const latest = { title: 'L', source: 's', measure: revenue, latest: 'month' as const }
  const answer = (filter: typeof noFilter) => {
    const { value, latest: month } = figureValue(latest, source, table, filter)
    return [month, value && decimalToString(value)]
  }
  expect(answer(noFilter)).toEqual(['2011-12-01', '50.00'])
  expect(answer(withValues(noFilter, 'segment', ['Premium']))).toEqual(['2011-11-01', '30.00'])
  expect(answer(withValues(noFilter, 'segment', ['nobody']))).toEqual([null, null])
})

test('rows that repeat or sum up others are left out where the source says so', () => {
  const query = { columns: table.columns, rows: [...table.rows, [null, '2012-01-01', null, null, '95.00', null]] }
  const chosen = sourceTable({ ...source, where: { column: 'id', known: true } }, query)
  expect(chosen.rowCount).toBe(4)
  const months = sourceTable({ ...source, distinct: ['month'] }, query)
  expect(months.rows).toEqual([['2011-10-01'], ['2011-11-01'], ['2011-12-01'], ['2012-01-01']])
  const counted = { ...revenue, expression: count }
  expect(
    figureValue({ title: '', source: '', measure: counted }, { ...source, columns: {} }, months, noFilter).value,
  ).toEqual({
    units: 4n,
    scale: 0,
  })
})

test('a name that two identifiers share is told apart', () => {
  expect(dimensionNames(table, source, 'campaign')).toEqual(
    new Map([
      ['1', 'Sale (1)'],
      ['2', 'Sale (2)'],
      ['3', 'Brand'],
    ]),
  )
})

test('of more groups than colours the largest have one, and never the one without a name', () => {
  expect(largestKeys(table, source, 'segment', revenue, 1)).toEqual(['Premium'])
})

test('a mark is chosen by all its keys, and given up by choosing it again', () => {
  const first = withPick(noFilter, [
    ['recency', '5'],
    ['monetary', '4'],
  ])
  expect(first.values).toEqual({ recency: ['5'], monetary: ['4'] })
  const beside = [
    ['recency', '5'],
    ['monetary', null],
  ] as const
  expect(withPick(first, beside).values).toEqual({ recency: ['5'], monetary: [nullKey] })
  expect(withPick(withPick(first, beside), beside)).toEqual(noFilter)
})

test('another dashboard takes over only the filters that it knows', () => {
  const filter = { from: '2011-01-01', to: null, values: { segment: ['Premium'], category: ['Lamps'] } }
  expect(carriedFilter(filter, ['segment', 'country'])).toEqual({ ...noFilter, values: { segment: ['Premium'] } })
})
