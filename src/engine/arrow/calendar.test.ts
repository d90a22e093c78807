import fc from 'fast-check'
import { expect, it } from 'vitest'
import { dateText, timestampText, timeText } from './calendar'

const DAY_MS = 86_400_000

it('writes every day that a JavaScript Date knows as that does', () => {
  fc.assert(
    fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
      expect(dateText(days)).toBe(new Date(days * DAY_MS).toISOString().slice(0, 10))
    }),
    { endOnFailure: true },
  )
})

it('writes the days that it does not know as DuckDB does', () => {
  expect(dateText(2_932_897)).toBe('10000-01-01')
  expect(dateText(-719_163)).toBe('0001-12-31 (BC)')
  expect(dateText(2_147_483_646)).toBe('5881580-07-10')
  expect([dateText(2_147_483_647), dateText(-2_147_483_647)]).toEqual(['infinity', '-infinity'])
})

it('keeps the microseconds of a moment, before 1970 too', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
      fc.integer({ min: 0, max: 999 }),
      (date, micros) => {
        const text = `${date.toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`
        expect(timestampText(BigInt(date.getTime()) * 1000n + BigInt(micros))).toBe(text)
      },
    ),
    { endOnFailure: true },
  )
  expect(timestampText(9_223_372_036_854_775_807n)).toBe('infinity')
  expect(timeText(86_399_999_999n)).toBe('23:59:59.999999')
})
