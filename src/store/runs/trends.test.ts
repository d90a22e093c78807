import { expect, it } from 'vitest'
import { describeMeasurement, failedShare } from './trends'

it('a measurement says exactly how many rows failed, and few of many are not none', () => {
  expect(describeMeasurement({ passed: 1892, failed: 73 })).toBe('73 of 1,965 rows failed (3.7 %)')
  expect(describeMeasurement({ passed: 9_999_999, failed: 1 })).toBe('1 of 10,000,000 rows failed (< 0.1 %)')
  expect(describeMeasurement({ passed: 1, failed: 0 })).toBe('all 1 row passed')
})

it('of no rows there is no share, neither passed nor failed', () => {
  expect(failedShare({ passed: 0, failed: 0 })).toBeNull()
  expect(describeMeasurement({ passed: 0, failed: 0 })).toBe('no rows to judge')
})
