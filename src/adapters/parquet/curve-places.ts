/** Places of rows along a Z-order curve, from the values of an Arrow table: `zOrderSql` for rows that are on their way to the encoder. */
import { type Data, DataType, type RecordBatch } from 'apache-arrow'
import { type ColumnBounds, type CurveColumn, curveBits } from '@/domain/delta/z-order'

/**
 * The place of each row of the batches, a number of up to 30 bits. Throws RangeError for a column that is not there or that has no
 * order (`isClusterable`).
 */
export function placesAlongCurve(batches: readonly RecordBatch[], curve: readonly CurveColumn[]): Int32Array {
  const rows = batches.reduce((sum, batch) => sum + batch.numRows, 0)
  const bits = curveBits(curve.length)
  const places = new Int32Array(rows)
  curve.forEach(({ name, bounds }, index) => {
    const spread = spreadBits(bits, curve.length, index)
    let row = 0
    for (const batch of batches) {
      const column = batch.data.children[batch.schema.fields.findIndex((field) => field.name === name)]
      if (column === undefined) throw new RangeError(`there is no column ${name}`)
      const buckets = bucketsOf(column, bounds, bits)
      for (let at = 0; at < buckets.length; at += 1)
        places[row + at] = (places[row + at] as number) | (spread[buckets[at] as number] as number)
      row += buckets.length
    }
  })
  return places
}

/** For each number of `bits` bits the same bits with room for those of the other columns between them. */
function spreadBits(bits: number, columns: number, index: number): Int32Array {
  return Int32Array.from({ length: 2 ** bits }, (_, value) => {
    let spread = 0
    for (let bit = 0; bit < bits; bit += 1) spread |= ((value >> bit) & 1) << (bit * columns + index)
    return spread
  })
}

function bucketsOf(column: Data, bounds: ColumnBounds, bits: number): Int32Array {
  const last = 2 ** bits - 1
  const buckets = 'texts' in bounds ? textBuckets(column, bounds.texts, last) : numberBuckets(column, bounds, last)
  const { nullBitmap } = column
  if (column.nullCount > 0)
    for (let at = 0; at < buckets.length; at += 1)
      if ((((nullBitmap[at >> 3] as number) >> (at & 7)) & 1) === 0) buckets[at] = 0
  return buckets
}

function numberBuckets(column: Data, { min, max }: { min: number; max: number }, last: number): Int32Array {
  const scale = (last + 1) / (max - min)
  const positions = positionsOf(column)
  const buckets = new Int32Array(column.length)
  for (let at = 0; at < buckets.length; at += 1) {
    const share = Math.floor(((positions[at] as number) - min) * scale)
    // NaN is above every number in DuckDB's order, which the bounds are of.
    buckets[at] = share >= 0 ? Math.min(last, share) : Number.isNaN(share) ? last : 0
  }
  return buckets
}

/** A number that rises with the column, in the units of `boundsSql`. */
function positionsOf({ type, values, length }: Data): ArrayLike<number> {
  if (DataType.isBool(type)) {
    const bits = values as Uint8Array
    return Uint8Array.from({ length }, (_, at) => ((bits[at >> 3] as number) >> (at & 7)) & 1)
  }
  if (DataType.isDecimal(type)) return decimals(values as Uint32Array, length, type.scale)
  if (DataType.isInt(type) || DataType.isFloat(type) || DataType.isDate(type) || DataType.isTimestamp(type))
    return values instanceof BigInt64Array || values instanceof BigUint64Array ? wholes(values, length) : values
  throw new RangeError(`a column of the type ${type} has no order to cluster by`)
}

function wholes(values: BigInt64Array | BigUint64Array, length: number): Float64Array {
  const positions = new Float64Array(length)
  for (let at = 0; at < length; at += 1) positions[at] = Number(values[at])
  return positions
}

/** 128 bits each, four words from the lowest to the highest. */
function decimals(words: Uint32Array, length: number, scale: number): Float64Array {
  const unit = 10 ** scale
  const positions = new Float64Array(length)
  for (let at = 0; at < length; at += 1) {
    const first = at * 4
    const high = ((words[first + 3] as number) | 0) * 2 ** 96 + (words[first + 2] as number) * 2 ** 64
    positions[at] = (high + (words[first + 1] as number) * 2 ** 32 + (words[first] as number)) / unit
  }
  return positions
}

function textBuckets({ values, valueOffsets, length }: Data, texts: readonly string[], last: number): Int32Array {
  const cuts = texts.map((text) => new TextEncoder().encode(text))
  const step = Math.floor(last / Math.max(1, cuts.length))
  const buckets = new Int32Array(length)
  for (let at = 0; at < length; at += 1) {
    const begin = valueOffsets[at] as number
    const end = valueOffsets[at + 1] as number
    let passed = 0
    for (const cut of cuts) if (isAtLeast(values as Uint8Array, begin, end, cut)) passed += 1
    buckets[at] = passed * step
  }
  return buckets
}

/** Whether bytes[begin, end) sort with or after the others. */
function isAtLeast(bytes: Uint8Array, begin: number, end: number, others: Uint8Array): boolean {
  for (let at = 0; at < others.length; at += 1) {
    if (begin + at >= end) return false
    const difference = (bytes[begin + at] as number) - (others[at] as number)
    if (difference !== 0) return difference > 0
  }
  return true
}
