import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roundUpText, textOrder } from './statistic-values'
import { fileStatistics, type RowGroupBounds, recordCount } from './statistics'

const none = new Set<string>()

interface Stats {
  numRecords: number
  minValues: Record<string, string>
  maxValues: Record<string, string>
  nullCount: Record<string, number>
}

function parsed(text: string): Stats {
  return JSON.parse(text)
}

function oneGroup(min: unknown, max: unknown): RowGroupBounds[] {
  return [{ rows: 2, statistics: { c: { min, max, nullCount: 0 } } }]
}

function bounds(type: string, min: unknown, max: unknown): string {
  return fileStatistics([{ name: 'c', type }], oneGroup(min, max), none)
}

function utf8Order(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

describe('statistics of a file', () => {
  it('are merged from its row groups, in the order of the columns', () => {
    const columns = [
      { name: 'id', type: 'BIGINT' },
      { name: 'money', type: 'DECIMAL(15,2)' },
      { name: 'name', type: 'VARCHAR' },
      { name: 'flag', type: 'BOOLEAN' },
      { name: 'tags', type: 'VARCHAR[]' },
    ]
    const rowGroups: RowGroupBounds[] = [
      {
        rows: 3,
        statistics: {
          id: { min: 9223372036854775806n, max: 9223372036854775807n, nullCount: 0 },
          money: { min: '-1.50', max: '9999999999999.99', nullCount: 1 },
          name: { min: 'b', max: 'c', nullCount: 0 },
          flag: { min: false, max: true, nullCount: 2 },
          tags: { min: 'x', max: 'y', nullCount: 0 },
        },
      },
      {
        rows: 2,
        statistics: {
          id: { min: -5, max: 4, nullCount: 1 },
          money: { min: '-10.00', max: '0.10', nullCount: 0 },
          name: { min: null, max: null, nullCount: 2 },
          flag: { min: false, max: true, nullCount: 0 },
        },
      },
    ]
    expect(fileStatistics(columns, rowGroups, none)).toBe(
      '{"numRecords":5,"minValues":{"id":-5,"money":-10.00,"name":"b","flag":false},' +
        '"maxValues":{"id":9223372036854775807,"money":9999999999999.99,"name":"c","flag":true},' +
        '"nullCount":{"id":1,"money":1,"name":2,"flag":2}}',
    )
  })

  it('leave out a bound that some row group does not give', () => {
    const rowGroups = [...oneGroup(1, 2), { rows: 1, statistics: {} }]
    expect(parsed(fileStatistics([{ name: 'c', type: 'BIGINT' }], rowGroups, none))).toEqual({
      numRecords: 3,
      minValues: {},
      maxValues: {},
      nullCount: {},
    })
  })

  it('of a file without rows have a count and nothing else', () => {
    expect(parsed(fileStatistics([{ name: 'c', type: 'BIGINT' }], [], none))).toMatchObject({
      numRecords: 0,
      minValues: {},
    })
  })

  it('say a float’s greatest value only where no NaN can be above it, and no bound that JSON cannot hold', () => {
    expect(parsed(bounds('DOUBLE', -1.5, 2))).toMatchObject({ minValues: { c: -1.5 }, maxValues: {} })
    const free = fileStatistics([{ name: 'c', type: 'DOUBLE' }], oneGroup(-1.5, -0), new Set(['c']))
    expect(free).toContain('"maxValues":{"c":0}')
    expect(bounds('DOUBLE', 0, 2)).toContain('"minValues":{"c":-0.0}')
    for (const min of [Number.NaN, -Infinity]) expect(parsed(bounds('FLOAT', min, 2)).minValues).toEqual({})
  })

  it('keep microseconds inside: the least is cut to milliseconds, the greatest rounded up', () => {
    const [low, high] = ['1969-12-31T23:59:59.123456Z', '1999-12-31 23:59:59.999001']
    const stats = parsed(bounds('TIMESTAMP', low, high))
    expect(stats.minValues.c).toBe('1969-12-31T23:59:59.123Z')
    expect(stats.maxValues.c).toBe('2000-01-01T00:00:00.000Z')
    expect(parsed(bounds('TIMESTAMP', high, high.slice(0, 23))).maxValues.c).toBe('1999-12-31T23:59:59.999Z')
    expect(parsed(bounds('TIMESTAMP', low, '9999-12-31T23:59:59.999999Z')).maxValues).toEqual({})
  })

  it.each([
    ['BIGINT', 2 ** 60],
    ['BIGINT', 1.5],
    ['BIGINT', '1e3'],
    ['DECIMAL(20,2)', 123456789012345.67],
    ['DECIMAL(10,2)', 0.125],
    ['DATE', '+10000-01-01'],
    ['DATE', new Date(0)],
    ['TIMESTAMP', new Date(0)],
    ['VARCHAR', 3],
    ['VARCHAR', undefined],
  ])('leave out a bound of type %s that is not known exactly: %s', (type, value) => {
    expect(parsed(bounds(type, value, value))).toMatchObject({ minValues: {}, maxValues: {}, nullCount: { c: 0 } })
  })

  it('write decimals that came as numbers with their scale', () => {
    expect(bounds('DECIMAL(10,2)', -0.1, 12345678.9)).toContain('"minValues":{"c":-0.10},"maxValues":{"c":12345678.90}')
    expect(bounds('DECIMAL(10,2)', '-0.00', '007.5')).toContain('"minValues":{"c":0.00},"maxValues":{"c":7.5}')
  })

  it('hold any column name', () => {
    const name = '"}],<b>__proto__'
    const text = fileStatistics(
      [{ name, type: 'DATE' }],
      [{ rows: 1, statistics: { [name]: { min: '2011-01-01', max: '2011-01-02', nullCount: 0 } } }],
      none,
    )
    expect(parsed(text).maxValues[name]).toBe('2011-01-02')
    expect(parsed(fileStatistics([{ name: 'toString', type: 'DATE' }], oneGroup(1, 1), none)).nullCount).toEqual({})
  })

  it('always enclose texts, in the order of UTF-8 bytes that readers use', () => {
    const near = fc.constantFrom('a', '\ud7ff', '\ue000', '\uffff', '🌍', '\u{10ffff}', '\u{10fffe}')
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(near, { minLength: 28, maxLength: 40 }).map((parts) => parts.join('')),
    )
    const groups = fc.array(fc.array(text, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(groups, (values) => {
        const rowGroups = values.map((group): RowGroupBounds => {
          const sorted = [...group].sort(utf8Order)
          return { rows: group.length, statistics: { c: { min: sorted[0], max: sorted.at(-1), nullCount: 0 } } }
        })
        const stats = parsed(fileStatistics([{ name: 'c', type: 'VARCHAR' }], rowGroups, none))
        const low = stats.minValues.c
        const high = stats.maxValues.c
        expect(low).toBeDefined()
        for (const value of values.flat()) {
          expect(utf8Order(low ?? '', value)).toBeLessThanOrEqual(0)
          if (high !== undefined) expect(utf8Order(high, value)).toBeGreaterThanOrEqual(0)
        }
        expect([...(low ?? '')].length).toBeLessThanOrEqual(32)
        expect([...(high ?? '')].length).toBeLessThanOrEqual(32)
      }),
    )
  })

  it('always enclose decimals, exactly', () => {
    const cents = fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n })
    const written = (value: bigint) => {
      const digits = String(value < 0n ? -value : value).padStart(3, '0')
      return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
    }
    fc.assert(
      fc.property(fc.array(fc.tuple(cents, cents), { minLength: 1, maxLength: 4 }), (groups) => {
        const rowGroups = groups.map(([a, b]): RowGroupBounds => {
          const [min, max] = a < b ? [a, b] : [b, a]
          return { rows: 2, statistics: { c: { min: written(min), max: written(max), nullCount: 0 } } }
        })
        const sorted = groups.flat().sort((x, y) => (x < y ? -1 : x > y ? 1 : 0))
        const [low = 0n, high = 0n] = [sorted[0], sorted.at(-1)]
        const text = fileStatistics([{ name: 'c', type: 'DECIMAL(38,2)' }], rowGroups, none)
        expect(text).toContain(`"minValues":{"c":${written(low)}},"maxValues":{"c":${written(high)}}`)
      }),
    )
  })
})

describe('a text that is rounded up', () => {
  it('stays as it is up to 32 characters, pairs counted once', () => {
    expect(roundUpText('🌍'.repeat(32))).toBe('🌍'.repeat(32))
  })

  it('ends in the next character that text can hold', () => {
    expect(roundUpText(`${'a'.repeat(40)}`)).toBe(`${'a'.repeat(31)}b`)
    expect(roundUpText(`${'a'.repeat(31)}\ud7ffz`)).toBe(`${'a'.repeat(31)}\ue000`)
    expect(roundUpText(`${'a'.repeat(31)}\uffffz`)).toBe(`${'a'.repeat(31)}\u{10000}`)
    expect(roundUpText(`${'a'.repeat(31)}\u{10ffff}z`)).toBe(`${'a'.repeat(30)}b`)
  })

  it('does not exist above the greatest character', () => {
    expect(roundUpText('\u{10ffff}'.repeat(33))).toBeNull()
  })

  it('is compared as UTF-8 bytes are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(textOrder(a, b))).toBe(Math.sign(utf8Order(a, b)))
      }),
    )
  })
})

describe('the rows that statistics tell', () => {
  it('are null when they do not tell', () => {
    expect(recordCount('{"numRecords":12}')).toBe(12)
    for (const text of [undefined, '', 'null', '{}', '{"numRecords":"1"}']) expect(recordCount(text)).toBeNull()
  })
})
