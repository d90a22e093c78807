/**
 * Thrift's compact protocol, as far as Parquet uses it: structs come in as they are written, field by field with their
 * types, so that what is not understood can be written back unchanged (apache/thrift, thrift-compact-protocol.md).
 */

export type ThriftStruct = Map<number, ThriftField>

export interface ThriftField {
  type: number
  value: ThriftValue
}

/** Integers of every width are bigint; booleans inside lists are their one byte. */
export type ThriftValue = boolean | bigint | Uint8Array | ThriftList | ThriftStruct

export interface ThriftList {
  elementType: number
  elements: ThriftValue[]
}

export const ThriftType = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  struct: 12,
} as const

/** Deeper than any Parquet structure; a damaged one must not exhaust the stack. */
const DEEPEST = 64

/** Reads one struct; `end` is the offset after it. Throws RangeError where the bytes are no struct. */
export function readThrift(bytes: Uint8Array, start = 0): { struct: ThriftStruct; end: number } {
  const reader = new Reader(bytes, start)
  const struct = reader.struct(0)
  return { struct, end: reader.offset }
}

export function writeThrift(struct: ThriftStruct): Uint8Array {
  const out: number[] = []
  writeStruct(out, struct)
  return Uint8Array.from(out)
}

export function thriftNumber(struct: ThriftStruct, field: number): number | undefined {
  const value = struct.get(field)?.value
  return typeof value === 'bigint' ? Number(value) : undefined
}

export function thriftStruct(struct: ThriftStruct, field: number): ThriftStruct | undefined {
  const value = struct.get(field)?.value
  return value instanceof Map ? value : undefined
}

/** The structs of a list field; empty when the field is missing or holds something else. */
export function thriftStructs(struct: ThriftStruct, field: number): ThriftStruct[] {
  const value = struct.get(field)?.value
  if (typeof value !== 'object' || !('elements' in value)) return []
  return value.elements.filter((element): element is ThriftStruct => element instanceof Map)
}

class Reader {
  offset: number
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array, offset: number) {
    this.#bytes = bytes
    this.offset = offset
  }

  struct(depth: number): ThriftStruct {
    if (depth > DEEPEST) throw new RangeError('structs inside structs without end')
    const fields: ThriftStruct = new Map()
    let id = 0
    for (;;) {
      const head = this.#byte()
      const type = head & 0x0f
      if (type === 0) return fields
      id = head >> 4 === 0 ? Number(this.#zigzag()) : id + (head >> 4)
      fields.set(id, { type, value: this.#fieldValue(type, depth) })
    }
  }

  #fieldValue(type: number, depth: number): ThriftValue {
    if (type === ThriftType.true) return true
    if (type === ThriftType.false) return false
    return this.#value(type, depth)
  }

  #value(type: number, depth: number): ThriftValue {
    switch (type) {
      case ThriftType.true:
      case ThriftType.false:
      case ThriftType.byte:
        return BigInt(this.#byte())
      case ThriftType.i16:
      case ThriftType.i32:
      case ThriftType.i64:
        return this.#zigzag()
      case ThriftType.double:
        return this.#take(8)
      case ThriftType.binary:
        return this.#take(Number(this.#varint()))
      case ThriftType.list:
        return this.#list(depth)
      case ThriftType.struct:
        return this.struct(depth + 1)
      default:
        throw new RangeError(`no Thrift type ${type}`)
    }
  }

  #list(depth: number): ThriftList {
    if (depth > DEEPEST) throw new RangeError('lists inside lists without end')
    const head = this.#byte()
    const length = head >> 4 === 15 ? Number(this.#varint()) : head >> 4
    const elementType = head & 0x0f
    if (length > this.#bytes.length - this.offset) throw new RangeError('a list is longer than the bytes')
    const elements: ThriftValue[] = []
    for (let index = 0; index < length; index += 1) elements.push(this.#value(elementType, depth + 1))
    return { elementType, elements }
  }

  #byte(): number {
    const byte = this.#bytes[this.offset]
    if (byte === undefined) throw new RangeError('the bytes end inside a struct')
    this.offset += 1
    return byte
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.offset) throw new RangeError('a value is longer than the bytes')
    this.offset += length
    return this.#bytes.subarray(this.offset - length, this.offset)
  }

  #varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new RangeError('a number is longer than 64 bits')
  }

  #zigzag(): bigint {
    const value = this.#varint()
    return (value >> 1n) ^ -(value & 1n)
  }
}

function writeStruct(out: number[], struct: ThriftStruct): void {
  let previous = 0
  for (const [id, { type, value }] of [...struct].sort(([a], [b]) => a - b)) {
    const delta = id - previous
    if (delta > 0 && delta < 16) out.push((delta << 4) | type)
    else {
      out.push(type)
      writeVarint(out, zigzag(BigInt(id)))
    }
    previous = id
    if (typeof value !== 'boolean') writeValue(out, type, value)
  }
  out.push(0)
}

function writeValue(out: number[], type: number, value: ThriftValue): void {
  if (value instanceof Map) writeStruct(out, value)
  else if (value instanceof Uint8Array) {
    if (type === ThriftType.binary) writeVarint(out, BigInt(value.length))
    for (const byte of value) out.push(byte)
  } else if (typeof value === 'bigint') {
    if (type <= ThriftType.byte) out.push(Number(value))
    else writeVarint(out, zigzag(value))
  } else if (typeof value === 'object') {
    const { elementType, elements } = value
    out.push((Math.min(elements.length, 15) << 4) | elementType)
    if (elements.length >= 15) writeVarint(out, BigInt(elements.length))
    for (const element of elements) writeValue(out, elementType, element)
  }
}

function zigzag(value: bigint): bigint {
  return BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
}

function writeVarint(out: number[], value: bigint): void {
  let rest = value
  while (rest >= 0x80n) {
    out.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  out.push(Number(rest))
}
