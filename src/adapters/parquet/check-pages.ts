import { readThrift, thriftNumber, thriftStruct } from './thrift-compact'

const PageHeader = { compressedBytes: 3, crc: 4, dataPage: 5, dataPageV2: 8 } as const
/** The first field of both kinds of data page header. */
const VALUES = 1

/**
 * Walks a column chunk's pages: their headers must lead from one to the next until all values are there, and a page that
 * carries a checksum (Spark writes them) must match it. Throws an Error that names the column and the page.
 */
export function checkPages(chunk: Uint8Array, values: number, column: string): void {
  let offset = 0
  let found = 0
  for (let page = 1; found < values; page += 1) {
    const place = `column ${column}, page ${page}`
    if (offset >= chunk.length) throw new Error(`${place} is missing`)
    const { struct: header, end } = readHeader(chunk, offset, place)
    const length = thriftNumber(header, PageHeader.compressedBytes)
    if (length === undefined || length < 0 || end + length > chunk.length)
      throw new Error(`${place} has no valid length`)
    const crc = thriftNumber(header, PageHeader.crc)
    if (crc !== undefined && crc >>> 0 !== crc32(chunk, end, end + length))
      throw new Error(`${place} does not match its checksum`)
    const data = thriftStruct(header, PageHeader.dataPage) ?? thriftStruct(header, PageHeader.dataPageV2)
    found += data === undefined ? 0 : Math.max(0, thriftNumber(data, VALUES) ?? 0)
    offset = end + length
  }
  if (found !== values) throw new Error(`column ${column} has ${found} values where the footer says ${values}`)
}

function readHeader(chunk: Uint8Array, offset: number, place: string): ReturnType<typeof readThrift> {
  try {
    return readThrift(chunk, offset)
  } catch {
    throw new Error(`${place} has no valid header`)
  }
}

let table: Uint32Array | null = null

/** CRC-32 of IEEE 802.3, the one of gzip and of Parquet pages. */
function crc32(bytes: Uint8Array, start: number, end: number): number {
  table ??= crcTable()
  let crc = 0xffffffff
  for (let index = start; index < end; index += 1) {
    crc = (crc >>> 8) ^ (table[(crc ^ (bytes[index] ?? 0)) & 0xff] ?? 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

function crcTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
    return crc
  })
}
