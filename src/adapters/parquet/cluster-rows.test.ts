import {
  Bool,
  DateDay,
  Decimal,
  Field,
  Float64,
  Int16,
  Int32,
  Int64,
  List,
  makeVector,
  Table,
  TimestampMicrosecond,
  tableFromIPC,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clusterRows } from './cluster-rows'

const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 4 })
const row = fc.record({
  place: fc.integer({ min: 0, max: 2 ** 15 - 1 }),
  whole: orNull(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  small: orNull(fc.integer({ min: -100, max: 100 })),
  large: orNull(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  real: orNull(fc.double()),
  truth: orNull(fc.boolean()),
  text: orNull(fc.string({ unit: 'grapheme', maxLength: 12 })),
  day: orNull(fc.integer({ min: -1000, max: 40_000 })),
})
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never

function tableOf(rows: readonly Row[]): Table {
  return new Table({
    place: vectorFromArray(
      rows.map(({ place }) => place),
      new Int32(),
    ),
    whole: vectorFromArray(
      rows.map(({ whole }) => whole),
      new Int32(),
    ),
    small: vectorFromArray(
      rows.map(({ small }) => small),
      new Int16(),
    ),
    large: vectorFromArray(
      rows.map(({ large }) => large),
      new Int64(),
    ),
    real: vectorFromArray(
      rows.map(({ real }) => real),
      new Float64(),
    ),
    truth: vectorFromArray(
      rows.map(({ truth }) => truth),
      new Bool(),
    ),
    text: vectorFromArray(
      rows.map(({ text }) => text),
      new Utf8(),
    ),
    day: vectorFromArray(
      rows.map(({ day }) => (day === null ? null : new Date(day * 86_400_000))),
      new DateDay(),
    ),
    moment: vectorFromArray(
      rows.map(({ day }) => (day === null ? null : day * 1000)),
      new TimestampMicrosecond('UTC'),
    ),
  })
}

const plain = (table: Table) =>
  table
    .toArray()
    .map((one) => Object.fromEntries(Object.entries(one.toJSON()).map(([key, value]) => [key, String(value)])))

/** The curve through this one column: each number is its own place. */
const alongPlace = { name: 'place', bounds: { min: 0, max: 2 ** 15 } }

describe('bringing the rows of a stream into row groups', () => {
  it('moves every value and every NULL with its row, over several batches; rows of one group keep their order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(row, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 30 }),
        (batches, groupRows) => {
          const [first, ...others] = batches.map(tableOf)
          const whole = (first as Table).concat(...others)
          const clustered = tableFromIPC(clusterRows(tableToIPC(whole, 'stream'), [alongPlace], groupRows))
          const sorted = plain(whole)
            .map((values, index) => ({ values, index }))
            .sort((a, b) => Number(a.values.place) - Number(b.values.place) || a.index - b.index)
          const groups = Array.from({ length: Math.ceil(sorted.length / groupRows) }, (_, group) =>
            sorted.slice(group * groupRows, (group + 1) * groupRows).sort((a, b) => a.index - b.index),
          )
          expect(plain(clustered)).toEqual(groups.flat().map(({ values }) => values))
          expect(clustered.schema.fields.map(String)).toEqual(whole.schema.fields.map(String))
        },
      ),
      { numRuns: 100, endOnFailure: true },
    )
  })

  it('moves decimals of 128 bits', () => {
    const decimals = makeVector({
      type: new Decimal(2, 38, 128),
      data: new Uint32Array([1, 2, 3, 4, 5, 6, 7, 8]),
    } as never)
    const table = new Table({ place: vectorFromArray([9, 3], new Int32()), amount: decimals as never })
    const sorted = tableFromIPC(clusterRows(tableToIPC(table, 'stream'), [alongPlace], 1))
    expect(Array.from(sorted.getChild('amount')?.data[0]?.values ?? []).slice(0, 8)).toEqual([5, 6, 7, 8, 1, 2, 3, 4])
  })

  it('refuses what it cannot move', () => {
    const lists = vectorFromArray([[1], [2]], new List(new Field('item', new Int32())))
    const table = new Table({ place: vectorFromArray([1, 2], new Int32()), lists })
    expect(() => clusterRows(tableToIPC(table, 'stream'), [alongPlace], 1)).toThrow(/cannot be clustered/)
  })
})
