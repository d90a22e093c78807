import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPartitionValue, parsePartitionValue } from './partition-values'

const microseconds = fc
  .tuple(fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }), fc.nat(999))
  .map(([date, micros]) => date.toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`))

/** Values by type, in the shapes of `Goldsmith.query`. */
const value: fc.Arbitrary<[string, string | number | bigint | boolean | null]> = fc.oneof(
  fc.tuple(fc.constant('VARCHAR'), fc.string({ minLength: 1, unit: 'binary' })),
  fc.tuple(fc.constant('INTEGER'), fc.integer()),
  fc.tuple(fc.constant('BIGINT'), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  fc.tuple(fc.constant('BOOLEAN'), fc.boolean()),
  fc.tuple(fc.constant('DECIMAL(10,2)'), fc.constantFrom('0.00', '-1.50', '12345678.90')),
  fc.tuple(fc.constant('DATE'), fc.constantFrom('1969-12-31', '2011-02-28', '9999-12-31')),
  fc.tuple(fc.constant('TIMESTAMP'), microseconds),
  fc.tuple(fc.constantFrom('VARCHAR', 'BIGINT', 'TIMESTAMP'), fc.constant(null)),
)

describe('a partition value', () => {
  it('is the same after writing and reading', () => {
    fc.assert(
      fc.property(value, ([type, plain]) => {
        const text = formatPartitionValue(plain, type)
        expect(text === null || typeof text === 'string').toBe(true)
        expect(parsePartitionValue(text, type)).toBe(plain)
      }),
    )
  })

  it('is written as the protocol has it', () => {
    expect(formatPartitionValue(2011, 'INTEGER')).toBe('2011')
    expect(formatPartitionValue(true, 'BOOLEAN')).toBe('true')
    expect(formatPartitionValue('1970-01-01T00:00:00.123456Z', 'TIMESTAMP')).toBe('1970-01-01T00:00:00.123456Z')
    expect(formatPartitionValue('', 'VARCHAR')).toBeNull()
  })

  it('is read in every form that the protocol allows', () => {
    expect(parsePartitionValue('1970-01-01 00:00:00', 'TIMESTAMP')).toBe('1970-01-01T00:00:00.000000Z')
    expect(parsePartitionValue('1970-01-01 00:00:00.5', 'TIMESTAMP')).toBe('1970-01-01T00:00:00.500000Z')
    expect(parsePartitionValue('', 'VARCHAR')).toBeNull()
  })

  it.each([
    ['x', 'INTEGER'],
    ["1'; DROP TABLE t", 'BIGINT'],
    ['2011-13', 'DATE'],
    ['yes', 'BOOLEAN'],
    ['now', 'TIMESTAMP'],
    ['a', 'BLOB'],
    ['1.5', 'DOUBLE'],
  ])('%s is refused for %s', (text, type) => {
    for (const act of [() => parsePartitionValue(text, type), () => formatPartitionValue(text, type)]) {
      expect(act).toThrow(
        expect.objectContaining({ cause: expect.objectContaining({ code: 'delta.invalid_partition_value' }) }),
      )
    }
  })
})
