import { describe, expect, it } from 'vitest'
import { chartData, guessChart } from './chart-model'

const day = { name: 'day', type: 'DATE' }
const country = { name: 'country', type: 'VARCHAR' }
const orderId = { name: 'order_id', type: 'BIGINT' }
const revenue = { name: 'revenue', type: 'DECIMAL(15,2)' }

describe('the chart that is shown first', () => {
  it('is a line over time, a line a name', () => {
    expect(guessChart([orderId, country, day, revenue])).toEqual({ kind: 'line', x: 2, y: 3, series: 1 })
  })

  it('is bars by name without time, and nothing without a number', () => {
    expect(guessChart([country, orderId, revenue])).toEqual({ kind: 'bar', x: 0, y: 2, series: null })
    expect(guessChart([country, day])).toBeNull()
    expect(guessChart([{ name: 'n', type: 'BIGINT' }])).toEqual({ kind: 'bar', x: 0, y: 0, series: null })
  })
})

describe('the points of a chart', () => {
  it('are exact sums, in the order of time, with nothing where there is no value', () => {
    const rows = [
      ['2024-01-02', 'FR', '0.10'],
      ['2024-01-01', 'DE', '90071992547409.93'],
      ['2024-01-02', 'FR', '0.20'],
      ['2024-01-01', 'FR', null],
    ]
    const { categories, series, summed } = chartData(rows, [day, country, revenue], {
      kind: 'line',
      x: 0,
      y: 2,
      series: 1,
    })
    expect(categories).toEqual(['2024-01-01', '2024-01-02'])
    expect(series).toEqual([
      { name: 'DE', points: [{ value: Number('90071992547409.93'), text: '90,071,992,547,409.93' }, null] },
      { name: 'FR', points: [null, { value: 0.3, text: '0.30' }] },
    ])
    expect(summed).toBe(true)
  })

  it('say what is left out, and tell NULL from empty text', () => {
    const rows = Array.from({ length: 50 }, (_, i) => [i === 0 ? null : i === 1 ? '' : `c${i}`, 1n])
    const bars = chartData(rows, [country, orderId], { kind: 'bar', x: 0, y: 1, series: null })
    expect(bars.categories.slice(0, 3)).toEqual(['NULL', 'empty text', 'c2'])
    expect([bars.categories.length, bars.leftOut]).toEqual([40, { categories: 10, series: 0 }])
    expect(chartData(rows, [country, orderId], { kind: 'bar', x: 0, y: 1, series: 0 }).leftOut.series).toBe(44)
  })
})
