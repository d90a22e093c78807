import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readThrift, type ThriftField, type ThriftStruct, ThriftType, writeThrift } from './thrift-compact'

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })

const { field } = fc.letrec<{ field: ThriftField }>((tie) => ({
  field: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<ThriftField>({ type: ThriftType.true, value: true }, { type: ThriftType.false, value: false }),
    fc.integer({ min: 0, max: 255 }).map((byte) => ({ type: ThriftType.byte, value: BigInt(byte) })),
    fc
      .tuple(fc.constantFrom(ThriftType.i16, ThriftType.i32, ThriftType.i64), int64)
      .map(([type, value]) => ({ type, value })),
    fc.uint8Array({ minLength: 8, maxLength: 8 }).map((value) => ({ type: ThriftType.double, value })),
    fc.uint8Array({ maxLength: 200 }).map((value) => ({ type: ThriftType.binary, value })),
    fc
      .array(int64, { maxLength: 40 })
      .map((elements) => ({ type: ThriftType.list, value: { elementType: ThriftType.i64, elements } })),
    fc
      .array(fc.constantFrom(1n, 2n), { maxLength: 3 })
      .map((elements) => ({ type: ThriftType.list, value: { elementType: ThriftType.true, elements } })),
    struct(tie('field')).map((value) => ({ type: ThriftType.struct, value })),
  ),
}))

function struct(fields: fc.Arbitrary<ThriftField>): fc.Arbitrary<ThriftStruct> {
  return fc
    .dictionary(fc.integer({ min: 1, max: 300 }).map(String), fields, { maxKeys: 5 })
    .map((entries) => new Map(Object.entries(entries).map(([id, value]) => [Number(id), value])))
}

describe('Thrift structs', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(struct(field), fc.nat(5), (written, offset) => {
        const bytes = writeThrift(written)
        const { struct: read, end } = readThrift(Uint8Array.of(...new Uint8Array(offset), ...bytes, 99), offset)
        expect(read).toEqual(written)
        expect(end).toBe(offset + bytes.length)
      }),
    )
  })

  it('are read, or refused with a RangeError, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          expect(readThrift(bytes).end).toBeLessThanOrEqual(bytes.length)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('are refused when they nest without end', () => {
    expect(() => readThrift(new Uint8Array(10_000).fill(0x1c))).toThrow(RangeError)
    expect(() => readThrift(new Uint8Array(10_000).fill(0x19))).toThrow(RangeError)
  })
})
