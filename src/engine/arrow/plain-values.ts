import {
  type DataType,
  type Field,
  type StructRowProxy,
  type Table,
  Type,
  tableFromIPC,
  type Vector,
} from 'apache-arrow'

const MICROSECONDS_PER_DAY = 86_400_000_000n

/**
 * The rows of an Arrow IPC stream as plain values, in the shapes that `Goldsmith.query` documents: BIGINT as bigint,
 * smaller integers and floats as number, DECIMAL as text with its full scale, DATE as YYYY-MM-DD, TIMESTAMP as ISO 8601
 * in UTC with microseconds, TIME as HH:MM:SS.ffffff, NULL as null, LIST as array, STRUCT as object, BLOB as Uint8Array.
 */
export function plainRows(stream: Uint8Array): unknown[][] {
  const table: Table = tableFromIPC(stream)
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
  const convert = converter(type)
  const raw = rawReader(vector, type)
  return (row) => {
    const value: unknown = raw(row)
    return value === null || value === undefined ? null : convert(value as never)
  }
}

/** Timestamps and 64-bit values are read from the buffers: the library's getters round them to milliseconds. */
function rawReader(vector: Vector, type: DataType): Reader {
  if (type.typeId !== Type.Timestamp && type.typeId !== Type.Time) return (row) => vector.get(row)
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
    if (data === undefined || !data.getValid(row - start)) return null
    return (data.values as BigInt64Array | Int32Array)[row - start]
  }
}

function converter(type: DataType): (value: never) => unknown {
  switch (type.typeId) {
    case Type.Decimal: {
      const { scale } = type as unknown as { scale: number }
      return (value: Uint32Array) => decimalText(value, scale)
    }
    case Type.Date:
      return (value: number | Date) => new Date(value).toISOString().slice(0, 10)
    case Type.Timestamp: {
      const { unit } = type as unknown as { unit: number }
      return (value: bigint) => timestampText(toMicroseconds(BigInt(value), unit))
    }
    case Type.Time: {
      const { unit } = type as unknown as { unit: number }
      return (value: bigint | number) => timestampText(toMicroseconds(BigInt(value), unit)).slice(11, -1)
    }
    case Type.List:
    case Type.FixedSizeList:
      return (value: Vector) => listValues(value)
    case Type.Struct:
      return (value: StructRowProxy) => structValues(value, type)
    case Type.Map:
      return (value: Iterable<[unknown, unknown]>) => Array.from(value, ([key, item]) => ({ key, value: item }))
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

function structValues(row: StructRowProxy, type: DataType): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const field of type.children as Field[]) {
    const value: unknown = (row as Record<string, unknown>)[field.name]
    const convert = converter(field.type)
    result[field.name] = value === null || value === undefined ? null : convert(value as never)
  }
  return result
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

function toMicroseconds(value: bigint, unit: number): bigint {
  // TimeUnit: SECOND, MILLISECOND, MICROSECOND, NANOSECOND
  if (unit === 0) return value * 1_000_000n
  if (unit === 1) return value * 1000n
  return unit === 2 ? value : value / 1000n
}

function timestampText(microseconds: bigint): string {
  const inDay = ((microseconds % MICROSECONDS_PER_DAY) + MICROSECONDS_PER_DAY) % MICROSECONDS_PER_DAY
  const days = new Date(Number((microseconds - inDay) / 1000n)).toISOString().slice(0, 10)
  const seconds = new Date(Number(inDay / 1000n)).toISOString().slice(11, 19)
  return `${days}T${seconds}.${String(inDay % 1_000_000n).padStart(6, '0')}Z`
}
