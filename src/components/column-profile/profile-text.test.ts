import { expect, it } from 'vitest'
import { binText, distinctText, nullShare, valueText } from './profile-text'

it('never rounds a share of NULLs to nothing, or to all', () => {
  const shares = [0, 1, 12, 99_999, 100_000].map((nulls) => nullShare({ nulls, rows: 100_000 }))
  expect(shares).toEqual(['0', '< 0.01 %', '0.01 %', '> 99.99 %', '100 %'])
})

it('marks estimates', () => {
  expect(distinctText({ count: 4338, exact: true })).toBe('4,338')
  expect(distinctText({ count: 4338, exact: false })).toBe('≈ 4,338')
})

it('tells empty text from nothing', () => {
  expect([valueText('', 'VARCHAR'), valueText(null, 'VARCHAR')]).toEqual(['empty text', ''])
})

it('names what a bin counts, dates as dates', () => {
  const histogram = { from: 0, to: 40, discrete: false, counts: [3, 1204, 0, 1] }
  expect(binText(histogram, 1, 'DOUBLE')).toBe('10 to 20: 1,204')
  const days = { from: Date.UTC(2024, 1, 28), to: Date.UTC(2024, 2, 1), discrete: true, counts: [1, 2, 3] }
  expect([0, 1, 2].map((bin) => binText(days, bin, 'DATE'))).toEqual([
    '2024-02-28: 1',
    '2024-02-29: 2',
    '2024-03-01: 3',
  ])
})
