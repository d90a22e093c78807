/**
 * One row group's wanted columns as a Parquet file of their own, in memory. The decoder's reader for bytes reports damage
 * as an error; its reader for Blobs stops the whole instance and leaves its promise open for ever. It also lets go of the Arrow schema
 * that Arrow's own writers embed: a column's type then follows from the Parquet schema alone, whoever wrote the file.
 * Field numbers are those of parquet.thrift.
 */
import { concatBytes } from '@/domain/bytes'
import { checkPages } from './check-pages'
import {
  readThrift,
  type ThriftStruct,
  ThriftType,
  thriftNumber,
  thriftStruct,
  thriftStructs,
  writeThrift,
} from './thrift-compact'

const MAGIC = new TextEncoder().encode('PAR1')
/** Footer length and magic. */
const TAIL_BYTES = 8

const FileMetaData = { version: 1, schema: 2, rows: 3, rowGroups: 4, createdBy: 6 } as const
const SchemaElement = { type: 1, name: 4, children: 5 } as const
const RowGroup = { columns: 1, totalBytes: 2, rows: 3 } as const
const ColumnChunk = { fileOffset: 2, metaData: 3 } as const
const ColumnMetaData = {
  values: 5,
  compressedBytes: 7,
  dataPage: 9,
  indexPage: 10,
  dictionaryPage: 11,
  statistics: 12,
  bloomFilter: 14,
  bloomFilterBytes: 15,
} as const

export async function readFooter(file: Blob): Promise<ThriftStruct> {
  const tail = new DataView(await readRange(file, Math.max(0, file.size - TAIL_BYTES), file.size))
  const footerStart = file.size - TAIL_BYTES - tail.getUint32(0, true)
  if (footerStart < MAGIC.length) throw new RangeError('the footer is longer than the file')
  return readThrift(new Uint8Array(await readRange(file, footerStart, file.size - TAIL_BYTES))).struct
}

/** Reads the columns' pages, checks them against their own checksums, and frames them as a file. */
export async function rowGroupFile(
  file: Blob,
  footer: ThriftStruct,
  rowGroup: number,
  columns: readonly string[],
): Promise<Uint8Array> {
  const group = thriftStructs(footer, FileMetaData.rowGroups)[rowGroup]
  if (group === undefined) throw new RangeError(`there is no row group ${rowGroup + 1}`)
  const { elements, leaves } = chooseColumns(thriftStructs(footer, FileMetaData.schema), new Set(columns))
  const chunks = thriftStructs(group, RowGroup.columns)
  const parts: Uint8Array[] = [MAGIC]
  let offset = MAGIC.length
  const moved: ThriftStruct[] = []
  const pages = await Promise.all(leaves.map(({ index }) => readPages(file, chunks[index])))
  for (const [position, { metaData, start, bytes }] of pages.entries()) {
    checkPages(bytes, thriftNumber(metaData, ColumnMetaData.values) ?? 0, leaves[position]?.name ?? '')
    moved.push(moveChunk(metaData, offset - start))
    parts.push(bytes)
    offset += bytes.length
  }
  const rows = group.get(RowGroup.rows) ?? integer(0)
  const ownGroup: ThriftStruct = new Map([
    [RowGroup.columns, structs(moved)],
    [RowGroup.totalBytes, integer(offset)],
    [RowGroup.rows, rows],
  ])
  const ownFooter: ThriftStruct = new Map([
    [FileMetaData.version, { type: ThriftType.i32, value: 1n }],
    [FileMetaData.schema, structs(elements)],
    [FileMetaData.rows, rows],
    [FileMetaData.rowGroups, structs([ownGroup])],
  ])
  // Decoders work around the mistakes of some writers, whom they know by this.
  const createdBy = footer.get(FileMetaData.createdBy)
  if (createdBy !== undefined) ownFooter.set(FileMetaData.createdBy, createdBy)
  const footerBytes = writeThrift(ownFooter)
  const tail = new Uint8Array(TAIL_BYTES)
  new DataView(tail.buffer).setUint32(0, footerBytes.length, true)
  tail.set(MAGIC, 4)
  return concatBytes([...parts, footerBytes, tail])
}

/** The schema with only the wanted columns under its root, and the places of their leaves among all leaves. */
function chooseColumns(
  schema: readonly ThriftStruct[],
  wanted: ReadonlySet<string>,
): { elements: ThriftStruct[]; leaves: { index: number; name: string }[] } {
  const [root] = schema
  if (root === undefined) throw new RangeError('the footer has no schema')
  const elements: ThriftStruct[] = []
  const leaves: { index: number; name: string }[] = []
  let leaf = 0
  let kept = 0
  let position = 1
  while (position < schema.length) {
    const name = nameOf(schema[position])
    const isWanted = wanted.has(name)
    if (isWanted) kept += 1
    // A column with its descendants: as many elements as are announced along the way.
    for (let announced = 1; announced > 0; announced -= 1) {
      const element = schema[position]
      if (element === undefined) throw new RangeError('the schema ends inside a column')
      position += 1
      announced += thriftNumber(element, SchemaElement.children) ?? 0
      const isLeaf = element.has(SchemaElement.type)
      if (isWanted) elements.push(element)
      if (isWanted && isLeaf) leaves.push({ index: leaf, name })
      if (isLeaf) leaf += 1
    }
  }
  if (kept !== wanted.size) throw new RangeError(`${wanted.size - kept} of the wanted columns are not in the file`)
  const ownRoot: ThriftStruct = new Map(root)
  ownRoot.set(SchemaElement.children, { type: ThriftType.i32, value: BigInt(kept) })
  return { elements: [ownRoot, ...elements], leaves }
}

async function readPages(
  file: Blob,
  chunk: ThriftStruct | undefined,
): Promise<{ metaData: ThriftStruct; start: number; bytes: Uint8Array }> {
  const metaData = chunk && thriftStruct(chunk, ColumnChunk.metaData)
  if (metaData === undefined) throw new RangeError('the footer says nothing of a column')
  // Some writers put 0 where there is no dictionary.
  const start = thriftNumber(metaData, ColumnMetaData.dictionaryPage) || thriftNumber(metaData, ColumnMetaData.dataPage)
  const length = thriftNumber(metaData, ColumnMetaData.compressedBytes)
  if (start === undefined || length === undefined || start + length > file.size) {
    throw new RangeError('the pages of a column lie outside the file')
  }
  return { metaData, start, bytes: new Uint8Array(await readRange(file, start, start + length)) }
}

/** The chunk's description for pages that lie `by` bytes further on, without what points to other parts of the file. */
function moveChunk(metaData: ThriftStruct, by: number): ThriftStruct {
  const own: ThriftStruct = new Map(metaData)
  for (const field of [
    ColumnMetaData.indexPage,
    ColumnMetaData.statistics,
    ColumnMetaData.bloomFilter,
    ColumnMetaData.bloomFilterBytes,
  ]) {
    own.delete(field)
  }
  const dictionaryPage = thriftNumber(metaData, ColumnMetaData.dictionaryPage)
  if (dictionaryPage) own.set(ColumnMetaData.dictionaryPage, integer(dictionaryPage + by))
  else own.delete(ColumnMetaData.dictionaryPage)
  own.set(ColumnMetaData.dataPage, integer((thriftNumber(metaData, ColumnMetaData.dataPage) ?? 0) + by))
  const chunk: ThriftStruct = new Map()
  chunk.set(ColumnChunk.fileOffset, integer(0))
  chunk.set(ColumnChunk.metaData, { type: ThriftType.struct, value: own })
  return chunk
}

/** A file that shrinks while it is read gives fewer bytes than it was asked for. */
async function readRange(file: Blob, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = await file.slice(start, end).arrayBuffer()
  if (bytes.byteLength !== end - start)
    throw new DOMException('the file gave fewer bytes than it has', 'NotReadableError')
  return bytes
}

function nameOf(element: ThriftStruct | undefined): string {
  const value = element?.get(SchemaElement.name)?.value
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : ''
}

function integer(value: number): { type: number; value: bigint } {
  return { type: ThriftType.i64, value: BigInt(value) }
}

function structs(elements: ThriftStruct[]): { type: number; value: { elementType: number; elements: ThriftStruct[] } } {
  return { type: ThriftType.list, value: { elementType: ThriftType.struct, elements } }
}
