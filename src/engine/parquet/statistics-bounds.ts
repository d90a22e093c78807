/**
 * Whether any value of an Arrow column lies outside bounds given in the shapes of `ParquetStatistics`. Plain loops over
 * the column's own memory: millions of values pass here while a file loads.
 */
import { type Data, DataType, DateUnit, TimeUnit } from 'apache-arrow'

const UNITS_PER_SECOND = {
  [TimeUnit.SECOND]: 1n,
  [TimeUnit.MILLISECOND]: 1_000n,
  [TimeUnit.MICROSECOND]: 1_000_000n,
  [TimeUnit.NANOSECOND]: 1_000_000_000n,
} as const
const DAY_MS = 86_400_000

/** Integers, decimals, dates and timestamps; other types, and bounds that do not fit the type, count as unknown. */
export function integerBounds(data: Data, minimum: unknown, maximum: unknown): boolean {
  const min = unscaled(data.type, minimum)
  const max = unscaled(data.type, maximum)
  if (min === null || max === null) return false
  const words = wordsOf(data)
  if (words !== null) return wordBounds(data, words, min, max)
  const { values } = data
  if (!(values instanceof Int32Array || values instanceof Int16Array || values instanceof Int8Array)) return false
  return valueBounds(data, values, Number(min), Number(max))
}

/** Floating point; NaN lies nowhere, and writers leave it out of the bounds. */
export function numberBounds(data: Data, min: unknown, max: unknown): boolean {
  const { values } = data
  if (!(values instanceof Float32Array || values instanceof Float64Array)) return false
  if (typeof min !== 'number' || typeof max !== 'number') return false
  return valueBounds(data, values, min, max)
}

/** Text, by the unsigned bytes of its UTF-8 form, which is how Parquet orders it. */
export function textBounds(data: Data, minimum: unknown, maximum: unknown): boolean {
  const min = utf8(minimum)
  const max = utf8(maximum)
  const { values, valueOffsets: offsets, length } = data
  if (min === null || max === null || !(values instanceof Uint8Array) || !(offsets instanceof Int32Array)) return false
  const low = min[0] ?? -1
  const high = max[0] ?? -1
  for (let row = 0; row < length; row += 1) {
    const start = offsets[row] ?? 0
    const end = offsets[row + 1] ?? 0
    const first = start < end ? (values[start] ?? 0) : -1
    // Most values differ from both bounds in their first byte already.
    if (first > low && first < high) continue
    if (compareBytes(values, start, end, min) >= 0 && compareBytes(values, start, end, max) <= 0) continue
    if (isValid(data, row)) return true
  }
  return false
}

function valueBounds(
  data: Data,
  values: Int8Array | Int16Array | Int32Array | Float32Array | Float64Array,
  min: number,
  max: number,
): boolean {
  for (let row = 0; row < data.length; row += 1) {
    const value = values[row] ?? 0
    if ((value < min || value > max) && isValid(data, row)) return true
  }
  return false
}

/** Values of two or four 32-bit words, little-endian, in two's complement. Bounds fit the lower two. */
function wordBounds(data: Data, { words, perValue }: Words, min: bigint, max: bigint): boolean {
  const minHigh = Number(min >> 32n)
  const minLow = Number(BigInt.asUintN(32, min))
  const maxHigh = Number(max >> 32n)
  const maxLow = Number(BigInt.asUintN(32, max))
  for (let row = 0, at = 0; row < data.length; row += 1, at += perValue) {
    const low = (words[at] ?? 0) >>> 0
    const high = words[at + 1] ?? 0
    const isInside =
      (high > minHigh || (high === minHigh && low >= minLow)) &&
      (high < maxHigh || (high === maxHigh && low <= maxLow)) &&
      (perValue === 2 || (words[at + 2] === high >> 31 && words[at + 3] === high >> 31))
    if (!isInside && isValid(data, row)) return true
  }
  return false
}

interface Words {
  words: Int32Array
  perValue: 2 | 4
}

function wordsOf({ type, values, length }: Data): Words | null {
  const is128 = DataType.isDecimal(type) && type.bitWidth === 128
  const is64 =
    values instanceof BigInt64Array || DataType.isTimestamp(type) || (DataType.isInt(type) && type.bitWidth === 64)
  if (!(is128 || is64) || !ArrayBuffer.isView(values)) return null
  const perValue = is128 ? 4 : 2
  return { words: new Int32Array(values.buffer, values.byteOffset, length * perValue), perValue }
}

function isValid({ nullBitmap, nullCount, offset }: Data, row: number): boolean {
  if (nullCount === 0 || nullBitmap.length === 0) return true
  const bit = offset + row
  return (((nullBitmap[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1
}

/** A bound as the integer that the column stores, or null where it is none or none that 64 bits hold. */
function unscaled(type: DataType, bound: unknown): bigint | null {
  const value = storedInteger(type, bound)
  return value !== null && BigInt.asIntN(64, value) === value ? value : null
}

function storedInteger(type: DataType, bound: unknown): bigint | null {
  if (DataType.isInt(type)) {
    if (!type.isSigned) return null
    if (typeof bound === 'bigint') return bound
    return typeof bound === 'number' && Number.isSafeInteger(bound) ? BigInt(bound) : null
  }
  if (typeof bound !== 'string') return null
  if (DataType.isDecimal(type)) {
    const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(bound) ?? []
    return whole === '' || fraction.length !== type.scale ? null : BigInt(`${sign}${whole}${fraction}`)
  }
  if (DataType.isDate(type)) {
    const milliseconds = /^\d{4}-\d\d-\d\d$/.test(bound) ? Date.parse(bound) : Number.NaN
    return Number.isNaN(milliseconds) || type.unit !== DateUnit.DAY ? null : BigInt(milliseconds / DAY_MS)
  }
  if (DataType.isTimestamp(type)) {
    const [, seconds = '', micros = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z$/.exec(bound) ?? []
    if (seconds === '') return null
    const perSecond = UNITS_PER_SECOND[type.unit]
    return BigInt(Date.parse(`${seconds}Z`) / 1000) * perSecond + (BigInt(micros) * perSecond) / 1_000_000n
  }
  return null
}

function utf8(bound: unknown): Uint8Array | null {
  // A bound that was cut inside a character does not survive decoding.
  if (typeof bound !== 'string' || bound.includes('\ufffd')) return null
  return new TextEncoder().encode(bound)
}

/** Negative, zero or positive, as bytes[start, end) sort before, with or after `other`. */
function compareBytes(bytes: Uint8Array, start: number, end: number, other: Uint8Array): number {
  const length = Math.min(end - start, other.length)
  for (let index = 0; index < length; index += 1) {
    const difference = (bytes[start + index] ?? 0) - (other[index] ?? 0)
    if (difference !== 0) return difference
  }
  return end - start - other.length
}
