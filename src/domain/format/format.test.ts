import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, daysBetween, formatTimestamp, isIsoDate } from './dates'
import { addDecimals, decimalToString, divideDecimals, parseDecimal, roundDecimal, sumDecimals } from './decimal'
import { currencySymbol, formatCompact, formatMoney, formatPercent, formatQuantity, groupDigits } from './number'
import { formatBytes, formatDuration, formatRelativeTime } from './units'
import { formatValue, plainText, singleLine, valueKind } from './value'

const cents = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n })

function decimal(text: string) {
  const value = parseDecimal(text)
  if (!value) throw new Error(`not a decimal: ${text}`)
  return value
}

describe('decimals', () => {
  test('a decimal string reads and prints unchanged', () => {
    fc.assert(
      fc.property(cents, fc.integer({ min: 0, max: 10 }), (units, scale) => {
        const text = decimalToString({ units, scale })
        expect(decimalToString(decimal(text))).toBe(text)
      }),
    )
  })

  test('a sum of money is exact where doubles are not', () => {
    expect(decimalToString(sumDecimals(['0.10', '0.20', null, '9007199254740993.01']))).toBe('9007199254740993.31')
  })

  test('adding aligns scales', () => {
    expect(decimalToString(addDecimals(decimal('1.5'), decimal('-0.125')))).toBe('1.375')
  })

  test('division and rounding go half away from zero', () => {
    const quotient = divideDecimals(decimal('1'), decimal('8'), 2)
    expect(quotient && decimalToString(quotient)).toBe('0.13')
    const negative = divideDecimals(decimal('-1'), decimal('8'), 2)
    expect(negative && decimalToString(negative)).toBe('-0.13')
    expect(decimalToString(roundDecimal(decimal('2.5'), 0))).toBe('3')
    expect(divideDecimals(decimal('1'), decimal('0.00'), 2)).toBeNull()
  })

  test('what is no number is no decimal', () => {
    for (const value of ['', 'abc', '1e5', '=1+1', 0.5, null, undefined, {}]) expect(parseDecimal(value)).toBeNull()
  })
})

describe('numbers', () => {
  test('grouping keeps every digit', () => {
    fc.assert(
      fc.property(cents, fc.integer({ min: 0, max: 6 }), (units, scale) => {
        const text = decimalToString({ units, scale })
        expect(groupDigits(text).replaceAll(',', '')).toBe(text)
      }),
    )
    expect(groupDigits('-1234567.8901')).toBe('-1,234,567.8901')
    expect(groupDigits('999')).toBe('999')
    expect(groupDigits('12e30')).toBe('12e30')
  })

  test('quantities agree with their noun', () => {
    expect(formatQuantity(1, 'row')).toBe('1 row')
    expect(formatQuantity(541909n, 'row')).toBe('541,909 rows')
    expect(formatQuantity(2, 'query', 'queries')).toBe('2 queries')
  })

  test('axis labels are short', () => {
    expect(formatCompact(120_000)).toBe('120k')
    expect(formatCompact(-1_250_000)).toBe('-1.3M')
    expect(formatCompact(0)).toBe('0')
    expect(formatCompact(40)).toBe('40')
  })

  test('money carries the currency of the data, or none', () => {
    expect(formatMoney(decimal('1161817.25'), 'GBP')).toBe('£1,161,817.25')
    expect(formatMoney(decimal('-5.00'), 'EUR')).toBe('-€5.00')
    expect(formatMoney(decimal('5.00'), 'CHF')).toBe('5.00 CHF')
    expect(formatMoney(decimal('5.00'), null)).toBe('5.00')
  })

  test('a currency that is none is shown as it is', () => {
    expect(currencySymbol('<b>')).toBe('<b>')
    expect(currencySymbol('')).toBe('')
  })

  test('percentages', () => {
    expect(formatPercent(decimal('0.3481'))).toBe('34.8 %')
    expect(formatPercent(decimal('-0.1255'), 1)).toBe('-12.6 %')
  })
})

describe('units', () => {
  test('bytes', () => {
    expect([0, 999, 1000, 2_507_134, 999_960, 1_700_000_000].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '2.5 MB',
      '1.0 MB',
      '1.7 GB',
    ])
  })

  test('durations', () => {
    expect([0.4, 84, 7100, 59_960, 125_000, 3_725_000].map(formatDuration)).toEqual([
      '< 1 ms',
      '84 ms',
      '7.1 s',
      '1 min 0 s',
      '2 min 5 s',
      '1 h 2 min',
    ])
  })

  test('times relative to now', () => {
    const now = Date.UTC(2011, 11, 9)
    expect(formatRelativeTime(now - 20_000, now)).toBe('just now')
    expect(formatRelativeTime(now - 130_000, now)).toBe('2 min ago')
    expect(formatRelativeTime(now - 90_000_000, now)).toBe('1 day ago')
    expect(formatRelativeTime(now + 7_200_000, now)).toBe('in 2 h')
  })
})

describe('dates', () => {
  test('only dates that exist are dates', () => {
    expect(isIsoDate('2012-02-29')).toBe(true)
    for (const text of ['2011-02-29', '2011-13-01', '2011-1-1', 'today', '']) expect(isIsoDate(text)).toBe(false)
  })

  test('a window counts calendar days, over year ends and leap days', () => {
    expect(addDays('2012-02-28', 2)).toBe('2012-03-01')
    expect(addDays('2011-12-09', -89)).toBe('2011-09-11')
    expect(daysBetween('2011-12-30', '2012-01-02')).toEqual(['2011-12-30', '2011-12-31', '2012-01-01', '2012-01-02'])
    expect(daysBetween('2012-01-02', '2012-01-01')).toEqual([])
  })

  test('timestamps keep only the fraction that they have', () => {
    expect(formatTimestamp('2011-12-09T12:50:00.000000Z')).toBe('2011-12-09 12:50:00')
    expect(formatTimestamp('2011-12-09T12:50:00.120000Z')).toBe('2011-12-09 12:50:00.12')
    expect(formatTimestamp('soon')).toBe('soon')
  })
})

describe('values by type', () => {
  test('kinds of types', () => {
    expect(valueKind('DECIMAL(15,2)')).toBe('number')
    expect(valueKind('UBIGINT')).toBe('number')
    expect(valueKind('TIMESTAMP WITH TIME ZONE')).toBe('timestamp')
    expect(valueKind('INTEGER[]')).toBe('nested')
    expect(valueKind('STRUCT(a INTEGER)')).toBe('nested')
    expect(valueKind('INTERVAL')).toBe('text')
    expect(valueKind('VARCHAR')).toBe('text')
  })

  test('values are exact', () => {
    expect(formatValue(9007199254740993n, 'BIGINT')).toBe('9,007,199,254,740,993')
    expect(formatValue('1234567.10', 'DECIMAL(15,2)')).toBe('1,234,567.10')
    expect(formatValue(0.1, 'DOUBLE')).toBe('0.1')
    expect(formatValue(Number.NaN, 'DOUBLE')).toBe('NaN')
    expect(formatValue(['a', 1n], 'VARCHAR[]')).toBe('["a","1"]')
    expect(formatValue(new Uint8Array([0, 255]), 'BLOB')).toBe('0x00ff')
    expect(formatValue('1234', 'VARCHAR')).toBe('1234')
  })

  test('the clipboard gets no separators, and hostile text as it is', () => {
    expect(plainText(1234567n)).toBe('1234567')
    expect(plainText('=cmd|"<img>"')).toBe('=cmd|"<img>"')
    expect(plainText(null)).toBe('')
  })

  test('a cell is one line', () => {
    expect(singleLine('a\r\nb\tc', 100)).toBe('a⏎b⇥c')
    expect(singleLine('x'.repeat(300), 200)).toHaveLength(201)
  })
})
