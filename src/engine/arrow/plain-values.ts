import { type Data, type DataType, type Field, type Table, Type, tableFromIPC, Vector } from 'apache-arrow'
import { dateText, timestampText, timeText } from './calendar'

const INFINITE = 9_223_372_036_854_775_807n
const MS_PER_DAY = 86_400_000

/**
 * The rows of an Arrow IPC stream as plain values, in the shapes that `Goldsmith.query` documents: BIGINT as bigint,
 * smaller integers and floats as number, DECIMAL as text with its full scale, DATE as YYYY-MM-DD, TIMESTAMP as ISO 8601
 * in UTC with microseconds, TIME as HH:MM:SS.ffffff, NULL as null, LIST as array, STRUCT as object, BLOB as Uint8Array.
 */
export function plainRows(stream: Uint8Array): unknown[][] {
  const table: Table = tableFromIPC(stream)
  // The library cannot make vectors of nested columns without a batch.
  if (table.numRows === 0) return []
  const rows: unknown[][] = Array.from({ length: table.numRows }, () => new Array<unknown>(table.numCols))
  table.schema.fields.forEach((field: Field, column) => {
    const vector = table.getChildAt(column)
    const read = vector === null ? () => null : reader(vector, field.type)
    for (let row = 0; row < rows.length; row += 1) {
      const target = rows[row]
      if (target) target[column] = read(row)
    }
  })
  return rows
}

/** The first column of a stream's only row, and so on: for queries that are known to return one row. */
export function plainRow(stream: Uint8Array): unknown[] {
  const [row] = plainRows(stream)
  if (row === undefined) throw new RangeError('the query returned no row')
  return row
}

type Reader = (row: number) => unknown

function reader(vector: Vector, type: DataType): Reader {
  // Nested vectors without rows have no children to read.
  if (vector.length === 0) return () => null
  const convert = converter(type)
  const raw = rawReader(vector, type)
  return (row) => {
    const value: unknown = raw(row)
    return value === null || value === undefined ? null : convert(value as never)
  }
}

/** Timestamps are read from the buffers, which the library's getters round to milliseconds; structures value by value. */
function rawReader(vector: Vector, type: DataType): Reader {
  const at = locator(vector)
  switch (type.typeId) {
    case Type.Timestamp:
    case Type.Time:
      return (row) => {
        const { data, index } = at(row)
        return data.getValid(index) ? (data.values as BigInt64Array | Int32Array)[index] : null
      }
    case Type.Struct: {
      const fields = (type.children as Field[]).map((field, place) => {
        const child = vector.getChildAt(place)
        return { name: field.name, read: child === null ? () => null : reader(child, field.type) }
      })
      return (row) => {
        const { data, index } = at(row)
        return data.getValid(index) ? Object.fromEntries(fields.map(({ name, read }) => [name, read(row)])) : null
      }
    }
    case Type.Map:
      return (row) => {
        const { data, index } = at(row)
        const [entries] = data.children
        if (entries === undefined || !data.getValid(index)) return null
        return new Vector([entries]).slice(data.valueOffsets[index], data.valueOffsets[index + 1])
      }
    default:
      return (row) => vector.get(row)
  }
}

/** Finds the chunk of a vector that has a row; rows are asked for in order, mostly. */
function locator(vector: Vector): (row: number) => { data: Data; index: number } {
  const chunks = vector.data
  let chunk = 0
  let start = 0
  return (row) => {
    if (row < start) {
      chunk = 0
      start = 0
    }
    let data = chunks[chunk]
    while (data !== undefined && row >= start + data.length) {
      start += data.length
      chunk += 1
      data = chunks[chunk]
    }
    if (data === undefined) throw new RangeError(`there is no row ${row}`)
    return { data, index: row - start }
  }
}

function converter(type: DataType): (value: never) => unknown {
  switch (type.typeId) {
    case Type.Decimal: {
      const { scale } = type as unknown as { scale: number }
      return (value: Uint32Array) => decimalText(value, scale)
    }
    case Type.Date:
      return (value: number | Date) => dateText(Math.round(Number(value) / MS_PER_DAY))
    case Type.Timestamp: {
      const { unit } = type as unknown as { unit: number }
      return (value: bigint) => timestampText(isInfinite(value) ? value : toMicroseconds(value, unit))
    }
    case Type.Time: {
      const { unit } = type as unknown as { unit: number }
      return (value: bigint | number) => timeText(toMicroseconds(BigInt(value), unit))
    }
    case Type.List:
    case Type.FixedSizeList:
      return (value: Vector) => listValues(value)
    case Type.Map:
      return (value: Vector) => listValues(value)
    case Type.Dictionary:
      return converter((type as unknown as { dictionary: DataType }).dictionary)
    default:
      return (value: unknown) => value
  }
}

function listValues(vector: Vector): unknown[] {
  const read = reader(vector, vector.type)
  return Array.from({ length: vector.length }, (_, row) => read(row))
}

/** A little-endian two's complement integer of 128 bits, with the decimal point put in. */
function decimalText(words: Uint32Array, scale: number): string {
  let value = 0n
  for (let index = words.length - 1; index >= 0; index -= 1) value = (value << 32n) | BigInt(words[index] ?? 0)
  const signed = BigInt.asIntN(words.length * 32, value)
  const digits = (signed < 0n ? -signed : signed).toString().padStart(scale + 1, '0')
  const sign = signed < 0n ? '-' : ''
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** In any unit of time. */
function isInfinite(value: bigint): boolean {
  return value === INFINITE || value === -INFINITE
}

function toMicroseconds(value: bigint, unit: number): bigint {
  // TimeUnit: SECOND, MILLISECOND, MICROSECOND, NANOSECOND
  if (unit === 0) return value * 1_000_000n
  if (unit === 1) return value * 1000n
  return unit === 2 ? value : value / 1000n
}
