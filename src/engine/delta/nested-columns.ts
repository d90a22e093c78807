/** JSON values with a known form to Arrow columns and back: what the nested columns of checkpoints need, and no more. */
import {
  Bool,
  type Data,
  type DataType,
  Field,
  Int32,
  Int64,
  List,
  Map_,
  makeData,
  Struct,
  Type,
  Utf8,
  type Vector,
} from 'apache-arrow'
import { concatBytes } from '@/domain/bytes'

/** How a value is stored: `texts` as a list, `textMap` as a map; all may be null. */
export type Shape = 'text' | 'long' | 'int' | 'boolean' | 'texts' | 'textMap' | Fields

/** The fields of a struct. */
export interface Fields {
  [name: string]: Shape
}

/**
 * A column of these values. Its buffers are laid out here, and not by the library's builders, for the sake of booleans: the
 * library writes those of a column of nothing but nulls as no bytes at all, which other implementations refuse.
 */
export function columnData(values: readonly unknown[], shape: Shape): Data {
  const validity = {
    length: values.length,
    nullCount: values.filter(isNull).length,
    nullBitmap: bits(values, isPresent),
  }
  if (typeof shape === 'object') return structData(values, shape, validity)
  switch (shape) {
    case 'text': {
      const texts = values.map((value) => new TextEncoder().encode(isNull(value) ? '' : String(value)))
      const valueOffsets = offsets(texts.map((text) => text.length))
      return makeData({ type: new Utf8(), ...validity, valueOffsets, data: concatBytes(texts) })
    }
    case 'long':
      return makeData({
        type: new Int64(),
        ...validity,
        data: BigInt64Array.from(values, (value) => BigInt(integer(value))),
      })
    case 'int':
      return makeData({ type: new Int32(), ...validity, data: Int32Array.from(values, integer) })
    case 'boolean':
      return makeData({ type: new Bool(), ...validity, data: bits(values, (value) => value === true) })
    case 'texts': {
      const lists = values.map((value) => (Array.isArray(value) ? value : []))
      const child = columnData(lists.flat(), 'text') as Data<Utf8>
      const type = new List(new Field('element', new Utf8(), true))
      return makeData<List<Utf8>>({ type, ...validity, valueOffsets: offsets(lists.map((list) => list.length)), child })
    }
    case 'textMap':
      return mapData(values, validity)
  }
}

type Validity = { length: number; nullCount: number; nullBitmap: Uint8Array }

function structData(values: readonly unknown[], shape: Fields, validity: Validity): Data {
  const objects = values.map((value) => new Map<string, unknown>(Object.entries(value ?? {})))
  const children = Object.entries(shape).map(([name, inner]) => {
    // What a struct that is null has inside does not count, so that its booleans need not be null.
    const absent = inner === 'boolean' ? false : null
    const items = objects.map((fields, index) => (isNull(values[index]) ? absent : fields.get(name)))
    return { name, data: columnData(items, inner) }
  })
  const type = new Struct(children.map(({ name, data }) => new Field(name, data.type, true)))
  return makeData({ type, ...validity, children: children.map(({ data }) => data) })
}

function mapData(values: readonly unknown[], validity: Validity): Data {
  const maps = values.map((value) => Object.entries(value ?? {}))
  const entries = maps.flat()
  const keys = columnData(
    entries.map(([key]) => key),
    'text',
  )
  const texts = columnData(
    entries.map(([, text]) => text),
    'text',
  )
  const entry = new Struct([new Field('key', new Utf8(), false), new Field('value', new Utf8(), true)])
  const child = makeData({ type: entry, length: entries.length, nullCount: 0, children: [keys, texts] })
  const type = new Map_<Utf8, Utf8>(new Field('entries', entry, false))
  return makeData({ type, ...validity, valueOffsets: offsets(maps.map((map) => map.length)), child })
}

/** One value of a column. Fields of structs that the shape does not name are not touched: they can be of any type. */
export function plainValue(column: Vector, row: number, shape: Shape): unknown {
  return plain(column.get(row), column.type, shape)
}

function plain(value: unknown, type: DataType, shape: Shape | undefined): unknown {
  if (isNull(value)) return null
  switch (type.typeId) {
    case Type.Int:
      return Number(value)
    case Type.List:
      return Array.from(value as Iterable<unknown>)
    case Type.Map:
      return Object.fromEntries(value as Iterable<[string, unknown]>)
    case Type.Struct: {
      if (typeof shape !== 'object') return {}
      const fields = value as Record<string, unknown>
      const known = (type.children as Field[]).filter(({ name }) => Object.hasOwn(shape, name))
      return Object.fromEntries(known.map(({ name, type: inner }) => [name, plain(fields[name], inner, shape[name])]))
    }
    default:
      return value
  }
}

function isNull(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

function isPresent(value: unknown): boolean {
  return !isNull(value)
}

function integer(value: unknown): number {
  return isNull(value) ? 0 : Math.trunc(Number(value))
}

/** Where each of the items of these lengths begins, and where the last one ends. */
function offsets(lengths: readonly number[]): Int32Array {
  const starts = new Int32Array(lengths.length + 1)
  lengths.forEach((length, index) => {
    starts[index + 1] = (starts[index] ?? 0) + length
  })
  return starts
}

/** One bit a value, the lowest one first. */
function bits(values: readonly unknown[], isSet: (value: unknown) => boolean): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 8))
  values.forEach((value, index) => {
    if (isSet(value)) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7))
  })
  return bytes
}
