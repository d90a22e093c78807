import { expect, it } from 'vitest'
import { barsOf, type TrendPoint } from './trend-bars'

const heights = (...values: (number | null)[]) =>
  barsOf(
    values.map((value, index): TrendPoint => ({ key: String(index), tone: 'ok', value, title: '' })),
    24,
  ).map(({ height }) => height)

it('the largest value is as high as the chart, and the others are in proportion to it', () => {
  expect(heights(0.02, 0.04, 0.01)).toEqual([12, 24, 6])
})

it('what is not zero is seen beside anything, and is more than nothing', () => {
  const [nothing, little] = heights(0, 0.000_001, 1)
  expect(little).toBeGreaterThan(nothing!)
  expect(nothing).toBeGreaterThan(0)
})

it('nothing at all is no division by zero', () => {
  expect(heights(0, 0)).toEqual([2, 2])
})

it('a point without a size fills the chart', () => {
  expect(heights(null)).toEqual([24])
})
